"""The exit codes of all commands, and Ctrl+C: how a command is stopped in order."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

ANSWERED, NOT_ANSWERED, BAD_REQUEST, INTERRUPTED = 0, 1, 2, 130


@contextmanager
def interrupts() -> Iterator[list[int]]:
    """Collects Ctrl+C instead of raising, so that the lanes end in order; a second one raises."""
    seen: list[int] = []

    def collect(number: int, _frame: FrameType | None) -> None:
        if seen:
            raise KeyboardInterrupt
        seen.append(number)

    before = signal.signal(signal.SIGINT, collect)
    try:
        yield seen
    finally:
        signal.signal(signal.SIGINT, before)
