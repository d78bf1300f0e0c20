"""Stand-ins for what the page finds out about models: a machine, sizes from the catalog, a disk."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from playground.catalog import known, parse_name
from playground.catalog.checkpoint import Checkpoint, checkpoint_of
from playground.catalog.fit import Machine
from playground.catalog.judging import ModelTools
from playground.domain.engine import OnDisk

GB = 10**9
WHOLE = OnDisk("whole", 8 * GB, 8 * GB)
NOTHING = OnDisk("nothing", 0, None)


def sizes(name: str) -> Checkpoint | None:
    """The catalog's sizes alone."""
    entry = known(parse_name(name))
    return None if entry is None else checkpoint_of(entry)


def a_gpu(free_gb: float) -> Machine:
    return Machine("cuda", "a GPU", int(free_gb * GB), 500 * GB)


def tools(
    disk: Mapping[str, OnDisk] | None = None,
    free_gb: float = 24,
    machine: Callable[[], Machine] | None = None,
    obstacles: Mapping[str, str] | None = None,
) -> ModelTools:
    """A machine with so much free; `disk` and `obstacles` by name, what is built in or on a server
    being whole."""

    def on_disk(name: str) -> OnDisk:
        if parse_name(name).place in ("builtin", "server"):
            return OnDisk("whole", 0, 0)
        return (disk or {}).get(name, NOTHING)

    def obstacle(name: str) -> str:
        return (obstacles or {}).get(name, "")

    return ModelTools(machine or (lambda: a_gpu(free_gb)), sizes, on_disk, obstacle)
