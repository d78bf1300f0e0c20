"""The outline of a trace: its passages tell the truth or nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from playground.results.outline import MOST_PASSAGES, Passage, outline
from playground.results.paragraphs import MOST_MARKS, Paragraphs
from playground.results.value import Output, Result
from tests.results.test_paragraphs import thinking
from tests.samples import request


def test_passages_have_first_words_seconds_tokens_and_turn_backs() -> None:
    found = thinking("Two", " and two", ".\n\n", "Wait", ", four. But", " no.\n\n", "So four.")
    assert outline(found) == (
        Passage(0, "Two and two.", 1, 1.0, 3, 0),
        Passage(14, "Wait, four. But no.", 1, 4.0, 3, 2),
        Passage(35, "So four.", 1, 7.0, 1, 0),
    )


def test_an_old_result_has_an_outline_without_numbers() -> None:
    old = Result(request(), output=Output("One.\n\nTwo.\n\n\nThree."))
    assert [(each.offset, each.at_s, each.tokens) for each in outline(old)] == [
        (0, None, None),
        (6, None, None),
        (13, None, None),
    ]
    assert outline(Result(request())) == ()
    assert outline(Result(request(), output=Output("\n \n"))) == ()


def test_paragraphs_without_a_mark_of_their_own_stand_in_the_passage_before() -> None:
    found = outline(thinking("One.\n\nTwo.\n\nThree.", "\n\nFour.", tokens=9))
    assert [(each.paragraphs, each.tokens) for each in found] == [(3, 9), (1, 9)]


@pytest.mark.parametrize("paragraphs", [MOST_PASSAGES, MOST_PASSAGES + 1, 3 * MOST_MARKS])
def test_hundreds_of_paragraphs_are_grouped_and_nothing_is_lost(paragraphs: int) -> None:
    pieces = [piece for number in range(paragraphs) for piece in (f"Wait {number}", ".\n\n")]
    result = thinking(*pieces)
    found = outline(result)
    assert MOST_PASSAGES / 2 <= len(found) <= MOST_PASSAGES
    assert sum(each.paragraphs for each in found) == paragraphs
    assert sum(each.tokens or 0 for each in found) == result.numbers.thinking_tokens
    assert sum(each.turns for each in found) == paragraphs
    text = result.output.thinking or ""
    for each in found:
        assert text[each.offset :].startswith(each.words[:6])
        number = int(each.words.split()[1].strip(".…"))
        assert each.at_s == 1.0 + 2 * number


@pytest.mark.parametrize(
    "marks",
    [
        Paragraphs((0, 7), (0, 1), (1.0, 2.0)),
        Paragraphs((6,), (1,), (2.0,)),
        Paragraphs((6, 0), (0, 1), (1.0, 2.0)),
        Paragraphs((0, 6), (0,), (1.0, 2.0)),
        Paragraphs((0, 6), (0, 1), (1.0,)),
        Paragraphs((), (), ()),
    ],
)
def test_marks_that_are_not_the_texts_are_passed_over(marks: Paragraphs) -> None:
    edited = replace(thinking("One.", "\n\nTwo."), paragraphs=marks)
    assert [(each.at_s, each.tokens) for each in outline(edited)] == [(None, None)] * 2


def test_tokens_that_cannot_be_are_left_out() -> None:
    edited = replace(
        thinking("One.", "\n\nTwo."), paragraphs=Paragraphs((0, 6), (9, 1), (1.0, 2.0))
    )
    assert [each.tokens for each in outline(edited)] == [None, 1]


def test_first_words_are_one_short_line() -> None:
    (only,) = outline(Result(request(), output=Output("So\n" + "word " * 400)))
    assert only.words.startswith("So word") and only.words.endswith("…") and len(only.words) <= 91
