"""A worker that is lost leaves each lane with what came and an ending."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from playground.comparison.run import Comparison, LaneTask, Stream
from playground.domain.errors import Busy, ErrorValue
from playground.domain.events import (
    Event,
)
from playground.domain.request import Lane
from tests.comparison.lanes import (
    ME,
    comparison,
    requests,
    results,
)
from tests.samples import saying, started, thought

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
