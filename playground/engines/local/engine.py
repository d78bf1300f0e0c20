"""The local engine: a model that is loaded into this process when it is first needed.

The door only; torch is imported by the first load. Knows no other engine and no lane.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from playground.catalog import ModelName
from playground.domain.engine import ExactPrompt, ModelCard, StopReason, StopSignal
from playground.domain.errors import BadRequest, LoadCancelled, ModelNotFound
from playground.domain.events import Counts, Ended, Event, Loading
from playground.domain.request import Message, Request
from playground.engines.forking import free_after_fork
from playground.engines.local import hubs
from playground.engines.local.adapter_name import adapter_of
from playground.engines.local.cancellation import Cancellation
from playground.engines.local.description import describe, template_arguments
from playground.engines.local.emulation import cuda_is_promised
from playground.engines.local.here import check_here
from playground.engines.local.load_job import LoadJob, Report
from playground.engines.local.quantizing import check_folder_quantization

if TYPE_CHECKING:
    from playground.engines.local.loading import LoadedModel
    from playground.engines.local.prompt import PromptEncoder


class LocalEngine:
    """One model in this process, for many threads at once."""

    def __init__(self, name: ModelName, may_download: bool = False) -> None:
        _check_options(name)
        self._name = name
        self._may_download = may_download
        self._lock = free_after_fork(threading.Lock())
        self._early = free_after_fork(threading.Lock())
        self._job: LoadJob[LoadedModel] | None = None
        self._early_encoder: PromptEncoder | None = None
        self._generation = 0  # of loads: an unload begins the next
        self._runs = 0
        self._used_at_s = time.monotonic()
        self._card = describe(name, known_folder(name), known_adapter(name))
        self._warm_in = 0  # the process whose runs find it warm

    @property
    def card(self) -> ModelCard:
        """What is known now."""
        loaded = self._loaded()
        if loaded is None:
            return self._card
        return replace(
            self._card,
            context=loaded.context,
            origin=loaded.origin,
            loaded=True,
            thinks=loaded.thinks,
        )

    def load(self, download: bool = False) -> Iterator[Event]:
        """Load and warm up the model if need be, yielding `Loading`. Raises PlaygroundError."""
        yield from self._load(lambda: False, download)

    def cancel_load(self) -> bool:
        """Give up a download; what has come is kept. False while none goes on."""
        with self._lock:
            job = self._job
        return job is not None and job.cancel()

    def count_tokens(self, prompt: str, system: str, history: tuple[Message, ...]) -> int | None:
        """Tokens of the rendered prompt, also before the model is loaded; null where its tokenizer
        is not on this machine. Raises BadRequest."""
        encoder = self._encoder()
        return None if encoder is None else encoder.count(prompt, system, history)

    def exact_prompt(self, request: Request) -> ExactPrompt:
        """What the model would read, also before it is loaded. Raises BadRequest."""
        from playground.engines.local.exact import exact_prompt

        return exact_prompt(self._name, self._encoder(), request)

    def run(self, request: Request, stop: StopSignal) -> Iterator[Event]:
        """Answer: `Loading`* `Started` … `Ended`. Raises PlaygroundError."""
        while True:  # until it is not unloaded between its loading and its run
            yield from self._load(lambda: stop.reason() is not None)
            if reason := stop.reason():
                yield _ended_before_start(reason)
                return
            with self._borrowed() as loaded:
                if loaded is not None:
                    from playground.engines.local.loading import warm_up
                    from playground.engines.local.running import run_loaded

                    if self._warm_in != os.getpid():  # a forked worker warms up for itself
                        yield Loading(0, None, "warm-up", time.monotonic())
                        warm_up(loaded)
                        self._warm_in = os.getpid()
                    yield from run_loaded(loaded, request, stop)
                    return

    def unload(self) -> None:
        """Free the model's memory, after the runs that go on; the next run loads it again."""
        with self._lock:
            job, self._job = self._job, None
            self._generation += 1
        if job is not None:
            job.discard(lambda loaded: loaded.release())

    def unused_since_s(self) -> float | None:
        """When a loaded model ran last, by the monotonic clock; null while it runs or is not."""
        if self._loaded() is None:
            return None
        with self._lock:
            return None if self._runs else self._used_at_s

    @contextmanager
    def _borrowed(self) -> Iterator[LoadedModel | None]:
        """The model, held for one run; null when it has been unloaded."""
        loaded = self._loaded()
        borrowed = None if loaded is None else loaded.again()
        with self._lock:
            self._runs += 1
        try:
            yield borrowed
        finally:
            with self._lock:
                self._runs -= 1
                self._used_at_s = time.monotonic()
            if borrowed is not None:
                borrowed.release()

    def _encoder(self) -> PromptEncoder | None:
        """The loaded model's; before it is loaded, one without its weights."""
        loaded = self._loaded()
        if loaded is not None:
            return loaded.encoder
        from playground.engines.local.exact import encoder_without_weights

        with self._early:
            if self._early_encoder is None:
                self._early_encoder = encoder_without_weights(
                    self._name, known_folder(self._name), known_adapter(self._name)
                )
            return self._early_encoder

    def _loaded(self) -> LoadedModel | None:
        with self._lock:
            job = self._job
        return None if job is None or job.failed else job.value()

    def _load(self, give_up: Callable[[], bool], download: bool = False) -> Iterator[Loading]:
        if self._loaded() is not None:
            return
        with self._lock:
            if self._job is None or self._job.failed:
                if not (download or self._may_download):
                    check_here(self._name)
                self._job = LoadJob(partial(self._work, self._generation))
            job, generation = self._job, self._generation
        yield from job.watch(give_up)
        try:
            job.value()  # raises what the load raised
        except LoadCancelled:
            if generation == self._generation:
                raise

    def _work(self, generation: int, report: Report, cancellation: Cancellation) -> LoadedModel:
        folder = whole_folder(self._name, report, cancellation)
        name = adapter_of(self._name)
        adapter = None if name is None else whole_folder(name, report, cancellation)
        if generation != self._generation or cancellation.asked:
            raise LoadCancelled(f"{str(self._name)!r} was unloaded. Run it again to load it.")
        from playground.engines.local.loading import load_model

        loaded = load_model(self._name, folder, report, adapter)
        self._warm_in = 0 if cuda_is_promised() else os.getpid()
        self._card = describe(self._name, folder, adapter)
        self._early_encoder = None
        self._used_at_s = time.monotonic()
        return loaded


