"""What a run says beside its text: what was not sent, not told, not kept to, or is only learnt."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from playground.domain.events import Started, Text
from playground.engines.server import engine as engine_file
from playground.engines.server.room import chat_messages
from tests.engines.server import served
from tests.engines.server.reading import ended, notices, text
from tests.engines.server.standin import (
    StandIn,
    delta,
    events,
    json_reply,
    recorded,
    recorded_json,
    stream,
    usage,
)
from tests.engines.server.test_engine import CHAT, PROMPT, Asked, folded, notices_in, opened, run

INLINE = events(delta(content="<think>Two.</think>4"), delta("stop"), usage(9, 5))
BY_FIELD = events(delta(reasoning="Two."), delta(content="4"), delta("stop"))


# How it ended


def test_llama_cpp_is_asked_which_stop_string_it_was_and_tells(server: StandIn) -> None:
    served.llamacpp(server).on(CHAT, stream(recorded("llamacpp-b11434-stop-string.sse")))
    made = list(run(opened(server), prompt="Hi", stop_strings=(" help",)))
    assert server.asked(CHAT)[0].body["verbose"] is True
    assert (ended(made).ending, text(made, "answer")) == ("stop_string", "Hello! How can I")
    assert notices(made) == []
    list(run(opened(server), prompt="Hi"))
    assert "verbose" not in server.asked(CHAT)[1].body


def test_a_server_that_does_not_tell_what_ended_the_answer_is_said_to(server: StandIn) -> None:
    served.ollama(server).on("/api/chat", stream(recorded("ollama-fb30760-thinking.ndjson")))
    engine = opened(server, "?model=qwen3:4b")
    made = list(run(engine, stop_strings=("END",)))
    assert ended(made).ending == "end_of_turn"
    assert "ending" in notices(made)
    assert "ending" not in notices(list(run(engine)))


# A thinking budget


def test_a_thinking_budget_is_sent_and_what_became_of_it_is_said(server: StandIn) -> None:
    served.vllm(server).on(CHAT, stream(recorded("vllm-0.32-thinking-budget.sse")))
    made = list(run(opened(server), thinking_budget=20))
    assert server.asked(CHAT)[0].body["thinking_token_budget"] == 20
    assert notices(made) == ["budget"]
    assert ended(made).counts.thinking == 19
    assert folded(made).output.answer == "47 × 86 = **47**"


def test_a_budget_that_a_server_took_and_forgot_is_said(server: StandIn) -> None:
    served.sglang(server).on(CHAT, stream(recorded("sglang-0.5.23-thinking.sse")))
    made = list(run(opened(server), thinking_budget=1))
    assert server.asked(CHAT)[0].body["custom_params"] == {"thinking_budget": 1}
    assert any("did not keep to it" in notice.text for notice in notices_in(made))


def test_a_budget_that_a_server_cannot_keep_is_neither_sent_nor_judged(server: StandIn) -> None:
    served.ollama(server).on("/api/chat", stream(recorded("ollama-fb30760-thinking.ndjson")))
    made = list(run(opened(server, "?model=qwen3:4b"), thinking_budget=1))
    assert notices(made) == ["unsupported"]


def test_an_instruct_model_is_sent_no_thinking_budget(server: StandIn) -> None:
    served.generic(server, "demo-instruct", owned_by="vllm", max_model_len=2048)
    server.on(CHAT, stream(events(delta(content="4"), delta("stop"), usage(9, 2))))
    made = list(run(opened(server), thinking_budget=20))
    assert "thinking_token_budget" not in server.asked(CHAT)[0].body
    assert notices(made) == []


def test_a_budget_that_a_stranger_was_not_sent_is_not_judged(server: StandIn) -> None:
    served.generic(server, "mystery", owned_by="vllm", max_model_len=2048)
    live = {"prompt_tokens": 9, "total_tokens": 49, "completion_tokens": 40}
    chunks = [{**delta(reasoning="Two."), "usage": live}, delta(content="4"), delta("stop")]
    server.on(CHAT, stream(events(*chunks)))
    assert notices(list(run(opened(server), thinking_budget=3))) == ["unknown_thinking"]
    assert "thinking_token_budget" not in server.asked(CHAT)[0].body


# A switch that is not there


@pytest.mark.parametrize("serve", [served.lmstudio, served.tgi], ids=["lmstudio", "tgi"])
def test_a_switch_that_a_server_does_not_have_is_said_in_the_run(
    server: StandIn, serve: Callable[[StandIn], StandIn]
) -> None:
    serve(server).on(CHAT, stream(recorded("lmstudio-c6854fb-inline.sse")))
    listed = recorded_json("lmstudio-c6854fb-models.json")
    listed["models"][0]["key"] = "Qwen/Qwen3-0.6B"
    info = {**recorded_json("tgi-3.3-info.json"), "model_id": "Qwen/Qwen3-0.6B"}
    server.on("/api/v1/models" if serve is served.lmstudio else "/nowhere", json_reply(listed))
    server.on("/info" if serve is served.tgi else "/nowhere", json_reply(info))
    engine = opened(server, "?model=Qwen/Qwen3-0.6B&thinking=off")
    made = list(run(engine))
    (said,) = [notice for notice in notices_in(made) if notice.kind == "unsupported"]
    assert said.text.startswith("thinking=off was not sent: ") and "switch for it" in said.text
    assert text(made, "thinking") == "\nTwo and two make four.\n"
    assert "wrong_parser" not in notices(made) and engine.card.thinks


def test_a_switch_that_is_there_is_used_without_a_word(server: StandIn) -> None:
    served.generic(server, "Qwen/Qwen3-0.6B", owned_by="vllm", max_model_len=2048)
    server.on(CHAT, stream(events(delta(content="4"), delta("stop"), usage(9, 2))))
    assert notices(list(run(opened(server, "?thinking=off")))) == []
    off = {"enable_thinking": False}
    assert server.asked(CHAT)[0].body["chat_template_kwargs"] == off


def test_transformers_serve_is_switched_off_by_its_template(server: StandIn) -> None:
    served.transformers(server).on(CHAT, stream(events(delta(content="4"), delta("stop"))))
    made = list(run(opened(server, "?model=Qwen/Qwen3-0.6B&thinking=off")))
    assert "unsupported" not in notices(made)
    assert server.asked(CHAT)[0].body["chat_template_kwargs"] == {"enable_thinking": False}


# A stranger that thinks


def test_a_stranger_that_thinks_is_known_to_after_its_first_run(server: StandIn) -> None:
    at_once = stream(events(delta(content="4"), delta("stop"), usage(9, 2)))
    served.generic(server, "mystery").on(CHAT, stream(INLINE), stream(INLINE), at_once)
    engine = opened(server)
    list(engine.load())
    assert not engine.card.thinks
    first, again, plain = (list(run(engine)) for _ in range(3))
    assert engine.card.thinks
    assert notices(first) == ["unknown_thinking"]
    assert notices(again) == notices(plain) == []
    for made, thinks in ((first, False), (again, True), (plain, True)):
        started = made[0]
        assert isinstance(started, Started) and started.thinks is thinks
    assert folded(again).output == folded(first).output
    assert text(plain, "answer") == "4"


def test_what_was_learnt_outlives_the_next_look_at_the_server(
    server: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    served.generic(server, "mystery").on(CHAT, stream(BY_FIELD))
    engine = opened(server)
    list(run(engine))
    monkeypatch.setattr(engine_file, "FRESH_S", 0.0)
    list(engine.load())
    assert engine.card.thinks
    other = opened(server)
    list(other.load())
    assert not other.card.thinks, "another engine has not seen it"


def test_many_runs_at_once_learn_the_same(server: StandIn) -> None:
    served.generic(server, "mystery").on(CHAT, stream(BY_FIELD))
    engine = opened(server)
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: list(run(engine)), range(16)))
    assert engine.card.thinks
    assert {text(one, "thinking") for one in made} == {"Two."}


def test_a_run_that_was_stopped_teaches_it_too(server: StandIn) -> None:
    begun = BY_FIELD[: BY_FIELD.index("\n\n") + 2]
    served.generic(server, "mystery").on(CHAT, stream(begun, then="hold"))
    engine, stop = opened(server), Asked()
    for event in run(engine, stop=stop):
        stop.asked = stop.asked or isinstance(event, Text)
    assert engine.card.thinks


def test_a_known_instruct_model_does_not_learn_to_think(server: StandIn) -> None:
    """Its parser is wrong, not its card."""
    served.generic(server, "Qwen/Qwen3-4B-Instruct-2507").on(CHAT, stream(INLINE))
    engine = opened(server)
    list(run(engine))
    assert not engine.card.thinks


# A prompt that was cut, or was not


def test_an_old_ollamas_cache_is_not_taken_for_a_cut_prompt(server: StandIn) -> None:
    """Nine tokens were new of a prompt that fits."""
    served.ollama(server).on("/api/chat", stream(recorded("ollama-0.30.0-cached.ndjson")))
    engine = opened(server, "?model=qwen3:4b")
    assert "truncated" not in notices(list(run(engine, prompt="word " * 800)))
    assert "truncated" in notices(list(run(engine, prompt="word " * 8000)))


def test_a_newer_ollama_tells_what_it_had_cached(server: StandIn) -> None:
    served.ollama(server).on("/api/chat", stream(recorded("ollama-00f6d62-cached.ndjson")))
    result = folded(list(run(opened(server, "?model=qwen3:4b"))))
    assert (result.numbers.prompt_tokens, result.numbers.cached_tokens) == (12, 8)


def test_a_context_that_ollama_tells_only_once_it_has_loaded_is_asked_for_then(
    server: StandIn,
) -> None:
    served.ollama(server).on("/api/chat", stream(recorded("ollama-0.30.0-cached.ndjson")))
    loaded = json_reply(recorded_json("ollama-fb30760-ps.json"))
    server.on("/api/ps", json_reply({"models": []}), loaded)
    engine = opened(server, "?model=qwen3:4b")
    assert "truncated" in notices(list(run(engine, prompt="word " * 8000)))
    assert len(server.asked("/api/ps")) == 2 and engine.card.context == 4096


# The prompt before it is sent


def test_a_prompt_is_counted_as_it_is_sent(server: StandIn) -> None:
    """A hybrid that is not to think has a longer prompt: its template closes the thought."""
    served.generic(server, "Qwen/Qwen3-0.6B", owned_by="vllm", max_model_len=2048)
    server.on("/tokenize", json_reply({"count": 23}))
    engine = opened(server, "?thinking=off")
    list(engine.load())
    assert engine.count_tokens(PROMPT, "", ()) == 23
    off = {"enable_thinking": False}
    assert server.asked("/tokenize")[0].body["chat_template_kwargs"] == off


def test_messages_are_made_once_a_run(server: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def noted(prompt: str, *rest: Any) -> list[dict[str, str]]:
        made.append(prompt)
        return chat_messages(prompt, *rest)

    monkeypatch.setattr(engine_file, "chat_messages", noted)
    served.vllm(server).on(CHAT, stream(recorded("vllm-0.32-thinking.sse")))
    list(run(opened(server), max_new_tokens=5000))
    assert made == [PROMPT]
