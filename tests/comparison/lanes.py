"""Engines that play a list of steps, and short ways to run them and to look at what came."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import pytest

from playground.comparison.run import Comparison, Stream, Transport
from playground.domain.engine import ModelCard, StopReason, StopSignal
from playground.domain.errors import ModelNotFound
from playground.domain.events import Counts, Ended, Event, Failed, Tick, Waiting
from playground.domain.request import LANES, Lane, Message, Request, RunId
from playground.domain.sampling import Sampling
from playground.results.fold import Fold
from playground.results.value import Result
from tests.samples import ORIGIN, request, saying, started

ME = "me"
both_schedules = pytest.mark.parametrize("schedule", ["in_turn", "together"])

# Longer than any machine needs; a test that waits so long has failed.
PATIENCE_S = 20.0
ENOUGH_EVENTS = 20_000

Wait = Callable[[StopSignal], object]
Step = Event | BaseException | Wait


class FakeEngine:
    """Plays its steps: events are yielded, errors raised, functions called with the stop signal.

    `ends` lists how its runs ended: a stop's reason, "played" (all steps) or "broke".
    """

    def __init__(self, *steps: Step, lease: str | None = "device", name: str = "fake") -> None:
        self.steps = steps
        self.lease = lease
        self.name = name
        self.begun = 0
        self.ends: list[str] = []
        self.on_end: Callable[[str], object] = self.ends.append

    @property
    def card(self) -> ModelCard:
        return ModelCard(self.name, self.name, True, 2048, Sampling(), ORIGIN, self.lease)

    def load(self, download: bool = False) -> Iterator[Event]:
        return iter(())

    def cancel_load(self) -> bool:
        return False

    def unload(self) -> None: ...

    def count_tokens(self, prompt: str, system: str, history: tuple[Message, ...]) -> int | None:
        return None

    def run(self, request: Request, stop: StopSignal) -> Iterator[Event]:
        self.begun += 1
        end = "broke"
        try:
            for step in self.steps:
                if isinstance(step, BaseException):
                    raise step
                if callable(step):
                    step(stop)
                else:
                    yield step
                if reason := stop.reason():
                    end = reason
                    yield stopped(reason)
                    return
            end = "played"
        finally:
            self.on_end(end)


def stopped(reason: StopReason) -> Ended:
    return Ended(reason, Counts(answer=1), 50.0, 1.0)


def until_stopped(stop: StopSignal) -> None:
    """A step that writes nothing until its lane is stopped."""
    never = threading.Event()
    for _ in range(int(PATIENCE_S * 1000)):
        if stop.reason():
            return
        never.wait(0.001)
    raise AssertionError("This lane was never stopped.")


class Gate:
    """A step that waits until the test opens it (or the lane is stopped)."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self._open = threading.Event()

    def __call__(self, stop: StopSignal) -> None:
        self.reached.set()
        for _ in range(int(PATIENCE_S * 1000)):
            if self._open.wait(0.001) or stop.reason():
                return
        raise AssertionError("This gate was never opened.")

    def open(self) -> None:
        self._open.set()


def comparison(engines: Mapping[str, FakeEngine], transport: Transport | None = None) -> Comparison:
    """A comparison of these engines by name; other names are not found."""

    def open_engine(name: str) -> FakeEngine:
        if name not in engines:
            raise ModelNotFound(f"There is no model {name!r}. Use another.")
        return engines[name]

    return Comparison(open_engine, transport)


def pair(left: FakeEngine, right: FakeEngine) -> Comparison:
    return comparison({"left": left, "right": right})


def playing(*words: str, **changes: Any) -> FakeEngine:
    return FakeEngine(*saying(*words), **changes)


def held(*steps: Step) -> tuple[FakeEngine, Gate]:
    """An engine that has started and waits at a gate before it goes on with its steps."""
    gate = Gate()
    return FakeEngine(started(), gate, *(steps or saying("late")[1:])), gate


def requests(schedule: str = "in_turn", run: str = "run", **changes: Any) -> tuple[Request, ...]:
    """A request a lane; each lane's model has the lane's name."""
    return tuple(request(lane, id=RunId(run), schedule=schedule, **changes) for lane in LANES)


def bounded(stream: Iterable[tuple[Lane, Event]]) -> Iterator[tuple[Lane, Event]]:
    """The stream, failing when it never ends: an endless one still ticks."""
    for count, item in enumerate(stream):
        if count > ENOUGH_EVENTS:
            pytest.fail("The stream does not end.")
        yield item


def advance(stream: Stream, wanted: Callable[[Lane, Event], bool]) -> tuple[Lane, Event]:
    """Pull the stream until this has come."""
    for lane, event in bounded(stream):
        if wanted(lane, event):
            return lane, event
    pytest.fail("The stream ended before.")


def came(lane: Lane, kind: type[Event]) -> Callable[[Lane, Event], bool]:
    """For `advance`: an event of this type in this lane."""
    return lambda its_lane, event: its_lane == lane and isinstance(event, kind)


def results(asked: tuple[Request, ...], stream: Iterable[tuple[Lane, Event]]) -> dict[Lane, Result]:
    """What a whole stream amounts to, lane by lane."""
    folds = {request.lane: Fold(request) for request in asked}
    for lane, event in bounded(stream):
        folds[lane].apply(event)
    return {lane: fold.result() for lane, fold in folds.items()}


def outcomes(results: Mapping[Lane, Result]) -> dict[Lane, tuple[str | None, str]]:
    """Each lane's ending and answer."""
    return {lane: (result.ending, result.output.answer) for lane, result in results.items()}


def news(stream: Iterable[tuple[Lane, Event]], lane: Lane) -> list[Event]:
    """A lane's own events, without waiting and ticks."""
    return [e for its_lane, e in bounded(stream) if its_lane == lane and not _idle(e)]


def endings(stream: Iterable[tuple[Lane, Event]]) -> list[Lane]:
    """The lanes in the order of their endings."""
    return [lane for lane, event in bounded(stream) if isinstance(event, Ended | Failed)]


def _idle(event: Event) -> bool:
    return isinstance(event, Waiting | Tick)
