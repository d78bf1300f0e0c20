"""Run both lanes of a comparison and merge their events into one stream.

`run_lanes` is the boundary that may be moved into a forked worker: plain values in and out,
engines found in the process's registry, lane threads started inside, idle ticks so that a stop is
seen. `Comparison.run` is the parent's side: it claims the stop flags and sees that every lane
ends, whatever happened to the worker. The fold is the caller's.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from contextvars import copy_context
from dataclasses import replace
from queue import Empty, SimpleQueue

from playground.comparison.context import in_own_context
from playground.comparison.discreet import discreet
from playground.comparison.gate import Gate
from playground.comparison.lease import Leases
from playground.comparison.pending import LaneTask as LaneTask
from playground.comparison.pending import Pending, stopped_before_start
from playground.comparison.record import records
from playground.comparison.residents import Residents
from playground.comparison.stopping import Signal, StopRegistry, raise_flag
from playground.domain.engine import Engine, ModelCard
from playground.domain.errors import EngineFailed
from playground.domain.events import Ended, Event, Failed, Notice, Started, Tick, Waiting
from playground.domain.limits import UNLIMITED, Limits
from playground.domain.request import Lane, Request
from playground.domain.visitor import OPERATOR, Visitor

OpenEngine = Callable[[str], Engine]
Stream = Generator[tuple[Lane, Event], None, None]
TICK_S = 0.1
# What a stopped run says last is on its way within this time.
FLUSH_S = 1.0


class LaneRunner:
    """The worker's side: engines, leases and threads of this process."""

    def __init__(
        self,
        open_engine: OpenEngine,
        places: Mapping[str, int] | None = None,
        limits: Limits = UNLIMITED,
    ) -> None:
        self._open_engine = open_engine
        self._leases = Leases(places)
        self._limits = limits

    def run_lanes(self, tasks: tuple[LaneTask, ...]) -> Stream:
        """Events of all lanes as they come, each lane's ending with `Ended` or `Failed`.

        Closing the generator stops the lanes and returns when they have let go of the device.
        """
        ticket = object()
        names: set[str] = set()
        threads: list[threading.Thread] = []
        try:
            asked_s = time.monotonic()
            for task in tasks:
                yield task.request.lane, Waiting(None, asked_s)
            engines: dict[Lane, Engine] = {}
            for task in tasks:
                lane = task.request.lane
                try:
                    engine = self._open_engine(task.request.model)
                    lease = engine.card.lease
                except Exception as exc:
                    yield lane, Failed.of(exc, time.monotonic())
                    continue
                engines[lane] = engine
                names |= {lease} if lease is not None else set()
            pending = Pending([task for task in tasks if task.request.lane in engines])
            yield from self._load(pending, engines)
            yield from self._queue_up(pending, names, ticket)
            yield from self._merge(pending, engines, threads)
        finally:
            for task in tasks:
                raise_flag(task.signal.slot, "interrupted")
            for thread in threads:
                thread.join()
            for name in names:
                self._leases.named(name).release(ticket)

    def _load(self, pending: Pending, engines: dict[Lane, Engine]) -> Stream:
        # Before the lease: others' runs go on meanwhile, and no lane runs beside another's loading.
        # A load that is left early gives up its download, unless someone else waits for it.
        for task in pending.tasks():
            lane = task.request.lane
            was_loaded = True
            try:
                for event in engines[lane].load():
                    was_loaded = False
                    yield lane, event
                    for stopped in pending.stopped():
                        yield stopped.request.lane, stopped_before_start(stopped)
                    if task not in pending.tasks():
                        break
                if not was_loaded and task in pending.tasks():
                    yield lane, Waiting(None, time.monotonic())
            except Exception as exc:
                if pending.take(lane):
                    yield lane, Failed.of(exc, time.monotonic())

    def _queue_up(self, pending: Pending, names: set[str], ticket: object) -> Stream:
        # Always in the same order, so that two runs never hold what the other waits for.
        waited = False
        for name in sorted(names):
            for place in self._leases.named(name).wait(ticket, TICK_S):
                for task in pending.stopped():
                    yield task.request.lane, stopped_before_start(task)
                if not pending.tasks():
                    return
                waited = True
                for task in pending.tasks():
                    yield task.request.lane, Waiting(place, time.monotonic())
        for task in pending.tasks() if waited else ():
            yield task.request.lane, Waiting(None, time.monotonic())

    def _merge(
        self,
        pending: Pending,
        engines: dict[Lane, Engine],
        threads: list[threading.Thread],
    ) -> Stream:
        events: SimpleQueue[tuple[Lane, Event]] = SimpleQueue()
        tasks = pending.tasks()
        together = any(task.request.schedule == "together" for task in tasks)
        groups = [[task] for task in tasks] if together else [tasks]

        def work(group: list[LaneTask]) -> None:
            for task in group:
                lane = task.request.lane
                if pending.take(lane):
                    for event in lane_events(engines[lane], task, self._limits):
                        events.put((lane, event))

        for group in groups:
            # In a copy of this context: whom the run is for is known in its threads, too.
            thread = threading.Thread(
                target=copy_context().run, args=(work, group), daemon=True, name="work"
            )
            thread.start()
            threads.append(thread)
        running = [task.request.lane for task in tasks]
        while True:
            for task in pending.stopped():
                running.remove(task.request.lane)
                yield task.request.lane, stopped_before_start(task)
            if not running:
                return
            try:
                lane, event = events.get(timeout=TICK_S)
            except Empty:
                yield running[0], Tick(time.monotonic())
                continue
            yield lane, event
            if isinstance(event, Ended | Failed):
                running.remove(lane)


