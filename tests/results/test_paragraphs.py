"""Marks of a trace's paragraphs: true against an independent count, and bounded."""

from __future__ import annotations

import json
import random
import re

from hypothesis import given
from hypothesis import strategies as st

from playground.domain.events import Counts, Event, ThoughtClosed
from playground.domain.request import Continuation
from playground.results.fold import fold
from playground.results.paragraphs import MOST_MARKS, Paragraphs, ParagraphWatch, beginnings
from playground.results.value import Result, from_json, to_json
from tests.results.runs import result
from tests.samples import SERVER, answer, ended, request, started, thought


def thinking(*pieces: str, tokens: int = 1, counts: Counts | None = None) -> Result:
    """A trace of these pieces, one a second from second 1 on; the run starts at second 10."""
    events: list[Event] = [started(10.0)]
    events += [thought(piece, 11.0 + at, tokens) for at, piece in enumerate(pieces)]
    counts = counts or Counts(thinking=tokens * len(pieces), answer=1, marker=1)
    end_s = 11.0 + len(pieces)
    return result(
        *events, ThoughtClosed(end_s), answer("4", end_s), ended(at_s=end_s, counts=counts)
    )


def test_each_paragraph_has_its_place_its_tokens_before_and_its_second() -> None:
    found = thinking("Two", " and two", ".\n\n", "Wait", ", four.", "\n", "\n", "So four.\n\n")
    assert found.output.thinking == "Two and two.\n\nWait, four.\n\nSo four."
    assert found.paragraphs == Paragraphs((0, 14, 27), (0, 3, 7), (1.0, 4.0, 8.0))


def test_a_token_in_which_the_next_paragraph_begins_belongs_to_it() -> None:
    found = thinking("One.", "\n\nTwo", ".")
    assert found.paragraphs == Paragraphs((0, 6), (0, 1), (1.0, 2.0))


def test_a_token_whose_text_is_held_back_belongs_to_the_text_that_follows() -> None:
    found = thinking("One.\n\n", "", "", "🎉")
    assert found.paragraphs == Paragraphs((0, 6), (0, 1), (1.0, 4.0))


def test_paragraphs_that_came_in_one_piece_have_one_mark() -> None:
    found = thinking("One.\n\nTwo.\n\nThree.", "\n\nFour.\n\nFive.", tokens=9)
    assert found.paragraphs == Paragraphs((0, 20), (0, 9), (1.0, 2.0))


def test_a_single_paragraph_and_a_run_that_goes_on_have_none() -> None:
    assert thinking("One", "\nline more.").paragraphs is None
    before = Continuation("One.\n\n", "", True, ())
    events = [started(), thought("Two.", 1.0), thought("\n\nThree.", 2.0), ended()]
    assert fold(request(continuing=before), events).paragraphs is None


def test_a_run_that_has_not_ended_has_none() -> None:
    assert result(started(), thought("One.", 1.0), thought("\n\nTwo.", 2.0)).paragraphs is None


def test_tokens_are_left_out_where_they_do_not_add_up_to_the_servers_count() -> None:
    found = thinking("One.", "\n\nTwo.", counts=Counts(thinking=70, basis="server"))
    assert found.paragraphs == Paragraphs((0, 6), (), (1.0, 2.0))


def test_what_a_server_spent_on_loading_is_in_no_time() -> None:
    events = [
        started(10.0, origin=SERVER),
        thought("One.", 13.0),
        thought("\n\nTwo.", 14.0),
        ended(at_s=15.0, counts=Counts(thinking=2), load_s=2.0),
    ]
    assert result(*events).paragraphs == Paragraphs((0, 6), (0, 1), (1.0, 2.0))


@given(st.lists(st.sampled_from(["a", "b c", "\n", "\n\n", " ", ".\n\nWait", "", "\n \n", "é🎉"])))
def test_marks_are_those_of_an_independent_count(pieces: list[str]) -> None:
    found = thinking(*pieces).paragraphs
    text, marks = "", []
    at: list[int] = []  # of each character, the piece that brought it
    for number, piece in enumerate(pieces):
        piece = piece if text else piece.lstrip("\n")
        at += [number] * len(piece)
        text += piece
    for paragraph in re.finditer(r"(?:\A|\n[^\S\n]*\n)\s*(\S)", text):
        place = paragraph.start(1)
        if marks and at[marks[-1][0]] == at[place]:
            continue  # in the same piece
        earlier = max((number for number in at[:place] if number != at[place]), default=-1)
        marks.append((place, earlier + 1, at[place] + 1.0))
    expected = None
    if len(marks) >= 2:
        offsets, tokens, at_s = zip(*marks, strict=True)
        expected = Paragraphs(offsets, tokens, at_s)
    assert found == expected


def test_marks_are_bounded_and_stay_true() -> None:
    watch = ParagraphWatch()
    lengths = [random.Random(7).randrange(1, 9) for _ in range(5000)]
    for number, length in enumerate(lengths):
        for word in range(length):
            watch.take("word " if word else "\n\nWait ", 1, float(number))
    found = watch.since(0.0, True)
    assert found is not None and MOST_MARKS / 2 <= len(found.offsets) <= MOST_MARKS
    stride = found.at_s[1] - found.at_s[0]
    assert found.at_s == tuple(stride * index for index in range(len(found.at_s)))
    for tokens, at_s in zip(found.tokens, found.at_s, strict=True):
        assert tokens == sum(lengths[: int(at_s)])


def test_beginnings_of_a_long_blank_text_are_found_in_one_pass() -> None:
    assert beginnings("\n" * 1_000_000 + "x") == ([1_000_000], 0)


def test_marks_go_through_json_and_a_result_without_them_says_nothing() -> None:
    found = thinking("One.", "\n\nTwo.")
    data = to_json(found)
    assert data["paragraphs"] == {"offsets": [0, 6], "tokens": [0, 1], "at_s": [1.0, 2.0]}
    assert from_json(json.loads(json.dumps(data))) == found
    assert "paragraphs" not in to_json(thinking("One."))
