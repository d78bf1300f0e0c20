"""The lanes of a comparison that have not begun: each is either begun or stopped, once.

Safe for the lanes' threads and the one that merges them. Knows no engine.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from playground.comparison.stopping import Signal
from playground.domain.events import Counts, Ended
from playground.domain.request import Lane, Request


@dataclass(frozen=True, slots=True)
class LaneTask:
    """One lane's work as plain values."""

    request: Request
    signal: Signal


class Pending:
    """The lanes that have not begun; each is either begun or stopped, once."""

    def __init__(self, tasks: list[LaneTask]) -> None:
        self._lock = threading.Lock()
        self._tasks = {task.request.lane: task for task in tasks}

    def tasks(self) -> list[LaneTask]:
        """Those that have neither begun nor been stopped."""
        with self._lock:
            return list(self._tasks.values())

    def take(self, lane: Lane) -> bool:
        """Begin this lane; false if it was stopped before, which `stopped` then tells."""
        with self._lock:
            task = self._tasks.get(lane)
            if task is None or task.signal.reason():
                return False
            del self._tasks[lane]
            return True

    def stopped(self) -> list[LaneTask]:
        """Take out the lanes whose stop was asked for while they waited."""
        with self._lock:
            stopped = [task for task in self._tasks.values() if task.signal.reason()]
            for task in stopped:
                del self._tasks[task.request.lane]
            return stopped


def stopped_before_start(task: LaneTask) -> Ended:
    return Ended(task.signal.reason() or "interrupted", Counts(), time.monotonic())
