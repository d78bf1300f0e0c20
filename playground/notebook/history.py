"""Undo and redo: what would take a change back, kept as changes.

A run is never undone: results that came after a change stay when the change is taken back. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import assert_never

from playground.notebook.changes import (
    AddRun,
    Attach,
    CastVote,
    Change,
    Configure,
    DeleteCell,
    EditText,
    FoldCell,
    InsertCell,
    Judge,
    MoveCell,
    ReplaceCell,
    Retitle,
    ShowRun,
    SwitchBlind,
    apply,
    run_of,
    with_run,
)
from playground.notebook.document import CellId, Document, PromptCell, Run

KEPT = 200


@dataclass(frozen=True, slots=True)
class History:
    """A document, and the changes that take it back and forth, the next one last."""

    document: Document
    back: tuple[Change, ...] = ()
    forth: tuple[Change, ...] = ()

    def change(self, change: Change, apart: bool = False) -> History:
        """After this change; typing on in one cell is one step, unless it is to stand `apart`.

        Raises BadRequest.
        """
        document = apply(self.document, change)
        taken_back = inverse(self.document, change)
        if taken_back is None:
            return replace(self, document=document)
        last = self.back[-1] if self.back and not self.forth else None
        if not apart and isinstance(change, EditText) and _is_edit_of(last, change):
            return replace(self, document=document)
        return History(document, (*self.back, taken_back)[-KEPT:])

    def undo(self) -> History:
        """One step back; the same history when there is none."""
        if not self.back:
            return self
        *back, change = self.back
        again = inverse(self.document, change)
        assert again is not None
        return History(apply(self.document, change), tuple(back), (*self.forth, again))

    def redo(self) -> History:
        """One step forth; the same history when there is none."""
        if not self.forth:
            return self
        *forth, change = self.forth
        again = inverse(self.document, change)
        assert again is not None
        return History(apply(self.document, change), (*self.back, again), tuple(forth))

    def knows(self, cell: CellId) -> bool:
        """Whether the cell is here, or undo or redo would bring it back."""
        changes = (*self.back, *self.forth)
        return any(each.id == cell for each in self.document.cells) or any(
            _brings(change) == cell for change in changes
        )

    def keep(self, added: AddRun) -> History:
        """Keep an ended run, also when its cell is gone meanwhile: undo brings it back."""
        if any(cell.id == added.cell for cell in self.document.prompts):
            return replace(self, document=apply(self.document, added))
        number = self.document.runs_made + 1
        run = added.run(number)
        return History(
            replace(self.document, runs_made=number),
            tuple(_kept_in(change, added, run) for change in self.back),
            tuple(_kept_in(change, added, run) for change in self.forth),
        )


def inverse(document: Document, change: Change) -> Change | None:
    """What takes `change` back once it was applied to `document`; null for what is not undone."""
    match change:
        case InsertCell(cell, _):
            return DeleteCell(cell.id)
        case DeleteCell(cell_id, spare):
            at = document.index(cell_id)
            if len(document.cells) == 1:
                return ReplaceCell(spare.id, document.cells[at])
            return InsertCell(document.cells[at], at)
        case ReplaceCell(cell_id, by):
            return ReplaceCell(by.id, document.cell(cell_id))
        case MoveCell(cell_id, by):
            at = document.index(cell_id)
            to = max(0, min(at + by, len(document.cells) - 1))
            return MoveCell(cell_id, at - to) if to != at else None
        case EditText(cell_id, _):
            return EditText(cell_id, document.cell(cell_id).text)
        case Configure(cell_id):
            cell = document.prompt(cell_id)
            return Configure(cell_id, cell.continues, cell.overrides, cell.variables)
        case Judge(cell_id):
            cell = document.prompt(cell_id)
            return Judge(cell_id, cell.expected, cell.repeats, cell.problems, cell.budgets)
        case CastVote(cell_id, run_id, vote):
            before = run_of(document.prompt(cell_id), run_id).vote
            return CastVote(cell_id, run_id, before) if vote != before else None
        case Attach(cell_id, _):
            return Attach(cell_id, document.prompt(cell_id).attachments)
        case FoldCell(cell_id, _):
            return FoldCell(cell_id, document.cell(cell_id).folded)
        case Retitle(_):
            return Retitle(document.title)
        case AddRun() | ShowRun() | SwitchBlind():
            return None
        case _:
            assert_never(change)


def _is_edit_of(last: Change | None, change: EditText) -> bool:
    return isinstance(last, EditText) and last.cell == change.cell


def _brings(change: Change) -> CellId | None:
    """The cell that the change would put in."""
    match change:
        case InsertCell(cell, _) | ReplaceCell(_, cell):
            return cell.id
        case _:
            return None


def _kept_in(change: Change, added: AddRun, run: Run) -> Change:
    """`change`, with the run on the cell that it would bring back."""
    match change:
        case InsertCell(PromptCell() as cell) if cell.id == added.cell:
            return replace(change, cell=with_run(cell, run))
        case ReplaceCell(_, PromptCell() as cell) if cell.id == added.cell:
            return replace(change, by=with_run(cell, run))
        case _:
            return change
