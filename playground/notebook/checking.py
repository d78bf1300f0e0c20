"""Checks of JSON values that came from outside: each has its type, or is named in the error.

Knows JSON's types and bounds; knows nothing of what the values mean.
"""

from __future__ import annotations

import json
import math
import re
import reprlib
from collections.abc import Mapping
from typing import Any, NoReturn, TypeVar

from playground.domain.errors import BadRequest
from playground.domain.text import check_text

MOST_NESTED = 100
MOST_COUNTED = 10**9
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
Choice = TypeVar("Choice", bound=str)


def refused(where: str, value: object, allowed: str) -> BadRequest:
    """The error for a value that cannot be."""
    return BadRequest(
        f"{where} is {reprlib.repr(value)}, but must be {allowed}. Open another copy."
    )


def is_id(value: object) -> bool:
    """Whether the value may name a cell or a run."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def mapping(where: str, value: object) -> Mapping[str, Any]:
    """An object; all its keys are text. Raises BadRequest, as all of these."""
    if not isinstance(value, Mapping):
        raise refused(where, value, "an object")
    for key in value:
        text(f"A key of {where}", key)
    return value


def items(where: str, value: object, most: int) -> list[Any]:
    """A list of at most so many."""
    if not isinstance(value, list | tuple):
        raise refused(where, value, "a list")
    if len(value) > most:
        raise BadRequest(f"{where} has {len(value):,} entries, but {most:,} is the most. Split it.")
    return list(value)


def text(where: str, value: object) -> str:
    """Text that can be encoded."""
    if not isinstance(value, str):
        raise refused(where, value, "text")
    return check_text(where, value)


def integer(where: str, value: object, least: int) -> int:
    """An integer that may count something."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= MOST_COUNTED:
        raise refused(where, value, f"an integer from {least} to {MOST_COUNTED:,}")
    return value


def boolean(where: str, value: object) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise refused(where, value, "true or false")
    return value


def choice(where: str, value: object, choices: tuple[Choice, ...]) -> Choice:
    """One of these words."""
    for known in choices:
        if value == known:
            return known
    raise refused(where, value, f"one of {', '.join(choices)}")


def typed(where: str, value: object) -> object:
    """What a person may have typed into a control: text, a number, nothing, or a list of texts."""
    if isinstance(value, list | tuple):
        return tuple(text(f"{where}[{index}]", item) for index, item in enumerate(value))
    if isinstance(value, str):
        return text(where, value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    raise refused(where, value, "text, a finite number, null or a list of texts")


def check_depth(where: str, data: object) -> None:
    """Refuse what is nested so deeply that writing it could fail."""
    level = [data]
    for _ in range(MOST_NESTED):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return
    raise BadRequest(f"{where} is nested more than {MOST_NESTED} deep. Open another copy.")


def parsed(where: str, given: str, remedy: str = "Open another copy") -> Any:
    """JSON text as data; NaN, Infinity and what cannot be written again are refused."""
    try:
        data = json.loads(given, parse_constant=_no_number, parse_float=_finite)
    except RecursionError as exc:
        raise BadRequest(f"{where} is nested too deeply. Open another copy.") from exc
    except ValueError as exc:
        raise BadRequest(f"{where} is no JSON: {exc}. {remedy}.") from exc
    check_depth(where, data)
    if re.search(r"\\u[dD][89a-fA-F]", given):
        check_text(where, written(data))
    return data


def written(data: object) -> str:
    """Data as JSON text, the same for the same data."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True)


def json_object(where: str, value: object) -> str:
    """Text that is JSON of an object, or empty."""
    given = text(where, value)
    if given:
        mapping(where, parsed(where, given))
    return given


def _no_number(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"{digits} is too large")
    return number
