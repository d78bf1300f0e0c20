"""What a run does when its server breaks, is silent, refuses or is busy; what came is kept."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from playground.catalog import parse_name
from playground.domain.errors import (
    BadRequest,
    Busy,
    EngineFailed,
    ModelNotFound,
    PlaygroundError,
    PromptTooLong,
)
from playground.domain.events import Event, Failed
from playground.engines.server.connection import Timeouts
from playground.engines.server.engine import ServerEngine
from tests.engines.server import served
from tests.engines.server.reading import ended, notices, text
from tests.engines.server.standin import (
    Reply,
    StandIn,
    Then,
    delta,
    events,
    json_reply,
    recorded,
    recorded_json,
    redirect,
    stream,
    text_reply,
)
from tests.engines.server.test_engine import CHAT, folded, opened, run

BEGUN = events(delta(content="It"), delta(content=" is"))[: -len("data: [DONE]\n\n")]


AT_ONCE = Reply((BEGUN.encode(),), type="text/event-stream", then="hold")


def broken(running: Iterator[Event]) -> tuple[list[Event], PlaygroundError]:
    """What came, and how it failed."""
    came: list[Event] = []
    with pytest.raises(PlaygroundError) as raised:
        for event in running:
            came.append(event)
    return came, raised.value


def served_plain(server: StandIn) -> StandIn:
    return served.generic(server, "m")


def test_a_stream_that_breaks_keeps_what_came_and_says_so(server: StandIn) -> None:
    served_plain(server).on(CHAT, stream(BEGUN, then="cut"))
    came, error = broken(run(opened(server)))
    assert text(came, "answer") == "It is"
    assert isinstance(error, EngineFailed)
    assert "broke" in str(error) and "What came is kept" in str(error)


def test_a_run_that_breaks_keeps_the_servers_counts_until_then(server: StandIn) -> None:
    """Three tokens a chunk, as its live usage told: no guess by the number of chunks."""
    live = {"prompt_tokens": 9, "total_tokens": 12, "completion_tokens": 3}
    begun = f"data: {json.dumps({**delta(reasoning='Two and two'), 'usage': live})}\n\n"
    served.vllm(server).on(CHAT, stream(begun, then="cut"))
    came, error = broken(run(opened(server)))
    result = folded([*came, Failed.of(error, 99.0)])
    numbers = result.numbers
    assert (numbers.thinking_tokens, numbers.generated_tokens) == (3, 3)
    assert (numbers.counts, result.ending) == ("server", "error")
    assert result.error is not None and result.error.kind == "engine_failed"


def test_a_run_that_breaks_without_counts_is_an_estimate(server: StandIn) -> None:
    served_plain(server).on(CHAT, stream(BEGUN, then="cut"))
    came, error = broken(run(opened(server)))
    numbers = folded([*came, Failed.of(error, 99.0)]).numbers
    assert (numbers.answer_tokens, numbers.counts) == (2, "estimated")


def test_a_run_that_was_refused_has_no_counts(server: StandIn) -> None:
    served_plain(server).on(CHAT, json_reply({"error": "no"}, 400))
    _, error = broken(run(opened(server)))
    assert Failed.of(error, 99.0).counts is None


@pytest.mark.parametrize("then", ["end", "close"])
def test_a_stream_that_stops_without_an_end_is_no_whole_answer(server: StandIn, then: Then) -> None:
    """A proxy, or a server that crashed, may close a stream as if it were whole."""
    served_plain(server).on(CHAT, stream(BEGUN, then=then))
    made = list(run(opened(server)))
    assert text(made, "answer") == "It is"
    assert ended(made).ending == "interrupted"
    assert notices(made) == ["cut_off"]


def test_an_ollama_that_stops_without_an_end_is_interrupted(server: StandIn) -> None:
    line = recorded("ollama-fb30760-thinking.ndjson").splitlines()[0]
    served.ollama(server).on("/api/chat", stream(line))
    made = list(run(opened(server, "?model=qwen3:4b")))
    assert (ended(made).ending, notices(made)[0]) == ("interrupted", "cut_off")


def test_a_server_that_tells_its_counts_has_ended_even_without_a_word(server: StandIn) -> None:
    done = {"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 2}}
    served_plain(server).on(CHAT, stream(BEGUN + events(done)))
    made = list(run(opened(server)))
    assert (ended(made).ending, notices(made)) == ("end_of_turn", [])


def test_an_error_in_mid_stream_is_told_in_its_words(server: StandIn) -> None:
    failed = 'data: {"error": {"message": "CUDA out of memory", "code": 500}}\n\n'
    served.vllm(server).on(CHAT, stream(BEGUN + failed))
    came, error = broken(run(opened(server)))
    assert text(came, "thinking") == "It is"
    assert "CUDA out of memory" in str(error) and "What came is kept" in str(error)


@pytest.mark.parametrize(
    "error",
    [
        "CUDA out of memory",  # transformers serve
        {"message": "CUDA out of memory", "code": 500},  # vLLM, llama.cpp
        {"object": "error", "message": "CUDA out of memory", "type": "X", "code": 500},  # SGLang
    ],
    ids=["as text", "nested", "with its kind"],
)
def test_an_error_in_mid_stream_is_told_whatever_its_shape(server: StandIn, error: Any) -> None:
    failed = f"data: {json.dumps({'error': error})}\n\ndata: [DONE]\n\n"
    served_plain(server).on(CHAT, stream(BEGUN + failed))
    came, raised = broken(run(opened(server)))
    assert "CUDA out of memory" in str(raised) and text(came, "answer") == "It is"


def test_a_stream_without_a_word_is_called_a_prompt_that_does_not_fit(server: StandIn) -> None:
    """LM Studio answers 200 with an empty stream where the context overflows."""
    served.lmstudio(server).on(CHAT, stream("data: [DONE]\n\n"))
    came, error = broken(run(opened(server, "?model=qwen/qwen3-4b-2507")))
    assert isinstance(error, PromptTooLong) and "without a word" in str(error)
    assert error.__cause__ is None
    assert text(came, "answer") == ""


def test_200_with_an_error_in_it_is_no_answer(server: StandIn) -> None:
    served.lmstudio(server)  # also for the chat's own path
    _, error = broken(run(opened(server, "?model=qwen/qwen3-4b-2507")))
    assert "without a word" in str(error)


def test_garbage_instead_of_a_stream_is_said(server: StandIn) -> None:
    served_plain(server).on(CHAT, stream("data: {oops\n\n"))
    _, error = broken(run(opened(server)))
    assert isinstance(error, EngineFailed) and "cannot be read" in str(error)


def test_a_busy_server_is_asked_again_with_a_notice(server: StandIn) -> None:
    busy = json_reply({"error": "busy"}, 429, [("retry-after-ms", "1")])
    served_plain(server).on(CHAT, busy, busy, stream(events(delta("stop", content="4"))))
    made = list(run(opened(server)))
    assert notices(made) == ["retried", "retried"]
    assert text(made, "answer") == "4"
    assert len(server.asked(CHAT)) == 3


def test_a_server_that_stays_busy_is_given_up(server: StandIn) -> None:
    loading = json_reply({"error": {"message": "Loading model"}}, 503, [("retry-after-ms", "1")])
    served_plain(server).on(CHAT, loading)
    _, error = broken(run(opened(server)))
    assert isinstance(error, Busy) and "Loading model" in str(error)


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        (
            json_reply(recorded_json("vllm-0.32-400-prompt-too-long.json"), 400),
            PromptTooLong,
            "maximum context length is 2048",
        ),
        (
            json_reply(recorded_json("llamacpp-b11434-400-field.json"), 400),
            BadRequest,
            "must be number",
        ),
        (
            json_reply(recorded_json("sglang-0.5.23-400-too-many-tokens.json"), 400),
            PromptTooLong,
            "5000 tokens",
        ),
        (json_reply({"error": "Unauthorized"}, 401), BadRequest, "Unauthorized"),
        (json_reply(recorded_json("vllm-0.32-404-model.json"), 404), ModelNotFound, "`nope`"),
        (json_reply(recorded_json("transformers-5.23-422-fields.json"), 422), BadRequest, "top_k"),
        (text_reply("<html>Nope</html>", 400), BadRequest, "<html>Nope"),
        (redirect("http://127.0.0.1:1/v1/chat/completions"), EngineFailed, "not followed"),
    ],
)
def test_a_refusal_arrives_in_the_servers_words(
    server: StandIn, reply: Reply, kind: type[PlaygroundError], words: str
) -> None:
    served_plain(server).on(CHAT, reply)
    came, error = broken(run(opened(server)))
    assert type(error) is kind and words in str(error)
    assert folded(came).output.answer == ""
    assert len(server.asked(CHAT)) == 1


def test_a_prompt_as_long_as_the_context_is_refused_before_it_is_sent(server: StandIn) -> None:
    served.vllm(server).on("/tokenize", json_reply({"count": 3000}))
    came, error = broken(run(opened(server), prompt="word " * 3000))
    assert isinstance(error, PromptTooLong) and "3,000 tokens" in str(error)
    assert came == [] and server.asked(CHAT) == []


def test_nothing_there_is_said_with_the_address(server: StandIn) -> None:
    engine = ServerEngine(parse_name(server.url), Timeouts(connect_s=1.0))
    server.close()
    _, error = broken(run(engine))
    assert isinstance(error, EngineFailed)
    assert f"Nothing answers at {server.url}" in str(error)


def test_a_server_that_went_away_is_looked_for_again(server: StandIn) -> None:
    served_plain(server).on(CHAT, json_reply({"error": "x"}, 500, [("retry-after-ms", "1")]))
    engine = opened(server)
    broken(run(engine))
    assert not engine.card.loaded
    server.on(CHAT, stream(events(delta("stop", content="4"))))
    assert text(list(run(engine)), "answer") == "4"
    assert len(server.asked("/version")) == 2


def test_a_first_token_that_does_not_come_is_not_waited_for_endlessly(server: StandIn) -> None:
    served_plain(server).on(CHAT, stream(events(delta(content=""))[:-16], then="hold"))
    came, error = broken(run(opened(server, first_token_s=0.15)))
    assert "no token for 0.15 s" in str(error) and "PLAYGROUND_FIRST_TOKEN_S" in str(error)
    assert text(came, "answer") == ""
    assert server.left.wait(10)


def test_a_silence_between_tokens_ends_the_run_with_what_came(server: StandIn) -> None:
    served_plain(server).on(CHAT, AT_ONCE)
    came, error = broken(run(opened(server, between_tokens_s=0.15)))
    assert text(came, "answer") == "It is"
    assert "no token for 0.15 s" in str(error) and "What came is kept" in str(error)
    assert "PLAYGROUND_BETWEEN_TOKENS_S" in str(error)
    assert server.left.wait(10)


def test_a_slow_first_token_may_take_longer_than_the_time_between_two(server: StandIn) -> None:
    gate = threading.Event()
    first, rest = events(delta(content="")), events(delta("stop", content="4"))
    pieces = (first.removesuffix("data: [DONE]\n\n").encode(), rest.encode())
    served_plain(server).on(CHAT, Reply(pieces, type="text/event-stream", gate=gate))
    ticks = 0
    made: list[Event] = []
    for event in run(opened(server, between_tokens_s=0.1, first_token_s=60.0)):
        made.append(event)
        ticks += type(event).__name__ == "Tick"
        if ticks >= 3:
            gate.set()
    assert text(made, "answer") == "4"


def test_a_key_is_sent_to_its_server_and_never_shown(
    server: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYGROUND_SERVER_KEYS", f"{server.root}=sk-geheim")
    served_plain(server).on(CHAT, json_reply({"error": "No access for sk-geheim"}, 403))
    _, error = broken(run(opened(server)))
    assert "No access for …" in str(error) and "sk-geheim" not in str(error)
    for asked in server.script.asked:
        assert asked.headers["Authorization"] == "Bearer sk-geheim"


def test_a_locked_server_is_refused_before_a_chat(server: StandIn) -> None:
    served.vllm(server).on("/v1/models", json_reply({"error": "Unauthorized"}, 401))
    came, error = broken(run(opened(server)))
    assert came == [] and server.asked(CHAT) == []
    assert f"({server.root}=KEY)" in str(error)
