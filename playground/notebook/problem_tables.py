"""Tables as people have them (benchmarks, spreadsheets) as problems, and problems as rows again.

Columns are known by their names: one is the prompt, one the expected answer, some are tags; every
other one is a variable. It is told what each was taken for. Knows no file and no cell.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from playground.domain.errors import BadRequest
from playground.domain.expected import EXPECTED_KINDS, Expected, ExpectedKind, expected_from
from playground.domain.text import check_text
from playground.judging import check_expected, final_answer
from playground.notebook.lettered_options import with_lettered_options
from playground.notebook.problem_columns import (
    SEVERAL,
    Column,
    columns_of,
    folded,
    is_known,
    kind_of,
    without_remark,
)
from playground.notebook.problems import (
    MOST_PROBLEMS,
    Problem,
    check_told_apart,
    problems_data,
    problems_from,
    short_expected,
)
from playground.notebook.tables_of_text import Row, rows_of

MOST_BYTES = 20_000_000
_READY = ("exact", "pattern", "python")
"""Kinds whose answers are taken as they stand."""
_DECIMAL_COMMA = re.compile(r"\d+,\d+")
_THOUSANDS = re.compile(r"[1-9]\d{0,2},\d{3}")


@dataclass(frozen=True, slots=True)
class ProblemTable:
    """The problems that were read, and the columns that they came from."""

    problems: tuple[Problem, ...]
    columns: tuple[Column, ...]


def read_problems(text: str, most: int = MOST_PROBLEMS) -> ProblemTable:
    """The problems in a text: CSV with a head, cells pasted from a spreadsheet, a Markdown table,
    a JSON list, JSON lines, or a prompt a line. Raises BadRequest."""
    check_text("table", text)
    size = len(text) if len(text) * 4 <= MOST_BYTES else len(text.encode())
    if size > MOST_BYTES:
        raise BadRequest(
            f"The table has {-(-size // 1_000_000)} MB, but {MOST_BYTES // 1_000_000} MB is the"
            " most. Split it."
        )
    if "\0" in text:
        raise _no_text(text.count("\n", 0, text.index("\0")) + 1)
    return problems_of(rows_of(text, is_known), most)


def problems_given(where: str, data: object) -> tuple[Problem, ...]:
    """Problems as a program gives them: a table's text, or rows as objects. Raises BadRequest."""
    if isinstance(data, str):
        return read_problems(data).problems
    if not isinstance(data, list | tuple) or not all(isinstance(row, Mapping) for row in data):
        raise BadRequest(
            f"{where} must be a list of objects, or a table as text. Write for instance"
            ' [{"prompt": "What is 2 + 2?", "expected": "4"}].'
        )
    rows = [Row(number, row) for number, row in enumerate(data, start=1)]
    return problems_of(rows, MOST_PROBLEMS).problems


