"""Two answers word by word: nothing is lost, what is said in both is found, any text is bounded."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.rendering.word_diff import MOST_CHARACTERS, MOST_WORDS, Side, WordDiff, word_diff


def both(side: Side) -> list[str]:
    return [piece for piece in side.pieces[::2] if piece]


def only(side: Side) -> list[str]:
    return list(side.pieces[1::2])


def test_what_both_say_and_what_only_one_says_are_told_apart() -> None:
    found = word_diff(
        "The capital of France is Paris, a city of light.",
        "Sure! The capital of France is Paris, on the river Seine.",
    )
    assert both(found.left) == ["The capital of France is Paris, "]
    assert both(found.right) == ["The capital of France is Paris, "]
    assert only(found.left) == ["a city of light."]
    assert only(found.right) == ["Sure! ", "on the river Seine."]
    assert (found.left.words_in_both, found.left.words_only_here) == (6, 4)
    assert (found.right.words_in_both, found.right.words_only_here) == (6, 5)
    assert found.whole


def test_a_few_letters_between_differences_say_nothing_unless_they_are_a_number() -> None:
    found = word_diff("red is a colour", "seven is prime")
    assert both(found.left) == []
    found = word_diff("So it gives **42** in all", "Then we have 42 apples")
    assert both(found.left) == ["42"] and both(found.right) == ["42 "]


def test_equal_texts_are_in_both_and_an_empty_one_has_no_pieces() -> None:
    assert word_diff("Yes.", "Yes.") == WordDiff(Side(("Yes.",), 1, 0), Side(("Yes.",), 1, 0), True)
    found = word_diff("", "Yes.")
    assert found.left == Side((), 0, 0)
    assert found.right == Side(("", "Yes."), 0, 1)


def test_another_case_is_another_word_and_white_space_is_none() -> None:
    found = word_diff("Photosynthesis\n\nneeds light", "Photosynthesis needs Light")
    assert both(found.left) == ["Photosynthesis\n\nneeds "]
    assert only(found.right) == ["Light"]


def test_scripts_without_spaces_are_compared_by_character() -> None:
    found = word_diff("法国的首都是巴黎这座城市", "法国的首都是巴黎。")
    assert both(found.left) == ["法国的首都是巴黎"]


@given(st.text(), st.text())
def test_the_pieces_are_the_texts_and_both_sides_share_their_words(left: str, right: str) -> None:
    found = word_diff(left, right)
    for side, text in ((found.left, left), (found.right, right)):
        assert "".join(side.pieces) == text
        assert all(side.pieces[1:])
    shared = ["".join("".join(side.pieces[::2]).split()) for side in (found.left, found.right)]
    assert shared[0] == shared[1]
    assert found.left.words_in_both == found.right.words_in_both


@pytest.mark.parametrize("vocabulary", [1, 2, 50_000])
def test_of_very_long_texts_the_beginnings_are_compared(vocabulary: int) -> None:
    draw = random.Random(7)
    texts = ["".join(f"{draw.randrange(vocabulary)} " for _ in range(40_000)) for _ in range(2)]
    found = word_diff(*texts)
    assert not found.whole
    for side, text in zip((found.left, found.right), texts, strict=True):
        compared = "".join(side.pieces)
        assert text.startswith(compared)
        assert len(compared) <= MOST_CHARACTERS
        assert len(compared.split()) <= MOST_WORDS
