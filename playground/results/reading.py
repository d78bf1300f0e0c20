"""JSON data to frozen values, by the values' own annotations; what does not fit is named.

Unknown keys are passed over and missing ones take their defaults, so that a version reads what a
neighbour of the same schema wrote. Knows which annotations our values use, and none of the values.
"""

from __future__ import annotations

import math
import reprlib
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Any, Literal, NewType, Union, get_args, get_origin, get_type_hints

from playground.domain.errors import BadRequest
from playground.domain.text import check_text


def read(shape: Any, data: object, where: str) -> Any:
    """`data` as a value of `shape`. Raises BadRequest naming the place, the value, the allowed."""
    if isinstance(shape, NewType):
        return read(shape.__supertype__, data, where)
    if is_dataclass(shape):
        return _read_fields(shape, data, where)
    args = get_args(shape)
    match get_origin(shape):
        case origin if origin is Literal:
            if not isinstance(data, str) or data not in args:
                raise _refused(where, data, f"one of {', '.join(args)}")
            return data
        case origin if origin in (Union, UnionType):
            inner = next(arg for arg in args if arg is not type(None))
            return None if data is None else read(inner, data, where)
        case origin if origin is tuple:
            return _read_tuple(args[0], data, where)
    return _read_plain(shape, data, where)


def _read_fields(shape: Any, data: object, where: str) -> Any:
    if not isinstance(data, Mapping):
        raise _refused(where, data, "an object")
    hints, values = _hints(shape), {}
    for field in fields(shape):
        if field.name in data:
            values[field.name] = read(hints[field.name], data[field.name], f"{where}.{field.name}")
        elif field.default is MISSING and field.default_factory is MISSING:
            raise BadRequest(f"{where}.{field.name} is missing. Save it anew.")
    return shape(**values)


def _read_tuple(item: Any, data: object, where: str) -> tuple[Any, ...]:
    """A list, or pairs written as an object."""
    if get_origin(item) is tuple:
        if not isinstance(data, Mapping):
            raise _refused(where, data, "an object")
        shape = get_args(item)[1]
        return tuple((str(key), read(shape, data[key], f"{where}.{key}")) for key in data)
    if not isinstance(data, list):
        raise _refused(where, data, "a list")
    return tuple(read(item, value, f"{where}[{index}]") for index, value in enumerate(data))


def _read_plain(shape: Any, data: object, where: str) -> Any:
    if shape is str:
        return check_text(where, data)
    if shape is bool:
        if isinstance(data, bool):
            return data
        raise _refused(where, data, "true or false")
    if shape is int and isinstance(data, int) and not isinstance(data, bool):
        return data
    if shape is float and isinstance(data, int | float) and not isinstance(data, bool):
        number = float(data) if abs(data) < 1e300 else math.inf
        if math.isfinite(number):
            return number
    raise _refused(where, data, "a number" if shape is float else "an integer")


@cache
def _hints(shape: Any) -> dict[str, Any]:
    return get_type_hints(shape)


def _refused(where: str, data: object, allowed: str) -> BadRequest:
    return BadRequest(f"{where} is {reprlib.repr(data)}, but must be {allowed}. Save it anew.")