def lane_events(
    engine: Engine, task: LaneTask, limits: Limits = UNLIMITED
) -> Generator[Event, None, None]:
    """One lane's events; always ends with `Ended` or `Failed`, whatever the engine does."""
    try:
        for event in engine.run(task.request, task.signal):
            if isinstance(event, Started):
                limits.check_prompt_tokens(event.prompt_tokens)
            yield event
            if isinstance(event, Ended | Failed):
                return
        raise EngineFailed(f"{task.request.model!r} stopped without an ending. Run it again.")
    except GeneratorExit:
        raise
    except BaseException as exc:  # a thread that died silently would leave its lane running
        yield Failed.of(exc, time.monotonic())


Transport = Callable[[Callable[[tuple[LaneTask, ...]], Stream]], Callable[..., Stream]]


class Comparison:
    """The parent's side. `transport` wraps `run_lanes`: identity here, a GPU worker on ZeroGPU.

    `places` says of a lease how many runs may hold it at a time, where that is not one;
    `residents` sees that models make way for those that a run must load. `limits` hold for every
    run, whatever was asked; with `in_public` an error tells a stranger nothing of this machine.
    """

    def __init__(
        self,
        open_engine: OpenEngine,
        transport: Transport | None = None,
        places: Mapping[str, int] | None = None,
        residents: Residents | None = None,
        limits: Limits = UNLIMITED,
        in_public: bool = False,
    ) -> None:
        self.open_engine = open_engine
        self.limits = limits
        self.in_public = in_public
        self.stops = StopRegistry()
        self.residents = residents or Residents()
        self.gate = Gate(limits)
        run_lanes = LaneRunner(open_engine, places, limits).run_lanes
        self._run_lanes = transport(run_lanes) if transport is not None else run_lanes

    def describe(self, name: str) -> ModelCard:
        """A model's card, its own sampling within the limits. Raises PlaygroundError."""
        card = self.open_engine(name).card
        defaults = self.limits.lowered(card.defaults)
        return card if defaults is card.defaults else replace(card, defaults=defaults)

    def run(
        self,
        session: str,
        requests: tuple[Request, ...],
        deadline_s: float | None = None,
        visitor: Visitor = OPERATOR,
    ) -> Stream:
        """Events of all lanes, each lane's ending with `Ended` or `Failed`."""
        kept = records(requests, time.monotonic())
        with closing(self._run(session, requests, deadline_s, visitor)) as stream:
            for lane, event in stream:
                shown = discreet(event) if self.in_public else event
                kept[lane].take(shown)
                yield lane, shown

    @contextmanager
    def _resident(self, requests: tuple[Request, ...]) -> Iterator[None]:
        """These models stay in memory meanwhile; others make way if one must be loaded."""
        with self.residents.running({request.model for request in requests}):
            if any(self._must_be_loaded(request.model) for request in requests):
                self.residents.make_room()
            yield

    def _must_be_loaded(self, model: str) -> bool:
        try:
            card = self.open_engine(model).card
        except Exception:  # said when its lane runs
            return False
        return card.origin.in_process and not card.loaded

    def end(self, patience_s: float) -> None:
        """Let nothing begin any more and stop what runs; wait until its readers have its text."""
        self.gate.close()
        self.stops.stop_all("interrupted")
        if patience_s and self.gate.inside and self.gate.wait_until_empty(patience_s):
            threading.Event().wait(FLUSH_S)

    def _run(
        self,
        session: str,
        requests: tuple[Request, ...],
        deadline_s: float | None,
        visitor: Visitor,
    ) -> Stream:
        open_lanes = {request.lane for request in requests}
        claimed: list[Request] = []
        try:
            for request in requests:
                self.limits.check_request(request)
            with self.gate.admitted(visitor.key), self._resident(requests):
                tasks = []
                for request in requests:
                    slot = self.stops.claim(session, request.id, request.lane)
                    claimed.append(request)
                    allowed = self.limits.clamped(request)
                    tasks.append(LaneTask(allowed, Signal(slot, deadline_s)))
                    if allowed is not request:
                        yield request.lane, Notice("clamped", self.limits.clamped_words(request))
                with closing(in_own_context(self._run_lanes(tuple(tasks)), visitor)) as stream:
                    try:
                        for lane, event in stream:
                            yield lane, event
                            if isinstance(event, Ended | Failed):
                                open_lanes.discard(lane)
                    except GeneratorExit:
                        # A worker sees its stream closed only after its next yield, a flag at once.
                        for task in tasks:
                            raise_flag(task.signal.slot, "interrupted")
                        raise
            lost: Exception = EngineFailed("The run was cut off. Run it again.")
        except Exception as exc:
            lost = exc
        finally:
            for request in claimed:
                self.stops.release(session, request.id, request.lane)
        for lane in sorted(open_lanes):
            yield lane, Failed.of(lost, time.monotonic())
