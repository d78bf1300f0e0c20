"""When each paragraph of a text began, as it grows: marks for the outline of a trace.

Bounded: of a very long text every second paragraph has a mark, then every fourth. Knows no fold
and no page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST_MARKS = 300
_BREAK = 2  # newlines that end a paragraph
_SPACE_OR_NOT = re.compile(r"\s+|\S+")


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """Marks in three columns, one a paragraph: where it begins in the text (in characters), how
    many tokens came before it (none where they cannot be told), seconds from the run's start.

    A token in which one paragraph ends and the next begins belongs to the next.
    """

    offsets: tuple[int, ...]
    tokens: tuple[int, ...]
    at_s: tuple[float, ...]


def beginnings(text: str, newlines: int = _BREAK) -> tuple[list[int], int]:
    """Where paragraphs begin in a text that comes after so many newlines, and how many newlines
    stand at its end."""
    found = []
    for piece in _SPACE_OR_NOT.finditer(text):
        if piece[0].isspace():
            newlines += piece[0].count("\n")
            continue
        if newlines >= _BREAK:
            found.append(piece.start())
        newlines = 0
    return found, newlines


class ParagraphWatch:
    """Takes a text in piece by piece, each with its tokens and its time."""

    def __init__(self) -> None:
        self._marks: list[tuple[int, int, float]] = []
        self._newlines = _BREAK
        self._length = 0
        self._tokens = 0
        self._unseen = 0  # tokens whose text comes with the next piece
        self._begun = 0
        self._stride = 1

    def take(self, text: str, tokens: int, at_s: float) -> None:
        """The next piece, which came from so many tokens."""
        self._unseen += tokens
        if not text:
            return
        if "\n" in text or self._newlines:
            found, self._newlines = beginnings(text, self._newlines)
            # The tokens of one piece cannot be told apart: what begins later in it has no mark.
            if found:
                self._mark(self._length + found[0], at_s)
        self._length += len(text)
        self._tokens += self._unseen
        self._unseen = 0

    def _mark(self, offset: int, at_s: float) -> None:
        if self._begun % self._stride == 0:
            self._marks.append((offset, self._tokens, at_s))
        self._begun += 1
        if len(self._marks) > MOST_MARKS:
            del self._marks[1::2]
            self._stride *= 2

    def since(self, start_s: float, counted: bool) -> Paragraphs | None:
        """The marks, with seconds from then on; null where there are fewer than two paragraphs.

        Without tokens unless they are `counted` as the result's own are.
        """
        if len(self._marks) < 2:
            return None
        offsets, tokens, times = zip(*self._marks, strict=True)
        at_s = tuple(round(max(0.0, time - start_s), 3) for time in times)
        return Paragraphs(offsets, tokens if counted else (), at_s)
