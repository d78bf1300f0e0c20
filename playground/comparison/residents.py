"""Which models stay in memory: those of the runs that go on, and those that someone has chosen.

All others make way before another model is loaded. Knows names; who frees memory is given to it.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

Unload = Callable[[Collection[str]], None]


class Residents:
    """`unload_others` frees the memory of all models but those it is given."""

    def __init__(self, unload_others: Unload = lambda _: None) -> None:
        self._unload_others = unload_others
        self._lock = threading.Lock()
        self._running: Counter[str] = Counter()
        self.chosen: Callable[[], Collection[str]] = lambda: ()

    def make_room(self) -> None:
        """Free the memory of models that nobody runs and nobody has chosen."""
        with self._lock:
            running = set(+self._running)
        self._unload_others(running | set(self.chosen()))

    @contextmanager
    def running(self, models: Collection[str]) -> Iterator[None]:
        """While inside, these models are in use."""
        with self._lock:
            self._running.update(models)
        try:
            yield
        finally:
            with self._lock:
                self._running.subtract(models)
