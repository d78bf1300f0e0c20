"""A stand-in for ZeroGPU: lanes run in a forked worker, and all that crosses is pickled.

Does what the package `spaces` does to a decorated generator: the worker is forked at the first
call and kept for later ones; arguments and values travel through pipes; the parent's closing is
seen in the worker only after its next yield, and the parent waits until the worker has let go; a
worker that dies ends the parent's stream with an error.
"""

from __future__ import annotations

import io
import mmap
import multiprocessing
import pickle
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from playground.comparison.run import LaneTask, Stream

RunLanes = Callable[[tuple[LaneTask, ...]], Stream]


class WorkerLost(Exception):
    """The worker is gone or its generator raised."""


class ForkedTransport:
    """Wraps `run_lanes` as `spaces.GPU` would; `crossed` keeps every pickle, both ways."""

    def __init__(self) -> None:
        self.crossed: list[bytes] = []
        self.workers = 0
        self._worker: _Worker | None = None

    def __call__(self, run_lanes: RunLanes) -> RunLanes:
        self._run_lanes = run_lanes
        return self._stream

    def kill(self) -> None:
        """End the worker as the system does when its time is up: without asking."""
        if self._worker is not None:
            self._worker.process.kill()
            self._worker.process.join()

    def _stream(self, tasks: tuple[LaneTask, ...]) -> Stream:
        worker = self._ready()
        worker.calls.send_bytes(self._keep(pickle.dumps(tasks)))
        ended = False
        try:
            while True:
                kind, value = pickle.loads(self._keep(worker.receive()))
                ended = kind != "value"
                if kind == "error":
                    raise WorkerLost(value)
                if kind == "end":
                    return
                yield value
        except WorkerLost:
            ended = True
            raise
        except GeneratorExit:
            worker.closing[0] = 1
            raise
        finally:
            while not ended:
                ended = worker.receive_kind() != "value"

    def _ready(self) -> _Worker:
        if self._worker is None or not self._worker.process.is_alive():
            self.workers += 1
            self._worker = _Worker(self._run_lanes)
        return self._worker

    def _keep(self, data: bytes) -> bytes:
        self.crossed.append(data)
        return data


class _Worker:
    def __init__(self, run_lanes: RunLanes) -> None:
        fork = multiprocessing.get_context("fork")
        their_calls, self.calls = fork.Pipe(duplex=False)
        self._results, their_results = fork.Pipe(duplex=False)
        self.closing = mmap.mmap(-1, 1)
        ours = (self.calls, self._results)
        theirs = (their_calls, their_results)
        self.process = fork.Process(
            target=_serve, args=(run_lanes, *theirs, self.closing, ours), daemon=True
        )
        self.process.start()
        for connection in theirs:
            connection.close()

    def receive(self) -> bytes:
        try:
            return self._results.recv_bytes()
        except (EOFError, OSError) as exc:
            raise WorkerLost("GPU task aborted") from exc

    def receive_kind(self) -> str:
        try:
            kind: str = pickle.loads(self.receive())[0]
        except WorkerLost:
            return "lost"
        return kind


def _serve(
    run_lanes: RunLanes,
    calls: Connection,
    results: Connection,
    closing: mmap.mmap,
    parents: tuple[Connection, ...],
) -> None:
    for connection in parents:
        connection.close()
    while True:
        try:
            tasks = pickle.loads(calls.recv_bytes())
        except EOFError:
            return
        closing[0] = 0
        stream = run_lanes(tasks)
        try:
            for value in stream:
                if closing[0]:
                    stream.close()
                    break
                results.send_bytes(pickle.dumps(("value", value)))
        except Exception as exc:
            results.send_bytes(pickle.dumps(("error", f"{type(exc).__name__}: {exc}")))
        else:
            results.send_bytes(pickle.dumps(("end", None)))


class Names(pickle.Unpickler):
    """Unpickles and lists the classes that the data names."""

    def __init__(self, data: bytes) -> None:
        super().__init__(io.BytesIO(data))
        self.found: set[str] = set()

    def find_class(self, module: str, name: str) -> Any:
        self.found.add(f"{module}.{name}")
        return super().find_class(module, name)


def named_classes(data: bytes) -> set[str]:
    """What must be importable to read this pickle."""
    names = Names(data)
    names.load()
    return names.found
