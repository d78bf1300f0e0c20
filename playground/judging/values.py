"""What a final answer may be, as plain values: a closed union.

Knows neither how one is read from text nor how two are compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from playground.judging.moments import Clock, Day
from playground.judging.syntax import Tree
from playground.judging.units import Unit

Brackets = Literal["bare", "{}", "[]", "()", "[)", "(]"]


@dataclass(frozen=True, slots=True)
class Amount:
    """A number or formula, with a known unit or with other words after it; `rough` when the
    answer says that it is about so much."""

    tree: Tree
    unit: Unit | None = None
    words: str = ""
    rough: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """An option's letter, and what may stand beside it."""

    letter: str
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Assigned:
    """What a variable is."""

    name: str
    value: Value


@dataclass(frozen=True, slots=True)
class Several:
    """Several values between brackets, or side by side; `either` where "or" joins them."""

    brackets: Brackets
    values: tuple[Value, ...]
    either: bool = False


@dataclass(frozen=True, slots=True)
class Inequality:
    """A chain of trees, smaller ones first."""

    signs: tuple[str, ...]
    trees: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """One of a few words whose opposite is known: yes and no, true and false."""

    kind: Literal["yes_no", "true_false", "infinity"]
    is_it: bool


@dataclass(frozen=True, slots=True, eq=False)
class Data:
    """JSON as read; decimals are exact."""

    value: Any


@dataclass(frozen=True, slots=True)
class Code:
    """A program's text."""

    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """Any other text, folded."""

    text: str


Value = (
    Amount | Choice | Assigned | Several | Inequality | Known | Day | Clock | Data | Code | Words
)


def is_value(value: Value) -> bool:
    """Whether it is more than words, also inside."""
    match value:
        case Words() | Code():
            return False
        case Assigned(_, inner):
            return is_value(inner)
        case Several(_, values):
            return all(map(is_value, values))
        case Amount(_, _, words):
            return len(words.split()) < 3
        case _:
            return True
