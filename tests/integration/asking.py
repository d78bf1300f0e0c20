"""What the integration tests ask of an engine, and how they look at a server from outside."""

from __future__ import annotations

import time
import urllib.request
from collections.abc import Callable
from dataclasses import replace

from playground.domain.engine import StopReason
from playground.domain.events import Event, Text
from playground.domain.request import Lane, Request, RunId
from playground.domain.sampling import Sampling
from playground.engines import open_engine
from playground.results.fold import Fold
from playground.results.value import Result

GREEDY = Sampling(temperature=0.0, max_new_tokens=400, seed=1)
QUESTION = "What is 47 × 86?"


class Stop:
    """Stops after so many events with text."""

    def __init__(self, after: int | None = None) -> None:
        self.left = after

    def reason(self) -> StopReason | None:
        return "user" if self.left is not None and self.left <= 0 else None

    def closes_thought(self) -> bool:
        return False

    def saw(self, event: Event) -> None:
        if self.left is not None and isinstance(event, Text):
            self.left -= 1


def ask(
    model: str,
    prompt: str = QUESTION,
    sampling: Sampling = GREEDY,
    stop: Stop | None = None,
    **changed: object,
) -> Result:
    """One run of one model, folded. Raises what the engine raises."""
    lane: Lane = "left"
    request = Request(RunId("run"), "2026-01-01T00:00:00Z", lane, model, prompt, sampling=sampling)
    request = replace(request, **changed)  # type: ignore[arg-type]
    growing, signal = Fold(request), stop or Stop()
    for event in open_engine(model).run(request, signal):
        growing.apply(event)
        signal.saw(event)
    return growing.result()


def read(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return str(answer.read().decode())


def becomes_true(condition: Callable[[], bool], seconds: float = 20) -> bool:
    """Whether it becomes true within `seconds`."""
    for _ in range(int(seconds * 10)):
        if condition():
            return True
        time.sleep(0.1)
    return False
