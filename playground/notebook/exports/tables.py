"""All results of a notebook as a table (CSV) and as lines of JSON: every run of every cell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from playground.domain.expected import Expected
from playground.judging import RunPython
from playground.judging.extraction import final_answer_of
from playground.notebook.document import Document, PromptCell, Run
from playground.notebook.judged import JudgedRun, judge_of, wanted
from playground.notebook.packing_lists import vote_data
from playground.notebook.plan import expected_by_run, problems_by_run
from playground.notebook.problems import short_expected
from playground.results.table import results_table
from playground.results.value import Result, to_json

JUDGED = ("grade", "final_answer", "agreement")
MEASURES = ("repeat", "expected", "tags", "vote")
# JSON lets these stand in text as they are, but some readers end a line at them.
_LINE_ENDS = {ord(end): f"\\u{ord(end):04x}" for end in "\x85\u2028\u2029"}


@dataclass(frozen=True, slots=True)
class _Line:
    """A result with its run, its cell and the cell's place, what was expected of it, and how its
    run is judged now."""

    place: int
    cell: PromptCell
    run: Run
    result: Result
    expected: Expected | None
    tags: tuple[str, ...]
    judged: JudgedRun


def to_csv(document: Document, run_python: RunPython | None = None) -> str:
    """One row a lane and run, with every column; `values` is JSON, "" without variables.

    Columns for repeats, expected answers, tags and votes, and for grades, final answers and whether
    lanes agree, are there where any run has them.
    """
    lines = list(_lines(document, run_python))
    table = results_table((line.place, line.run.number, line.result) for line in lines)
    values = [json.dumps(dict(line.run.values)) if line.run.values else "" for line in lines]
    table.insert(table.columns.get_loc("lane"), "values", values)
    measured = [_measures(line) for line in lines]
    for name in MEASURES:
        if any(name in each for each in measured):
            cells = [_cell(each.get(name)) for each in measured]
            table.insert(table.columns.get_loc("lane"), name, cells)
    judged = [_judgement(line) for line in lines]
    for name in JUDGED:
        if any(name in each for each in judged):
            cells = [each.get(name, "") for each in judged]
            table.insert(table.columns.get_loc("segment"), name, cells)
    # Texts stay as they are, also those that a spreadsheet would take for a formula: a mark before
    # them would change the data, and answers that begin with a dash are common. With these line
    # ends a text with either of them in it is put into quotes.
    csv: str = table.to_csv(index=False, lineterminator="\r\n")
    return csv


def to_jsonl(document: Document, run_python: RunPython | None = None) -> str:
    """One line a result: where it stands, what was expected and how it is judged, then the Result's
    JSON."""
    lines = [
        {
            "cell": line.place,
            "cell_id": line.cell.id,
            "run": line.run.number,
            "values": dict(line.run.values),
        }
        | _measures(line)
        | _judgement(line)
        | to_json(line.result)
        for line in _lines(document, run_python)
    ]
    written = (json.dumps(line, ensure_ascii=False).translate(_LINE_ENDS) for line in lines)
    return "".join(f"{line}\n" for line in written)


def _measures(line: _Line) -> dict[str, Any]:
    """Which repeat it is, what was expected and what a person found, as far as there is any."""
    measures: dict[str, Any] = {}
    if line.run.repeat or line.cell.repeats > 1:
        measures["repeat"] = line.run.repeat
    if line.expected is not None:
        measures["expected"] = short_expected(line.expected)
    if line.tags:
        measures["tags"] = list(line.tags)
    if line.run.vote is not None:
        measures["vote"] = vote_data(line.run.vote)
    return measures


def _judgement(line: _Line) -> dict[str, str]:
    """How the result is judged now; what there is not is left out."""
    told: dict[str, str] = {}
    grade, found = line.judged.grades.get(line.result.request.lane), line.judged.agreement
    final = final_answer_of(line.result)
    if grade is not None:
        told["grade"] = grade.kind
    if final is not None:
        told["final_answer"] = final.text
    if found is not None:
        told["agreement"] = found.kind
    return told


def expected_and_grades(
    document: Document, run_python: RunPython | None = None
) -> tuple[list[str], list[str]]:
    """What is expected of each result, in short, and its grade; "" where nothing is."""
    lines = list(_lines(document, run_python))
    return (
        ["" if line.expected is None else wanted(line.expected) for line in lines],
        [_judgement(line).get("grade", "") for line in lines],
    )


def _cell(value: Any) -> str:
    """A measure as it stands in a table."""
    match value:
        case None:
            return ""
        case {"choice": choice}:
            return str(choice)
        case [*tags]:
            return ", ".join(tags)
        case str() | int():
            return str(value)
        case _:
            return json.dumps(value, ensure_ascii=False)


def _lines(document: Document, run_python: RunPython | None) -> Iterator[_Line]:
    """Every result with its run, its cell and the cell's place among the prompts."""
    for place, cell in enumerate(document.prompts, start=1):
        problem_of, expected_of = problems_by_run(cell), expected_by_run(cell)
        judge = judge_of(cell, run_python)
        for run in cell.runs:
            problem, expected, judged = problem_of(run), expected_of(run), judge(run)
            for result in run.own:
                tags = () if problem is None else problem.tags
                yield _Line(place, cell, run, result, expected, tags, judged)
