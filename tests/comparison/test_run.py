"""Both lanes of a run: in turn or together, stopped or failing, each with its own ending."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from types import SimpleNamespace
from typing import Any

import pytest

from playground.comparison import run, stopping
from playground.comparison.run import Comparison, LaneRunner, LaneTask, Stream
from playground.domain.errors import Busy, EngineFailed, ErrorValue
from playground.domain.events import (
    Counts,
    Ended,
    Event,
    Failed,
    Started,
    Text,
    Tick,
    Waiting,
)
from playground.domain.request import Lane, RunId
from playground.domain.sampling import Sampling
from tests.comparison.lanes import (
    PATIENCE_S,
    FakeEngine,
    Gate,
    Step,
    advance,
    bounded,
    came,
    comparison,
    endings,
    news,
    outcomes,
    requests,
    results,
    until_stopped,
)
from tests.samples import answer, ended, saying, started, thought

SCHEDULES = ["in_turn", "together"]
ME = "me"
both_schedules = pytest.mark.parametrize("schedule", SCHEDULES)


def pair(left: FakeEngine, right: FakeEngine) -> Comparison:
    return comparison({"left": left, "right": right})


def playing(*words: str, **changes: Any) -> FakeEngine:
    return FakeEngine(*saying(*words), **changes)


def held(*steps: Step) -> tuple[FakeEngine, Gate]:
    """An engine that has started and waits at a gate before it goes on with its steps."""
    gate = Gate()
    return FakeEngine(started(), gate, *(steps or saying("late")[1:])), gate


def kinds(events: list[Event]) -> list[str]:
    return [type(event).__name__ for event in events]


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


# Stop


@both_schedules
@pytest.mark.parametrize("lane", ["left", "right"])
def test_a_stopped_lane_ends_with_what_it_wrote_and_the_other_goes_on(
    schedule: str, lane: Lane
) -> None:
    other: Lane = "right" if lane == "left" else "left"
    endless = FakeEngine(started(), answer("So far", 1.0), until_stopped)
    both, asked = comparison({lane: endless, other: playing("Fine")}), requests(schedule)

    def stopping_stream() -> Iterator[tuple[Lane, Event]]:
        for item in both.run(ME, asked):
            yield item
            if came(lane, Text)(*item):
                assert both.stops.stop(ME, asked[0].id, lane) == 1

    assert outcomes(results(asked, stopping_stream())) == {
        lane: ("user", "So far"),
        other: ("end_of_turn", "Fine"),
    }


def test_a_lane_that_waits_for_the_other_is_stopped_without_starting() -> None:
    (left, gate), right = held(), playing("never")
    both, asked = pair(left, right), requests("in_turn")
    stream = both.run(ME, asked)
    advance(stream, came("left", Started))
    both.stops.stop(ME, asked[0].id, "right")
    _, event = advance(stream, came("right", Ended))
    assert event == Ended("user", Counts(), event.at_s)
    gate.open()
    assert endings(stream) == ["left"]
    assert right.begun == 0


@both_schedules
@pytest.mark.parametrize("run_id", [RunId("run"), None])
def test_a_stop_of_all_ends_both_lanes(schedule: str, run_id: RunId | None) -> None:
    endless = [started(), answer("So far", 1.0), until_stopped]
    left, right = FakeEngine(*endless), FakeEngine(*endless)
    both, asked = pair(left, right), requests(schedule)

    def stopping_stream() -> Iterator[tuple[Lane, Event]]:
        for item in both.run(ME, asked):
            yield item
            if came("left", Text)(*item):
                assert both.stops.stop(ME, run_id) == 2

    ended_both = results(asked, stopping_stream())
    assert [result.ending for result in ended_both.values()] == ["user", "user"]
    assert ended_both["left"].output.answer == "So far"


def test_in_turn_a_lane_stopped_with_the_other_never_starts() -> None:
    left, right = FakeEngine(started(), until_stopped), playing("never")
    both, asked = pair(left, right), requests("in_turn")
    stream = both.run(ME, asked)
    advance(stream, came("left", Started))
    both.stops.stop(ME)
    assert sorted(endings(stream)) == ["left", "right"]
    assert right.begun == 0


def test_a_run_that_is_stopped_at_once_starts_nothing() -> None:
    left, right = playing("never"), playing("never")
    both = pair(left, right)
    stream = both.run(ME, requests("together"))
    next(stream)
    both.stops.stop(ME)
    assert sorted(endings(stream)) == ["left", "right"]
    assert (left.begun, right.begun) == (0, 0)


def test_a_stop_by_another_session_reaches_nobody() -> None:
    both, asked = pair(playing("a"), playing("b")), requests()
    stream = both.run(ME, asked)
    next(stream)
    assert both.stops.stop("other", asked[0].id) == 0
    assert [result.ending for result in results(asked, stream).values()] == ["end_of_turn"] * 2


def test_the_deadline_ends_what_runs_and_what_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    now_s = [0.0]
    monkeypatch.setattr(stopping, "time", SimpleNamespace(monotonic=lambda: now_s[0]))

    def time_passes(stop: object) -> None:
        now_s[0] = 60.0

    left = FakeEngine(started(), answer("So far", 1.0), time_passes, until_stopped)
    right = playing("never")
    asked = requests("in_turn")
    both = results(asked, pair(left, right).run(ME, asked, deadline_s=60.0))
    assert outcomes(both) == {"left": ("deadline", "So far"), "right": ("deadline", "")}
    assert right.begun == 0


# A closed tab


def lane_threads() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if "work" in thread.name}


@both_schedules
def test_closing_the_stream_stops_the_lanes_and_joins_them(schedule: str) -> None:
    left = FakeEngine(started(), answer("So far", 1.0), until_stopped)
    right = FakeEngine(started(), until_stopped)
    before = lane_threads()
    stream = pair(left, right).run(ME, requests(schedule))
    advance(stream, came("left", Text))
    assert lane_threads() > before
    stream.close()
    assert lane_threads() <= before
    assert left.ends == ["interrupted"]
    assert right.ends == ["interrupted"][: right.begun]


def test_closing_a_workers_own_stream_stops_its_lanes() -> None:
    left, right = FakeEngine(started(), until_stopped), playing("never")
    registry = stopping.StopRegistry()
    tasks = [
        LaneTask(request, stopping.Signal(registry.claim(ME, request.id, request.lane)))
        for request in requests("in_turn")
    ]
    engines = {"left": left, "right": right}
    stream = LaneRunner(engines.__getitem__).run_lanes(tuple(tasks))
    advance(stream, came("left", Started))
    stream.close()
    assert (left.ends, right.begun) == (["interrupted"], 0)


def test_closing_the_stream_frees_the_device_and_the_places() -> None:
    both = pair(FakeEngine(started(), until_stopped), playing("b"))
    stream = both.run(ME, requests())
    advance(stream, came("left", Started))
    stream.close()
    assert both.stops.stop(ME) == 0
    after = list(bounded(both.run(ME, requests(model="right"))))
    assert [event.place for _, event in after if isinstance(event, Waiting)] == [None, None]
    assert endings(after) == ["left", "right"]


def test_a_closed_stream_raises_its_flags_at_once() -> None:
    seen: list[str | None] = []
    kept: list[Stream] = []  # so that nobody but the comparison closes it

    def transport(run_lanes: object) -> Callable[[tuple[LaneTask, ...]], Stream]:
        def stream(tasks: tuple[LaneTask, ...]) -> Stream:
            try:
                yield "left", started()
            finally:
                seen.extend(task.signal.reason() for task in tasks)

        def call(tasks: tuple[LaneTask, ...]) -> Stream:
            kept.append(stream(tasks))
            return kept[-1]

        return call

    stream = comparison({}, transport).run(ME, requests())
    next(stream)
    stream.close()
    assert seen == ["interrupted", "interrupted"]


def test_a_stream_that_was_never_begun_takes_nothing() -> None:
    both = pair(playing("a"), playing("b"))
    both.run(ME, requests()).close()
    assert both.stops.stop(ME) == 0


# Several visitors


def waits_at(place: int) -> Callable[[Lane, Event], bool]:
    return lambda _, event: isinstance(event, Waiting) and event.place == place


class Visitors:
    """One comparison, visitors who ask it; the first one's run holds the device at a gate."""

    def __init__(self, **changes: Any) -> None:
        self.gate = Gate()
        self.engines = {
            "left": FakeEngine(started(), self.gate, *saying("a")[1:], **changes),
            "right": playing("b", **changes),
        }
        self.both = comparison(self.engines)

    def come(self, name: str, schedule: str = "in_turn") -> Stream:
        return self.both.run(name, requests(schedule, run=name))


