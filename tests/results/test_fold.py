"""The fold: live as replayed, and what a run keeps however it ends."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from playground.domain.errors import ErrorValue
from playground.domain.events import (
    Event,
    Failed,
    Loading,
    Notice,
    Prefill,
    Text,
    ThoughtClosed,
    Tick,
    Waiting,
)
from playground.results.fold import Fold
from playground.results.value import Numbers, Output, Result
from tests.results.runs import WHOLE, WHOLE_NUMBERS, numbers, result, until
from tests.samples import ORIGIN, answer, ended, request, started, thought


@pytest.mark.parametrize("name", [*Numbers.__dataclass_fields__])
def test_every_number_of_a_whole_run_is_what_its_definition_says(name: str) -> None:
    assert getattr(numbers(*WHOLE), name) == WHOLE_NUMBERS[name]


def test_a_whole_run_keeps_everything_that_came() -> None:
    assert result(*WHOLE) == Result(
        request=request(),
        phase="ended",
        ending="end_of_turn",
        output=Output("Let me", "Hié"),
        numbers=Numbers(**WHOLE_NUMBERS),  # type: ignore[arg-type]
        origin=ORIGIN,
        notices=(Notice("clamped", "Less room."),),
    )


# Live and replayed


def test_the_live_result_equals_the_replayed_one_at_every_event() -> None:
    live = Fold(request())
    for count, event in enumerate(WHOLE, start=1):
        live.apply(event)
        assert live.result() == result(*WHOLE[:count])


def test_looking_at_a_result_does_not_change_it() -> None:
    looked_at, left_alone = Fold(request()), Fold(request())
    for event in WHOLE:
        looked_at.apply(event)
        looked_at.result()
        left_alone.apply(event)
    assert looked_at.result() == looked_at.result() == left_alone.result()


def test_a_result_is_not_changed_by_later_events() -> None:
    live = Fold(request())
    beginning, rest = WHOLE[:5], WHOLE[5:]
    for event in beginning:
        live.apply(event)
    early = live.result()
    for event in rest:
        live.apply(event)
    assert early == result(*beginning)


@pytest.mark.parametrize(
    ("events", "phase"),
    [
        ([], "waiting"),
        (until(Waiting), "waiting"),
        (until(Loading), "loading"),
        (until(Notice), "prompt"),
        (until(Prefill), "prompt"),
        (WHOLE[:8], "thinking"),
        (until(ThoughtClosed), "answering"),
        (until(Text), "answering"),
        (WHOLE, "ended"),
    ],
)
def test_the_phase_follows_the_events(events: list[Event], phase: str) -> None:
    assert result(*events).phase == phase


@pytest.mark.parametrize(
    ("events", "place", "progress"),
    [
        (until(Waiting), 1, None),
        (until(Loading), None, (1, 2, "files")),
        (until(Notice), None, None),
        (until(Prefill), None, (9, 9, "tokens")),
        (WHOLE[:8], None, None),
        ([*until(Prefill), ThoughtClosed(17.0, forced=True)], None, None),
        (WHOLE, None, None),
        ([Waiting(2, 1.0), Failed(ErrorValue("busy", ""), 2.0)], None, None),
    ],
)
def test_the_place_in_line_and_the_progress_are_those_of_now(
    events: list[Event], place: int | None, progress: object
) -> None:
    live = Fold(request())
    for event in events:
        live.apply(event)
    assert (live.place, live.progress) == (place, progress)


# Ends


def test_the_last_token_and_the_end_are_apart() -> None:
    some = numbers(started(1.0), answer("A", 2.0), ended(at_s=9.0, last_token_at_s=4.0))
    assert (some.last_token_s, some.total_s) == (3.0, 8.0)


def test_a_tick_is_no_token() -> None:
    some = numbers(started(), answer("A", 1.0), Tick(5.0))
    assert (some.last_token_s, some.total_s) == (1.0, None)


def test_total_is_unknown_until_the_end() -> None:
    assert numbers(*WHOLE[:-1]).total_s is None


@pytest.mark.parametrize(
    "ending", ["end_of_turn", "stop_string", "limit", "user", "deadline", "interrupted"]
)
def test_the_ending_is_the_engines(ending: Any) -> None:
    some = result(started(), ended(ending))
    assert (some.phase, some.ending, some.error) == ("ended", ending, None)


def test_a_stopped_lane_keeps_what_it_wrote() -> None:
    some = result(started(), thought("A", 1.0), ThoughtClosed(2.0), answer("B", 3.0), ended("user"))
    assert some.output == Output("A", "B")


def test_a_failure_keeps_what_came_and_says_what_happened() -> None:
    some = result(started(1.0), answer("Hi", 2.0), Failed(ErrorValue("engine_failed", "Oh."), 4.0))
    assert (some.phase, some.ending) == ("ended", "error")
    assert (some.error, some.output.answer) == (ErrorValue("engine_failed", "Oh."), "Hi")
    assert (some.numbers.last_token_s, some.numbers.total_s) == (1.0, 3.0)


def test_a_failure_before_the_start_has_no_numbers() -> None:
    some = result(Waiting(None, 1.0), Failed(ErrorValue("model_not_found", "None."), 2.0))
    assert (some.phase, some.ending, some.numbers) == ("ended", "error", Numbers())
    assert (some.output, some.origin) == (Output(None, ""), None)


def test_a_failure_while_loading_knows_the_wait() -> None:
    some = numbers(
        Waiting(None, 1.0),
        Loading(0, 2, "files", 3.0),
        Failed(ErrorValue("model_unusable", "Cut."), 9.0),
    )
    assert some == Numbers(queue_s=2.0)


def test_a_lane_stopped_before_its_start_has_no_numbers() -> None:
    some = result(Waiting(None, 1.0), ended("user", 5.0))
    assert (some.phase, some.ending, some.numbers) == ("ended", "user", Numbers())


def test_what_the_server_reported_is_kept() -> None:
    reported = (("eval_s", 0.5), ("load_s", 2.0))
    assert result(started(), ended(server_numbers=reported)).server_numbers == reported


LATE: list[Event] = [
    Waiting(1, 90.0),
    Loading(0, 1, "files", 90.0),
    started(90.0, seed=1),
    Prefill(1, 2, 90.0),
    thought("late", 90.0),
    answer("late", 90.0),
    ThoughtClosed(90.0),
    Notice("late", "Late."),
    Tick(90.0),
    ended("limit", 90.0),
    Failed(ErrorValue("late", "Late."), 90.0),
]


@pytest.mark.parametrize("late", LATE, ids=lambda event: type(event).__name__)
@pytest.mark.parametrize("end", [WHOLE[-1], Failed(ErrorValue("engine_failed", "Oh."), 24.0)])
def test_nothing_that_comes_after_the_end_counts(late: Event, end: Event) -> None:
    assert result(*WHOLE[:-1], end, late) == result(*WHOLE[:-1], end)


# Runs whose events stop coming


def interrupted(*events: Event) -> Result:
    live = Fold(request())
    for event in events:
        live.apply(event)
    live.interrupt()
    return live.result()


def test_an_interrupted_run_keeps_what_came() -> None:
    some = interrupted(started(1.0), thought("A", 2.0), ThoughtClosed(3.0), answer("B", 4.0))
    assert (some.phase, some.ending, some.error) == ("ended", "interrupted", None)
    assert (some.output, some.numbers.generated_tokens) == (Output("A", "B"), 3)


@pytest.mark.parametrize(
    ("last", "total_s"), [(answer("B", 4.0), 3.0), (Tick(6.0), 5.0), (Prefill(1, 9, 2.0), 1.0)]
)
def test_an_interrupted_run_ends_with_the_last_that_was_heard(last: Event, total_s: float) -> None:
    assert interrupted(started(1.0), last).numbers.total_s == total_s


def test_an_interrupted_wait_has_no_numbers() -> None:
    assert interrupted(Waiting(1, 1.0)) == replace(
        Result(request()), phase="ended", ending="interrupted"
    )


def test_a_run_can_be_interrupted_before_anything_came() -> None:
    assert interrupted() == interrupted(Waiting(1, 1.0))


def test_a_run_that_has_ended_cannot_be_interrupted() -> None:
    assert interrupted(*WHOLE) == result(*WHOLE)
