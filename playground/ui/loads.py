"""Loads that someone asked for: each goes on in a thread of its own, whether a page looks or not.

Any page may look at it or give it up. Knows engines only by their protocol; no Gradio.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence

from playground.domain.engine import Engine
from playground.domain.errors import ErrorValue, LoadCancelled
from playground.domain.events import Event, Loading
from playground.results.loading import LoadProgress

LOOK_S = 0.25

Tell = Callable[[str, Iterable[Event]], Iterable[Event]]
"""Passes the events of a model's load on, and tells someone else of them."""


def untold(_: str, events: Iterable[Event]) -> Iterable[Event]:
    """Nobody else is told."""
    return events


class Load:
    """Models that are loaded one after the other, the one number `at` now.

    `error` says why it ended early, `cancelled` that someone gave it up.
    """

    def __init__(
        self, names: tuple[str, ...], open_engine: Callable[[str], Engine], tell: Tell = untold
    ) -> None:
        self.names = names
        self.at = 0
        self.error: ErrorValue | None = None
        self.cancelled = False
        self._open_engine = open_engine
        self._tell = tell
        self._condition = threading.Condition()
        self._progress = LoadProgress()
        self._asked = self._finished = False
        threading.Thread(target=self._do, daemon=True, name="asked-for load").start()

    @property
    def going(self) -> bool:
        """Whether it goes on."""
        with self._condition:
            return not self._finished

    def words(self) -> str:
        """How far its model is, in the language that is spoken."""
        with self._condition:
            return self._progress.words()

    def watch(self) -> Iterator[None]:
        """Wakes now and then, until the end."""
        while True:
            yield
            with self._condition:
                if self._finished:
                    return
                self._condition.wait(LOOK_S)

    def cancel(self) -> None:
        """Give it up as soon as that can be; what has come of a download stays."""
        with self._condition:
            self._asked = not self._finished
            name = self.names[self.at]
        if self._asked:
            self._open_engine(name).cancel_load()

    def _do(self) -> None:
        try:
            for at, name in enumerate(self.names):
                if self._asked:
                    raise LoadCancelled("Given up before its turn.")
                with self._condition:
                    self.at, self._progress = at, LoadProgress()
                for event in self._tell(name, self._events(name)):
                    if isinstance(event, Loading):
                        with self._condition:
                            self._progress.see(event)
        except LoadCancelled:
            self.cancelled = True
        except Exception as exc:
            self.error = ErrorValue.of(exc)
        with self._condition:
            self._finished = True
            self._condition.notify_all()

    def _events(self, name: str) -> Iterator[Event]:
        yield from self._open_engine(name).load(download=True)


class Loads:
    """The process's loads, by their models."""

    def __init__(self, open_engine: Callable[[str], Engine], tell: Tell = untold) -> None:
        self._open_engine = open_engine
        self._tell = tell
        self._lock = threading.Lock()
        self._loads: dict[frozenset[str], Load] = {}

    def start(self, names: Sequence[str]) -> Load:
        """Load these models; the same ones only once at a time."""
        wanted = tuple(dict.fromkeys(names))
        with self._lock:
            now = self._loads.get(frozenset(wanted))
            if now is None or not now.going:
                now = self._loads[frozenset(wanted)] = Load(wanted, self._open_engine, self._tell)
            return now

    def of(self, names: Sequence[str]) -> Load | None:
        """The latest load of these models, also when it has ended; null when there was none."""
        with self._lock:
            return self._loads.get(frozenset(names))
