"""Whether two final answers are the same by value; where that is not sure, it cannot tell.

Each text has readings; where the likeliest ones are equal the answers are, where no two readings
can be equal they differ, and all else cannot be told. Knows nothing of prompts or expectations.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from playground.judging.comparing import same
from playground.judging.moments import Clock, Day
from playground.judging.numerals import ambiguous
from playground.judging.readings import readings
from playground.judging.values import (
    Amount,
    Assigned,
    Choice,
    Code,
    Data,
    Inequality,
    Known,
    Several,
    Value,
    Words,
)

Comparison = Literal[
    "number", "unit", "formula", "list", "choice", "date", "data", "code", "text", "missing"
]
LONGEST = 50_000
_EXCLAIMED = re.compile(r"[^\w$\\]*\d[\d.,]*!+[^\w$\\]*")
_readings = lru_cache(maxsize=8192)(readings)


def same_value(a: str, b: str) -> bool | None:
    """True: the same; False: surely not; null: cannot tell. Symmetric, and never raises."""
    return compared(a, b)[0]


def compared(a: str, b: str) -> tuple[bool | None, Comparison]:
    """Whether they are the same, and by what they were compared."""
    return _compared(*sorted((a, b)))


@lru_cache(maxsize=16_384)
def _compared(a: str, b: str) -> tuple[bool | None, Comparison]:
    if not a.strip() or not b.strip():
        return None, "missing"
    if max(len(a), len(b)) > LONGEST:
        return (True if a == b else None), "text"
    one, other = _readings(a), _readings(b)
    if a.strip() == b.strip():
        return True, _kind(one[0])
    comparison = max(_kind(one[0]), _kind(other[0]), key=_SPECIFIC.index)
    if same(one[0], other[0]) is True:
        # "1.000" may be a thousand: it is no 1, whatever its likelier reading is.
        return (True if ambiguous(a) == ambiguous(b) else None), comparison
    # Words are every text's last reading, and never surely differ.
    pairs = ((left, right) for left in one[:4] for right in other[:4])
    verdicts = {
        same(left, right)
        for left, right in pairs
        if not (isinstance(left, Words) or isinstance(right, Words))
    }
    exclaimed = any(map(_EXCLAIMED.fullmatch, (a, b)))  # "42!" is no factorial to most
    return (False if verdicts == {False} and not exclaimed else None), comparison


_SPECIFIC: tuple[Comparison, ...] = (
    "missing", "text", "number", "formula", "unit", "date", "choice", "list", "data", "code",
)  # fmt: skip


def _kind(value: Value) -> Comparison:
    match value:
        case Amount(tree, unit, words):
            if unit is not None or words:
                return "unit"
            return "number" if type(tree).__name__ == "Numeral" else "formula"
        case Choice():
            return "choice"
        case Assigned(_, inner):
            return _kind(inner)
        case Several():
            return "list"
        case Inequality():
            return "formula"
        case Day() | Clock():
            return "date"
        case Data():
            return "data"
        case Code():
            return "code"
        case Known() | Words():
            return "text"
