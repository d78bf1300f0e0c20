"""A device's lease: one run at a time, first come, first served, each waiter knowing its place.

Knows nothing of what is leased.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator


class Lease:
    """One thing that only one holder may use at a time."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._queue: deque[object] = deque()

    def wait(self, ticket: object, tick_s: float) -> Iterator[int]:
        """Queue up; yield the number of holders ahead, on change and every `tick_s`, until held.

        The caller must `release` the ticket, also when it gives up waiting.
        """
        with self._condition:
            self._queue.append(ticket)
        while True:
            with self._condition:
                place = self._queue.index(ticket)
                if place == 0:
                    return
            yield place
            with self._condition:
                self._condition.wait_for(lambda: self._queue.index(ticket) < place, tick_s)  # noqa: B023

    def release(self, ticket: object) -> None:
        """Give the lease or the place in the queue back; a second time does nothing."""
        with self._condition:
            if ticket in self._queue:
                self._queue.remove(ticket)
            self._condition.notify_all()


class Leases:
    """The process's leases by name."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._leases: dict[str, Lease] = {}

    def named(self, name: str) -> Lease:
        with self._lock:
            return self._leases.setdefault(name, Lease())
