"""The groups of a cell, a list or a whole notebook: its runs, judged by what is expected of them.

A problem of a list is its values, that of a plain cell its prompt. What a run that goes on with an
earlier one made is left out: the earlier one counts. Knows documents; does not know verdicts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from playground.judging import RunPython
from playground.notebook.document import Document, PromptCell, Run
from playground.notebook.plan import expected_by_run, problems_by_run
from playground.notebook.variables import asked_with
from playground.verdict.grouping import Group, Record, groups


def groups_of_cell(cell: PromptCell, run_python: RunPython | None = None) -> tuple[Group, ...]:
    """The groups of one cell, a list or not; the newest first."""
    return groups(records_of((cell,)), run_python)


def groups_of_document(
    document: Document, run_python: RunPython | None = None
) -> tuple[Group, ...]:
    """The groups of all of a notebook's cells; the newest first."""
    return groups(records_of(document.prompts), run_python)


def records_of(cells: Iterable[PromptCell]) -> Iterator[Record]:
    """Every result of these cells."""
    for cell in cells:
        expected_of, problem_of = expected_by_run(cell), problems_by_run(cell)
        for run in cell.runs:
            if run.sides:  # blind until someone votes
                continue
            problem = problem_of(run) if cell.problems else None
            asked = asked_with(cell.prompt, run.values)
            removed = bool(cell.problems) and problem is None
            for result in run.own:
                yield Record(
                    result=result,
                    problem=_key(cell, run, asked),
                    run=run_key(cell, run),
                    number=run.number,
                    repeat=run.repeat,
                    expected=expected_of(run),
                    tags=() if problem is None else problem.tags,
                    budgeted=bool(cell.budgets),
                    outdated=removed or result.request.question != asked,
                )


def run_key(cell: PromptCell, run: Run) -> str:
    """What a run of the cell is called in its attempts."""
    return f"{cell.id} {run.id}"


def _key(cell: PromptCell, run: Run, asked: str | None) -> str:
    """What makes it another problem; the same prompt after another conversation is another one."""
    own = [cell.id] if cell.problems or cell.continues or cell.attachments else []
    values = sorted(run.values) if cell.problems else asked
    return json.dumps([values, *own], ensure_ascii=False)
