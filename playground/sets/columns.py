"""A set's rows as rows of a table of problems: options become text, answers letters or tests.

Knows what columns mean; knows no file and no hub.
"""

from __future__ import annotations

import random
import string
from collections.abc import Mapping, Sequence
from typing import Any

from playground.domain.errors import BadRequest
from playground.notebook.lettered_options import lettered
from playground.notebook.problem_tables import problems_given
from playground.notebook.problems import Problem
from playground.sets.known import KnownSet

Row = Mapping[str, Any]


def problems_of(rows: Sequence[Row], known: KnownSet | None) -> tuple[Problem, ...]:
    """The problems that the rows are. Raises BadRequest."""
    if known is None:
        plain = [{name: _plain(value) for name, value in row.items()} for row in rows]
        return problems_given("problems", plain)
    return problems_given("problems", [_known(row, known) for row in rows])


def _known(row: Row, known: KnownSet) -> dict[str, Any]:
    prompt, answer = str(_cell(row, known.prompt)), _cell(row, known.answer)
    if known.options:
        options = _options(row, known)
        if str(answer) in options:
            answer = string.ascii_uppercase[options.index(str(answer))]
        prompt = f"{prompt}\n\n{lettered(options)}"
    if known.entry_point:
        answer = f"{answer}\n\ncheck({_cell(row, known.entry_point)})"
    values: dict[str, Any] = {"prompt": prompt, "expected": answer}
    if known.kind != "value":
        values["kind"] = known.kind
    tags = [_tag(name, row.get(name)) for name in known.tags]
    return {**values, "tags": [tag for tag in tags if tag]} if known.tags else values


def _options(row: Row, known: KnownSet) -> list[str]:
    cells = [_cell(row, name) for name in known.options]
    if len(cells) == 1:
        return [str(option).strip() for option in cells[0]]
    options = [str(cell).strip() for cell in cells]
    # The right one stands first in the file; the same order on every machine.
    random.Random(str(_cell(row, known.prompt))).shuffle(options)
    return options


def _tag(name: str, value: object) -> str:
    if isinstance(value, int):
        return f"{name} {value}"
    return "" if value is None else str(value).strip()


def _cell(row: Row, name: str) -> Any:
    if name not in row or row[name] is None:
        raise BadRequest(
            f"The set has no column {name!r} any more, but {', '.join(map(str, row))}. Save it as a"
            " table with the columns prompt and expected, and name that file."
        )
    value = row[name]
    return value.strip() if isinstance(value, str) and name != "prompt" else value


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | float | list | None) else str(value)
