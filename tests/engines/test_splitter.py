"""Splitting by token id, by text however it is cut, and at stop strings."""

from __future__ import annotations

import itertools
import random

import pytest

from playground.engines.splitter import (
    Closed,
    Piece,
    Start,
    StopStrings,
    TextSplitter,
    TokenSplitter,
    partial_length,
)

OPEN, CLOSE = 7, 8


def kinds(start: Start, ids: list[int]) -> list[str]:
    splitter = TokenSplitter(start, OPEN, CLOSE)
    return [splitter.take(token_id) for token_id in ids]


def test_a_prompt_that_opened_the_thought_starts_inside_it() -> None:
    assert kinds("thinking", [1, 2, CLOSE, 3]) == ["thinking", "thinking", "close", "answer"]


def test_a_model_that_opens_its_thought_itself_is_followed() -> None:
    assert kinds("either", [OPEN, 1, CLOSE, 2]) == ["open", "thinking", "close", "answer"]


def test_a_model_that_may_think_but_does_not_only_answers() -> None:
    splitter = TokenSplitter("either", OPEN, CLOSE)
    assert splitter.take(1) == "answer"
    splitter.saw_text("Hello")
    assert splitter.take(OPEN) == "answer"


def test_white_space_before_the_opening_tag_does_not_hide_it() -> None:
    splitter = TokenSplitter("either", OPEN, CLOSE)
    splitter.take(1)
    splitter.saw_text("\n\n")
    assert splitter.take(OPEN) == "open"


def test_tags_in_the_wrong_place_are_text() -> None:
    assert kinds("thinking", [OPEN, CLOSE, CLOSE, OPEN]) == [
        "thinking", "close", "answer", "answer",
    ]  # fmt: skip
    assert kinds("answer", [OPEN, 1, CLOSE]) == ["answer"] * 3


def test_a_vocabulary_without_tags_only_answers() -> None:
    splitter = TokenSplitter("answer", None, None)
    assert [splitter.take(token_id) for token_id in (1, 2)] == ["answer", "answer"]


TEXTS: list[tuple[Start, str, str, bool, str]] = [
    ("thinking", "I think.\n</think>\n\nYes", "I think.\n", True, "\n\nYes"),
    ("thinking", "<think>\nI think.</think>Yes", "\nI think.", True, "Yes"),
    ("thinking", "cut off in the thought <", "cut off in the thought <", False, ""),
    ("thinking", "cut off </thin", "cut off </thin", False, ""),
    ("thinking", "a < b </b></think", "a < b </b></think", False, ""),
    ("thinking", "</think>at once", "", True, "at once"),
    ("either", "\n<think>hm</think>so", "hm", True, "so"),
    ("either", "no thought, a </think> in the answer", "", False,
     "no thought, a </think> in the answer"),
    ("either", "<thin air>", "", False, "<thin air>"),
    ("either", "<think", "", False, "<think"),
    ("answer", "<think>text</think>", "", False, "<think>text</think>"),
    ("thinking", "one</think>two</think>three<think>", "one", True, "two</think>three<think>"),
    ("thinking", "", "", False, ""),
]  # fmt: skip


def joined(pieces: list[Piece | Closed]) -> tuple[str, bool, str]:
    text = {"thinking": "", "answer": ""}
    for piece in pieces:
        if isinstance(piece, Piece):
            assert piece.text
            text[piece.part] += piece.text
    return text["thinking"], Closed() in pieces, text["answer"]


@pytest.mark.parametrize(("start", "text", "thinking", "closed", "answer"), TEXTS)
def test_text_is_split_the_same_however_it_is_cut(
    start: Start, text: str, thinking: str, closed: bool, answer: str
) -> None:
    cuts = [*itertools.combinations(range(1, len(text)), 2), (), tuple(range(1, len(text)))]
    for cut in cuts:
        edges = [0, *cut, len(text)]
        splitter = TextSplitter(start)
        pieces = [p for a, b in itertools.pairwise(edges) for p in splitter.feed(text[a:b])]
        assert joined(pieces + splitter.flush()) == (thinking, closed, answer), cut


def test_only_a_possible_tag_is_held_back() -> None:
    splitter = TextSplitter("thinking")
    assert splitter.feed("I think </th") == [Piece("thinking", "I think ")]
    assert splitter.feed("ere") == [Piece("thinking", "</there")]


def stopped(strings: tuple[str, ...], chunks: list[str]) -> tuple[str, str | None]:
    matcher = StopStrings(strings)
    text = ""
    for chunk in chunks:
        text += matcher.feed(chunk)
        if matcher.found is not None:
            return text, matcher.found
    return text + matcher.flush(), None


def test_a_stop_string_is_found_across_chunks_and_not_shown() -> None:
    assert stopped(("END",), ["one E", "N", "D two"]) == ("one ", "END")


def test_text_that_only_looked_like_a_stop_string_is_shown() -> None:
    assert stopped(("END",), ["one EN", " two EN"]) == ("one EN two EN", None)


def test_overlapping_beginnings_are_not_lost() -> None:
    assert stopped(("aab",), ["aa", "aab"]) == ("aa", "aab")


def test_without_stop_strings_nothing_is_held_back() -> None:
    assert StopStrings(()).feed("anything") == "anything"


def test_the_outcome_does_not_depend_on_the_cut() -> None:
    draw = random.Random(5)
    for _ in range(3000):
        text = "".join(draw.choices("abc", k=draw.randint(1, 9)))
        strings = tuple(
            "".join(draw.choices("abc", k=draw.randint(1, 4))) for _ in range(draw.randint(1, 3))
        )
        cut = sorted(draw.sample(range(len(text) + 1), min(2, len(text))))
        chunks = [text[a:b] for a, b in itertools.pairwise([0, *cut, len(text)])]
        assert stopped(strings, chunks) == stopped(strings, list(text)), (text, strings, chunks)


def test_nothing_certain_is_held_back() -> None:
    matcher = StopStrings(("\n\nUser:",))
    assert [matcher.feed(c) for c in ("a", "\n", "b", "\n\nUs", "e", "x")] == [
        "a", "", "\nb", "", "", "\n\nUsex",
    ]  # fmt: skip


def test_a_whole_match_is_not_a_partial_one() -> None:
    assert partial_length("xEND", "END") == 0
    assert partial_length("xEN", "END") == 2
    assert partial_length("", "END") == 0
