"""Both lanes in a forked worker, as on ZeroGPU: the same results, stops and endings."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from playground.comparison.run import Comparison
from playground.domain.events import Ended, Event, Notice, Started, Text, Tick, Waiting
from playground.domain.request import Lane
from playground.domain.sampling import Sampling
from playground.results.value import Result
from tests.comparison.forked import ForkedTransport, named_classes
from tests.comparison.lanes import (
    ME,
    FakeEngine,
    advance,
    both_schedules,
    bounded,
    came,
    comparison,
    endings,
    outcomes,
    requests,
    results,
    until_stopped,
)
from tests.samples import answer, ended, saying, started, thought

pytestmark = pytest.mark.skipif(
    "fork" not in multiprocessing.get_all_start_methods(), reason="this platform cannot fork"
)

SAYS_WHERE = "pid"


class Located(FakeEngine):
    """Says first in which process it runs."""

    def run(self, request: Any, stop: Any) -> Iterator[Event]:
        yield Notice(SAYS_WHERE, str(os.getpid()))
        yield from super().run(request, stop)


@pytest.fixture
def transport() -> Iterator[ForkedTransport]:
    forked = ForkedTransport()
    yield forked
    forked.kill()


def pair(left: FakeEngine, right: FakeEngine, transport: ForkedTransport | None) -> Comparison:
    return comparison({"left": left, "right": right}, transport)


def without_times(result: Result) -> Result:
    """A result but for the numbers that real clocks go into here: the wait, an error's time."""
    total_s = None if result.ending == "error" else result.numbers.total_s
    return replace(result, numbers=replace(result.numbers, queue_s=None, total_s=total_s))


LANES: dict[str, list[Any]] = {
    "answer": saying("Olá", " 😀"),
    "think": [started(), thought("Hm", 1.0), answer("</think>\x00", 2.0), ended("limit", 3.0)],
    "fail": [started(), answer("Half", 1.0), RuntimeError("CUDA")],
    "break off": [started(), answer("Half", 1.0)],
    "exit": [started(), SystemExit("bye")],
}


@both_schedules
@pytest.mark.parametrize("right", LANES)
def test_a_worker_gives_the_same_results_as_this_process(
    transport: ForkedTransport, schedule: str, right: str
) -> None:
    asked = requests(schedule, sampling=Sampling(stop=("END",), seed=5), system="Be short.")
    here, there = (
        results(
            asked,
            pair(FakeEngine(*saying("Hi")), FakeEngine(*LANES[right]), how).run(ME, asked),
        )
        for how in (None, transport)
    )
    for lane in ("left", "right"):
        assert without_times(there[lane]) == without_times(here[lane])


def test_a_model_that_is_not_there_fails_in_the_worker_as_here(transport: ForkedTransport) -> None:
    asked = requests()
    both = comparison({"right": FakeEngine(*saying("Fine"))}, transport)
    got = results(asked, both.run(ME, asked))
    assert got["left"].error is not None
    assert got["left"].error.kind == "model_not_found"
    assert outcomes(got)["right"] == ("end_of_turn", "Fine")


def test_the_engines_run_in_the_worker_not_here(transport: ForkedTransport) -> None:
    left, right = Located(*saying("a")), Located(*saying("b"))
    asked = requests("together")
    got = results(asked, pair(left, right, transport).run(ME, asked))
    places = {notice.text for result in got.values() for notice in result.notices}
    assert len(places) == 1
    assert str(os.getpid()) not in places
    assert (left.begun, right.begun) == (0, 0)


def test_a_worker_serves_one_run_after_the_other(transport: ForkedTransport) -> None:
    both = pair(Located(*saying("a")), Located(*saying("b")), transport)
    places = set()
    for number in range(3):
        asked = requests(run=str(number))
        got = results(asked, both.run(ME, asked))
        assert [result.ending for result in got.values()] == ["end_of_turn", "end_of_turn"]
        places |= {notice.text for result in got.values() for notice in result.notices}
    assert (transport.workers, len(places)) == (1, 1)


def test_all_that_crosses_are_plain_values_of_the_domain(transport: ForkedTransport) -> None:
    asked = requests("together", sampling=Sampling(stop=("END",)))
    engines = (FakeEngine(*LANES["think"]), FakeEngine(*LANES["fail"]))
    results(asked, pair(*engines, transport).run(ME, asked))
    ours = {"playground.comparison.pending.LaneTask", "playground.comparison.stopping.Signal"}
    crossed = set().union(*map(named_classes, transport.crossed)) - ours
    assert crossed
    assert {name for name in crossed if not name.startswith("playground.domain.")} == set()


# Stops


def stopping(
    both: Comparison, asked: tuple[Any, ...], lane: Lane, stop: Lane | None
) -> Iterator[tuple[Lane, Event]]:
    """The stream of a run; the first text of `lane` makes the user stop `stop` (null: all)."""
    for item in both.run(ME, asked):
        yield item
        if came(lane, Text)(*item):
            both.stops.stop(ME, asked[0].id, stop)


@both_schedules
def test_a_users_stop_here_reaches_a_lane_there(transport: ForkedTransport, schedule: str) -> None:
    endless = FakeEngine(started(), answer("So far", 1.0), until_stopped)
    both, asked = pair(endless, FakeEngine(*saying("Fine")), transport), requests(schedule)
    assert outcomes(results(asked, stopping(both, asked, "left", "left"))) == {
        "left": ("user", "So far"),
        "right": ("end_of_turn", "Fine"),
    }


