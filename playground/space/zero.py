"""ZeroGPU: both lanes of a comparison in one call of `spaces.GPU`, planned, bounded, its refusals
in plain words.

A call is booked before it runs, against what the visitor has left, and ended when its time is over.
So it is asked for as long as its lanes can take, at the speed that runs here have had; the lanes
themselves end a little before that, with their text. From the package `spaces` 0.51. Knows no
engine and no page; off ZeroGPU the same calls run in this process.
"""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from typing import Any

from playground.domain.errors import Busy, EngineFailed
from playground.domain.events import Ended, Event, Text
from playground.domain.request import Lane, Request
from playground.space.value import Gpu

START_S = 6.0
"""What a call takes beside its lanes: a worker, weights to the device, prompts."""
MARGIN_S = 3.0
"""How long before the end of a call its lanes are ended."""
SHORTEST_S = 15
SLOWEST = 0.7
_NEW_SHARE = 0.3


def on_zero_gpu() -> bool:
    """Whether this process is on ZeroGPU, told as the package tells it."""
    return os.environ.get("SPACES_ZERO_GPU", "").lower() in ("1", "t", "true")


def prepare() -> None:
    """Import the package before anything touches CUDA: it stands in for CUDA until a call."""
    if on_zero_gpu():
        import spaces  # noqa: F401


def emulate_cuda_here() -> None:
    """Let this thread place models on "cuda", as the main thread may: the stand-in is by thread."""
    if on_zero_gpu():
        from spaces.zero.torch import enter_mode

        enter_mode()


class Speed:
    """How many tokens a second a lane writes here, learned from each run's own times."""

    def __init__(self, tokens_per_s: float) -> None:
        self._tokens_per_s = tokens_per_s
        self._lock = threading.Lock()

    @property
    def tokens_per_s(self) -> float:
        return self._tokens_per_s

    def learn(self, tokens: int, seconds: float) -> None:
        """A lane wrote this; few tokens tell nothing."""
        if tokens >= 16 and seconds > 0:
            with self._lock:
                before = self._tokens_per_s
                self._tokens_per_s = before + _NEW_SHARE * (tokens / seconds - before)


def planned_s(requests: tuple[Request, ...], tokens_per_s: float, longest_s: int) -> int:
    """How long to ask for, in seconds of the clock: both lanes to their limits, within bounds."""
    together = any(request.schedule == "together" for request in requests)
    limits = [request.sampling.max_new_tokens for request in requests]
    # Side by side each lane has about half the device.
    tokens = max(limits, default=0) * len(limits) if together else sum(limits)
    wanted = START_S + MARGIN_S + tokens / (tokens_per_s * SLOWEST)
    return max(SHORTEST_S, min(longest_s, math.ceil(wanted)))


