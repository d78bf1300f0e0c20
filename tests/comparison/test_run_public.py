"""On a public page every run keeps to the limits, tells strangers nothing, and leaves one line."""

from __future__ import annotations

import json
import logging
from collections.abc import Generator

import pytest

from playground.comparison.context import in_own_context
from playground.comparison.discreet import BROKE, discreet, without_paths
from playground.comparison.run import Comparison
from playground.domain.engine import Engine
from playground.domain.errors import ModelUnusable
from playground.domain.events import Failed, Started
from playground.domain.limits import UNLIMITED, Limits
from playground.domain.sampling import Sampling
from playground.domain.visitor import OPERATOR, Visitor, current_visitor
from playground.results.value import Result
from tests.comparison.lanes import ME, FakeEngine, advance, came, held, playing, requests, results
from tests.samples import ended, started


def public(*engines: FakeEngine, limits: Limits = UNLIMITED) -> Comparison:
    by_name = dict(zip(("left", "right"), engines, strict=True))
    return Comparison(by_name.__getitem__, limits=limits, in_public=True)


def run(comparison: Comparison, visitor: Visitor = OPERATOR, **changes: object) -> list[Result]:
    asked = requests(**changes)  # type: ignore[arg-type]
    return list(results(asked, comparison.run(ME, asked, visitor=visitor)).values())


def test_whatever_is_asked_the_engine_gets_what_is_allowed_and_the_result_says_so() -> None:
    seen: list[int] = []

    class Seeing(FakeEngine):
        def run(self, request, stop):  # type: ignore[no-untyped-def]
            seen.append(request.sampling.max_new_tokens)
            yield from super().run(request, stop)

    steps = [started(), ended()]
    both = public(Seeing(*steps), Seeing(*steps), limits=Limits(max_new_tokens=64))
    for result in run(both, sampling=Sampling(max_new_tokens=9000)):
        assert result.request.sampling.max_new_tokens == 9000
        assert [notice.kind for notice in result.notices] == ["clamped"]
        assert "9,000 to 64" in result.notices[0].text
    assert seen == [64, 64]


def test_a_models_own_sampling_is_shown_within_the_limits() -> None:
    both = public(playing("a"), playing("b"), limits=Limits(max_new_tokens=64))
    assert both.describe("left").defaults == Sampling(max_new_tokens=64)
    assert public(playing("a"), playing("b")).describe("left").defaults == Sampling()


def test_a_request_that_is_too_long_fails_before_any_engine_is_opened() -> None:
    opened: list[str] = []

    def open_engine(name: str) -> Engine:
        opened.append(name)
        raise AssertionError

    comparison = Comparison(open_engine, limits=Limits(request_characters=5))
    kinds = {result.error.kind for result in run(comparison, prompt="123456") if result.error}
    assert (kinds, opened) == ({"bad_request"}, [])


def test_a_prompt_of_too_many_tokens_ends_before_it_is_answered() -> None:
    left, right = playing("no"), playing("no")
    for result in run(public(left, right, limits=Limits(prompt_tokens=8))):
        assert result.error is not None and result.error.kind == "prompt_too_long"
        assert result.output.answer == ""


def test_a_visitor_who_has_enough_under_way_is_told_so() -> None:
    left, gate = held()
    both = public(left, playing("late"), limits=Limits(visitor_runs=1))
    someone, other = Visitor("1.2.3.4"), Visitor("5.6.7.8")
    stream = both.run(ME, requests(run="first"), visitor=someone)
    advance(stream, came("left", Started))
    for result in run(both, someone, run="second"):
        assert result.error is not None and result.error.kind == "busy"
    third = both.run("other", requests(run="third"), visitor=other)
    assert not isinstance(next(third)[1], Failed)
    third.close()
    gate.open()
    assert [r.ending for r in results(requests(run="first"), stream).values()][1] == "end_of_turn"
    assert both.gate.inside == 0


def test_when_the_app_ends_running_lanes_end_with_their_text_and_new_ones_do_not_begin() -> None:
    left, _ = held()
    both = public(left, playing("never"))
    asked = requests()
    stream = both.run(ME, asked)
    advance(stream, came("left", Started))
    both.end(0)
    assert {r.ending for r in results(asked, stream).values()} == {"interrupted"}
    assert {r.error.kind for r in run(both, run="second") if r.error} == {"busy"}


# Errors


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("'/home/me/models/qwen' cannot be loaded.", "'…' cannot be loaded."),
        ("'~/models/qwen' is not there.", "'…' is not there."),
        (r"C:\Users\me\qwen is not there.", "… is not there."),
        ("Use Qwen/Qwen3-4B or 1/2.", "Use Qwen/Qwen3-4B or 1/2."),
        ("See https://gpu.example/v1/models.", "See https://gpu.example/v1/models."),
        ("a and/or b", "a and/or b"),
    ],
)
def test_paths_are_blotted_out_and_addresses_are_not(words: str, shown: str) -> None:
    assert without_paths(words) == shown


def test_a_foreign_error_is_for_the_operator_alone(caplog: pytest.LogCaptureFixture) -> None:
    failed = Failed.of(KeyError("/srv/app/secret.py line 3"), 1.0)
    with caplog.at_level(logging.WARNING, "playground.errors"):
        shown = discreet(failed)
    assert isinstance(shown, Failed) and shown.error.message == BROKE
    assert "secret.py" in caplog.text


def test_an_engine_that_breaks_shows_neither_path_nor_trace() -> None:
    broken = FakeEngine(started(), OSError(2, "No such file", "/srv/app/weights.bin"))
    unusable = FakeEngine(started(), ModelUnusable("'/srv/app/qwen' lacks weights. Copy it."))
    left, right = run(public(broken, unusable))
    assert left.error is not None and left.error.message == BROKE
    assert right.error is not None and right.error.message == "'…' lacks weights. Copy it."


# The log


def test_one_line_a_lane_tells_the_figures_and_nothing_that_was_said(
    caplog: pytest.LogCaptureFixture,
) -> None:
    secret = Visitor("9.9.9.9", pays=True, token="hf_token")
    with caplog.at_level(logging.INFO, "playground.runs"):
        run(public(playing("An answer."), FakeEngine(started(), OSError())), secret, prompt="Ask")
    left, right = (
        json.loads(record.getMessage())
        for record in caplog.records
        if record.name == "playground.runs"
    )
    assert (left["lane"], left["ending"], left["tokens"]) == ("left", "end_of_turn", 2)
    assert (right["ending"], right["error"]) == ("error", "engine_failed")
    for words in ("An answer", "Ask", "9.9.9.9", "hf_token"):
        assert words not in caplog.text


# Who a run is for


def test_a_stream_knows_its_visitor_whoever_pulls_it() -> None:
    def seen() -> Generator[Visitor, None, None]:
        while True:
            yield current_visitor()

    someone = Visitor("a", pays=True, token="t")
    stream = in_own_context(seen(), someone)
    assert [next(stream), next(stream)] == [someone, someone]
    assert current_visitor() is OPERATOR


def test_the_lanes_threads_know_the_visitor_and_no_request_does() -> None:
    seen: list[Visitor] = []

    class Seeing(FakeEngine):
        def run(self, request, stop):  # type: ignore[no-untyped-def]
            seen.append(current_visitor())
            assert "hf_token" not in repr(request)
            yield from super().run(request, stop)

    someone = Visitor("a", pays=True, token="hf_token")
    for schedule in ("in_turn", "together"):
        run(public(Seeing(ended()), Seeing(ended())), someone, schedule=schedule, run=schedule)
    assert seen == [someone] * 4
    assert "hf_token" not in repr(someone)
