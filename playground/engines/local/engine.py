"""The local engine: a model that is loaded into this process when it is first needed.

The door only; torch is imported by the first load. Knows no other engine and no lane.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from playground.catalog import ModelName
from playground.domain.engine import ExactPrompt, ModelCard, StopReason, StopSignal
from playground.domain.errors import BadRequest, ModelNotFound
from playground.domain.events import Counts, Ended, Event, Loading
from playground.domain.request import Message, Request
from playground.engines.local import hubs
from playground.engines.local.cancellation import Cancellation
from playground.engines.local.description import describe, template_arguments
from playground.engines.local.here import check_here
from playground.engines.local.load_job import LoadJob, Report

if TYPE_CHECKING:
    from playground.engines.local.loading import LoadedModel
    from playground.engines.local.prompt import PromptEncoder


class LocalEngine:
    """One model in this process, for many threads at once."""

    def __init__(self, name: ModelName, may_download: bool = False) -> None:
        _check_options(name)
        self._name = name
        self._may_download = may_download
        self._lock = threading.Lock()
        self._early = threading.Lock()
        self._job: LoadJob[LoadedModel] | None = None
        self._early_encoder: PromptEncoder | None = None
        self._card = describe(name, known_folder(name))

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
        yield from self._load(lambda: stop.reason() is not None)
        if reason := stop.reason():
            yield _ended_before_start(reason)
            return
        loaded = self._loaded()
        assert loaded is not None
        from playground.engines.local.running import run_loaded

        yield from run_loaded(loaded, request, stop)

    def _encoder(self) -> PromptEncoder | None:
        """The loaded model's; before it is loaded, one without its weights."""
        loaded = self._loaded()
        if loaded is not None:
            return loaded.encoder
        from playground.engines.local.exact import encoder_without_weights

        with self._early:
            if self._early_encoder is None:
                self._early_encoder = encoder_without_weights(self._name, known_folder(self._name))
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
                self._job = LoadJob(self._work)
            job = self._job
        yield from job.watch(give_up)
        job.value()  # raises what the load raised

    def _work(self, report: Report, cancellation: Cancellation) -> LoadedModel:
        folder = whole_folder(self._name, report, cancellation)
        from playground.engines.local.loading import load_model

        loaded = load_model(self._name, folder, report)
        self._card = describe(self._name, folder)
        self._early_encoder = None
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
    """The folder to load from; a Hub id is downloaded if need be. Raises PlaygroundError."""
    if name.place == "hub":
        return hubs.whole_folder(
            name,
            lambda done, total, files: report(done, total, "bytes", files),
            cancellation,
        )
    folder = known_folder(name)
    assert folder is not None
    return folder


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
    if name.adapter is not None:
        raise BadRequest(
            f"Adapters are not supported by this version. Remove '+{name.adapter}' from the name."
        )
    hubs.check_hub(name)
    if name.revision is not None and name.place != "hub":
        raise BadRequest(
            f"Only a Hub id has revisions. Remove '@{name.revision}' from {str(name)!r}; an @ that"
            " belongs to a folder's name is written %40."
        )


def _ended_before_start(reason: StopReason) -> Ended:
    return Ended(reason, Counts(), time.monotonic())
