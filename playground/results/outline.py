"""The outline of a trace: its paragraphs by their first words, with when they began and how long
they are. Many paragraphs are grouped. Pure; knows no page.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from playground.results.paragraphs import Paragraphs, beginnings
from playground.results.turn_backs import turn_backs
from playground.results.value import Result

MOST_PASSAGES = 80
FIRST_WORDS = 90  # characters


@dataclass(frozen=True, slots=True)
class Passage:
    """One entry: a paragraph, or several in a row.

    `offset` is in characters; `at_s` is from the run's start; seconds and tokens are null where
    they are not known. `turns` counts its turn-backs.
    """

    offset: int
    words: str
    paragraphs: int
    at_s: float | None
    tokens: int | None
    turns: int


def outline(result: Result) -> tuple[Passage, ...]:
    """The passages of the result's trace, in order."""
    text = result.output.thinking or ""
    begins, _ = beginnings(text)
    marks = _sound(result.paragraphs, begins)
    starts = list(marks.offsets) if marks is not None else begins
    step = -(-len(starts) // MOST_PASSAGES) or 1
    turns = turn_backs(text)
    passages = []
    for index in range(0, len(starts), step):
        after = index + step
        start = starts[index]
        end = starts[after] if after < len(starts) else len(text)
        passages.append(
            Passage(
                offset=start,
                words=_first_words(text[start : min(end, start + 4 * FIRST_WORDS)]),
                paragraphs=bisect_left(begins, end) - bisect_left(begins, start),
                at_s=None if marks is None else marks.at_s[index],
                tokens=_tokens(marks, result.numbers.thinking_tokens, index, after),
                turns=bisect_left(turns, end) - bisect_left(turns, start),
            )
        )
    return tuple(passages)


def _sound(marks: Paragraphs | None, begins: list[int]) -> Paragraphs | None:
    """The marks, if they are this text's: a file may have been edited by hand."""
    if marks is None or len(marks.at_s) != len(marks.offsets):
        return None
    if marks.tokens and len(marks.tokens) != len(marks.offsets):
        return None
    ascending = list(marks.offsets) == sorted(set(marks.offsets))
    whole = ascending and set(marks.offsets) <= set(begins) and marks.offsets[:1] == (begins[0],)
    return marks if whole else None


def _tokens(marks: Paragraphs | None, total: int | None, index: int, after: int) -> int | None:
    if marks is None or not marks.tokens:
        return None
    end = marks.tokens[after] if after < len(marks.tokens) else total
    return None if end is None or end < marks.tokens[index] else end - marks.tokens[index]


def _first_words(passage: str) -> str:
    line = " ".join(passage.split())
    return line if len(line) <= FIRST_WORDS else line[:FIRST_WORDS].rsplit(" ", 1)[0] + "…"
