"""Giving up the part of a load that can be given up: a download, whose bytes are kept.

Whoever loads says while it can be given up and what is to be called then. Knows no download.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playground.domain.errors import LoadCancelled

CANCELLED = "The download was cancelled. Load the model again to go on where it stopped."


class Cancellation:
    """Asked from any thread; obeyed by the one that loads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._call: Callable[[], object] | None = None
        self._asked = False

    def ask(self) -> bool:
        """Give the load up; false when nothing goes on now that can be given up."""
        with self._lock:
            if self._call is None:
                return False
            self._asked = True
            self._call()
            return True

    @property
    def asked(self) -> bool:
        """Whether the load is to be given up."""
        return self._asked

    def check(self) -> None:
        """Raise LoadCancelled if the load is to be given up."""
        if self._asked:
            raise LoadCancelled(CANCELLED)

    @contextmanager
    def calling(self, call: Callable[[], object]) -> Iterator[None]:
        """While inside, the load can be given up; `call` is called from the asking thread.

        Blocks may stand inside one another; the innermost is called. Asked before, it is called
        at once.
        """
        with self._lock:
            before, self._call = self._call, call
            if self._asked:
                call()
        try:
            yield
        finally:
            with self._lock:
                self._call = before
