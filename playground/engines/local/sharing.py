"""Values that cost much: made once, held by everyone who needs one, let go when nobody does.

Knows nothing of what is shared.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from playground.engines.forking import free_after_fork
from playground.engines.local.load_job import Report

T = TypeVar("T")


class _Entry(Generic[T]):
    """One value: null while it is made, and when it has been let go."""

    def __init__(self) -> None:
        self.value: T | None = None
        self.holds = 0
        self.reports: list[Report] = []

    def report(
        self, done: int, total: int | None, unit: str, files: tuple[int, int] | None = None, /
    ) -> None:
        """Tell everyone who waits for the value."""
        for report in tuple(self.reports):
            report(done, total, unit, files)


class Hold(Generic[T]):
    """One holder's right to a value, until `release`."""

    def __init__(self, shared: Shared[T], entry: _Entry[T]) -> None:
        self._shared = shared
        self._entry = entry
        self.released = False

    @property
    def value(self) -> T:
        """What is held. Not to be kept beyond the release: it would stay in memory."""
        value = self._entry.value
        assert value is not None and not self.released
        return value

    def again(self) -> Hold[T] | None:
        """A second hold on the same value; null when this one is released."""
        return self._shared.hold_again(self, self._entry)

    def release(self) -> None:
        """Give the value back; who gives back the last one lets it go. Again does nothing."""
        self._shared.release(self, self._entry)


class Shared(Generic[T]):
    """The values of this process by their keys, safe for many threads."""

    def __init__(self, let_go: Callable[[T], None], gone: Callable[[], None]) -> None:
        """`let_go` is called with a value that nobody holds, `gone` once it is forgotten."""
        self._let_go = let_go
        self._gone = gone
        self._condition = free_after_fork(threading.Condition())
        self._entries: dict[Hashable, _Entry[T]] = {}

    def hold(self, key: Hashable, make: Callable[[Report], T], report: Report) -> Hold[T]:
        """The value of `key`, made by `make` unless it is there. Raises what `make` raises."""
        with self._condition:
            while (entry := self._entries.get(key)) is not None:
                if entry.value is not None:
                    return self._held(entry)
                entry.reports.append(report)
                self._condition.wait()
            entry = self._entries[key] = _Entry()
            entry.reports.append(report)
        value: T | None = None
        try:
            value = make(entry.report)
        finally:
            with self._condition:
                entry.reports.clear()
                entry.value = value
                if value is None:
                    del self._entries[key]
                hold = self._held(entry)
                self._condition.notify_all()
        return hold

    def hold_again(self, hold: Hold[T], entry: _Entry[T]) -> Hold[T] | None:
        """See `Hold.again`."""
        with self._condition:
            return None if hold.released else self._held(entry)

    def release(self, hold: Hold[T], entry: _Entry[T]) -> None:
        """See `Hold.release`."""
        with self._condition:
            if hold.released:
                return
            hold.released = True
            entry.holds -= 1
            if entry.holds > 0:
                return
            value, entry.value = entry.value, None
            self._entries = {key: kept for key, kept in self._entries.items() if kept is not entry}
        if value is not None:
            self._let_go(value)
        del value
        self._gone()

    def _held(self, entry: _Entry[T]) -> Hold[T]:
        entry.holds += 1
        return Hold(self, entry)
