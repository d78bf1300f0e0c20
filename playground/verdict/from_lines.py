"""The groups of a file of results, a line of JSON each, as the notebook's export writes them.

A line may say `expected`, `tags` and `repeat` beside the result; a result alone is a line too.
The text is checked as from a stranger. Knows texts; does not know files.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from playground.domain.errors import BadRequest
from playground.domain.expected import expected_from
from playground.judging import RunPython
from playground.notebook import checking
from playground.results.value import from_json
from playground.verdict.grouping import Group, Record, groups

MOST_LINES = 200_000
MOST_TAGS = 50


def groups_of_lines(text: str, name: str, run_python: RunPython | None = None) -> tuple[Group, ...]:
    """The groups of the results in the text of a file called `name`; the newest first.

    Raises BadRequest naming the line.
    """
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if not 1 <= len(lines) <= MOST_LINES:
        raise BadRequest(
            f"{name!r} has {len(lines):,} results, but must have 1 to {MOST_LINES:,}. Export the"
            " results of a notebook as JSONL."
        )
    given = [(f"Line {number} of {name!r}", line) for number, line in lines]
    return groups(_records(given), run_python)


def _records(lines: list[tuple[str, str]]) -> Iterator[Record]:
    read = [_line(where, line) for where, line in lines]
    budgets: dict[str, set[int | None]] = {}
    for cell, record in read:
        request = record.result.request
        place = f"{cell} {request.lane} {request.model}"
        budgets.setdefault(place, set()).add(request.sampling.thinking_budget)
    for cell, record in read:
        request = record.result.request
        several = len(budgets[f"{cell} {request.lane} {request.model}"]) > 1
        yield replace(record, budgeted=several)


def _line(where: str, line: str) -> tuple[str, Record]:
    try:
        data = checking.mapping(where, checking.parsed(where, line))
        result = from_json(data)
        expected = expected_from(data.get("expected"))
    except BadRequest as exc:
        raise exc if str(exc).startswith(where) else BadRequest(f"{where}: {exc}") from exc
    cell = str(data.get("cell_id", ""))
    tags = checking.items(f"{where}: tags", data.get("tags", []), MOST_TAGS)
    values = _values(where, data)
    request = result.request
    problem = [sorted(values.items()) if values else request.question]
    record = Record(
        result=result,
        problem=json.dumps([*problem, cell] if values else problem, ensure_ascii=False),
        run=f"{cell} {request.id}",
        number=checking.integer(f"{where}: run", data.get("run", 0), 0),
        repeat=checking.integer(f"{where}: repeat", data.get("repeat", 0), 0),
        expected=expected,
        tags=tuple(checking.text(f"{where}: a tag", tag) for tag in tags),
    )
    return cell, record


def _values(where: str, data: Any) -> dict[str, str]:
    values = checking.mapping(f"{where}: values", data.get("values") or {})
    return {name: checking.text(f"{where}: {name}", value) for name, value in values.items()}
