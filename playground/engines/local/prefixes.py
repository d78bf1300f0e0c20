"""KV caches of ended runs, kept so that the next question on the same text reads only what is new.

Each cache belongs to one user at a time: it is taken out, cut to what both texts begin with, and
given back longer. Each lane has its own, so that none profits from what the other has read. Keeps
within a budget of bytes, the latest first, and gives all up when asked. Knows no model, no engine.
"""

from __future__ import annotations

import threading
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Protocol

from playground.engines.forking import free_after_fork


class Kept(Protocol):
    """What is kept; `cut` leaves the first tokens."""

    @property
    def buffer_bytes(self) -> int: ...

    def cut(self, length: int) -> None: ...


@dataclass(frozen=True, slots=True)
class _Entry:
    model: Hashable
    lane: str
    ids: Sequence[int]
    cache: Kept


class KeptPrefixes:
    """The caches of all models of this process, safe for many threads."""

    def __init__(self, budget_bytes: int) -> None:
        self.budget_bytes = budget_bytes
        self._lock = free_after_fork(threading.Lock())
        self._entries: list[_Entry] = []

    def take(
        self, model: Hashable, lane: str, ids: Sequence[int], least: int
    ) -> tuple[Kept | None, int]:
        """The lane's cache with the longest common beginning, cut to it, and its length.

        Null where that is shorter than `least` tokens. The last of `ids` is never in it: it must
        be read to know what follows.
        """
        with self._lock:
            best, length = None, max(1, least) - 1
            for entry in self._entries:
                if (entry.model, entry.lane) == (model, lane):
                    common = min(common_length(entry.ids, ids), len(ids) - 1)
                    if common > length:
                        best, length = entry, common
            if best is None:
                return None, 0
            self._entries = [entry for entry in self._entries if entry is not best]
        best.cache.cut(length)
        return best.cache, length

    def keep(self, model: Hashable, lane: str, ids: Sequence[int], cache: Kept) -> None:
        """Keep what was read and written, if there is room; older ones go."""
        with self._lock:
            self._entries.append(_Entry(model, lane, ids, cache))
            self._shrink_to(self.budget_bytes)

    def forget(self, model: Hashable) -> None:
        """Drop all of one model."""
        with self._lock:
            self._entries = [entry for entry in self._entries if entry.model != model]

    def give_up(self, needed_bytes: int | None = None) -> None:
        """Free at least so much, the oldest first; all when null."""
        with self._lock:
            total = sum(entry.cache.buffer_bytes for entry in self._entries)
            self._shrink_to(0 if needed_bytes is None else max(0, total - needed_bytes))

    @property
    def kept_bytes(self) -> int:
        """What is kept now."""
        with self._lock:
            return sum(entry.cache.buffer_bytes for entry in self._entries)

    def _shrink_to(self, size_bytes: int) -> None:
        total = sum(entry.cache.buffer_bytes for entry in self._entries)
        while self._entries and total > size_bytes:
            total -= self._entries.pop(0).cache.buffer_bytes


def common_length(one: Sequence[int], other: Sequence[int]) -> int:
    """How many ids both begin with."""
    for place, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return place
    return min(len(one), len(other))
