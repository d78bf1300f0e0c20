"""A lane is stopped, a deadline comes, a tab is closed: what came stays, the rest goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest

from playground.comparison import stopping
from playground.comparison.run import LaneRunner, LaneTask, Stream
from playground.domain.events import (
    Counts,
    Ended,
    Event,
    Started,
    Text,
    Waiting,
)
from playground.domain.request import Lane, RunId
from tests.comparison.lanes import (
    ME,
    FakeEngine,
    advance,
    both_schedules,
    bounded,
    came,
    comparison,
    endings,
    held,
    outcomes,
    pair,
    playing,
    requests,
    results,
    until_stopped,
)
from tests.samples import answer, started

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
