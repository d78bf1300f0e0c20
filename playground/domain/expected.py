"""What a person expects as the answer to a prompt: a value, and how an answer is held against it.

Read from outside and written back here; how an answer is judged by it is the judging room's.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from playground.domain.errors import BadRequest
from playground.domain.text import check_text

ExpectedKind = Literal["value", "exact", "number", "choice", "one_of", "pattern", "python"]
"""value: the same final answer by value; exact: the whole answer, white space around it aside;
number: within a tolerance; choice: an option's letter; one_of: by value, any of several; pattern: a
regular expression found in the answer; python: tests that the answer's code must pass."""
EXPECTED_KINDS: tuple[ExpectedKind, ...] = get_args(ExpectedKind)
LONGEST = 20_000
MOST_VALUES = 100


@dataclass(frozen=True, slots=True)
class Expected:
    """An expected answer; one value, but for one_of. `tolerance` is absolute, for numbers only."""

    kind: ExpectedKind
    values: tuple[str, ...]
    tolerance: float = 0.0

    @property
    def value(self) -> str:
        """The first value."""
        return self.values[0]


def expected_from(data: object) -> Expected | None:
    """An expected answer as a person or program gives it: nothing, a text or number (compared by
    value), or `{"kind", "value" or "values", "tolerance"}`. Raises BadRequest."""
    if data is None or (isinstance(data, str) and not data.strip()):
        return None
    if isinstance(data, str | int | float) and not isinstance(data, bool):
        return _checked("value", [data], 0.0)
    if not isinstance(data, Mapping):
        raise BadRequest(
            f"expected is {data!r}, but must be a text, a number or an object with kind and value."
            " Give one of these."
        )
    unknown = set(data) - {"kind", "value", "values", "tolerance"}
    if unknown:
        raise BadRequest(
            f"Unknown key {min(map(str, unknown))!r} in expected. Use kind, value, values and"
            " tolerance."
        )
    values = data.get("values", data.get("value"))
    kind = data.get("kind", "one_of" if isinstance(values, list | tuple) else "value")
    if kind not in EXPECTED_KINDS:
        raise BadRequest(
            f"expected.kind is {kind!r}, but must be one of: {', '.join(EXPECTED_KINDS)}."
        )
    listed = list(values) if isinstance(values, list | tuple) else [values]
    return _checked(kind, listed, data.get("tolerance", 0.0))


def _checked(kind: ExpectedKind, values: list[object], tolerance: object) -> Expected:
    texts = []
    for value in values:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        text = check_text("expected.value", str(value) if number else value)
        if not text.strip() or len(text) > LONGEST:
            raise BadRequest(
                f"expected.value has {len(text):,} characters, but must have 1 to {LONGEST:,},"
                " not all of them white space. Give the answer itself."
            )
        texts.append(text)
    if not 1 <= len(texts) <= (MOST_VALUES if kind == "one_of" else 1):
        raise BadRequest(
            f"expected has {len(texts)} values, but {kind} takes"
            f" {f'1 to {MOST_VALUES}' if kind == 'one_of' else 'one'}. Use one_of for several."
        )
    return Expected(kind, tuple(texts), _tolerance(tolerance))


def _tolerance(given: object) -> float:
    number = math.nan
    if isinstance(given, int | float) and not isinstance(given, bool):
        try:
            number = float(given)
        except OverflowError:
            number = math.inf
    if not (math.isfinite(number) and number >= 0):
        said = repr(given) if number != math.inf else "beyond all numbers"
        raise BadRequest(
            f"expected.tolerance is {said}, but must be a number of at least 0. Give one."
        )
    return number


def expected_data(expected: Expected) -> dict[str, Any]:
    """The JSON-ready form that `expected_from` takes back."""
    data: dict[str, Any] = {"kind": expected.kind}
    if expected.kind == "one_of":
        data["values"] = list(expected.values)
    else:
        data["value"] = expected.value
    if expected.tolerance:
        data["tolerance"] = expected.tolerance
    return data
