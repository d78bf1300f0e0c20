"""Everything that runs a model, behind one door: `open_engine`.

Importing this loads no model and none of the libraries that do. Knows neither lanes nor the page.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, cast

from playground.catalog import ModelName, known, parse_name
from playground.catalog.checkpoint import Checkpoint, checkpoint_of, footprint
from playground.catalog.fit import Machine
from playground.domain.engine import Engine, OnDisk
from playground.domain.errors import ModelNotFound, PlaygroundError
from playground.engines.forking import free_after_fork
from playground.engines.local.emulation import tell_threads_by as tell_threads_by

if TYPE_CHECKING:
    from playground.engines.local.engine import LocalEngine
    from playground.engines.server.discovery import Found
    from playground.engines.server.doctor import Finding

# Runs on servers share one line; how many go at a time is the operator's choice.
SERVER_LEASE = "servers"

_lock = free_after_fork(threading.Lock())
_engines: dict[str, Engine] = {}


def open_engine(name: str, may_download: bool = False) -> Engine:
    """The engine for a model's name; the same object for the same model, loaded when it first runs.

    With `may_download` also a run may fetch a model that is not on this machine; else it fails and
    says how to ask for that.

    Raises:
        BadRequest: not a model's name, or one that this version cannot run.
    """
    parsed = parse_name(name)
    with _lock:
        key = _key(parsed)
        if key not in _engines:
            _engines[key] = _new(parsed, may_download)
        return _engines[key]


def on_disk(name: str) -> OnDisk:
    """What of a model is on this machine. Asks nobody, loads nothing. Raises BadRequest."""
    from playground.engines.local import on_disk as holdings

    return holdings.on_disk(parse_name(name))


def obstacle(name: str) -> str:
    """Why a model cannot be loaded here as its name asks, as far as that is known before; empty
    where nothing is in the way."""
    from playground.engines.local.engine import known_folder
    from playground.engines.local.quantizing import check_folder_quantization

    parsed = parse_name(name)
    try:
        if parsed.place != "server":
            check_folder_quantization(parsed, known_folder(parsed))
    except PlaygroundError as exc:
        return str(exc)
    return ""


def unload_unused(in_use: Collection[str]) -> None:
    """Free the memory of all local models but these, after the runs that go on in them."""
    kept = set()
    for name in in_use:
        with suppress(PlaygroundError):  # no model at all: said where it is used
            kept.add(_key(parse_name(name)))
    for key, engine in local_engines().items():
        if key not in kept:
            engine.unload()


def local_engines() -> dict[str, LocalEngine]:
    """The engines of models in this process that were opened, loaded or not."""
    with _lock:
        local = {
            key: engine for key, engine in _engines.items() if parse_name(key).place != "server"
        }
    return cast("dict[str, LocalEngine]", local)


def _new(name: ModelName, may_download: bool) -> Engine:
    if name.place == "server":
        from playground.engines.server.engine import ServerEngine

        return ServerEngine(name)
    from playground.engines.local.engine import LocalEngine

    return LocalEngine(name, may_download)


def _key(name: ModelName) -> str:
    if name.place != "folder":
        return str(name)
    try:
        folder = Path(name.where).expanduser().resolve()
        folder.is_dir()
    except (OSError, RuntimeError) as exc:
        raise ModelNotFound(
            f"{name.where!r} cannot be opened as a folder ({exc}). Check the path."
        ) from exc
    return str(ModelName(str(folder), "folder", name.revision, name.adapter, name.options))


def machine() -> Machine:
    """Where models of this process run, and what is free there now; imports no torch."""
    from playground.engines.local import machine as this

    now = this.machine()
    with _lock:
        loaded = [name for name, engine in _engines.items() if engine.card.loaded]
    held = {}
    for name in loaded:
        found = checkpoint(name)
        if found is not None:
            taken = footprint(parse_name(name), found, now.computes_fp8)
            held[taken.weights] = taken.weight_bytes
    return this.machine(sum(held.values())) if held else now


def checkpoint(name: str) -> Checkpoint | None:
    """A model's sizes, from the catalog or its files here; null where unknown, or on a server."""
    parsed = parse_name(name)
    entry = known(parsed)
    if entry is not None:
        return checkpoint_of(entry)
    from playground.engines.local.checkpoint import read_checkpoint
    from playground.engines.local.engine import known_folder

    folder = known_folder(parsed)
    return None if folder is None else read_checkpoint(folder)


def find_servers() -> tuple[Found, ...]:
    """The model servers that run on this machine, within about a quarter of a second."""
    from playground.engines.server import discovery

    return discovery.find_servers()


def examine(name: str) -> Iterator[Finding]:
    """What stands behind a server's URL, found out by short generations. Raises BadRequest."""
    from playground.engines.server import doctor

    yield from doctor.examine(name)
