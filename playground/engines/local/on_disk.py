"""What of a model is on this machine, wherever its name says that it comes from.

Asks nobody and loads nothing.
"""

from __future__ import annotations

from pathlib import Path

from playground.catalog import ModelName
from playground.domain.engine import OnDisk
from playground.engines.local import hubs
from playground.engines.local.adapter_name import adapter_of
from playground.engines.local.hubs.holdings import holdings, names_in

ELSEWHERE = OnDisk("whole", 0, 0)


def on_disk(name: ModelName) -> OnDisk:
    """What it takes to run `name` here and is here; its adapter counts, too. Raises BadRequest."""
    model = _without_adapter(name)
    adapter = adapter_of(name)
    return model if adapter is None else _both(model, _without_adapter(adapter))


def _without_adapter(name: ModelName) -> OnDisk:
    match name.place:
        case "hub":
            return hubs.hub_of(name).on_disk(name.where, name.revision)
        case "folder":
            path = Path(name.where).expanduser()
            folder = path if path.is_dir() else None
            return holdings(folder, names_in(folder), {}, 0)
        case _:
            return ELSEWHERE


def _both(one: OnDisk, other: OnDisk) -> OnDisk:
    states = {one.state, other.state}
    totals = (one.total_bytes, other.total_bytes)
    return OnDisk(
        states.pop() if len(states) == 1 else "part",
        one.have_bytes + other.have_bytes,
        None if None in totals else sum(total or 0 for total in totals),
    )
