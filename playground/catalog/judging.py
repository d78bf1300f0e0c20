"""Two models before anyone loads them: do they fit this machine, and what of them is here?

Joins the arithmetic with what the tools find out; knows neither engine nor page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from playground.catalog.checkpoint import Checkpoint
from playground.catalog.data import PAIRS
from playground.catalog.fit import Fit, Machine, fit_of
from playground.catalog.known import missing_bytes
from playground.catalog.names import parse_name
from playground.domain.engine import OnDisk


@dataclass(frozen=True, slots=True)
class ModelTools:
    """What can be found out about models: this machine, a model's sizes, what is here of it, and
    why it cannot be loaded (empty where it can)."""

    machine: Callable[[], Machine]
    checkpoint: Callable[[str], Checkpoint | None]
    on_disk: Callable[[str], OnDisk]
    obstacle: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Two models on this machine. `fit` is null where it is unknown, or none runs here.

    `missing_bytes` is what a download brings, null while unknown; `have_bytes` of it came already.
    `obstacle` is why one of them cannot be loaded; empty where both can.
    """

    names: tuple[str, ...]
    fit: Fit | None
    whole: bool
    have_bytes: int
    missing_bytes: int | None
    obstacle: str = ""

    @property
    def local(self) -> bool:
        """Whether a model of it runs on this machine."""
        return any(parse_name(name).place != "server" for name in self.names)

    @property
    def has_files(self) -> bool:
        """Whether a model of it has files that someone brought, or will bring, to this machine."""
        return any(parse_name(name).place in ("hub", "folder") for name in self.names)


def judged(names: Sequence[str], tools: ModelTools, machine: Machine) -> Chosen:
    """These models, on this machine. Raises BadRequest."""
    stored = {_files_of(name): name for name in names}
    found = {name: tools.on_disk(name) for name in stored.values()}
    missing = [missing_bytes(parse_name(name), here) for name, here in found.items()]
    unknown = any(part is None for part in missing)
    return Chosen(
        tuple(names),
        fit_of(names, tools.checkpoint, machine),
        all(here.state == "whole" for here in found.values()),
        sum(here.have_bytes for here in found.values() if here.state == "part"),
        None if unknown else sum(part or 0 for part in missing),
        next(filter(None, map(tools.obstacle, names)), ""),
    )


def _files_of(name: str) -> tuple[object, ...]:
    """What of a name says which files it needs: not its thinking, type or context."""
    parsed = parse_name(name)
    return (parsed.where, parsed.revision, parsed.adapter, parsed.option("hub"))


def pair_of(names: Sequence[str]) -> str | None:
    """The pair that these are, on whichever lanes; null for another choice."""
    return next((pair for pair, models in PAIRS.items() if sorted(models) == sorted(names)), None)


def all_pairs(tools: ModelTools, machine: Machine) -> dict[str, Chosen]:
    """Every pair of the catalog on this machine."""
    return {name: judged(models, tools, machine) for name, models in PAIRS.items()}
