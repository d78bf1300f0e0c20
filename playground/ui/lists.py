"""Lists between the page and the document: a table as typed, pasted or chosen, and back as text.

Knows no session and no Gradio; what a table's columns mean is `notebook.problem_tables`' work.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from playground.domain.errors import BadRequest
from playground.domain.limits import Limits
from playground.domain.text import check_text, cut
from playground.notebook.changes import Judge
from playground.notebook.document import PromptCell
from playground.notebook.judged import wanted
from playground.notebook.problem_columns import Column
from playground.notebook.problem_tables import (
    ProblemTable,
    judgeable,
    problem_rows,
    problems_given,
    read_problems,
)
from playground.notebook.problems import (
    PROMPT,
    Problem,
    check_told_apart,
    problems_data,
    tags_of,
    twice_words,
)
from playground.notebook.variables import names
from playground.said_errors import said
from playground.ui.list_wire import ColumnView, Preview
from playground.words import number, say

FIRST_ROWS = 5
MOST_CHARACTERS = 120
MOST_TAGS = 12


def read_table(text: object, limits: Limits) -> ProblemTable:
    """The problems in a table that came from the page. Raises BadRequest."""
    table = check_text("table", text)
    limits.check_file(say("The list"), table)
    if not table.strip():
        raise BadRequest("The table is empty. Paste one, or choose a file.")
    found = read_problems(table)
    limits.check_runs(len(found.problems), 0)
    judgeable(found.problems)
    return found


def list_cell(text: object, limits: Limits) -> PromptCell:
    """A cell of these problems, its prompt what their columns suggest. Raises BadRequest."""
    problems = read_table(text, limits).problems
    return PromptCell(prompt=template(problems), problems=problems)


def with_list(cell: PromptCell, text: object, limits: Limits) -> Judge:
    """The change that gives a cell these problems. Raises BadRequest."""
    problems = read_table(text, limits).problems
    return Judge(cell.id, cell.expected, cell.repeats, problems, cell.budgets)


def template(problems: Sequence[Problem]) -> str:
    """What a list's prompt is at first: the problem's own text, or all that it has."""
    columns = dict.fromkeys(name for problem in problems for name, _ in problem.values)
    if PROMPT in columns:
        return "{{prompt}}"
    return "\n".join(f"{{{{{name}}}}}" for name in columns)


def preview(text: object, cell: PromptCell | None, limits: Limits) -> Preview:
    """What a table was taken for, or what is wrong with it; `cell` is the one it is to be of, null
    for a new one."""
    try:
        table = read_table(text, limits)
    except BadRequest as exc:
        return Preview(count="", notes=[], columns=[], heads=[], rows=[], error=said(exc))
    problems = table.problems
    variables = list(dict.fromkeys(name for each in problems for name, _ in each.values))
    heads = [*variables, say("Expected"), say("Tags")]
    return Preview(
        count=_counted(len(problems)),
        notes=[
            *_head_notes(str(text), table.columns),
            *_notes(problems, template(problems) if cell is None else cell.prompt),
        ],
        columns=[
            ColumnView(name=column.name, taken_for=_taken_for(column)) for column in table.columns
        ],
        heads=heads,
        rows=[_row(problem, variables) for problem in problems[:FIRST_ROWS]],
        error="",
    )


def _counted(count: int) -> str:
    return say("1 problem") if count == 1 else say("{count} problems", count=number(f"{count:,}"))


def _taken_for(column: Column) -> str:
    match column.taken_for:
        case "prompt":
            return say("the problem")
        case "expected":
            return say("the expected answer")
        case "kind":
            return say("how answers are compared")
        case "tolerance":
            return say("the tolerance")
        case "tags":
            return say("tags")
        case "variable":
            return say("the variable {name}", name="{{" + column.variable + "}}")


def _head_notes(text: str, columns: Sequence[Column]) -> list[str]:
    """A first line of names that nobody knows may be a problem that is about to be lost."""
    if text.lstrip("\ufeff \r\n")[:1] in ("{", "["):
        return []
    if any(column.taken_for != "variable" for column in columns):
        return []
    return [
        say(
            "No column has a known name such as prompt, so each is a variable. If the first line is"
            " a problem, put prompt,expected above it, or prompt alone for a problem a line."
        )
    ]


def _notes(problems: Sequence[Problem], prompt: str) -> list[str]:
    """What a reader should know before it is a list."""
    notes = []
    if without := sum(problem.expected is None for problem in problems):
        notes.append(
            say("None has an expected answer: only whether the lanes agree will be told.")
            if without == len(problems)
            else say("1 problem has no expected answer.")
            if without == 1
            else say("{count} problems have no expected answer.", count=number(f"{without:,}"))
        )
    used = set(names(prompt))
    if not any(name in used for problem in problems for name, _ in problem.values):
        notes.append(say("The cell's prompt has none of these columns: change it afterwards."))
    else:
        notes.append(_twice(problems, used))
    tags = tags_of(problems)
    if tags:
        listed = ", ".join(f"{tag} ({count})" for tag, count in [*tags.items()][:MOST_TAGS])
        notes.append(say("Tags: {tags}", tags=listed + (", …" if len(tags) > MOST_TAGS else "")))
    return [note for note in notes if note]


def _twice(problems: Sequence[Problem], used: set[str]) -> str:
    """What is said of problems that the prompt does not tell apart."""
    try:
        check_told_apart(problems, used)
    except BadRequest as exc:  # another prompt may
        return said(exc)
    return twice_words(problems, used)


def _row(problem: Problem, variables: Sequence[str]) -> list[str]:
    values = dict(problem.values)
    texts = [values.get(name, "") for name in variables]
    texts += ["" if problem.expected is None else wanted(problem.expected)]
    texts += [", ".join(problem.tags)]
    return [cut(text, MOST_CHARACTERS) for text in texts]


def as_table(problems: Sequence[Problem]) -> str:
    """The problems as a text that `read_table` takes back: CSV, or JSON lines where CSV cannot
    say it."""
    for text in (_as_csv(problems), _as_lines(problem_rows(problems))):
        try:
            if text and read_problems(text).problems == tuple(problems):
                return text
        except BadRequest:
            pass
    return _as_lines(problems_data(problems))


def _as_csv(problems: Sequence[Problem]) -> str:
    variables = dict.fromkeys(name for problem in problems for name, _ in problem.values)
    columns = [*variables, "expected", "kind", "tolerance", "tags"]
    rows = [_cells(problem) for problem in problems]
    used = [name for name in columns if name in variables or any(row.get(name) for row in rows)]
    written = io.StringIO()
    writer = csv.DictWriter(written, used, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue()


def _cells(problem: Problem) -> dict[str, str]:
    cells = dict(problem.values)
    if expected := problem.expected:
        cells["expected"] = " | ".join(expected.values)
        cells["kind"] = "" if expected.kind == "value" else expected.kind
        cells["tolerance"] = f"{expected.tolerance:g}" if expected.tolerance else ""
    cells["tags"] = ", ".join(problem.tags)
    return cells


def _as_lines(rows: Sequence[Mapping[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def rows_as_table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows that a program gives, as a table to look at and to change."""
    return as_table(problems_given("problems", list(rows)))
