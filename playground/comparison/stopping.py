"""Flags of running lanes, in memory that forked workers share: the reason to stop, and whether the
thought is to be closed.

A flag is named by (session, run, lane); what travels to a worker is its slot, a plain number.
Knows neither threads nor engines: an engine asks its `Signal` between tokens.
"""

from __future__ import annotations

import mmap
import threading
import time
from dataclasses import dataclass

from playground.domain.engine import StopReason
from playground.domain.errors import Busy
from playground.domain.request import Lane, RunId

_CODES: dict[StopReason, int] = {"user": 1, "interrupted": 2, "deadline": 3}
_REASONS: dict[int, StopReason] = {code: reason for reason, code in _CODES.items()}
PLACES = 4096

# Anonymous shared memory, made at import: a worker forked later sees what the parent writes.
_memory = mmap.mmap(-1, 2 * PLACES)


@dataclass(frozen=True, slots=True)
class Signal:
    """A lane's stop signal as an engine sees it; picklable. `deadline_s` is a monotonic time."""

    slot: int
    deadline_s: float | None = None

    def reason(self) -> StopReason | None:
        code = _memory[self.slot]
        if code:
            return _REASONS[code]
        if self.deadline_s is not None and time.monotonic() >= self.deadline_s:
            return "deadline"
        return None

    def closes_thought(self) -> bool:
        return bool(_memory[PLACES + self.slot])


def raise_flag(slot: int, reason: StopReason) -> None:
    """Set a slot's flag; the first reason stays."""
    if not _memory[slot]:
        _memory[slot] = _CODES[reason]


class StopRegistry:
    """Which lane of which run of which session has which slot."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._slots: dict[tuple[str, RunId, Lane], int] = {}
        self._free = list(range(PLACES - 1, -1, -1))

    def claim(self, session: str, run: RunId, lane: Lane) -> int:
        """A lowered flag for this lane. Raises Busy when all are taken, or this lane runs."""
        with self._lock:
            if (session, run, lane) in self._slots:
                raise Busy(f"The {lane} lane of this run is running already. Wait for its end.")
            if not self._free:
                raise Busy(f"{PLACES} lanes are running already. Try again in a moment.")
            slot = self._free.pop()
            _memory[slot] = _memory[PLACES + slot] = 0
            self._slots[session, run, lane] = slot
            return slot

    def release(self, session: str, run: RunId, lane: Lane) -> None:
        with self._lock:
            slot = self._slots.pop((session, run, lane), None)
            if slot is not None:
                self._free.append(slot)

    def close_thought(self, session: str, run: RunId, lane: Lane) -> bool:
        """Ask this lane to close its thought and answer now; false if it does not run."""
        with self._lock:
            slot = self._slots.get((session, run, lane))
            if slot is not None:
                _memory[PLACES + slot] = 1
            return slot is not None

    def stop(
        self,
        session: str,
        run: RunId | None = None,
        lane: Lane | None = None,
        reason: StopReason = "user",
    ) -> int:
        """Raise the flags of a session, of one of its runs, or of one lane; how many there were."""
        with self._lock:
            slots = [
                slot
                for (owner, its_run, its_lane), slot in self._slots.items()
                if owner == session and run in (None, its_run) and lane in (None, its_lane)
            ]
            for slot in slots:
                raise_flag(slot, reason)
            return len(slots)

    def stop_all(self, reason: StopReason) -> None:
        """Raise the flags of all lanes that run, whoever asked."""
        with self._lock:
            for slot in self._slots.values():
                raise_flag(slot, reason)
