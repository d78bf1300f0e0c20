"""The fold: what every number means, and what a run keeps however it ends."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from playground.domain.errors import ErrorValue
from playground.domain.events import (
    Counts,
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
from playground.results.fold import Fold, fold
from playground.results.value import Numbers, Output, Result
from tests.samples import ORIGIN, SERVER, answer, ended, request, started, thought

# A thinking run with everything in it. It starts at 15 s.
WHOLE: list[Event] = [
    Waiting(2, 10.0),
    Waiting(1, 11.0),
    Loading(0, 2, "files", 12.0),
    Loading(1, 2, "files", 13.0),
    started(15.0, prompt_tokens=9, cached_tokens=4),
    Notice("clamped", "Less room."),
    Prefill(9, 9, 16.0),
    thought("\nLet", 17.0, tokens=2),
    thought(" me\n\n", 18.0),
    ThoughtClosed(19.0),
    answer("\n\n", 20.0),
    Tick(20.5),
    answer("Hi", 21.0),
    answer("", 22.0),
    answer("é", 22.5, tokens=0),
    ended(at_s=24.0, counts=Counts(3, 3, 2), last_token_at_s=23.0),
]


def result(*events: Event) -> Result:
    return fold(request(), events)


def numbers(*events: Event) -> Numbers:
    return result(*events).numbers


def until(kind: type[Event] | Event) -> list[Event]:
    """The whole run up to its last event of this type, that one included."""
    last = max(i for i, event in enumerate(WHOLE) if isinstance(event, kind))
    return WHOLE[: last + 1]


WHOLE_NUMBERS = {
    "queue_s": 2.0,
    "load_s": 3.0,
    "first_token_s": 2.0,
    "first_answer_s": 6.0,
    "thinking_s": 2.0,
    "last_token_s": 8.0,
    "total_s": 9.0,
    "prompt_tokens": 9,
    "cached_tokens": 4,
    "thinking_tokens": 3,
    "answer_tokens": 3,
    "marker_tokens": 2,
    "forced_tokens": 0,
    "generated_tokens": 8,
    "tokens_per_s": (8 - 2) / (23 - 17),
    "counts": "exact",
}


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


# Unknown is null, a known zero is 0


@pytest.mark.parametrize("events", [[], [Waiting(None, 1.0)], [Waiting(2, 1.0), Tick(2.0)]])
def test_nothing_is_known_before_the_start(events: list[Event]) -> None:
    assert numbers(*events) == Numbers()


def test_right_after_the_start_nothing_was_generated_and_no_latency_is_known() -> None:
    assert numbers(Waiting(None, 3.0), started(5.0)) == Numbers(
        queue_s=2.0,
        load_s=0.0,
        prompt_tokens=9,
        cached_tokens=0,
        thinking_tokens=0,
        answer_tokens=0,
        marker_tokens=0,
        forced_tokens=0,
        generated_tokens=0,
    )


def test_what_the_engine_does_not_know_stays_null() -> None:
    some = numbers(started(prompt_tokens=None, cached_tokens=None), answer("Hi", 1.0))
    assert (some.prompt_tokens, some.cached_tokens) == (None, None)


def test_the_wait_in_line_is_unknown_without_a_side_door() -> None:
    assert numbers(started()).queue_s is None


def test_a_wait_of_no_time_is_zero() -> None:
    assert numbers(Waiting(None, 5.0), started(5.0)).queue_s == 0


def test_loading_is_a_known_zero_when_the_model_was_there() -> None:
    assert numbers(Waiting(None, 1.0), started(5.0)).load_s == 0


def test_whether_a_server_had_to_load_is_unknown() -> None:
    assert numbers(started(origin=SERVER)).load_s is None


def test_loading_is_neither_in_the_wait_nor_in_a_latency() -> None:
    some = numbers(Waiting(None, 1.0), Loading(0, 1, "files", 2.0), started(5.0), answer("Hi", 6.0))
    assert (some.queue_s, some.load_s, some.first_token_s) == (1.0, 3.0, 1.0)


# The first token


def test_an_empty_chunk_is_no_token() -> None:
    some = result(started(), answer("", 1.0, tokens=0), answer("Hi", 2.0))
    assert some.numbers.first_token_s == 2.0


def test_an_empty_chunk_is_no_news() -> None:
    assert result(started(), answer("", 1.0, tokens=0)) == result(started())


def test_a_token_without_text_yet_is_a_token() -> None:
    some = numbers(started(), answer("", 1.0), answer("é", 2.0))
    assert (some.first_token_s, some.first_answer_s, some.answer_tokens) == (1.0, 2.0, 2)


def test_text_that_was_held_back_is_no_new_token() -> None:
    some = numbers(started(), answer("", 1.0), answer("é", 2.0, tokens=0))
    assert (some.last_token_s, some.answer_tokens) == (1.0, 1)


def test_a_closing_tag_is_a_generated_token() -> None:
    some = numbers(started(), ThoughtClosed(1.0), answer("Hi", 2.0))
    assert (some.first_token_s, some.marker_tokens, some.generated_tokens) == (1.0, 1, 2)


def test_an_end_of_turn_alone_is_a_generated_token() -> None:
    some = numbers(started(), ended(at_s=2.0, counts=Counts(marker=1), last_token_at_s=1.0))
    assert (some.first_token_s, some.last_token_s, some.first_answer_s) == (1.0, 1.0, None)


def test_a_forced_closing_tag_is_not_the_models_token() -> None:
    some = numbers(started(), ThoughtClosed(1.0, forced=True), answer("Hi", 2.0))
    assert (some.first_token_s, some.forced_tokens, some.marker_tokens) == (2.0, 1, 0)
    assert some.generated_tokens == 2


# The first answer


INVISIBLE = ["\n\n", " ", "\t", "\u00a0", "\u3000", "\u200b", "\ufeff", "\x00", "\u200b\n"]


@pytest.mark.parametrize("nothing", INVISIBLE)
def test_what_cannot_be_seen_is_no_first_answer(nothing: str) -> None:
    some = numbers(started(), answer(nothing, 1.0), answer("Hi", 2.0))
    assert (some.first_answer_s, some.answer_tokens) == (2.0, 2)


@pytest.mark.parametrize("nothing", INVISIBLE)
def test_an_answer_that_cannot_be_seen_is_none(nothing: str) -> None:
    some = result(started(), answer(nothing, 1.0), ended())
    assert (some.has_answer, some.numbers.first_answer_s) == (False, None)


@pytest.mark.parametrize("text", ["H", "😀", "\n\n.", "\u200bé", "数"])
def test_any_visible_character_is_an_answer(text: str) -> None:
    some = result(started(), answer(text, 1.0), ended())
    assert (some.has_answer, some.numbers.first_answer_s) == (True, 1.0)


def test_thinking_is_no_first_answer() -> None:
    assert numbers(started(), thought("Hi", 1.0), ended()).first_answer_s is None


# The thought


def test_a_thought_that_is_cut_off_lasts_until_the_last_token() -> None:
    some = result(
        started(),
        thought("Let", 2.0),
        thought(" me", 5.0),
        ended("limit", 9.0, counts=Counts(2), last_token_at_s=5.0),
    )
    assert (some.numbers.thinking_s, some.numbers.first_answer_s) == (3.0, None)
    assert (some.output, some.has_answer) == (Output("Let me", ""), False)
    assert (some.phase, some.ending) == ("ended", "limit")


def test_the_tag_ends_the_thought_not_the_answer_after_it() -> None:
    some = numbers(started(), thought("A", 2.0), ThoughtClosed(4.0), answer("B", 8.0), ended())
    assert some.thinking_s == 2.0


def test_only_the_first_closing_tag_ends_the_thought() -> None:
    some = numbers(started(), thought("A", 2.0), ThoughtClosed(4.0), ThoughtClosed(8.0))
    assert (some.thinking_s, some.marker_tokens) == (2.0, 2)


def test_a_forced_end_ends_the_thought() -> None:
    some = numbers(started(), thought("A", 2.0), ThoughtClosed(4.0, forced=True))
    assert some.thinking_s == 2.0


def test_a_live_thought_lasts_until_now() -> None:
    assert numbers(started(), thought("A", 2.0), thought("B", 6.0)).thinking_s == 4.0


def test_a_thought_closed_at_once_took_no_time() -> None:
    some = result(started(), ThoughtClosed(3.0), answer("Hi", 4.0), ended())
    assert (some.numbers.thinking_s, some.output.thinking) == (0.0, "")


def test_a_model_that_does_not_think_has_no_thinking() -> None:
    some = result(started(thinks=False), answer("Hi", 1.0), ended())
    assert (some.output.thinking, some.numbers.thinking_s) == (None, None)


def test_a_model_that_thinks_has_a_trace_before_it_thinks() -> None:
    assert result(started(thinks=True)).output.thinking == ""


# Newlines at the edges


def test_newlines_around_thought_and_answer_are_not_shown() -> None:
    events = [thought("\n", 1.0), thought("\n A\nB ", 2.0), thought("\n", 3.0), thought("\n", 4.0)]
    some = result(
        started(), *events, ThoughtClosed(5.0), answer("\n\n", 6.0), answer("\n C\n", 7.0)
    )
    assert some.output == Output(" A\nB ", " C\n")
    assert (some.numbers.thinking_tokens, some.numbers.answer_tokens) == (4, 2)


def test_newlines_inside_stay() -> None:
    texts = [thought("A", 1.0), thought("\n\nB", 2.0), answer("C", 3.0), answer("\n\nD", 4.0)]
    assert result(started(), *texts).output == Output("A\n\nB", "C\n\nD")


def test_a_thought_that_is_cut_off_keeps_its_newlines() -> None:
    assert result(started(), thought("A\n", 1.0), ended("limit")).output.thinking == "A\n"


def test_the_length_of_the_trace_is_that_of_its_text() -> None:
    live = Fold(request())
    for event in [started(), thought("\n😀\n", 1.0), thought("\n", 2.0), ThoughtClosed(3.0)]:
        live.apply(event)
    assert (live.text["thinking"].whole(), live.text["thinking"].length) == ("😀", 2)


# Counts and speed


def test_the_engines_final_counts_win_over_the_sum_of_its_texts() -> None:
    swallowed = Counts(answer=1, marker=2, basis="exact")
    some = numbers(
        started(thinks=False),
        answer("Hi", 1.0),
        answer("", 2.0),
        answer("", 3.0),
        ended("stop_string", counts=swallowed, last_token_at_s=3.0),
    )
    assert (some.answer_tokens, some.marker_tokens, some.generated_tokens) == (1, 2, 3)


@pytest.mark.parametrize("end", [[], [Failed(ErrorValue("engine_failed", ""), 5.0)]])
def test_without_final_counts_the_texts_are_counted(end: list[Event]) -> None:
    some = numbers(started(), thought("A", 1.0, 3), ThoughtClosed(2.0), answer("B", 3.0, 2), *end)
    counted = (some.thinking_tokens, some.answer_tokens, some.marker_tokens, some.forced_tokens)
    assert (counted, some.generated_tokens) == ((3, 2, 1, 0), 6)


@pytest.mark.parametrize(("origin", "counts"), [(ORIGIN, "exact"), (SERVER, "estimated")])
def test_chunks_counted_so_far_are_exact_only_in_process(origin: Any, counts: str) -> None:
    assert numbers(started(origin=origin), answer("Hi", 1.0)).counts == counts


@pytest.mark.parametrize("basis", ["exact", "server", "estimated"])
def test_the_basis_of_final_counts_is_the_engines(basis: Any) -> None:
    some = numbers(started(origin=SERVER), ended(counts=Counts(answer=1, basis=basis)))
    assert some.counts == basis


def test_the_first_chunk_is_not_in_the_speed() -> None:
    some = numbers(started(), answer("A B C", 1.0, 3), answer(" D", 2.0), answer(" E", 3.0))
    assert some.tokens_per_s == (5 - 3) / (3 - 1)


def test_the_engine_may_know_the_first_chunk_better() -> None:
    end = ended(counts=Counts(answer=9), last_token_at_s=3.0, first_chunk_tokens=5)
    assert numbers(started(), answer("A B", 1.0), answer(" C", 3.0), end).tokens_per_s == 2.0


def test_the_time_to_the_first_token_is_not_in_the_speed() -> None:
    slow = numbers(started(), answer("A", 100.0), answer("B", 101.0), answer("C", 102.0))
    assert slow.tokens_per_s == 1.0


@pytest.mark.parametrize("texts", [[], [answer("A", 1.0)], [answer("A", 1.0), answer("B", 1.0)]])
def test_there_is_no_speed_without_two_moments(texts: list[Event]) -> None:
    assert numbers(started(), *texts, ended()).tokens_per_s is None


def test_a_speed_is_never_below_zero() -> None:
    end = ended(counts=Counts(answer=1), last_token_at_s=3.0)
    assert numbers(started(), answer("A B", 1.0, 2), end).tokens_per_s == 0


def test_a_speed_counts_thinking_and_markers_too() -> None:
    end = ended(counts=Counts(2, 2, 2), last_token_at_s=6.0)
    texts = [thought("A", 1.0), thought("B", 2.0), ThoughtClosed(3.0)]
    texts += [answer("C", 4.0), answer("D", 5.0)]
    assert numbers(started(), *texts, end).tokens_per_s == 1.0


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
