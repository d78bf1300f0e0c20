"""What a change of the document may not exceed on a page that has limits.

Pure; knows no session.
"""

from __future__ import annotations

from playground.domain.expected import Expected
from playground.domain.limits import Limits
from playground.notebook.changes import (
    CastVote,
    Change,
    EditText,
    InsertCell,
    Judge,
    ReplaceCell,
    Retitle,
)
from playground.notebook.document import Cell, Document, PromptCell, Vote
from playground.notebook.problems import Problem


def check_change(change: Change, document: Document, limits: Limits) -> None:
    """Raises BadRequest, naming the limit."""
    match change:
        case InsertCell(cell=cell):
            limits.check_cells(len(document.cells) + 1)
            _check_cell(cell, limits)
        case EditText(text=text) | Retitle(title=text):
            limits.check_text("text", text)
        case ReplaceCell(by=cell):
            _check_cell(cell, limits)
        case Judge():
            _check_expected(change.expected, limits)
            _check_problems(change.problems, limits)
        case CastVote(vote=Vote(reason=reason)):
            limits.check_text("reason", reason)
        case _:
            pass


def _check_cell(cell: Cell, limits: Limits) -> None:
    limits.check_text("text", cell.text)
    if isinstance(cell, PromptCell):
        _check_expected(cell.expected, limits)
        _check_problems(cell.problems, limits)


def _check_expected(expected: Expected | None, limits: Limits) -> None:
    if expected is not None:
        limits.check_text("expected", "\n".join(expected.values))


def _check_problems(problems: tuple[Problem, ...], limits: Limits) -> None:
    limits.check_runs(len(problems), 0)
    for problem in problems:
        _check_expected(problem.expected, limits)
        for name, text in problem.values:
            limits.check_text(name, text)
