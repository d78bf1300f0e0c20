"""A device's lease: so many runs at a time, first come, first served, each knowing its place.

Knows nothing of what is leased.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator, Mapping


class Lease:
    """One thing that only `places` holders may use at a time."""

    def __init__(self, places: int = 1) -> None:
        self._places = places
        self._condition = threading.Condition()
        self._queue: deque[object] = deque()

    def wait(self, ticket: object, tick_s: float) -> Iterator[int]:
        """Queue up; yield the number of runs ahead, on change and every `tick_s`, until held.

        The caller must `release` the ticket, also when it gives up waiting.
        """
        with self._condition:
            self._queue.append(ticket)
        while True:
            with self._condition:
                index = self._queue.index(ticket)
                if index < self._places:
                    return
            yield index - self._places + 1
            with self._condition:
                self._condition.wait_for(lambda: self._queue.index(ticket) < index, tick_s)  # noqa: B023

    def release(self, ticket: object) -> None:
        """Give the lease or the place in the queue back; a second time does nothing."""
        with self._condition:
            if ticket in self._queue:
                self._queue.remove(ticket)
            self._condition.notify_all()


class Leases:
    """The process's leases by name; `places` are those that have more than one."""

    def __init__(self, places: Mapping[str, int] | None = None) -> None:
        self._places = places or {}
        self._lock = threading.Lock()
        self._leases: dict[str, Lease] = {}

    def named(self, name: str) -> Lease:
        with self._lock:
            if name not in self._leases:
                self._leases[name] = Lease(self._places.get(name, 1))
            return self._leases[name]
