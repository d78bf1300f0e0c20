"""What unfinished runs wrote, as ids: so that a run can go on exactly where another one stopped.

A text can be cut into tokens in several ways, and a seed has a place in its row of random numbers;
neither can be told from the text. Keeps the latest runs; knows no model.
"""

from __future__ import annotations

import threading
from array import array
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from playground.domain.request import Lane, RunId
from playground.engines.forking import free_after_fork

MOST_RUNS = 200


@dataclass(frozen=True, slots=True)
class Written:
    """All ids after the prompt, those that were put in included; `draws` were chosen by chance."""

    ids: Sequence[int]
    draws: int


class WrittenRuns:
    """The latest unfinished runs of this process, safe for many threads."""

    def __init__(self, most: int = MOST_RUNS) -> None:
        self._most = most
        self._lock = free_after_fork(threading.Lock())
        self._runs: OrderedDict[tuple[str, RunId, Lane], Written] = OrderedDict()

    def keep(self, model: str, run: RunId, lane: Lane, ids: Sequence[int], draws: int) -> None:
        """Remember what this run wrote."""
        with self._lock:
            self._runs[model, run, lane] = Written(array("I", ids), draws)
            while len(self._runs) > self._most:
                self._runs.popitem(last=False)

    def of(self, model: str, run: RunId, lane: Lane) -> Written | None:
        """What it wrote; null where that is not known (any more)."""
        with self._lock:
            return self._runs.get((model, run, lane))
