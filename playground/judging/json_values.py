"""JSON in an answer: read within bounds, numbers exact, and compared by value.

An object's keys have no order, `1` is `1.0`, and `true` is no number.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, NoReturn

LONGEST = 50_000
NOTHING = object()


def read_json(text: str) -> Any:
    """The value of a text that is JSON; `NOTHING` for others."""
    if len(text) > LONGEST:
        return NOTHING
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_refuse)
    except (ValueError, ArithmeticError, RecursionError):
        return NOTHING


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)


def same_json(one: Any, other: Any) -> bool:
    """The same value, type for type."""
    match one, other:
        case bool(), bool():
            return bool(one == other)
        case (bool(), _) | (_, bool()):
            return False
        case ((int() | Decimal()), (int() | Decimal())):
            return bool(one == other)
        case list(), list():
            return len(one) == len(other) and all(map(same_json, one, other))
        case dict(), dict():
            return one.keys() == other.keys() and all(
                same_json(value, other[key]) for key, value in one.items()
            )
        case _:
            return type(one) is type(other) and bool(one == other)