def known_folder(name: ModelName) -> Path | None:
    """Where the model's files are on this machine; null if nowhere yet."""
    match name.place:
        case "builtin":
            return builtin_folder(name.where)
        case "folder":
            return Path(name.where).expanduser()
        case "hub":
            return hubs.known_folder(name)
        case _:
            return None


def whole_folder(name: ModelName, report: Report, cancellation: Cancellation) -> Path:
    """The folder to load from; a Hub id is downloaded if need be, and if it can be used.

    Raises PlaygroundError.
    """
    if name.place == "hub":
        check = partial(check_folder_quantization, name)
        check(hubs.known_folder(name))  # what is known already, before anyone is asked
        return hubs.whole_folder(
            name,
            lambda done, total, files: report(done, total, "bytes", files),
            cancellation,
            check,
        )
    folder = known_folder(name)
    assert folder is not None
    return folder


def known_adapter(name: ModelName) -> Path | None:
    """Where the adapter's files are on this machine; null without one, and if nowhere yet."""
    adapter = adapter_of(name)
    return None if adapter is None else known_folder(adapter)


def builtin_folder(where: str) -> Path:
    """The folder of a model that ships with the playground."""
    from playground.demo_pair import FOLDERS

    for name, folder in FOLDERS.items():
        if name == where:
            return folder
    raise ModelNotFound(f"There is no built-in model {where!r}. Use one of: {', '.join(FOLDERS)}.")


def _check_options(name: ModelName) -> None:
    """Raise BadRequest for what a local model cannot do."""
    template_arguments(name)
    adapter_of(name)
    hubs.check_hub(name)
    if name.revision is not None and name.place != "hub":
        raise BadRequest(
            f"Only a Hub id has revisions. Remove '@{name.revision}' from {str(name)!r}; an @ that"
            " belongs to a folder's name is written %40."
        )


def _ended_before_start(reason: StopReason) -> Ended:
    return Ended(reason, Counts(), time.monotonic())
