"""Both lanes of a run: in turn or together, failing alone, each with its own ending."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from types import SimpleNamespace
from typing import Any

import pytest

from playground.comparison import run
from playground.domain.errors import EngineFailed, ErrorValue
from playground.domain.events import (
    Ended,
    Event,
    Failed,
    Started,
    Tick,
    Waiting,
)
from playground.domain.request import Lane
from playground.domain.sampling import Sampling
from tests.comparison.lanes import (
    ME,
    PATIENCE_S,
    FakeEngine,
    advance,
    both_schedules,
    bounded,
    came,
    comparison,
    endings,
    held,
    news,
    outcomes,
    pair,
    playing,
    requests,
    results,
    until_stopped,
)
from tests.samples import answer, ended, saying, started

# In turn and together


@both_schedules
def test_both_lanes_answer(schedule: str) -> None:
    both, asked = pair(playing("Hi", " you"), playing("Yes")), requests(schedule)
    assert outcomes(results(asked, both.run(ME, asked))) == {
        "left": ("end_of_turn", "Hi you"),
        "right": ("end_of_turn", "Yes"),
    }


@both_schedules
def test_each_lane_gets_its_own_request(schedule: str) -> None:
    asked = requests(schedule, sampling=Sampling(seed=3), prompt="Mine")
    seen: list[object] = []

    class Recording(FakeEngine):
        def run(self, request: Any, stop: Any) -> Iterator[Event]:
            seen.append(request)
            return super().run(request, stop)

    both = pair(Recording(*saying("a")), Recording(*saying("b")))
    results(asked, both.run(ME, asked))
    assert sorted(seen, key=str) == sorted(asked, key=str)


@both_schedules
def test_a_lanes_events_keep_their_order(schedule: str) -> None:
    asked = requests(schedule)
    stream = list(bounded(pair(playing("a", "b"), playing("c")).run(ME, asked)))
    assert news(stream, "left") == saying("a", "b")
    assert news(stream, "right") == saying("c")


def test_in_turn_one_lane_ends_before_the_other_starts() -> None:
    asked = requests("in_turn")
    stream = [
        (lane, event)
        for lane, event in bounded(pair(playing("a", "b"), playing("c")).run(ME, asked))
        if not isinstance(event, Waiting | Tick)
    ]
    assert [lane for lane, _ in stream] == ["left"] * 4 + ["right"] * 3


def test_in_turn_the_other_engine_is_not_touched_meanwhile() -> None:
    (left, gate), right = held(), playing("b")
    stream = pair(left, right).run(ME, requests("in_turn"))
    advance(stream, came("left", Started))
    assert gate.reached.wait(PATIENCE_S)
    advance(stream, came("left", Tick))
    assert right.begun == 0
    gate.open()
    assert endings(stream) == ["left", "right"]


def test_together_both_lanes_run_at_the_same_time() -> None:
    meeting = threading.Barrier(2, timeout=PATIENCE_S)
    steps = [started(), lambda stop: meeting.wait(), *saying("Met")[1:]]
    asked = requests("together")
    both = pair(FakeEngine(*steps), FakeEngine(*steps))
    assert set(outcomes(results(asked, both.run(ME, asked))).values()) == {("end_of_turn", "Met")}


def test_together_the_quick_lane_does_not_wait_for_the_slow_one() -> None:
    left, gate = held()
    stream = pair(left, playing("quick")).run(ME, requests("together"))
    advance(stream, came("right", Ended))
    gate.open()
    assert endings(stream) == ["left"]


@both_schedules
def test_the_wait_begins_for_both_lanes_when_the_run_is_asked_for(schedule: str) -> None:
    stream = pair(playing("a"), playing("b")).run(ME, requests(schedule))
    with closing(stream):
        (left, first), (right, second) = next(stream), next(stream)
    assert (left, right) == ("left", "right")
    assert first == second
    assert isinstance(first, Waiting)
    assert first.place is None


@both_schedules
def test_a_silent_lane_ticks(schedule: str) -> None:
    left, _ = held()
    stream = pair(left, FakeEngine(started(), until_stopped)).run(ME, requests(schedule))
    with closing(stream):
        advance(stream, came("left", Started))
        for _ in range(3):
            advance(stream, lambda _, event: isinstance(event, Tick))


def test_nothing_comes_after_the_last_ending() -> None:
    asked = requests()
    *_, (_, last) = bounded(pair(playing("a"), playing("b")).run(ME, asked))
    assert isinstance(last, Ended)


def test_what_an_engine_yields_after_its_ending_is_dropped() -> None:
    talkative = FakeEngine(*saying("a"), answer("late", 9.0), ended("limit"))
    stream = list(bounded(pair(talkative, playing("b")).run(ME, requests())))
    assert news(stream, "left") == saying("a")


# Failures


class BrokenCard(FakeEngine):
    @property
    def card(self) -> Any:
        raise OSError("disk gone")


class BrokenRun(FakeEngine):
    def run(self, request: Any, stop: Any) -> Iterator[Event]:
        raise ValueError("no generator")


FAILURES: dict[str, tuple[Callable[[], FakeEngine | None], ErrorValue, str]] = {
    "at opening": (
        lambda: None,
        ErrorValue("model_not_found", "There is no model 'left'. Use another."),
        "",
    ),
    "at its card": (BrokenCard, ErrorValue("engine_failed", "OSError: disk gone"), ""),
    "at the call": (BrokenRun, ErrorValue("engine_failed", "ValueError: no generator"), ""),
    "before its start": (
        lambda: FakeEngine(EngineFailed("No memory. Use less.")),
        ErrorValue("engine_failed", "No memory. Use less."),
        "",
    ),
    "in mid-answer": (
        lambda: FakeEngine(started(), answer("Half", 1.0), RuntimeError("CUDA")),
        ErrorValue("engine_failed", "RuntimeError: CUDA"),
        "Half",
    ),
    "by leaving its thread": (
        lambda: FakeEngine(started(), answer("Half", 1.0), SystemExit("bye")),
        ErrorValue("engine_failed", "SystemExit: bye"),
        "Half",
    ),
    "without an ending": (
        lambda: FakeEngine(started(), answer("Half", 1.0)),
        ErrorValue("engine_failed", "'left' stopped without an ending. Run it again."),
        "Half",
    ),
    "by its own word": (
        lambda: FakeEngine(started(), Failed(ErrorValue("busy", "Full."), 2.0)),
        ErrorValue("busy", "Full."),
        "",
    ),
}


@both_schedules
@pytest.mark.parametrize("how", FAILURES)
def test_a_lane_that_fails_keeps_what_it_wrote_and_says_why(schedule: str, how: str) -> None:
    make, error, kept = FAILURES[how]
    failing = make()
    engines = {"right": playing("Fine")} | ({"left": failing} if failing else {})
    asked = requests(schedule)
    left = results(asked, comparison(engines).run(ME, asked))["left"]
    assert (left.ending, left.error, left.output.answer) == ("error", error, kept)


@both_schedules
@pytest.mark.parametrize("lane", ["left", "right"])
@pytest.mark.parametrize("how", FAILURES)
def test_a_lane_that_fails_never_harms_the_other(schedule: str, lane: Lane, how: str) -> None:
    failing = FAILURES[how][0]()
    other: Lane = "right" if lane == "left" else "left"
    engines = {other: playing("Fine")} | ({lane: failing} if failing else {})
    asked = requests(schedule)
    both = results(asked, comparison(engines).run(ME, asked))
    assert (both[lane].ending, *outcomes(both)[other]) == ("error", "end_of_turn", "Fine")


@both_schedules
def test_both_lanes_may_fail_each_for_its_own_reason(schedule: str) -> None:
    asked = requests(schedule)
    both = results(asked, comparison({}).run(ME, asked))
    for lane, result in both.items():
        missing = f"There is no model {lane!r}. Use another."
        assert result.error == ErrorValue("model_not_found", missing)


def test_a_failed_run_frees_the_device() -> None:
    both = pair(FakeEngine(RuntimeError("CUDA")), FakeEngine(started(), RuntimeError("CUDA")))
    for _ in range(3):
        asked = requests()
        results(asked, both.run(ME, asked))
    places = [e.place for _, e in bounded(both.run(ME, requests())) if isinstance(e, Waiting)]
    assert places == [None, None]


def test_a_thread_that_cannot_start_fails_the_run_and_frees_the_device(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    both, asked = pair(playing("a"), playing("b")), requests("together")

    class NoThread(threading.Thread):
        def start(self) -> None:
            raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(run, "threading", SimpleNamespace(Thread=NoThread, Lock=threading.Lock))
        failed = results(asked, both.run(ME, asked))
    errors = {result.error for result in failed.values()}
    assert errors == {ErrorValue("engine_failed", "RuntimeError: can't start new thread")}
    assert outcomes(results(asked, both.run(ME, asked)))["left"] == ("end_of_turn", "a")
