"""How many comparisons may be under way: of all visitors together, and of each.

Counts from the asking to the end, waiting included. Knows no lane, no engine and no device.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from playground.domain.errors import Busy
from playground.domain.limits import Limits


class Gate:
    """Lets comparisons in while there is room; closed, it lets none in."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._changed = threading.Condition()
        self._by_visitor: Counter[str] = Counter()
        self._closed = False

    @property
    def inside(self) -> int:
        """How many are under way."""
        with self._changed:
            return self._by_visitor.total()

    @property
    def closed(self) -> bool:
        """Whether the app is ending."""
        return self._closed

    def close(self) -> None:
        """Let no one in any more; those inside end as they would."""
        with self._changed:
            self._closed = True

    def wait_until_empty(self, patience_s: float) -> bool:
        """Wait until nothing is under way; false if something still is."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._by_visitor, patience_s)

    @contextmanager
    def admitted(self, visitor: str) -> Iterator[None]:
        """Under way inside the block. Raises Busy, and then nothing has begun."""
        with self._changed:
            if self._closed:
                raise Busy(
                    "This page is being restarted. Run it again in a minute; your notebook stays."
                )
            if self._by_visitor[visitor] >= self._limits.visitor_runs:
                raise Busy(
                    f"You have {self._by_visitor[visitor]} runs under way, the most for one visitor"
                    " here. Wait until one has ended."
                )
            if self._by_visitor.total() > self._limits.waiting:
                raise Busy(
                    f"{self._by_visitor.total()} runs are under way or waiting: there is no room in"
                    " the queue. Try again in a few minutes."
                )
            self._by_visitor[visitor] += 1
        try:
            yield
        finally:
            with self._changed:
                self._by_visitor[visitor] -= 1
                if not self._by_visitor[visitor]:
                    del self._by_visitor[visitor]
                self._changed.notify_all()
