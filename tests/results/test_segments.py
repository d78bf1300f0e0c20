"""Where a run that was cut short goes on, and what all of its segments took together."""

from __future__ import annotations

from dataclasses import replace

import pytest

from playground.domain.events import Counts, Ending, ThoughtClosed
from playground.domain.request import RunId
from playground.results import segments
from playground.results.fold import fold
from playground.results.spans import Span, cost, spans
from playground.results.table import results_table
from playground.results.value import Result
from playground.words import speaking
from tests.samples import answer, ended, request, saying, started, thought

CUT_IN_THOUGHT = fold(
    request("right"),
    [started(0.0), thought("Let me", 1.0, 2), ended("limit", 3.0, counts=Counts(thinking=2))],
)


def going_on(before: Result, *events: object) -> Result:
    asked = replace(before.request, id=RunId("next"), continuing=segments.continuation(before))
    return fold(asked, events)  # type: ignore[arg-type]


ENDED = going_on(
    CUT_IN_THOUGHT,
    started(10.0),
    thought(" see", 12.0),
    ThoughtClosed(13.0),
    answer("4", 14.0),
    ended(at_s=15.0, counts=Counts(1, 1, 2), last_token_at_s=15.0),
)


@pytest.mark.parametrize("ending", ["limit", "user", "deadline", "interrupted"])
def test_what_was_cut_short_in_a_text_can_go_on(ending: Ending) -> None:
    assert segments.can_go_on(replace(CUT_IN_THOUGHT, ending=ending))


@pytest.mark.parametrize("ending", ["end_of_turn", "stop_string", "error", None])
def test_what_ended_otherwise_cannot(ending: Ending | None) -> None:
    assert not segments.can_go_on(replace(CUT_IN_THOUGHT, ending=ending))


def test_a_run_that_wrote_nothing_cannot_go_on() -> None:
    assert not segments.can_go_on(fold(request(), [started(0.0), ended("user", 1.0)]))


def test_a_thought_that_was_cut_goes_on_as_a_thought() -> None:
    goes_on = segments.continuation(CUT_IN_THOUGHT)
    assert (goes_on.thinking, goes_on.answer, goes_on.thought_open) == ("Let me", "", True)
    (first,) = goes_on.segments
    assert (first.run, first.ending, first.thinking_tokens, first.total_s) == ("run", "limit", 2, 3)


def test_a_thought_that_was_closed_is_not_opened_again() -> None:
    closed = [started(0.0), thought("Hm", 1.0), ThoughtClosed(2.0, forced=True, tokens=3)]
    by_us = fold(request(), [*closed, ended("limit", 3.0, counts=Counts(1, 0, 0, 3))])
    assert not segments.continuation(by_us).thought_open
    answered = [started(0.0), thought("Hm", 1.0), ThoughtClosed(2.0), answer("4", 3.0)]
    in_answer = fold(request(), [*answered, ended("limit", 3.0, counts=Counts(1, 1, 1))])
    assert not segments.continuation(in_answer).thought_open
    again = going_on(in_answer, started(10.0), ended("user", 11.0))
    assert not segments.continuation(again).thought_open


def test_a_model_that_does_not_think_goes_on_in_its_answer() -> None:
    cut = fold(request(), [*saying("One", " two")[:-1], ended("limit", 3.0)])
    goes_on = segments.continuation(cut)
    assert (goes_on.thinking, goes_on.answer, goes_on.thought_open) == (None, "One two", False)


def test_sums_are_over_all_segments() -> None:
    assert segments.total(ENDED, "generated_tokens") == 2 + 4
    assert segments.total(ENDED, "thinking_tokens") == 2 + 1
    assert segments.total(ENDED, "total_s") == 3.0 + 5.0
    assert segments.total(ENDED, "thinking_s") == 0.0 + 1.0
    assert segments.first_answer_s(ENDED) == 3.0 + 4.0
    assert segments.earlier_s(ENDED) == 3.0
    assert segments.in_words(CUT_IN_THOUGHT) == ""
    said = "2 segments: 2 + 4 = 6 tokens in 3.00 s + 5.00 s = 8.00 s"
    assert segments.in_words(ENDED) == said
    with speaking("pt-BR"):
        assert "= 8,00 s" in segments.in_words(ENDED)


def test_what_is_unknown_of_one_segment_is_unknown_of_the_sum() -> None:
    unknown = replace(CUT_IN_THOUGHT, numbers=replace(CUT_IN_THOUGHT.numbers, total_s=None))
    result = going_on(unknown, started(10.0), answer("4", 11.0), ended(at_s=12.0))
    assert segments.total(result, "total_s") is None
    assert segments.first_answer_s(result) is None
    assert segments.in_words(result).endswith("– + 2.00 s")


def test_earlier_segments_come_first_on_the_time_axis() -> None:
    assert spans(ENDED, ENDED.numbers.total_s)[:2] == (
        Span("earlier", 0.0, 3.0),
        Span("prompt", 3.0, 5.0),
    )


def test_a_continued_lane_is_held_against_the_other_with_all_it_took() -> None:
    plain = fold(request(), saying("4"))
    said = "".join(cost({"left": plain, "right": ENDED}, {"left": "I", "right": "T"}))
    assert said.startswith("T took 3.0× the tokens and 7.0× the wait")


def test_a_table_says_which_segment_a_row_is_and_the_sums() -> None:
    table = results_table([(1, 1, CUT_IN_THOUGHT), (1, 2, ENDED)])
    assert list(table["segment"]) == [1, 2]
    assert list(table["generated_tokens"]) == [2, 4]
    assert list(table["all_segments_tokens"]) == [2, 6]
    assert list(table["all_segments_s"]) == [3.0, 8.0]
