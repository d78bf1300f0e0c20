"""The public sets that are known: where each is on the Hub, and what its columns mean, as data.

Reads `known_sets.json`. A set that is not there is read by its columns' usual names.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from playground.catalog.sentences import SENTENCES
from playground.domain.expected import ExpectedKind

FILE = Path(__file__).parent / "known_sets.json"
PLAIN = "{{prompt}}"


@dataclass(frozen=True, slots=True)
class KnownSet:
    """`options` are the columns that hold the options of a choice: one with a list of them, or one
    an option, the right one among them; `answer` is then a letter, or that option's text.

    `entry_point` is the column with the function's name that the tests take. `advice` names the
    sentence of the models' cards that goes behind each problem.
    """

    hub_id: str
    alias: str
    title: str
    split: str
    prompt: str
    answer: str
    config: str = ""
    kind: ExpectedKind = "value"
    options: tuple[str, ...] = ()
    entry_point: str = ""
    tags: tuple[str, ...] = ()
    advice: str = ""
    template: str = PLAIN
    licence: str = ""

    @property
    def asked(self) -> str:
        """The prompt that its problems fill."""
        return f"{self.template}\n\n{SENTENCES[self.advice]}" if self.advice else self.template


@cache
def known_sets() -> Mapping[str, KnownSet]:
    """All of them, by their ids on the Hub."""
    data: Mapping[str, Mapping[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))
    return {hub_id: KnownSet(hub_id=hub_id, **_frozen(given)) for hub_id, given in data.items()}


def _frozen(given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in given.items()
    }


def known_set(name: str) -> KnownSet | None:
    """The set of this id or short name, in letters of any case; null if there is none."""
    for each in known_sets().values():
        if name.casefold() in (each.hub_id.casefold(), each.alias):
            return each
    return None


def known_names() -> tuple[str, ...]:
    """The short names."""
    return tuple(each.alias for each in known_sets().values())
