"""A closed union of changes; a change in, a new document out.

Pure: no input or output, no clock, no engine. What can be undone is in `history`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import assert_never

from playground.domain.attachment import Attachment
from playground.domain.errors import BadRequest
from playground.domain.expected import Expected
from playground.domain.request import Lane, RunId
from playground.notebook.document import (
    MOST_CELLS,
    Cell,
    CellId,
    Document,
    ForeignCell,
    NoteCell,
    PromptCell,
    Run,
    Vote,
)
from playground.notebook.problems import Problem
from playground.notebook.settings import Overrides
from playground.notebook.variables import Values, Variables
from playground.results.value import Result


@dataclass(frozen=True, slots=True)
class InsertCell:
    """Put a cell at `index` (the end when null)."""

    cell: Cell
    index: int | None = None


@dataclass(frozen=True, slots=True)
class DeleteCell:
    """Take a cell out; where it was the only one, `spare` takes its place."""

    cell: CellId
    spare: PromptCell = field(default_factory=PromptCell)


@dataclass(frozen=True, slots=True)
class ReplaceCell:
    """Put another cell in a cell's place: a prompt becomes a note, a note a prompt."""

    cell: CellId
    by: Cell


@dataclass(frozen=True, slots=True)
class MoveCell:
    """Move a cell by so many places, as far as there is room."""

    cell: CellId
    by: int


@dataclass(frozen=True, slots=True)
class EditText:
    """Give a prompt or a note another text; runs stay."""

    cell: CellId
    text: str


@dataclass(frozen=True, slots=True)
class Configure:
    """What a prompt cell runs under beside the notebook's settings."""

    cell: CellId
    continues: bool
    overrides: Overrides
    variables: Variables


@dataclass(frozen=True, slots=True)
class Judge:
    """What a prompt cell's answers are held against, and how often, on which problems and under
    which thinking budgets it is asked."""

    cell: CellId
    expected: Expected | None = None
    repeats: int = 1
    problems: tuple[Problem, ...] = ()
    budgets: tuple[int | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Attach:
    """Put these documents beside a prompt, in place of those that are there."""

    cell: CellId
    attachments: tuple[Attachment, ...]


@dataclass(frozen=True, slots=True)
class FoldCell:
    """Fold a cell to one line, or unfold it."""

    cell: CellId
    folded: bool


@dataclass(frozen=True, slots=True)
class Retitle:
    """Give the notebook another title."""

    title: str


@dataclass(frozen=True, slots=True)
class AddRun:
    """Add an ended run to a cell and look at it."""

    cell: CellId
    id: RunId
    results: tuple[Result, ...]
    values: Values = ()
    repeat: int = 0
    sides: tuple[Lane, ...] = ()

    def run(self, number: int) -> Run:
        """The run, as the notebook's run of this number."""
        return Run(self.id, number, self.results, self.values, self.repeat, sides=self.sides)


@dataclass(frozen=True, slots=True)
class CastVote:
    """Say of a run which answer was better, or take that back. A blind run is revealed by it, and
    stays so."""

    cell: CellId
    run: RunId
    vote: Vote | None


@dataclass(frozen=True, slots=True)
class SwitchBlind:
    """Whether runs from now on are blind."""

    on: bool


@dataclass(frozen=True, slots=True)
class ShowRun:
    """Look at another run of a cell."""

    cell: CellId
    shown: int


Change = (
    InsertCell
    | DeleteCell
    | ReplaceCell
    | MoveCell
    | EditText
    | Configure
    | Judge
    | Attach
    | FoldCell
    | Retitle
    | AddRun
    | CastVote
    | ShowRun
    | SwitchBlind
)


def apply(document: Document, change: Change) -> Document:
    """The document after the change. Raises BadRequest for a cell that is not there."""
    match change:
        case InsertCell(inserted, index):
            if len(document.cells) >= MOST_CELLS:  # it could not be opened again
                raise BadRequest(
                    f"A notebook has at most {MOST_CELLS:,} cells. Delete some, or start another."
                )
            at = len(document.cells) if index is None else max(0, min(index, len(document.cells)))
            cells = (*document.cells[:at], inserted, *document.cells[at:])
            return replace(document, cells=cells)
        case DeleteCell(cell_id, spare):
            at = document.index(cell_id)
            cells = document.cells[:at] + document.cells[at + 1 :]
            return replace(document, cells=cells or (spare,))
        case ReplaceCell(cell_id, other):
            return _with(document, cell_id, other)
        case MoveCell(cell_id, by):
            at = document.index(cell_id)
            cells = document.cells[:at] + document.cells[at + 1 :]
            to = max(0, min(at + by, len(cells)))
            return replace(document, cells=(*cells[:to], document.cells[at], *cells[to:]))
        case EditText(cell_id, text):
            return _with(document, cell_id, _edited(document.cell(cell_id), text))
        case Configure(cell_id, continues, overrides, variables):
            cell = document.prompt(cell_id)
            configured = replace(
                cell, continues=continues, overrides=overrides, variables=variables
            )
            return _with(document, cell_id, configured)
        case Judge(cell_id, expected, repeats, problems, budgets):
            judged = replace(
                document.prompt(cell_id),
                expected=expected,
                repeats=repeats,
                problems=problems,
                budgets=budgets,
            )
            return _with(document, cell_id, judged)
        case Attach(cell_id, attachments):
            attached = replace(document.prompt(cell_id), attachments=attachments)
            return _with(document, cell_id, attached)
        case FoldCell(cell_id, folded):
            return _with(document, cell_id, replace(document.cell(cell_id), folded=folded))
        case Retitle(title):
            return replace(document, title=title)
        case AddRun(cell_id):
            number = document.runs_made + 1
            kept = with_run(document.prompt(cell_id), change.run(number))
            return _with(replace(document, runs_made=number), cell_id, kept)
        case CastVote(cell_id, run_id, vote):
            cell = document.prompt(cell_id)
            voted = run_of(cell, run_id)
            known = replace(voted, vote=vote, sides=())
            runs = tuple(known if run is voted else run for run in cell.runs)
            return _with(document, cell_id, replace(cell, runs=runs))
        case SwitchBlind(on):
            return replace(document, blind=on)
        case ShowRun(cell_id, shown):
            cell = document.prompt(cell_id)
            at = max(0, min(shown, len(cell.runs) - 1))
            return _with(document, cell_id, replace(cell, shown=at))
        case _:
            assert_never(change)


def with_run(cell: PromptCell, run: Run) -> PromptCell:
    """The cell with one more run, looked at."""
    return replace(cell, runs=(*cell.runs, run), shown=len(cell.runs))


def run_of(cell: PromptCell, run_id: RunId) -> Run:
    """The cell's run of that id. Raises BadRequest."""
    for run in cell.runs:
        if run.id == run_id:
            return run
    raise BadRequest(f"There is no run {run_id!r} any more. Reload the page.")


def _edited(cell: Cell, text: str) -> Cell:
    match cell:
        case PromptCell():
            return replace(cell, prompt=text)
        case NoteCell():
            return replace(cell, text=text)
        case ForeignCell():
            raise BadRequest("This cell is another program's. Edit it there.")
        case _:
            assert_never(cell)


def _with(document: Document, cell_id: CellId, cell: Cell) -> Document:
    at = document.index(cell_id)
    return replace(document, cells=(*document.cells[:at], cell, *document.cells[at + 1 :]))
