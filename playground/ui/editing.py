"""The document as a page edits it: intents become changes, a deleted cell can be brought back.

Every method may be called from any thread, under one lock. Knows no run, no engine and no Gradio.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace

from playground.domain.errors import BadRequest
from playground.domain.text import check_text
from playground.notebook.document import (
    AddRun,
    Cell,
    CellId,
    Change,
    DeleteCell,
    Document,
    EditPrompt,
    InsertCell,
    MoveCell,
    ShowRun,
    apply,
    new_cell_id,
)
from playground.ui.wire import ChangeIntent


class EditedDocument:
    """A document with its revision, the focus it wishes for, and a message for the reader."""

    def __init__(self, document: Document | None) -> None:
        self.lock = threading.RLock()
        self.document = document or Document()
        self.revision = 0
        self.notice = ""
        self.focus = ""
        self.deleted: list[tuple[int, Cell]] = []

    def change(self, intent: ChangeIntent) -> None:
        """Carry an intent of the page out. Raises BadRequest."""
        with self.lock:
            self._take_dirty(intent.get("dirty", {}))
            self.focus = ""
            match intent.get("action", "edit"):
                case "add":
                    prompt = check_text("prompt", intent.get("prompt", ""))
                    self._insert(Cell(prompt=prompt), intent.get("cell"))
                case "duplicate":
                    original = self.document.cell(CellId(intent["cell"]))
                    self._insert(Cell(prompt=original.prompt), original.id)
                case "delete":
                    self._delete(CellId(intent["cell"]))
                case "undo" if self.deleted:
                    index, cell = self.deleted.pop()
                    self._apply(InsertCell(cell, index))
                    self.focus = cell.id
                case "move":
                    self._apply(MoveCell(CellId(intent["cell"]), intent["by"]))
                    self.focus = intent["cell"]
                case "show":
                    self._apply(ShowRun(CellId(intent["cell"]), intent["shown"]))
                case "clear_notice":
                    self.notice = ""
                case _:
                    pass
            self.revision += 1

    def tell(self, notice: str) -> None:
        """Show a message on the page."""
        with self.lock:
            self.notice = notice
            self.revision += 1

    def touch(self) -> None:
        """The settings changed, so the views did; what was said of the old ones is over."""
        with self.lock:
            self.notice = ""
            self.revision += 1

    def _going(self, cell: CellId) -> None:
        """Called before a cell is deleted."""

    def _keep(self, run: AddRun) -> None:
        """Keep an ended run, also when its cell was deleted meanwhile: undo brings it back."""
        for position, (index, cell) in enumerate(self.deleted):
            if cell.id == run.cell:
                kept = apply(Document((cell,), self.document.runs_made), run)
                self.deleted[position] = (index, kept.cells[0])
                return
        self._apply(run)

    def _advance(self, cell: CellId) -> None:
        index = self.document.index(cell) + 1
        if index == len(self.document.cells):
            self._apply(InsertCell(Cell()))
        self.focus = self.document.cells[index].id

    def _insert(self, cell: Cell, after: str | None) -> None:
        cell = replace(cell, id=new_cell_id())
        index = None if after is None else self.document.index(CellId(after)) + 1
        self._apply(InsertCell(cell, index))
        self.focus = cell.id

    def _delete(self, cell: CellId) -> None:
        index = self.document.index(cell)
        self._going(cell)
        self.deleted.append((index, self.document.cells[index]))
        self._apply(DeleteCell(cell))
        self.focus = self.document.cells[min(index, len(self.document.cells) - 1)].id

    def _take_dirty(self, dirty: Mapping[str, str]) -> set[str]:
        """Put typed texts into their cells; the cells whose text cannot be taken, with a notice."""
        known = {cell.id for cell in self.document.cells}
        refused = set()
        for cell, prompt in dirty.items():
            try:
                text = check_text("prompt", prompt)
            except BadRequest as exc:
                self.notice = str(exc)
                refused.add(cell)
                continue
            if cell in known:
                self._apply(EditPrompt(CellId(cell), text))
        return refused

    def _apply(self, change: Change) -> None:
        self.document = apply(self.document, change)
