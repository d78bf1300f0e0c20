"""A program on ZeroGPU as far as that goes without one: the real package `spaces`, no torch.

Run by test_zero_gpu in a process of its own, because the package changes the process. Runs one
comparison as its argument says and prints both results and what was seen as JSON.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

sys.modules["torch"] = None  # type: ignore[assignment]  # nothing is moved to a device then

from playground.space import zero

zero.prepare()

import gradio as gr

from playground.comparison.run import Comparison
from playground.domain.engine import StopSignal
from playground.domain.events import Counts, Ended, Event, Text
from playground.domain.request import LANES, Request
from playground.domain.sampling import Sampling
from playground.results.fold import Fold
from playground.results.value import to_json
from playground.space.value import Gpu
from tests.played import Played, comparison_of, demo_pair
from tests.samples import request, started


class Endless(Played):
    """Writes until it is stopped; tells its process by its text."""

    def run(self, request: Request, stop: StopSignal) -> Iterator[Event]:
        begun_s = time.monotonic()
        yield started(begun_s, thinks=False)
        count = 0
        while not (reason := stop.reason()):
            threading.Event().wait(0.01)
            count += 1
            text = f"{os.getpid()} {_deadline_s(stop, begun_s)}" if count == 1 else "."
            yield Text("answer", text, 1, time.monotonic())
        yield Ended(reason, Counts(answer=count), time.monotonic(), time.monotonic())


class Dying(Played):
    """Ends the worker as the system does when its time is up."""

    def run(self, request: Request, stop: StopSignal) -> Iterator[Event]:
        yield started(time.monotonic(), thinks=False)
        yield Text("answer", "So far", 1, time.monotonic())
        threading.Event().wait(0.2)  # what was put into the pipe is sent by a thread
        os._exit(1)


def _deadline_s(stop: StopSignal, begun_s: float) -> int:
    deadline_s = getattr(stop, "deadline_s", None)
    return 0 if deadline_s is None else round(deadline_s - begun_s)


def main(what: str) -> None:
    kinds: dict[str, type[Played]] = {"endless": Endless, "dying": Dying}
    left, right = demo_pair()
    if what in kinds:
        left = kinds[what](left.card.name, ())
        right = kinds[what](right.card.name, ()) if what == "endless" else right
    plain = comparison_of(left, right)
    comparison = Comparison(plain.open_engine, transport=zero.ZeroGpu(Gpu(25, 75)))
    with gr.Blocks():
        pass
    runs = [
        run(comparison, f"run{number}", what) for number in range(5 if what == "refused" else 2)
    ]
    print(json.dumps({"runs": runs, "parent": os.getpid()}))


def run(comparison: Comparison, name: str, what: str) -> dict[str, Any]:
    asked = tuple(
        request(lane, id=name, model=model, sampling=Sampling(max_new_tokens=512))
        for lane, model in zip(LANES, ("demo-instruct", "demo-thinking"), strict=True)
    )
    folds = {each.lane: Fold(each) for each in asked}
    for lane, event in comparison.run("me", asked):
        folds[lane].apply(event)
        if what == "endless" and isinstance(event, Text) and event.text != ".":
            comparison.stops.stop("me", asked[0].id, lane)
    return {lane: to_json(fold.result()) for lane, fold in folds.items()}


if __name__ == "__main__":
    main(sys.argv[1])
