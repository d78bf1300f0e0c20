"""A list's runs as rows: each with its problem, what was expected, both results and what they were
judged to be; and all of it as JSON-ready data.

Knows documents and judging; does not know who asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playground.domain.expected import Expected
from playground.domain.request import LANES, Lane
from playground.judging import Agreement, Grade, RunPython
from playground.judging.packing import agreement_of, grades_of, judged_data
from playground.notebook.document import PromptCell, Run
from playground.notebook.plan import expected_by_run, notes_of, problems_by_run
from playground.notebook.problems import Problem, short_expected
from playground.notebook.variables import Values
from playground.results.value import Result, to_json
from playground.verdict.from_document import groups_of_cell
from playground.verdict.reports import report_of


@dataclass(frozen=True, slots=True)
class Row:
    """One run of a list. `number` is its problem's place, from 1, null for one that is not in the
    list any more; `budget` that of the lanes that think, where the list has budgets."""

    number: int | None
    values: Values
    expected: Expected | None
    tags: tuple[str, ...]
    repeat: int
    budget: int | None
    results: tuple[Result, ...]
    run_python: RunPython | None = None

    @property
    def lanes(self) -> dict[Lane, Result]:
        """The results by lane."""
        return {result.request.lane: result for result in self.results}

    @property
    def agreement(self) -> Agreement | None:
        """Whether both final answers are the same; null where one lane ran alone."""
        return agreement_of(self.lanes)

    @property
    def grades(self) -> Mapping[Lane, Grade]:
        """Each lane's grade; empty where nothing was expected."""
        return grades_of(self.lanes, self.expected, self.run_python)


def rows_of(cell: PromptCell, run_python: RunPython | None = None) -> tuple[Row, ...]:
    """A row a run, in the order in which they ran."""
    problem_of, expected_of = problems_by_run(cell), expected_by_run(cell)
    places: dict[Problem, int] = {}
    for number, problem in enumerate(cell.problems, start=1):
        places.setdefault(problem, number)
    rows = []
    for run in cell.runs:
        asked = problem_of(run) if cell.problems else None
        rows.append(
            Row(
                number=None if asked is None else places[asked],
                values=run.values,
                expected=expected_of(run),
                tags=() if asked is None else asked.tags,
                repeat=run.repeat,
                budget=_budget(cell, run),
                results=run.results,
                run_python=run_python,
            )
        )
    return tuple(rows)


def _budget(cell: PromptCell, run: Run) -> int | None:
    thinking = [result for result in run.results if result.output.thinking is not None]
    return thinking[0].request.sampling.thinking_budget if cell.budgets and thinking else None


def row_data(row: Row) -> dict[str, Any]:
    """A row as JSON-ready data; a lane that did not run is null."""
    lanes = row.lanes
    return {
        "problem": row.number,
        "values": dict(row.values),
        "expected": None if row.expected is None else short_expected(row.expected),
        "tags": list(row.tags),
        "repeat": row.repeat,
        "budget": row.budget,
        **{lane: to_json(lanes[lane]) if lane in lanes else None for lane in LANES},
        "judged": judged_data(lanes, row.expected, row.run_python),
    }


def list_data(cell: PromptCell, run_python: RunPython | None = None) -> dict[str, Any]:
    """All rows, the verdict of the newest settings with its curves, what it says in words, and
    what of the list should be known."""
    rows = [row_data(row) for row in rows_of(cell, run_python)]
    found, notes = groups_of_cell(cell, run_python), notes_of(cell)
    if not found:
        return {"rows": rows, "verdict": None, "curves": [], "words": "", "notes": notes}
    report = report_of(found[0])
    return {
        "rows": rows,
        "verdict": report.data["verdict"],
        "curves": report.data["curves"],
        "words": " ".join(report.lines),
        "notes": notes,
    }