def test_visitors_wait_in_line_and_know_their_place() -> None:
    visitors = Visitors()
    first, second, third = (visitors.come(name) for name in ("ana", "bo", "cy"))
    advance(first, came("left", Started))
    advance(second, waits_at(1))
    advance(third, waits_at(2))
    visitors.gate.open()
    assert endings(first) == ["left", "right"]
    advance(third, waits_at(1))
    assert endings(second) == ["left", "right"]
    assert endings(third) == ["left", "right"]


def test_while_one_visitor_runs_the_next_ones_engines_are_not_touched() -> None:
    visitors = Visitors()
    first, second = visitors.come("ana"), visitors.come("bo", "together")
    advance(first, came("left", Started))
    for _ in range(3):
        advance(second, waits_at(1))
    assert (visitors.engines["left"].begun, visitors.engines["right"].begun) == (1, 0)
    visitors.gate.open()
    assert len(endings(first)) == len(endings(second)) == 2


def test_both_lanes_of_a_visitor_in_line_are_told_their_place() -> None:
    visitors = Visitors()
    first, second = visitors.come("ana"), visitors.come("bo")
    advance(first, came("left", Started))
    told = {advance(second, waits_at(1))[0], advance(second, waits_at(1))[0]}
    assert told == {"left", "right"}
    second.close()
    first.close()


