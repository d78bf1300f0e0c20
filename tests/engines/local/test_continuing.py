"""A run that goes on where another stopped writes what an unbroken run would have written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from playground.catalog import parse_name
from playground.domain.errors import PromptTooLong
from playground.domain.events import Event, Notice, Started
from playground.domain.request import Request, RunId
from playground.domain.sampling import Sampling
from playground.engines.local import continuing
from playground.engines.local.loading import LoadedModel, load_model
from playground.engines.local.running import run_loaded
from playground.engines.local.written import WrittenRuns
from playground.results.fold import fold
from playground.results.segments import continuation
from playground.results.value import Result
from tests.engines.signals import Never, StopAfter
from tests.samples import request


@pytest.fixture(scope="module")
def model(thinking: Path) -> LoadedModel:
    return load_model(parse_name(str(thinking)), thinking, lambda *_: None)


def asked(limit: int, **sampling: object) -> Request:
    return request(sampling=Sampling(seed=5, max_new_tokens=limit, **sampling))  # type: ignore[arg-type]


def ran(model: LoadedModel, asked: Request) -> tuple[Result, list[Event]]:
    events = list(run_loaded(model, asked, Never()))
    return fold(asked, events), events


def after(result: Result, run: str, limit: int) -> Request:
    """The request that goes on where `result` stopped."""
    return replace(
        result.request,
        id=RunId(run),
        sampling=replace(result.request.sampling, max_new_tokens=limit),
        continuing=continuation(result),
    )


def shown(result: Result) -> tuple[str, str]:
    """The text; characters that are no text may come out otherwise where a segment ends."""
    broken = "\ufffd"
    return (
        (result.output.thinking or "").replace(broken, ""),
        result.output.answer.replace(broken, ""),
    )


@pytest.mark.parametrize(
    "sampling",
    [
        {"temperature": 0.0},
        {"temperature": 1.3, "top_k": 50},
        {"temperature": 1.0, "presence_penalty": 1.5},
        {"temperature": 0.0, "repetition_penalty": 1.3},
        {"temperature": 0.0, "thinking_budget": 11},
        {"temperature": 1.0, "thinking_budget": 20},
    ],
    ids=str,
)
def test_segments_write_what_one_run_would_have_written(
    model: LoadedModel, sampling: dict[str, object]
) -> None:
    whole, _ = ran(model, asked(60, **sampling))
    first, _ = ran(model, asked(16, **sampling))
    second, _ = ran(model, after(first, "second", 12))
    third, _ = ran(model, after(second, "third", 32))
    assert shown(third) == shown(whole)
    for name in ("thinking_tokens", "answer_tokens", "forced_tokens", "generated_tokens"):
        parts = [getattr(result.numbers, name) for result in (first, second, third)]
        assert sum(parts) == getattr(whole.numbers, name), name


def test_a_stopped_run_goes_on_where_it_was_stopped(model: LoadedModel) -> None:
    whole, _ = ran(model, asked(40, temperature=0.9))
    first_asked = asked(40, temperature=0.9)
    stopped = fold(first_asked, run_loaded(model, first_asked, StopAfter(9)))
    assert stopped.ending == "user"
    rest, _ = ran(model, after(stopped, "rest", 40 - (stopped.numbers.generated_tokens or 0)))
    assert shown(rest) == shown(whole)


def test_text_that_might_have_become_a_stop_string_is_not_shown_twice(model: LoadedModel) -> None:
    whole, _ = ran(model, asked(50, temperature=0.0, thinking_budget=0))
    answer = whole.output.answer
    stop = answer[8:10] + "never"
    for limit in range(10, 20):
        first, _ = ran(model, asked(limit, temperature=0.0, thinking_budget=0, stop=(stop,)))
        rest, _ = ran(model, after(first, "rest", 50 - limit))
        assert rest.output.answer.replace("\ufffd", "") == answer.replace("\ufffd", "")


def test_after_a_restart_the_text_is_encoded_again_and_that_is_said(
    model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _ = ran(model, asked(12, temperature=0.0))
    monkeypatch.setattr(continuing, "WRITTEN", WrittenRuns())
    rest, events = ran(model, after(first, "rest", 5))
    (notice,) = [event for event in events if isinstance(event, Notice)]
    assert notice.kind == "continued"
    assert first.output.thinking is not None and rest.output.thinking is not None
    assert rest.output.thinking.startswith(first.output.thinking.rstrip("\ufffd"))
    assert rest.numbers.thinking_tokens == 5


def test_an_encoded_output_is_the_template_s_own(model: LoadedModel) -> None:
    encoder = model.encoder
    ids = encoder.encode_output("thinking", "Let me", "4 </think>", thought_open=False)
    assert encoder.decode(ids) == "Let me\n</think>\n\n4 </think>"
    assert ids.count(encoder.close_id or -1) == 1  # the answer's own is plain text
    ids = encoder.encode_output("either", "Let me", "", thought_open=True)
    assert encoder.decode(ids) == "<think>\nLet me"


def test_what_was_written_counts_as_read_and_against_the_context(model: LoadedModel) -> None:
    first, _ = ran(model, asked(30, temperature=0.0))
    rest, events = ran(model, after(first, "rest", 2))
    started = events[0]
    assert isinstance(started, Started)
    assert started.prompt_tokens == (first.numbers.prompt_tokens or 0) + 30
    assert rest.numbers.generated_tokens == 2
    small = replace(model, context=started.prompt_tokens)
    with pytest.raises(PromptTooLong):
        ran(small, after(first, "none", 2))


def test_only_the_latest_unfinished_runs_are_known() -> None:
    runs = WrittenRuns(most=2)
    for number in range(3):
        runs.keep("model", RunId(str(number)), "left", [number], number)
    assert runs.of("model", RunId("0"), "left") is None
    latest = runs.of("model", RunId("2"), "left")
    assert latest is not None and (list(latest.ids), latest.draws) == ([2], 2)
    assert runs.of("other", RunId("2"), "left") is None
