"""Stop flags: by session, run and lane; lowered when claimed, the first reason stays."""

from __future__ import annotations

import pickle
from types import SimpleNamespace
from typing import Any

import pytest

from playground.comparison import stopping
from playground.comparison.stopping import PLACES, Signal, StopRegistry, raise_flag
from playground.domain.engine import StopReason
from playground.domain.errors import Busy
from playground.domain.request import Lane, RunId

ME, OTHER = "me", "other"
RUN, LATER = RunId("run"), RunId("later")


@pytest.fixture
def registry() -> StopRegistry:
    return StopRegistry()


def claim(registry: StopRegistry, session: str = ME, run: RunId = RUN, lane: Lane = "left") -> int:
    return registry.claim(session, run, lane)


def test_a_claimed_flag_is_lowered(registry: StopRegistry) -> None:
    assert Signal(claim(registry)).reason() is None


def test_every_lane_has_a_flag_of_its_own(registry: StopRegistry) -> None:
    slots = {
        claim(registry, session, run, lane)
        for session in (ME, OTHER)
        for run in (RUN, LATER)
        for lane in ("left", "right")
    }
    assert len(slots) == 8


@pytest.mark.parametrize(
    ("asked", "stopped"),
    [
        ((ME, RUN, "left"), {"me run left"}),
        ((ME, RUN, None), {"me run left", "me run right"}),
        ((ME, None, None), {"me run left", "me run right", "me later left"}),
        ((ME, None, "left"), {"me run left", "me later left"}),
        ((OTHER, RUN, "right"), set()),
        ((OTHER, None, None), {"other run left"}),
        (("nobody", None, None), set()),
        ((ME, RunId("unknown"), None), set()),
    ],
)
def test_a_stop_reaches_what_was_named_and_nothing_else(
    registry: StopRegistry, asked: Any, stopped: set[str]
) -> None:
    lanes: list[tuple[str, RunId, Lane]] = [(ME, RUN, "left"), (ME, RUN, "right")]
    lanes += [(ME, LATER, "left"), (OTHER, RUN, "left")]
    slots = {" ".join(lane): registry.claim(*lane) for lane in lanes}
    assert registry.stop(*asked) == len(stopped)
    assert {name for name, slot in slots.items() if Signal(slot).reason() == "user"} == stopped


@pytest.mark.parametrize("reason", ["user", "deadline", "interrupted"])
def test_a_flag_keeps_its_reason(registry: StopRegistry, reason: StopReason) -> None:
    slot = claim(registry)
    raise_flag(slot, reason)
    assert Signal(slot).reason() == reason


def test_the_first_reason_stays(registry: StopRegistry) -> None:
    slot = claim(registry)
    raise_flag(slot, "interrupted")
    registry.stop(ME)
    assert Signal(slot).reason() == "interrupted"


def test_a_stop_of_a_lane_that_is_over_reaches_nobody(registry: StopRegistry) -> None:
    slot = claim(registry)
    registry.release(ME, RUN, "left")
    assert registry.stop(ME) == 0
    assert Signal(slot).reason() is None


def test_a_flag_is_lowered_for_the_next_lane(registry: StopRegistry) -> None:
    slot = claim(registry)
    registry.stop(ME)
    registry.release(ME, RUN, "left")
    assert claim(registry, run=LATER) == slot
    assert Signal(slot).reason() is None


def test_releasing_twice_frees_one_place(registry: StopRegistry) -> None:
    claim(registry)
    registry.release(ME, RUN, "left")
    registry.release(ME, RUN, "left")
    slots = {claim(registry, run=RunId(str(number))) for number in range(2)}
    assert len(slots) == 2


def test_a_lane_that_runs_cannot_run_again(registry: StopRegistry) -> None:
    slot = claim(registry)
    with pytest.raises(Busy, match="running already"):
        claim(registry)
    registry.stop(ME)
    assert Signal(slot).reason() == "user"


def test_when_all_places_are_taken_it_is_busy(registry: StopRegistry) -> None:
    slots = {claim(registry, run=RunId(str(number))) for number in range(PLACES)}
    assert len(slots) == PLACES
    with pytest.raises(Busy, match="Try again"):
        claim(registry)
    registry.release(ME, RunId("0"), "left")
    assert claim(registry) in slots


@pytest.mark.parametrize(
    ("deadline_s", "now_s", "reason"),
    [(None, 1e9, None), (5.0, 4.9, None), (5.0, 5.0, "deadline"), (5.0, 9.0, "deadline")],
)
def test_a_deadline_stops_when_its_time_has_come(
    registry: StopRegistry,
    monkeypatch: pytest.MonkeyPatch,
    deadline_s: float | None,
    now_s: float,
    reason: str | None,
) -> None:
    monkeypatch.setattr(stopping, "time", SimpleNamespace(monotonic=lambda: now_s))
    assert Signal(claim(registry), deadline_s).reason() == reason


def test_a_users_stop_wins_over_the_deadline(registry: StopRegistry) -> None:
    signal = Signal(claim(registry), deadline_s=0.0)
    registry.stop(ME)
    assert signal.reason() == "user"


def test_a_signal_travels_as_a_plain_value(registry: StopRegistry) -> None:
    signal = Signal(claim(registry), 5.0)
    assert pickle.loads(pickle.dumps(signal)) == signal


def test_a_lane_is_asked_to_close_its_thought_and_a_new_run_in_its_place_is_not() -> None:
    stops = StopRegistry()
    slot = stops.claim("visitor", RunId("one"), "right")
    signal = Signal(slot)
    assert not signal.closes_thought()
    assert stops.close_thought("visitor", RunId("one"), "right")
    assert signal.closes_thought()
    assert signal.reason() is None
    stops.release("visitor", RunId("one"), "right")
    assert not stops.close_thought("visitor", RunId("one"), "right")
    assert stops.claim("visitor", RunId("two"), "right") == slot
    assert not signal.closes_thought()