def test_who_leaves_the_line_lets_the_others_move_up() -> None:
    visitors = Visitors()
    first, second, third = (visitors.come(name) for name in ("ana", "bo", "cy"))
    advance(first, came("left", Started))
    advance(second, waits_at(1))
    advance(third, waits_at(2))
    second.close()
    advance(third, waits_at(1))
    visitors.gate.open()
    assert len(endings(first)) == len(endings(third)) == 2


def test_who_stops_in_line_ends_there_and_starts_nothing() -> None:
    visitors = Visitors()
    first, second = visitors.come("ana"), visitors.come("bo", "together")
    advance(first, came("left", Started))
    advance(second, waits_at(1))
    assert visitors.both.stops.stop("bo") == 2
    assert sorted(endings(second)) == ["left", "right"]
    assert (visitors.engines["left"].begun, visitors.engines["right"].begun) == (1, 0)
    visitors.gate.open()
    assert endings(first) == ["left", "right"]


def test_one_lane_may_be_stopped_in_line_and_the_other_runs_later() -> None:
    visitors = Visitors()
    first, second = visitors.come("ana"), visitors.come("bo")
    advance(first, came("left", Started))
    advance(second, waits_at(1))
    visitors.both.stops.stop("bo", lane="left")
    _, event = advance(second, came("left", Ended))
    assert isinstance(event, Ended)
    assert event.ending == "user"
    assert advance(second, waits_at(1))[0] == "right"
    visitors.gate.open()
    assert endings(first) == ["left", "right"]
    assert kinds(news(second, "right")) == ["Started", "Text", "Ended"]
    assert visitors.engines["left"].begun == 1


def test_one_visitors_stop_does_not_stop_another() -> None:
    visitors = Visitors()
    first, second = visitors.come("ana"), visitors.come("bo")
    advance(first, came("left", Started))
    advance(second, waits_at(1))
    visitors.both.stops.stop("bo")
    visitors.gate.open()
    assert outcomes(results(requests(run="ana"), first)) == {
        "left": ("end_of_turn", "a"),
        "right": ("end_of_turn", "b"),
    }
    second.close()


def test_engines_without_a_lease_do_not_wait_for_each_other() -> None:
    visitors = Visitors(lease=None)
    meeting = threading.Barrier(2, timeout=PATIENCE_S)
    steps = [started(), lambda stop: meeting.wait(), *saying("Met")[1:]]
    visitors.engines["left"] = FakeEngine(*steps, lease=None)
    first, second = visitors.come("ana"), visitors.come("bo")
    advance(first, came("left", Started))
    assert outcomes(results(requests(run="bo"), second))["left"] == ("end_of_turn", "Met")
    assert endings(first) == ["left", "right"]