def test_a_lane_that_waits_there_is_stopped_without_starting(transport: ForkedTransport) -> None:
    endless = FakeEngine(started(), answer("So far", 1.0), until_stopped)
    both, asked = pair(endless, Located(*saying("never")), transport), requests("in_turn")
    stream = both.run(ME, asked)
    advance(stream, came("left", Text))
    both.stops.stop(ME, asked[0].id, "right")
    advance(stream, came("right", Ended))
    both.stops.stop(ME, asked[0].id, "left")
    assert endings(stream) == ["left"]


@both_schedules
def test_a_stop_of_all_ends_both_lanes_there(transport: ForkedTransport, schedule: str) -> None:
    endless = [started(), answer("So far", 1.0), until_stopped]
    both, asked = pair(FakeEngine(*endless), FakeEngine(*endless), transport), requests(schedule)
    got = results(asked, stopping(both, asked, "left", None))
    assert [result.ending for result in got.values()] == ["user", "user"]


def test_a_silent_lane_ticks_there_so_that_closing_is_seen(transport: ForkedTransport) -> None:
    both = pair(FakeEngine(started(), until_stopped), FakeEngine(*saying("b")), transport)
    with closing(both.run(ME, requests())) as stream:
        advance(stream, came("left", Started))
        advance(stream, came("left", Tick))


@both_schedules
def test_closing_the_stream_here_stops_the_lanes_there(
    transport: ForkedTransport, schedule: str
) -> None:
    reading, writing = os.pipe()
    left = FakeEngine(started(), answer("So far", 1.0), until_stopped)
    left.on_end = lambda end: os.write(writing, end.encode())
    both = pair(left, FakeEngine(*saying("b")), transport)
    stream = both.run(ME, requests(schedule))
    advance(stream, came("left", Text))
    stream.close()
    os.close(writing)
    os.set_blocking(reading, False)
    assert os.read(reading, 100) == b"interrupted"
    os.close(reading)
    assert both.stops.stop(ME) == 0


def test_after_closing_the_same_worker_and_its_device_are_free(transport: ForkedTransport) -> None:
    both = pair(FakeEngine(started(), until_stopped), FakeEngine(*saying("b")), transport)
    stream = both.run(ME, requests())
    advance(stream, came("left", Started))
    stream.close()
    after = list(bounded(both.run(ME, requests(model="right"))))
    assert [event.place for _, event in after if isinstance(event, Waiting)] == [None, None]
    assert endings(after) == ["left", "right"]
    assert transport.workers == 1


# A worker that is killed


@both_schedules
def test_a_killed_worker_leaves_each_lane_what_came_and_an_error(
    transport: ForkedTransport, schedule: str
) -> None:
    endless = FakeEngine(started(), thought("Let", 1.0), thought(" me", 2.0), until_stopped)
    both, asked = pair(endless, FakeEngine(until_stopped), transport), requests(schedule)

    def killed_in_mid_stream() -> Iterator[tuple[Lane, Event]]:
        texts = 0
        for lane, event in both.run(ME, asked):
            yield lane, event
            texts += isinstance(event, Text)
            if texts == 2:
                texts += 1
                transport.kill()

    got = results(asked, killed_in_mid_stream())
    assert [result.ending for result in got.values()] == ["error", "error"]
    assert got["left"].output.thinking == "Let me"
    assert got["left"].numbers.thinking_tokens == 2
    assert {result.error.message for result in got.values() if result.error} == {
        "WorkerLost: GPU task aborted"
    }
    assert both.stops.stop(ME) == 0


def test_a_lane_that_had_ended_keeps_its_ending_when_the_worker_is_killed(
    transport: ForkedTransport,
) -> None:
    both = pair(FakeEngine(*saying("Done")), FakeEngine(started(), until_stopped), transport)
    asked = requests("in_turn")

    def killed_in_the_second_lane() -> Iterator[tuple[Lane, Event]]:
        for lane, event in both.run(ME, asked):
            yield lane, event
            if came("right", Started)(lane, event):
                transport.kill()

    assert outcomes(results(asked, killed_in_the_second_lane())) == {
        "left": ("end_of_turn", "Done"),
        "right": ("error", ""),
    }


def test_after_a_killed_worker_a_new_one_serves(transport: ForkedTransport) -> None:
    both = pair(FakeEngine(started(), until_stopped), FakeEngine(*saying("b")), transport)
    stream = both.run(ME, requests())
    advance(stream, came("left", Started))
    transport.kill()
    assert sorted(endings(stream)) == ["left", "right"]
    asked = requests(model="right")
    got = results(asked, both.run(ME, asked))
    assert [result.ending for result in got.values()] == ["end_of_turn", "end_of_turn"]
    assert transport.workers == 2


def test_a_killed_worker_can_be_closed(transport: ForkedTransport) -> None:
    both = pair(FakeEngine(started(), until_stopped), FakeEngine(*saying("b")), transport)
    stream = both.run(ME, requests())
    advance(stream, came("left", Started))
    transport.kill()
    stream.close()
    assert both.stops.stop(ME) == 0
