"""Text that grows by timed pieces."""

from __future__ import annotations

import pytest

from playground.results.growing import GrowingText

PIECES = [("Olá ", 1.0), ("😀", 2.0), ("", 2.5), ("数学", 3.0), ("👩‍🚀!", 4.0)]


def grown(*pieces: tuple[str, float]) -> GrowingText:
    text = GrowingText()
    for piece in pieces:
        text.append(*piece)
    return text


def units(text: str) -> int:
    """What a browser calls `length`."""
    return len(text.encode("utf-16-le")) // 2


def test_a_new_text_is_empty_and_false() -> None:
    text = GrowingText()
    assert (text.whole(), text.length, bool(text)) == ("", 0, False)


def test_the_whole_is_all_pieces() -> None:
    assert grown(*PIECES).whole() == "Olá 😀数学👩‍🚀!"


def test_an_empty_piece_is_nothing() -> None:
    text = grown(("", 1.0))
    assert (bool(text), text.since(0.0)) == (False, (0, ""))


@pytest.mark.parametrize(
    ("text", "length"), [("abc", 3), ("é", 1), ("数", 1), ("😀", 2), ("a😀b", 4), ("👩‍🚀", 5)]
)
def test_length_is_a_browsers(text: str, length: int) -> None:
    assert grown((text, 1.0)).length == length == units(text)


@pytest.mark.parametrize(
    ("at_s", "offset", "tail"),
    [
        (0.0, 0, "Olá 😀数学👩‍🚀!"),
        (1.0, 0, "Olá 😀数学👩‍🚀!"),
        (1.5, 4, "😀数学👩‍🚀!"),
        (2.0, 4, "😀数学👩‍🚀!"),
        (2.5, 6, "数学👩‍🚀!"),
        (4.0, 8, "👩‍🚀!"),
        (4.1, 14, ""),
    ],
)
def test_the_tail_since_a_time_comes_with_its_offset(at_s: float, offset: int, tail: str) -> None:
    assert grown(*PIECES).since(at_s) == (offset, tail)


@pytest.mark.parametrize("at_s", [0.0, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0])
def test_a_page_that_has_the_beginning_can_append_the_tail(at_s: float) -> None:
    text = grown(*PIECES)
    offset, tail = text.since(at_s)
    beginning = text.whole().encode("utf-16-le")[: 2 * offset].decode("utf-16-le")
    assert beginning + tail == text.whole()
    assert offset + units(tail) == text.length


def test_pieces_of_one_moment_come_together() -> None:
    assert grown(("a", 1.0), ("b", 1.0), ("c", 1.0)).since(1.0) == (0, "abc")


@pytest.mark.parametrize(("index", "text"), [(0, "abc"), (1, "bc"), (3, ""), (9, "")])
def test_a_reader_of_pieces_gets_those_it_has_not_read(index: int, text: str) -> None:
    assert grown(("a", 1.0), ("b", 2.0), ("", 2.5), ("c", 3.0)).after_piece(index) == (3, text)


@pytest.mark.parametrize(
    ("pieces", "whole"),
    [
        (["a", "b"], "ab"),
        (["a\n"], "a"),
        (["a", "\n", "\n\n"], "a"),
        (["a\n", "b\n", "\n"], "a\nb"),
        (["😀\n"], "😀"),
        (["a \n"], "a "),
        (["\n", "\n"], ""),
        ([], ""),
    ],
)
def test_newlines_at_the_end_can_be_taken_away(pieces: list[str], whole: str) -> None:
    text = grown(*[(piece, 1.0) for piece in pieces])
    text.strip_end()
    assert (text.whole(), text.length) == (whole, units(whole))


def test_a_stripped_text_can_grow_on() -> None:
    text = grown(("a", 1.0), ("\n", 2.0))
    text.strip_end()
    text.append("b", 3.0)
    assert (text.whole(), text.since(2.5)) == ("ab", (1, "b"))
