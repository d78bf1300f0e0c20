"""Tables as people have them (benchmarks, spreadsheets) as problems, and problems as rows again.

Columns are known by their names: one is the prompt, one the expected answer, some are tags; every
other one is a variable. It is told what each was taken for. Knows no file and no cell.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from playground.domain.errors import BadRequest
from playground.domain.expected import EXPECTED_KINDS, Expected, expected_from
from playground.domain.text import check_text
from playground.judging import check_expected
from playground.notebook.problems import (
    MOST_PROBLEMS,
    PROMPT,
    Problem,
    check_told_apart,
    problems_data,
    problems_from,
    short_expected,
)
from playground.notebook.tables_of_text import Row, rows_of
from playground.notebook.variables import is_name

TakenFor = Literal["prompt", "expected", "kind", "tolerance", "tags", "variable"]

MOST_BYTES = 20_000_000
# The first of them that is there is taken; the others are variables.
PROMPTS = ("prompt", "question", "problem", "input", "pergunta", "problema", "enunciado")
ANSWERS = (
    *("expected", "expected_answer", "final_answer", "answer", "target", "gabarito", "resposta"),
    "solution",
)
TAGS = (
    *("tags", "tag", "task", "category", "subject", "level"),
    *("categoria", "assunto", "tarefa", "nível"),
)
KIND, TOLERANCE = "kind", "tolerance"
KNOWN = frozenset({*PROMPTS, *ANSWERS, *TAGS, KIND, TOLERANCE})
_SEVERAL = ("tags", "tag")
_NO_WORD = re.compile(r"\W+")


@dataclass(frozen=True, slots=True)
class Column:
    """A column and what it was taken for; `variable` is the name it has in the prompt."""

    name: str
    taken_for: TakenFor
    variable: str = ""


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
    return problems_of(rows_of(text, KNOWN), most)


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
    columns = _columns(rows)
    return ProblemTable(tuple(_problem(row, columns) for row in rows), columns)


def _columns(rows: Sequence[Row]) -> tuple[Column, ...]:
    names = dict.fromkeys(str(name) for row in rows for name in row.cells)
    by_fold = {name.strip().casefold(): name for name in reversed(names)}
    prompt = next((by_fold[known] for known in PROMPTS if known in by_fold), None)
    answer = next((by_fold[known] for known in ANSWERS if known in by_fold), None)
    kinds = {str(row.cells.get(by_fold.get(KIND, ""), "")).strip() for row in rows}
    columns: list[Column] = []
    for name in names:
        fold = name.strip().casefold()
        if name == prompt:
            columns.append(Column(name, "prompt", PROMPT))
        elif name == answer:
            columns.append(Column(name, "expected"))
        elif fold == KIND and answer is not None and kinds <= {"", *EXPECTED_KINDS}:
            columns.append(Column(name, "kind"))
        elif fold == TOLERANCE and answer is not None:
            columns.append(Column(name, "tolerance"))
        elif fold in TAGS:
            columns.append(Column(name, "tags"))
        else:
            columns.append(Column(name, "variable", _variable(name)))
    variables = [column.variable for column in columns if column.variable]
    for name in variables:
        if variables.count(name) > 1:
            raise BadRequest(f"Two columns are called {name!r}. Give one of them another name.")
    if not variables:
        raise BadRequest(
            f"The table has no column with the problems: {', '.join(names)}. Call one prompt."
        )
    return tuple(columns)


def _variable(name: str) -> str:
    """What a column is called in a prompt."""
    plain = _NO_WORD.sub("_", name.strip()).strip("_")
    plain = f"_{plain}" if plain[:1].isdigit() else plain
    if not is_name(plain):
        raise BadRequest(f"A column is called {name!r}. Give it a name of letters and digits.")
    return plain


def _problem(row: Row, columns: tuple[Column, ...]) -> Problem:
    values, tags = [], []
    for column in columns:
        if column.name not in row.cells:
            continue
        given = row.cells[column.name]
        if column.variable:
            text = check_text(f"Line {row.line}: {column.name}", _as_text(given))
            if column.taken_for == "prompt" and not text.strip():
                raise BadRequest(
                    f"Line {row.line} has no {column.name}. Fill it in, or take the line out."
                )
            values.append((column.variable, text))
        elif column.taken_for == "tags":
            tags += _tags(column.name.strip().casefold(), given)
    if not values:
        raise BadRequest(f"Line {row.line} has no problem. Fill it in, or take the line out.")
    return Problem(tuple(values), _expected(row, columns), tuple(dict.fromkeys(tags)))


def _tags(fold: str, given: object) -> list[str]:
    if isinstance(given, list | tuple):
        return [check_text("tag", _as_text(each)) for each in given if _as_text(each).strip()]
    text = check_text("tag", _as_text(given)).strip()
    if fold in _SEVERAL:
        return [part.strip() for part in re.split(r"[,;]", text) if part.strip()]
    # A bare number says nothing without its column.
    return [f"{fold} {text}" if text.replace(".", "", 1).isdigit() else text] if text else []


def _after_marks(given: str) -> str:
    """GSM8K's answer: what stands behind the last `####`, on the last line."""
    _, marks, last = given.rstrip().rpartition("####")
    return last.strip() if marks and last.strip() and "\n" not in last.strip() else given


def _expected(row: Row, columns: tuple[Column, ...]) -> Expected | None:
    by_use = {column.taken_for: row.cells.get(column.name) for column in columns}
    given = by_use.get("expected")
    if isinstance(given, bool):
        given = json.dumps(given)
    if isinstance(given, str):
        given = _after_marks(given)
    kind, tolerance = by_use.get("kind") or "", by_use.get("tolerance")
    try:
        if expected_from(given) is None or not (kind or tolerance not in (None, "")):
            return expected_from(given)
        values: dict[str, Any] = {"value": given}
        if kind:
            values["kind"] = str(kind).strip()
        if kind == "one_of" and isinstance(given, str):
            values = {"kind": kind, "values": [part.strip() for part in given.split("|")]}
        if tolerance not in (None, ""):
            values |= {"tolerance": _number(tolerance), "kind": values.get("kind", "number")}
        return expected_from(values)
    except BadRequest as exc:
        raise BadRequest(f"Line {row.line}: {exc}") from exc


def _number(given: object) -> object:
    try:
        return float(given) if isinstance(given, str) else given
    except ValueError:
        return given


def _as_text(given: object) -> str:
    if isinstance(given, str):
        return given
    return "" if given is None else json.dumps(given, ensure_ascii=False)
