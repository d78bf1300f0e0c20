"""The whole way: a request to the stand-in, its stream read back, the numbers of the result."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from playground.catalog import parse_name
from playground.domain.engine import StopReason, StopSignal
from playground.domain.errors import BadRequest, PlaygroundError
from playground.domain.events import Ended, Event, Notice, Started, Text, Tick
from playground.domain.request import Message
from playground.domain.sampling import Sampling
from playground.engines.server import engine as engine_file
from playground.engines.server.connection import Timeouts, wait_for
from playground.engines.server.engine import ServerEngine
from playground.results.fold import fold
from playground.results.value import Result
from tests.engines.server import served
from tests.engines.server.reading import ended, notices, text
from tests.engines.server.standin import StandIn, delta, events, recorded, stream, usage
from tests.engines.signals import Never, StopAfter
from tests.samples import request

CHAT = "/v1/chat/completions"
PROMPT = "What is 47 × 86?"


def opened(server: StandIn, options: str = "", **timeouts: float) -> ServerEngine:
    engine = ServerEngine(parse_name(server.url + options), Timeouts(**timeouts))
    server.first.append(lambda: wait_for(engine._http.aclose()))
    return engine


def run(
    engine: ServerEngine, stop: StopSignal | None = None, prompt: str = PROMPT, **sampling: Any
) -> Iterator[Event]:
    values = {"max_new_tokens": 512, "seed": 7, **sampling}
    values["stop"] = values.pop("stop_strings", ())
    return engine.run(request(prompt=prompt, sampling=Sampling(**values)), stop or Never())


def notices_in(events: list[Event]) -> list[Notice]:
    return [event for event in events if isinstance(event, Notice)]


def folded(events: list[Event]) -> Result:
    return fold(request(), events)


def test_a_recorded_vllm_run_has_the_numbers_of_the_run_in_process(server: StandIn) -> None:
    """The truth: 19 prompt tokens, 127 thinking, 13 answer, 2 markers, 142 generated."""
    served.vllm(server).on(CHAT, stream(recorded("vllm-0.32-thinking.sse")))
    result = folded(list(run(opened(server), temperature=0)))
    numbers = result.numbers
    assert (numbers.prompt_tokens, numbers.generated_tokens) == (19, 142)
    assert (numbers.thinking_tokens, numbers.answer_tokens, numbers.marker_tokens) == (127, 13, 2)
    assert (numbers.counts, numbers.forced_tokens) == ("server", 0)
    assert (result.ending, result.error, result.notices) == ("end_of_turn", None, ())
    assert result.output.answer == "47 × 86 = **4042**"
    assert result.output.thinking is not None and result.output.thinking.startswith("86 × 7")
    assert result.origin is not None and result.origin.server == f"vLLM 0.32.0 at {server.url}"
    assert numbers.first_token_s is not None and numbers.first_answer_s is not None
    assert numbers.thinking_s is not None and numbers.total_s is not None
    assert 0 < numbers.first_token_s < numbers.first_answer_s <= numbers.total_s


def test_the_request_has_all_that_was_asked_for(server: StandIn) -> None:
    served.vllm(server).on(CHAT, stream(recorded("vllm-0.32-thinking.sse")))
    asked = request(
        prompt="c",
        system="s",
        history=(Message("user", "a"), Message("assistant", "b")),
        sampling=Sampling(temperature=0.6, top_k=20, max_new_tokens=512, seed=7, stop=("END",)),
    )
    list(opened(server).run(asked, Never()))
    body = server.asked(CHAT)[0].body
    assert [message["content"] for message in body["messages"]] == ["s", "a", "b", "c"]
    assert (body["model"], body["stream"], body["max_tokens"]) == ("demo-thinking", True, 512)
    assert (body["temperature"], body["top_k"], body["min_p"]) == (0.6, 20, 0)
    assert (body["seed"], body["stop"]) == (7, ["END"])
    assert body["stream_options"]["continuous_usage_stats"] is True
    assert "chat_template_kwargs" not in body


def test_the_start_is_told_before_anything_else(server: StandIn) -> None:
    served.vllm(server).on(CHAT, stream(recorded("vllm-0.32-thinking.sse")))
    started = next(run(opened(server)))
    assert isinstance(started, Started)
    assert (started.thinks, started.limit, started.seed, started.context) == (True, 512, 7, 2048)
    assert (started.prompt_tokens, started.cached_tokens) == (None, None)


def test_a_seed_that_is_not_sent_is_not_claimed(server: StandIn) -> None:
    served.tgi(server).on(CHAT, stream(recorded("tgi-3.3-thinking.sse")))
    started = next(run(opened(server), seed=None))
    assert isinstance(started, Started) and started.seed is None
    assert list(run(opened(server), seed=None)) and "seed" not in server.asked(CHAT)[0].body


@pytest.mark.parametrize(
    ("name", "stop", "ending", "answer"),
    [
        ("vllm-0.32-cut-in-the-thought.sse", (), "limit", ""),
        ("vllm-0.32-stop-in-the-thought.sse", ("042",), "stop_string", ""),
        ("vllm-0.32-stop-in-the-answer.sse", ("**",), "stop_string", "47 × 86 = "),
        ("vllm-0.32-thinking.sse", ("§",), "end_of_turn", "47 × 86 = **4042**"),
    ],
)
def test_every_ending_is_told(
    server: StandIn, name: str, stop: tuple[str, ...], ending: str, answer: str
) -> None:
    served.vllm(server).on(CHAT, stream(recorded(name)))
    result = folded(list(run(opened(server), stop_strings=stop)))
    assert (result.ending, result.output.answer) == (ending, answer)
    assert "ending" not in [notice.kind for notice in result.notices]
    numbers = result.numbers
    parts = (numbers.thinking_tokens, numbers.answer_tokens, numbers.marker_tokens)
    assert sum(part or 0 for part in parts) == numbers.generated_tokens


def test_an_answer_that_sglang_aborted_is_interrupted(server: StandIn) -> None:
    served.sglang(server).on(CHAT, stream(events(delta(content="a"), delta("abort"), usage(9, 2))))
    assert ended(list(run(opened(server)))).ending == "interrupted"


def test_a_recorded_llama_cpp_run_is_counted_and_timed(server: StandIn) -> None:
    served.llamacpp(server).on(CHAT, stream(recorded("llamacpp-b11434.sse")))
    result = folded(list(run(opened(server), prompt="Hi")))
    numbers = result.numbers
    assert (numbers.prompt_tokens, numbers.cached_tokens) == (31, 24)
    assert (numbers.answer_tokens, numbers.marker_tokens, numbers.generated_tokens) == (9, 1, 10)
    assert result.output.answer == "Hello! How can I help you today?"
    assert result.output.thinking is None
    assert dict(result.server_numbers)["tokens_per_s"] == pytest.approx(67.74, abs=0.01)


def test_ollama_is_asked_by_its_own_api_and_its_load_is_in_no_latency(server: StandIn) -> None:
    served.ollama(server).on("/api/chat", stream(recorded("ollama-fb30760-thinking.ndjson")))
    result = folded(list(run(opened(server, "?model=qwen3:4b"), top_k=20)))
    (asked,) = server.asked("/api/chat")
    assert asked.body["options"]["top_k"] == 20
    assert server.asked(CHAT) == []
    assert result.output.thinking == "Two and two."
    assert result.numbers.load_s == 6.0
    assert result.numbers.first_token_s == 0.0  # what is left of it after 6 s of loading


def test_an_instruct_model_behind_a_parser_answers_with_a_notice(server: StandIn) -> None:
    chunks = events(delta(reasoning="It is 4."), delta("stop"), usage(9, 5))
    served.generic(server, "Qwen/Qwen3-4B-Instruct-2507").on(CHAT, stream(chunks))
    result = folded(list(run(opened(server))))
    assert (result.output.answer, result.output.thinking) == ("It is 4.", None)
    assert [notice.kind for notice in result.notices] == ["wrong_parser"]


def test_what_is_not_sent_is_said_in_the_result(server: StandIn) -> None:
    served.tgi(server).on(CHAT, stream(recorded("tgi-3.3-thinking.sse")))
    made = list(run(opened(server), top_k=20, thinking_budget=9))
    assert notices(made) == ["unsupported", "unsupported"]
    assert text(made, "answer").strip() == "4."


def test_a_limit_beyond_the_context_is_clamped_with_a_notice(server: StandIn) -> None:
    served.vllm(server).on(CHAT, stream(recorded("vllm-0.32-thinking.sse")))
    made = list(run(opened(server), max_new_tokens=5000))
    started = made[0]
    assert isinstance(started, Started) and started.limit == 2048 - 19
    assert server.asked(CHAT)[0].body["max_tokens"] == 2048 - 19
    assert notices(made) == ["clamped"]


def test_a_prompt_that_a_server_cut_is_noticed(server: StandIn) -> None:
    chunks = events(delta(content="a"), delta("stop"), usage(100, 2))
    served.generic(server, "m").on(CHAT, stream(chunks))
    assert notices(list(run(opened(server), prompt="word " * 4000))) == ["truncated"]


def test_tokens_are_counted_by_the_server_once_it_is_known(server: StandIn) -> None:
    engine = opened(served.vllm(server))
    assert engine.count_tokens(PROMPT, "", ()) is None
    assert list(engine.load()) == []
    assert engine.count_tokens(PROMPT, "", ()) == 19


def test_a_server_is_asked_what_it_is_once_and_again_after_a_while(
    server: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = opened(served.vllm(server))
    assert not engine.card.loaded
    list(engine.load())
    list(engine.load())
    assert engine.card.loaded and engine.card.context == 2048
    assert len(server.asked("/version")) == 1
    monkeypatch.setattr(engine_file, "FRESH_S", 0.0)
    list(engine.load())
    assert len(server.asked("/version")) == 2


class Asked:
    """Stops when it is told to."""

    asked = False

    def reason(self) -> StopReason | None:
        return "user" if self.asked else None

    def closes_thought(self) -> bool:
        return False


def test_a_stop_closes_the_stream_and_the_server_sees_the_client_leave(server: StandIn) -> None:
    begun = "".join(f"{part}\n\n" for part in recorded("vllm-0.32-thinking.sse").split("\n\n")[:5])
    served.vllm(server).on(CHAT, stream(begun, then="hold"))
    stop = Asked()
    made: list[Event] = []
    for event in run(opened(server), stop=stop):
        made.append(event)
        stop.asked = sum(isinstance(one, Text) for one in made) == 4 and isinstance(event, Tick)
    last = made[-1]
    assert isinstance(last, Ended) and last.ending == "user"
    assert server.left.wait(10)
    assert (last.counts.thinking, last.counts.basis) == (4, "server")
    assert notices(made) == []


def test_a_tab_that_is_closed_closes_the_stream(server: StandIn) -> None:
    begun = "".join(f"{part}\n\n" for part in recorded("vllm-0.32-thinking.sse").split("\n\n")[:5])
    served.vllm(server).on(CHAT, stream(begun, then="hold"))
    running = run(opened(server))
    assert any(isinstance(event, Text) for event in running)
    running.close()  # type: ignore[attr-defined]
    assert server.left.wait(10)


def test_a_stop_before_the_first_token_ends_with_nothing(server: StandIn) -> None:
    served.vllm(server).on(CHAT, stream("", then="hold"))
    result = folded(list(run(opened(server), stop=StopAfter(0, "deadline"))))
    assert (result.ending, result.output.answer) == ("deadline", "")
    assert result.numbers.generated_tokens == 0 and result.numbers.first_token_s is None
    assert server.left.wait(10)


def test_a_revision_or_an_adapter_is_refused() -> None:
    name = parse_name("Qwen/Qwen3-0.6B@main")
    with pytest.raises(BadRequest, match="no revision or adapter"):
        ServerEngine(name)


def test_one_engine_serves_many_runs(server: StandIn) -> None:
    served.vllm(server).on(CHAT, stream(recorded("vllm-0.32-thinking.sse")))
    engine = opened(server)
    runs = [run(engine) for _ in range(3)]
    for made in [[next(one) for one in runs], *map(list, runs)]:
        assert not any(isinstance(event, Notice | PlaygroundError) for event in made)
    assert len(server.asked(CHAT)) == 3 and len(server.asked("/version")) == 1


@pytest.mark.parametrize(
    ("model", "said"), [("qwen/qwen3-4b-2507", True), ("qwen/qwen3-4b-thinking-2507", False)]
)
def test_a_model_that_the_server_had_not_loaded_is_said_to_be_slow_at_first(
    server: StandIn, model: str, said: bool
) -> None:
    served.lmstudio(server).on(CHAT, stream(events(delta(content="Hi"), delta("stop"))))
    happened = list(run(opened(server, f"?model={model}")))
    assert ("loading" in [notice.kind for notice in notices_in(happened)]) is said


@pytest.mark.parametrize(("stop", "said"), [(("END",), True), ((), False)])
def test_a_stop_string_of_a_thinking_model_is_said_to_end_its_trace_too(
    server: StandIn, stop: tuple[str, ...], said: bool
) -> None:
    """Recorded from vLLM: it looks for stop strings in all that is generated."""
    served.vllm(server).on(CHAT, stream(recorded("vllm-0.32-thinking.sse")))
    happened = list(run(opened(server), stop_strings=stop))
    assert any("in the trace, too" in notice.text for notice in notices_in(happened)) is said


def test_a_cut_history_is_noticed_as_a_cut_prompt_is(server: StandIn) -> None:
    served.vllm(server).on(CHAT, stream(recorded("vllm-0.32-thinking.sse")))
    long = (Message("user", "river " * 300), Message("assistant", "lake " * 30))
    asked = request(prompt=PROMPT, history=long, sampling=Sampling(max_new_tokens=64))
    happened = list(opened(server).run(asked, Never()))
    assert "truncated" in [notice.kind for notice in notices_in(happened)]


def test_a_server_that_tells_how_long_it_loaded_needs_no_such_note(server: StandIn) -> None:
    """Ollama: its load is taken out of every latency."""
    served.ollama(server).on("/api/chat", stream(recorded("ollama-fb30760-thinking.ndjson")))
    engine = opened(server, "?model=qwen3:4b-instruct")
    happened = list(run(engine))
    assert engine._known is not None and not engine._known.model.loaded
    assert "loading" not in [notice.kind for notice in notices_in(happened)]
