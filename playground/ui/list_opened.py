"""One problem of a list whole, with its runs; and what the whole list says.

Reads sessions; changes nothing. A run is drawn as any cell's.
"""

from __future__ import annotations

from typing import TypedDict

from playground.domain.errors import BadRequest
from playground.domain.request import RunId
from playground.judging import RunPython
from playground.notebook.changes import run_of
from playground.notebook.document import CellId, PromptCell, Run
from playground.notebook.variables import filled
from playground.ui.list_counted import ProblemRuns, counted_runs
from playground.ui.list_rows import Problems
from playground.ui.session import Session
from playground.ui.views import run_view
from playground.ui.wire import RunView
from playground.verdict.from_document import groups_of_cell
from playground.verdict.weighing import verdict_of
from playground.verdict.words import verdict_words
from playground.words import number, say


class RowRun(TypedDict):
    """A run of a problem; `about` tells it from the problem's others ("" where there is but one
    kind)."""

    run: RunView
    about: str


class OpenedRow(TypedDict):
    """One problem whole; the newest of its runs is the last. `shown` is the one to look at first:
    the newest of which its row tells, 0 without any."""

    number: int
    prompt: str
    expected: str
    tags: list[str]
    runs: list[RowRun]
    shown: int


def opened_row(session: Session, cell_id: CellId, at: int) -> OpenedRow:
    """One problem with all of its runs. Raises BadRequest when it is not there."""
    with session.lock:
        cell = session.document.prompt(cell_id)
    if not 0 <= at < len(cell.problems):
        raise BadRequest(f"The list has no problem {at + 1} any more. Reload the page.")
    problem = cell.problems[at]
    index = Problems(cell).index
    runs = [run for run in cell.runs if index(run) == at]
    newest = counted_runs(cell, index, _tests(session)).problems.get(at, ProblemRuns()).newest
    return OpenedRow(
        number=at + 1,
        prompt=filled(cell.prompt, problem.values),
        expected="" if problem.expected is None else "\n".join(problem.expected.values),
        tags=list(problem.tags),
        runs=[RowRun(run=run_view(session, cell, run), about=_about(cell, run)) for run in runs],
        shown=next((place for place, run in enumerate(runs) if run is newest), 0),
    )


def problem_of_run(session: Session, cell_id: CellId, run_id: str) -> int:
    """Which problem a run asked. Raises BadRequest when the run is not there."""
    with session.lock:
        cell = session.document.prompt(cell_id)
    return Problems(cell).index(run_of(cell, RunId(run_id)))


def _about(cell: PromptCell, run: Run) -> str:
    """What tells the run from the problem's others."""
    said = []
    if cell.repeats > 1:
        said.append(say("repeat {number}", number=run.repeat + 1))
    if cell.budgets:
        budgets = {r.request.lane: r.request.sampling.thinking_budget for r in run.own}
        budget = budgets.get("right", next(iter(budgets.values())))
        if budget is None:
            said.append(say("no thinking budget"))
        else:
            said.append(say("at most {count} thinking tokens", count=number(f"{budget:,}")))
    own = {name for problem in cell.problems for name, _ in problem.values}
    said += [f"{name} = {value}" for name, value in run.values if name not in own]
    return ", ".join(said)


def list_words(session: Session, cell_id: CellId) -> str:
    """What the list says so far, in one paragraph; "" before anything has run."""
    with session.lock:
        cell = session.document.prompt(cell_id)
    found = groups_of_cell(cell, _tests(session))
    return verdict_words(verdict_of(found[0])) if found else ""


def _tests(session: Session) -> RunPython | None:
    return None if session.run_python is None else session.run_python.known