class ZeroGpu:
    """Wraps `run_lanes` for a Comparison: `Comparison(open_engine, transport=ZeroGpu(gpu))`."""

    def __init__(self, gpu: Gpu) -> None:
        self._gpu = gpu
        self.speed = Speed(gpu.tokens_per_s)

    def __call__(self, run_lanes: Callable[..., Any]) -> Callable[..., Any]:
        """The generator function to call instead; registers it with the package."""
        if not on_zero_gpu():
            return self._bounded(run_lanes)
        import spaces

        on_gpu = spaces.GPU(_timed(run_lanes), duration=lambda tasks, seconds: seconds)

        def call(tasks: tuple[Any, ...]) -> Any:
            return on_gpu(tasks, self.seconds(tasks))

        return self._bounded(call)

    def seconds(self, tasks: tuple[Any, ...]) -> int:
        """How long a call for these lanes is asked for."""
        requests = tuple(task.request for task in tasks)
        return planned_s(requests, self.speed.tokens_per_s, self._gpu.longest_s)

    def _bounded(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def stream(tasks: tuple[Any, ...]) -> Any:
            clocks: dict[Lane, _Clock] = {task.request.lane: _Clock() for task in tasks}
            try:
                with closing(call(tasks)) as events:
                    for lane, event in events:
                        clocks[lane].take(event, self.speed)
                        yield lane, event
            except GeneratorExit:
                raise
            except Exception as exc:
                raise translated(exc) from exc

        return stream


class _Clock:
    """A lane's tokens between its first and last text."""

    def __init__(self) -> None:
        self._first_s: float | None = None
        self._last_s = 0.0
        self._tokens = 0

    def take(self, event: Event, speed: Speed) -> None:
        match event:
            case Text():
                if self._first_s is None:
                    self._first_s = event.at_s
                else:
                    self._tokens += event.tokens
                self._last_s = event.at_s
            case Ended() if self._first_s is not None:
                speed.learn(self._tokens, self._last_s - self._first_s)
            case _:
                pass


def _timed(run_lanes: Callable[..., Any]) -> Callable[..., Any]:
    """`run_lanes` inside the worker, its lanes with deadlines within the granted time."""

    def run_within(tasks: tuple[Any, ...], seconds: int) -> Any:
        with closing(run_lanes(with_deadlines(tasks, seconds, time.monotonic()))) as events:
            yield from events

    return run_within


def with_deadlines(tasks: tuple[Any, ...], seconds: float, now_s: float) -> tuple[Any, ...]:
    """The lanes' tasks, each to end in time.

    In turn, an earlier lane leaves the later ones their share, by what each may write.
    """
    end_s = now_s + seconds - MARGIN_S
    in_turn = all(task.request.schedule == "in_turn" for task in tasks)
    limits = [task.request.sampling.max_new_tokens for task in tasks]
    timed = []
    for place, task in enumerate(tasks):
        share = sum(limits[: place + 1]) / sum(limits) if in_turn else 1.0
        own_s = now_s + START_S + (end_s - now_s - START_S) * share
        given_s = task.signal.deadline_s
        deadline_s = min(end_s, own_s, math.inf if given_s is None else given_s)
        timed.append(replace(task, signal=replace(task.signal, deadline_s=deadline_s)))
    return tuple(timed)


_MORE = (
    " Sign in on huggingface.co for more of it (5 minutes a day, 40 with PRO), lower Max new"
    " tokens, or come back tomorrow."
)
# What the package calls its errors, and what they mean to a visitor.
_REFUSALS: dict[str, Callable[[str], Exception]] = {
    "ZeroGPU quota exceeded": lambda words: Busy(
        "Your free GPU time on Hugging Face is used up, or less than this run may need"
        f"{_told(words)}." + _MORE
    ),
    "ZeroGPU illegal duration": lambda words: Busy(
        "This run may need more GPU time at once than your account can book. Lower Max new tokens,"
        " or sign in on huggingface.co."
    ),
    "ZeroGPU pending credits exceeded": lambda words: Busy(
        "Your other runs on Hugging Face hold all your GPU time. Wait until they have ended."
    ),
    "ZeroGPU queue timeout": lambda words: Busy(
        "No GPU was free within a minute. Run it again; who is signed in on huggingface.co waits"
        " less."
    ),
    "ZeroGPU client error": lambda words: Busy(
        "Hugging Face gave no GPU to this run. Reload the page, and run it again."
    ),
    "ZeroGPU worker error": lambda words: EngineFailed(
        "The GPU was taken away before the run had ended. Lower Max new tokens, and run it again."
        if "aborted" in words
        else "The GPU's worker broke. Run it again; the operator's log says what it was."
    ),
}


def translated(exc: Exception) -> Exception:
    """A refusal of the package in our words; any other exception as it is."""
    title = getattr(exc, "title", None)
    words = str(getattr(exc, "message", exc))
    make = _REFUSALS.get(title) if isinstance(title, str) else None
    if make is not None:
        return make(words)
    if isinstance(exc, RuntimeError) and "ZeroGPU API" in str(exc):
        return Busy("Hugging Face's GPU service does not answer. Run it again in a few minutes.")
    return exc


def _told(words: str) -> str:
    """The package's own figures, where it gives them."""
    start, end = words.find("("), words.find(" left)")
    return f" ({words[start + 1 : end]} left)" if 0 <= start < end else ""
