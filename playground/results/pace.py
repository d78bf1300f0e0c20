"""How fast a prompt is read, and how long the rest of it takes.

A token attends to all before it, so reading slows down: the time is taken to grow with the tokens
and with their squares. Knows no clock; times come with the progress.
"""

from __future__ import annotations

LEAST_SAMPLES = 2


class Pace:
    """Takes progress in, from its first on: `done` tokens were read at `at_s`."""

    def __init__(self, done: int, at_s: float) -> None:
        self._begun = (done, at_s)
        self._last = done
        self._samples = 0
        # Sums of products: of new tokens (n), their squares' growth (q), seconds (t).
        self._nn = self._nq = self._qq = self._nt = self._qt = 0.0

    def take(self, done: int, at_s: float) -> None:
        """`done` tokens of the prompt are read now."""
        if done <= self._last:
            return
        self._last = done
        self._samples += 1
        first, begun_at_s = self._begun
        n, q = _growth(first, done)
        t = max(0.0, at_s - begun_at_s)
        self._nn += n * n
        self._nq += n * q
        self._qq += q * q
        self._nt += n * t
        self._qt += q * t

    def left_s(self, total: int) -> float | None:
        """Seconds from the last progress until all are read; null while that cannot be told."""
        if self._samples < LEAST_SAMPLES:
            return None
        by_token, by_square = self._fitted()
        n, q = _growth(self._last, total)
        return max(0.0, by_token * n + by_square * q)

    def _fitted(self) -> tuple[float, float]:
        """Seconds a token and a square, by least squares; neither is below zero."""
        straight = (self._nt / self._nn, 0.0)
        determinant = self._nn * self._qq - self._nq * self._nq
        if determinant <= 1e-9 * self._nn * self._qq:  # too few, or all on one line
            return straight
        by_square = (self._qt * self._nn - self._nt * self._nq) / determinant
        by_token = (self._nt * self._qq - self._qt * self._nq) / determinant
        if by_square < 0:
            return straight
        return (by_token, by_square) if by_token >= 0 else (0.0, self._qt / self._qq)


def _growth(start: int, end: int) -> tuple[float, float]:
    return float(end - start), float(end) ** 2 - float(start) ** 2
