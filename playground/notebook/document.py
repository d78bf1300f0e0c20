"""Cells, their runs, and a closed union of changes; a change in, a new document out.

Pure: no input or output, no clock, no engine. Results are kept on the run that made them.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import NewType, assert_never

from playground.domain.errors import BadRequest
from playground.domain.request import Lane, RunId
from playground.results.value import Result

CellId = NewType("CellId", str)


def new_cell_id() -> CellId:
    """A fresh id."""
    return CellId(uuid.uuid4().hex[:12])


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a cell: a result a lane. `number` counts the notebook's runs from 1."""

    id: RunId
    number: int
    results: tuple[Result, ...]

    def result(self, lane: Lane) -> Result:
        """This lane's result. Raises KeyError."""
        for result in self.results:
            if result.request.lane == lane:
                return result
        raise KeyError(lane)


@dataclass(frozen=True, slots=True)
class Cell:
    """A prompt and its runs; `shown` is the index of the run that is looked at."""

    id: CellId = field(default_factory=new_cell_id)
    prompt: str = ""
    runs: tuple[Run, ...] = ()
    shown: int = 0

    @property
    def run(self) -> Run | None:
        """The run that is looked at."""
        return self.runs[self.shown] if self.runs else None


@dataclass(frozen=True, slots=True)
class Document:
    """Ordered cells; at least one. `runs_made` never goes down."""

    cells: tuple[Cell, ...] = field(default_factory=lambda: (Cell(),))
    runs_made: int = 0

    def index(self, cell: CellId) -> int:
        """Where the cell is. Raises BadRequest."""
        for index, candidate in enumerate(self.cells):
            if candidate.id == cell:
                return index
        raise BadRequest(f"There is no cell {cell!r} any more. Reload the page.")

    def cell(self, cell: CellId) -> Cell:
        """The cell of that id. Raises BadRequest."""
        return self.cells[self.index(cell)]


@dataclass(frozen=True, slots=True)
class InsertCell:
    """Put a cell at `index` (the end when null)."""

    cell: Cell
    index: int | None = None


@dataclass(frozen=True, slots=True)
class DeleteCell:
    """Take a cell out; the last one leaves an empty cell behind."""

    cell: CellId


@dataclass(frozen=True, slots=True)
class MoveCell:
    """Move a cell by so many places, as far as there is room."""

    cell: CellId
    by: int


@dataclass(frozen=True, slots=True)
class EditPrompt:
    """Give a cell another prompt; its runs stay."""

    cell: CellId
    prompt: str


@dataclass(frozen=True, slots=True)
class AddRun:
    """Add an ended run to a cell and look at it."""

    cell: CellId
    id: RunId
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class ShowRun:
    """Look at another run of a cell."""

    cell: CellId
    shown: int


Change = InsertCell | DeleteCell | MoveCell | EditPrompt | AddRun | ShowRun


def apply(document: Document, change: Change) -> Document:
    """The document after the change. Raises BadRequest for a cell that is not there."""
    match change:
        case InsertCell(cell, index):
            at = len(document.cells) if index is None else max(0, min(index, len(document.cells)))
            cells = (*document.cells[:at], cell, *document.cells[at:])
            return replace(document, cells=cells)
        case DeleteCell(cell_id):
            at = document.index(cell_id)
            cells = document.cells[:at] + document.cells[at + 1 :]
            return replace(document, cells=cells or (Cell(),))
        case MoveCell(cell_id, by):
            at = document.index(cell_id)
            cells = document.cells[:at] + document.cells[at + 1 :]
            to = max(0, min(at + by, len(cells)))
            return replace(document, cells=(*cells[:to], document.cells[at], *cells[to:]))
        case EditPrompt(cell_id, prompt):
            return _with_cell(document, cell_id, lambda cell: replace(cell, prompt=prompt))
        case AddRun(cell_id, run_id, results):
            return _add_run(document, cell_id, run_id, results)
        case ShowRun(cell_id, shown):
            return _with_cell(
                document,
                cell_id,
                lambda cell: replace(cell, shown=max(0, min(shown, len(cell.runs) - 1))),
            )
        case _:
            assert_never(change)


def _add_run(
    document: Document, cell_id: CellId, run_id: RunId, results: tuple[Result, ...]
) -> Document:
    runs = document.cell(cell_id).runs
    number = document.runs_made + 1
    added = (*runs, Run(run_id, number, results))
    document = replace(document, runs_made=number)
    return _with_cell(
        document, cell_id, lambda cell: replace(cell, runs=added, shown=len(added) - 1)
    )


def _with_cell(document: Document, cell_id: CellId, edit: Callable[[Cell], Cell]) -> Document:
    at = document.index(cell_id)
    cells = (*document.cells[:at], edit(document.cells[at]), *document.cells[at + 1 :])
    return replace(document, cells=cells)