def test_two_devices_are_leased_apart() -> None:
    gate = Gate()
    engines = {
        "left": FakeEngine(started(), gate, *saying("a")[1:], lease="one"),
        "right": playing("b", lease="two"),
        "free": playing("c", lease="three"),
    }
    both = comparison(engines)
    first = both.run("ana", requests(run="ana"))
    advance(first, came("left", Started))
    free = requests(run="bo", model="free")
    assert [ending for ending, _ in outcomes(results(free, both.run("bo", free))).values()] == [
        "end_of_turn",
        "end_of_turn",
    ]
    waiting = both.run("cy", requests(run="cy", model="right"))
    advance(waiting, waits_at(1))
    waiting.close()
    gate.open()
    assert len(endings(first)) == 2


# Places


def test_the_flags_of_an_ended_run_are_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopping, "PLACES", 2)
    both = pair(playing("a"), playing("b"))
    for number in range(5):
        asked = requests("together", run=str(number))
        endings_now = {result.ending for result in results(asked, both.run(ME, asked)).values()}
        assert endings_now == {"end_of_turn"}


@pytest.mark.parametrize("places", [0, 1])
def test_when_all_places_are_taken_nothing_starts(
    monkeypatch: pytest.MonkeyPatch, places: int
) -> None:
    monkeypatch.setattr(stopping, "PLACES", places)
    left, right = playing("a"), playing("b")
    both, asked = pair(left, right), requests()
    failed = results(asked, both.run(ME, asked))
    assert [result.error.kind for result in failed.values() if result.error] == [Busy.kind] * 2
    assert (left.begun, right.begun) == (0, 0)
    assert both.stops.stop(ME) == 0


def test_the_same_run_twice_at_a_time_is_refused_and_the_first_goes_on() -> None:
    left, _ = held()
    both, asked = pair(left, playing("b")), requests()
    first = both.run(ME, asked)
    advance(first, came("left", Started))
    again = results(asked, both.run(ME, asked))
    assert [result.error.kind for result in again.values() if result.error] == [Busy.kind] * 2
    assert both.stops.stop(ME, asked[0].id) == 2
    assert len(endings(first)) == 2


# A worker that is lost


def transported(*items: tuple[Lane, Event] | Exception) -> Comparison:
    """A comparison whose worker sends these and is gone."""

    def transport(run_lanes: object) -> Callable[[tuple[LaneTask, ...]], Stream]:
        def stream(tasks: tuple[LaneTask, ...]) -> Stream:
            for item in items:
                if isinstance(item, Exception):
                    raise item
                yield item

        return stream

    return comparison({}, transport)


LOST = ErrorValue("engine_failed", "The run was cut off. Run it again.")
ABORTED = ErrorValue("engine_failed", "RuntimeError: GPU task aborted")


@pytest.mark.parametrize(
    ("end", "error"), [((), LOST), ((RuntimeError("GPU task aborted"),), ABORTED)]
)
def test_a_lost_worker_leaves_each_lane_what_came_and_an_error(end: Any, error: ErrorValue) -> None:
    came_before: list[tuple[Lane, Event]] = [("left", started()), ("left", thought("Let me", 1.0))]
    asked = requests()
    both = results(asked, transported(*came_before, *end).run(ME, asked))
    assert both["left"].output.thinking == "Let me"
    assert [result.error for result in both.values()] == [error, error]


def test_a_lane_that_had_ended_before_the_worker_was_lost_keeps_its_ending() -> None:
    whole: list[tuple[Lane, Event]] = [("left", event) for event in saying("Done")]
    asked = requests()
    both = results(asked, transported(*whole, RuntimeError("gone")).run(ME, asked))
    assert [result.ending for result in both.values()] == ["end_of_turn", "error"]


def test_a_worker_that_cannot_be_had_fails_both_lanes() -> None:
    asked = requests()
    both = results(asked, transported(Busy("No GPU is free. Try again later.")).run(ME, asked))
    assert {r.error for r in both.values()} == {
        ErrorValue("busy", "No GPU is free. Try again later.")
    }


def test_a_lost_worker_frees_its_places() -> None:
    gone = transported(RuntimeError("gone"))
    asked = requests()
    results(asked, gone.run(ME, asked))
    assert gone.stops.stop(ME) == 0
