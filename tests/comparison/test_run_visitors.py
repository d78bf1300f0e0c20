"""Several visitors of one device: first come, first served, and only so many places."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from playground.comparison import stopping
from playground.comparison.run import Stream
from playground.domain.errors import Busy
from playground.domain.events import (
    Ended,
    Event,
    Started,
    Waiting,
)
from playground.domain.request import Lane
from tests.comparison.lanes import (
    ME,
    PATIENCE_S,
    FakeEngine,
    Gate,
    advance,
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
)
from tests.samples import saying, started


def kinds(events: list[Event]) -> list[str]:
    return [type(event).__name__ for event in events]


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
