"""Two texts word by word: what both say, in the same order, and what only one of them says.

Pure, and bounded in time whatever the texts are. The pieces of a text put together are the text
itself. Knows no results and no page.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

MOST_CHARACTERS = 100_000
MOST_WORDS = 25_000
# Two independent texts always share an "is" and a comma here and there: so few letters between
# differences say nothing, unless there is a digit among them.
TELLING_LETTERS = 8

# A word, a mark, or one character of a script that is written without spaces; with the white space
# that follows, so that the pieces leave nothing out.
_WORD = re.compile(
    r"(?:[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|"
    r"(?:(?![\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff])\w)+|[^\w\s])\s*|\s+"
)


@dataclass(frozen=True, slots=True)
class Side:
    """One text in pieces: those at even positions are in both texts, those at odd ones only here.

    Words are counted without marks and white space.
    """

    pieces: tuple[str, ...]
    words_in_both: int
    words_only_here: int


@dataclass(frozen=True, slots=True)
class WordDiff:
    """Both texts in pieces; `whole` is false where they were too long, and only their beginnings
    were compared."""

    left: Side
    right: Side
    whole: bool


@lru_cache(maxsize=32)
def word_diff(left: str, right: str) -> WordDiff:
    """What both texts say and what only one of them says."""
    first, first_whole = _words(left)
    second, second_whole = _words(right)
    spans = list(_telling(_equal_spans(first, second), first))
    return WordDiff(
        _side(first, [(start, length) for start, _, length in spans]),
        _side(second, [(start, length) for _, start, length in spans]),
        first_whole and second_whole,
    )


def _words(text: str) -> tuple[list[str], bool]:
    words = _WORD.findall(text[:MOST_CHARACTERS])
    return words[:MOST_WORDS], len(text) <= MOST_CHARACTERS and len(words) <= MOST_WORDS


def _equal_spans(first: list[str], second: list[str]) -> Iterator[tuple[int, int, int]]:
    """Where both have the same words: start in each, and length."""
    # Loaded when it is first needed: the page opens without it.
    from rapidfuzz.distance import Levenshtein

    numbers: dict[str, int] = {}
    as_numbers = [
        array("L", (numbers.setdefault(word.rstrip(), len(numbers)) for word in words))
        for words in (first, second)
    ]
    for operation in Levenshtein.opcodes(*as_numbers):
        if operation.tag == "equal":
            length = operation.src_end - operation.src_start
            yield operation.src_start, operation.dest_start, length


def _telling(
    spans: Iterable[tuple[int, int, int]], words: list[str]
) -> Iterator[tuple[int, int, int]]:
    """Those that are more than words that any two texts share."""
    for start, other, length in spans:
        run = "".join(words[start : start + length])
        letters = sum(character.isalnum() for character in run)
        all_of_it = length == len(words)
        if letters >= TELLING_LETTERS or all_of_it or any(c.isdigit() for c in run):
            yield start, other, length


def _side(words: list[str], shared: list[tuple[int, int]]) -> Side:
    in_both = bytearray(len(words))
    for start, length in shared:
        in_both[start : start + length] = b"\x01" * length
    runs = [
        (both, [word for _, word in run])
        for both, run in groupby(zip(in_both, words, strict=True), key=itemgetter(0))
    ]
    counts = [sum(_count(run) for both, run in runs if both == kind) for kind in (1, 0)]
    pieces = ["".join(run) for _, run in runs]
    if runs and not runs[0][0]:
        pieces.insert(0, "")
    return Side(tuple(pieces), *counts)


def _count(words: list[str]) -> int:
    return sum(any(character.isalnum() for character in word) for word in words)
