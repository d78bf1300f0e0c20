"""One load in the background, watched by any number of runs.

The loading itself cannot be interrupted, so it has a thread of its own: a run that waits for it
still sees its stop signal. What can be given up of it (a download) goes on as long as someone
watches. Knows nothing of what is loaded.
"""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Generic, Protocol, TypeVar

from playground.domain.errors import ErrorValue, LoadCancelled, ModelUnusable, PlaygroundError
from playground.domain.events import Loading
from playground.engines.forking import free_after_fork
from playground.engines.local import emulation
from playground.engines.local.cancellation import CANCELLED, Cancellation

T = TypeVar("T")
TICK_S = 0.05


class Report(Protocol):
    """Told how far the work is; `files` as in `Loading`."""

    def __call__(
        self, done: int, total: int | None, unit: str, files: tuple[int, int] | None = None, /
    ) -> None: ...


class LoadJob(Generic[T]):
    """Does `work` once, in a thread that starts at once."""

    def __init__(self, work: Callable[[Report, Cancellation], T]) -> None:
        self._cancellation = Cancellation()
        self._condition = free_after_fork(threading.Condition())
        self._latest = Loading(0, None, "libraries", time.monotonic())
        self._value: T | None = None
        self._error: BaseException | None = None
        self._finished = False
        self._watchers = 0
        self._let_go: Callable[[T], None] | None = None
        # Daemonic: leaving the program must not wait for gigabytes.
        threading.Thread(target=self._do, args=(work,), daemon=True, name="load").start()

    def watch(self, give_up: Callable[[], bool]) -> Iterator[Loading]:
        """Progress until the work is finished or `give_up` says so.

        What has not changed is said again at every tick, so that the watcher can be closed. When
        the last one leaves early, what can be given up is given up.
        """
        shown: Loading | None = None
        with self._condition:
            self._watchers += 1
        try:
            while True:
                with self._condition:
                    if self._latest is shown and not self._finished:
                        self._condition.wait(TICK_S)
                    shown, finished = self._latest, self._finished
                yield replace(shown, at_s=time.monotonic())
                if finished or give_up():
                    return
        finally:
            with self._condition:
                self._watchers -= 1
                last = self._watchers == 0 and not self._finished
            if last:
                self.cancel()

    @property
    def failed(self) -> bool:
        with self._condition:
            return self._error is not None

    def value(self) -> T | None:
        """What the work made; null while it goes on. Raises what it raised, for each caller."""
        with self._condition:
            error, value = self._error, self._value
        if isinstance(error, PlaygroundError):
            raise type(error)(str(error)) from error
        if error is not None:
            said = ErrorValue.of(error).message
            raise ModelUnusable(f"Loading failed: {said}. Try again, or another model.") from error
        return value

    def cancel(self) -> bool:
        """Give the work up; false when it cannot be given up now.

        Its watchers see the end at once, even if the work takes a while to let go.
        """
        with self._condition:
            if self._finished:
                return False
        if not self._cancellation.ask():
            return False
        self._finish(None, LoadCancelled(CANCELLED))
        return True

    def discard(self, let_go: Callable[[T], None]) -> None:
        """Nobody wants the value any more: it goes to `let_go` as soon as there is one."""
        with self._condition:
            value, self._value = self._value, None
            self._let_go = let_go
        if value is not None:
            let_go(value)

    def _do(self, work: Callable[[Report, Cancellation], T]) -> None:
        value, error = None, None
        try:
            emulation.tell_thread()
            value = work(self._report, self._cancellation)
        except BaseException as exc:
            _clear(exc)
            error = exc
        self._finish(value, error)

    def _finish(self, value: T | None, error: BaseException | None) -> None:
        with self._condition:
            kept = self._let_go is None and not self._finished
            if not self._finished:
                self._value = value if kept else None
                self._error, self._finished = error, True
                self._condition.notify_all()
            let_go = self._let_go
        if value is not None and let_go is not None:
            let_go(value)

    def _report(
        self, done: int, total: int | None, unit: str, files: tuple[int, int] | None = None, /
    ) -> None:
        with self._condition:
            self._latest = Loading(done, total, unit, time.monotonic(), files)
            self._condition.notify_all()


def _clear(error: BaseException | None) -> None:
    """Let go of what the frames of an error hold, and of its causes: half a model, perhaps."""
    seen: set[int] = set()  # a chain of errors may lead back to itself
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        traceback.clear_frames(error.__traceback__)
        error = error.__cause__ or error.__context__