def judgeable(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """The same problems. Raises BadRequest for an expected answer that can never be judged, such
    as a broken pattern, or that another one of the same problem contradicts: it is said before a
    night of runs. A notebook that has one still opens."""
    for number, problem in enumerate(problems, start=1):
        try:
            if problem.expected is not None:
                check_expected(problem.expected)
        except BadRequest as exc:
            raise BadRequest(f"Problem {number}: {exc}") from exc
    check_told_apart(problems)
    return problems


def problem_rows(problems: Sequence[Problem]) -> list[dict[str, Any]]:
    """Problems as rows that `problems_given` takes back: plain ones where these say it all."""
    rows = [_plain_row(problem) for problem in problems]
    try:
        same = problems_given("problems", rows) == tuple(problems)
    except BadRequest:
        same = False
    return rows if same else problems_data(problems)


def _plain_row(problem: Problem) -> dict[str, Any]:
    row: dict[str, Any] = dict(problem.values)
    if problem.expected is not None:
        row["expected"] = short_expected(problem.expected)
    if problem.tags:
        row["tags"] = list(problem.tags)
    return row


def problems_of(rows: Sequence[Row], most: int) -> ProblemTable:
    """The problems in a table's rows. Raises BadRequest."""
    if not rows:
        raise BadRequest("The table has no problem. Give a line of columns' names and a row below.")
    if len(rows) > most:
        raise BadRequest(
            f"The table has {len(rows):,} problems, but {most:,} is the most. Split it."
        )
    if all(isinstance(row.cells.get("values"), Mapping) for row in rows):
        return ProblemTable(problems_from("problems", [row.cells for row in rows]), ())
    rows = [Row(row.line, with_lettered_options(row.cells)) for row in rows]
    columns = columns_of(rows)
    return ProblemTable(tuple(_problem(row, columns) for row in rows), columns)


def _no_text(line: int) -> BadRequest:
    return BadRequest(
        f"Line {line} has a NUL character, which is no text. Save the table anew as CSV in UTF-8."
    )


def _problem(row: Row, columns: tuple[Column, ...]) -> Problem:
    values, tags = [], []
    for column in columns:
        if column.name not in row.cells:
            continue
        given = row.cells[column.name]
        if column.variable:
            text = check_text(f"Line {row.line}: {column.name}", _as_text(given))
            if "\0" in text:
                raise _no_text(row.line)
            if column.taken_for == "prompt" and not text.strip():
                raise BadRequest(
                    f"Line {row.line} has no {column.name}. Fill it in, or take the line out."
                )
            values.append((column.variable, text))
        elif column.taken_for == "tags":
            tags += _tags(without_remark(column.name).casefold(), given)
    if not values:
        raise BadRequest(f"Line {row.line} has no problem. Fill it in, or take the line out.")
    return Problem(tuple(values), _expected(row, columns), tuple(dict.fromkeys(tags)))


def _tags(name: str, given: object) -> list[str]:
    if isinstance(given, list | tuple):
        return [check_text("tag", _as_text(each)) for each in given if _as_text(each).strip()]
    text = check_text("tag", _as_text(given)).strip()
    if folded(name) in SEVERAL:
        return [part.strip() for part in re.split(r"[,;]", text) if part.strip()]
    # A bare number says nothing without its column.
    return [f"{name} {text}" if text.replace(".", "", 1).isdigit() else text] if text else []


def _worked_out(given: str) -> str:
    """The answer at the end of a worked solution, as sets of mathematics have them: what stands
    behind the last `####`, on the last line, or in the last box."""
    _, marks, last = given.rstrip().rpartition("####")
    if marks and last.strip() and "\n" not in last.strip():
        return last.strip()
    found = final_answer(given) if "\\boxed{" in given else None
    return found.text if found is not None and found.rule == "boxed" else given


def _expected(row: Row, columns: tuple[Column, ...]) -> Expected | None:
    by_use = {column.taken_for: row.cells.get(column.name) for column in columns}
    given, tolerance = by_use.get("expected"), _decimal(by_use.get("tolerance"))
    kind = _kind(row.line, by_use.get("kind"))
    if isinstance(given, bool):
        given = json.dumps(given)
    if isinstance(given, str) and kind not in _READY:
        given = _worked_out(given)
    try:
        if expected_from(given) is None or not (kind or tolerance is not None):
            return expected_from(given)
        values: dict[str, Any] = {"value": given, "kind": kind or "number"}
        if kind == "one_of" and isinstance(given, str):
            values = {"kind": kind, "values": [part.strip() for part in given.split("|")]}
        if tolerance is not None:
            values["tolerance"] = tolerance
        return expected_from(values)
    except BadRequest as exc:
        raise BadRequest(f"Line {row.line}: {exc}") from exc


def _kind(line: int, given: object) -> ExpectedKind | None:
    word = "" if given is None else str(given).strip()
    if not word:
        return None
    if (kind := kind_of(word)) is not None:
        return kind
    raise BadRequest(
        f"Line {line}: the kind is {word!r}, but must be one of: {', '.join(EXPECTED_KINDS)}."
        " Correct it, or call the column something else."
    )


def _decimal(given: object) -> object:
    """A tolerance as typed, also with a comma; null where none is. What is no number, or could be
    two (1,000), is left for the check to refuse."""
    if not isinstance(given, str):
        return given
    text = given.strip()
    if _DECIMAL_COMMA.fullmatch(text) and not _THOUSANDS.fullmatch(text):
        text = text.replace(",", ".")
    try:
        return float(text) if text else None
    except ValueError:
        return given


def _as_text(given: object) -> str:
    if isinstance(given, str):
        return given
    return "" if given is None else json.dumps(given, ensure_ascii=False)
