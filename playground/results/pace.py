"""How fast a prompt is read, and how long the rest of it takes.

A token attends to all before it, so reading slows down: a token's time is taken to grow with its
place. That growth counts only as far as it stands out from the ups and downs of a busy machine,
which a long rest would multiply. Knows no clock; times come with the progress.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import median

# Fewer pieces tell nothing: the first ones are slow or fast for reasons of their own.
LEAST_PIECES = 8
# More are joined, two and two.
MOST_PIECES = 128
# A piece that took so many times more or less than the usual one is an accident; reading that
# slows down evenly stays within twice the usual.
UNUSUAL = 3.0
# So many times its own uncertainty is taken off the growth.
SURE = 3.0


@dataclass(frozen=True, slots=True)
class _Piece:
    """Tokens that were read at once, from number `start` on."""

    start: int
    tokens: int
    seconds: float

    @property
    def middle(self) -> float:
        return self.start + self.tokens / 2

    @property
    def token_s(self) -> float:
        return self.seconds / self.tokens

    def joined(self, after: _Piece) -> _Piece:
        """Both as one."""
        return _Piece(self.start, self.tokens + after.tokens, self.seconds + after.seconds)


class Pace:
    """Takes progress in, from its first on: `done` tokens were read at `at_s`."""

    def __init__(self, done: int, at_s: float) -> None:
        self._done, self._at_s = done, at_s
        self._pieces: list[_Piece] = []
        self._line: tuple[float, float] | None = None

    def take(self, done: int, at_s: float) -> None:
        """`done` tokens of the prompt are read now."""
        if done <= self._done:
            return
        seconds = max(0.0, at_s - self._at_s)
        self._pieces.append(_Piece(self._done, done - self._done, seconds))
        self._done, self._at_s, self._line = done, at_s, None
        if len(self._pieces) == MOST_PIECES:
            pairs = zip(self._pieces[::2], self._pieces[1::2], strict=True)
            self._pieces = [one.joined(other) for one, other in pairs]

    def left_s(self, total: int) -> float | None:
        """Seconds from the last progress until all are read; null while that cannot be told."""
        if len(self._pieces) < LEAST_PIECES:
            return None
        if self._line is None:
            self._line = _fitted(self._pieces)
        first_s, growth_s = self._line
        return max(0.0, (total - self._done) * (first_s + growth_s * (self._done + total) / 2))


def _fitted(pieces: list[_Piece]) -> tuple[float, float]:
    """The first token's seconds, and by how much they surely grow with each token."""
    usual = median(piece.token_s for piece in pieces)
    low, high = usual / UNUSUAL, usual * UNUSUAL
    points = [(each.tokens, each.middle, min(max(each.token_s, low), high)) for each in pieces]
    weight = sum(tokens for tokens, _, _ in points)
    middle = sum(tokens * place for tokens, place, _ in points) / weight
    mean_s = sum(tokens * token_s for tokens, _, token_s in points) / weight
    width = sum(tokens * (place - middle) ** 2 for tokens, place, _ in points)
    growth = sum(tokens * (place - middle) * each_s for tokens, place, each_s in points) / width
    off = sum(
        tokens * (each_s - mean_s - growth * (place - middle)) ** 2
        for tokens, place, each_s in points
    )
    uncertainty = sqrt(off / (len(points) - 2) / width)
    growth = max(0.0, growth - SURE * uncertainty)
    return mean_s - growth * middle, growth
