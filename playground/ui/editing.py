"""The document as a page edits it: intents become changes, with undo and redo.

Every method may be called from any thread, under one lock. Knows no run, no engine and no Gradio.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from playground.domain.attachment import Attachment
from playground.domain.errors import BadRequest
from playground.domain.limits import UNLIMITED, Limits
from playground.domain.request import RunId
from playground.domain.text import check_text
from playground.notebook.blind import vote_of
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
    run_of,
)
from playground.notebook.document import (
    Cell,
    CellId,
    Document,
    ForeignCell,
    NoteCell,
    PromptCell,
    new_cell_id,
)
from playground.notebook.history import History
from playground.notebook.packing_texts import attachment_id
from playground.said_errors import said
from playground.ui.advice import with_sentence
from playground.ui.budgets import with_budgets
from playground.ui.intents import ChangeIntent
from playground.ui.judging_form import is_judged_so, judge_from
from playground.ui.limited import check_change
from playground.ui.lists import list_cell, with_list
from playground.ui.own import own_from


class EditedDocument:
    """A document with its revision, the focus it wishes for, and a message for the reader.

    `changed` is called after every change of it.
    """

    def __init__(self, document: Document | None, limits: Limits = UNLIMITED) -> None:
        self.limits = limits
        self.lock = threading.RLock()
        self.history = History(document or Document())
        self.revision = 0
        self.notice = ""
        self.focus = ""
        self.changed: Callable[[], object] = lambda: None

    @property
    def document(self) -> Document:
        """The document as it is now."""
        return self.history.document

    def change(self, intent: ChangeIntent) -> None:
        """Carry an intent of the page out. Raises BadRequest."""
        with self.lock:
            self._take_dirty(intent.get("dirty", {}))
            if intent.get("action", "edit") != "edit":
                self.focus = ""
            self._carry_out(intent)
            self.revision += 1

    def _carry_out(self, intent: ChangeIntent) -> None:
        match intent.get("action", "edit"):
            case "add":
                added = _new_cell(intent.get("kind"), check_text("text", intent.get("text", "")))
                self._insert(added, intent.get("cell"))
            case "duplicate":
                original = self.document.cell(CellId(intent["cell"]))
                self._insert(_copied(original), original.id)
            case "delete":
                self._delete(CellId(intent["cell"]))
            case "undo":
                self._step(self.history.undo())
            case "redo":
                self._step(self.history.redo())
            case "move":
                self._apply(MoveCell(CellId(intent["cell"]), intent["by"]))
                self.focus = intent["cell"]
            case "convert":
                cell = self.document.cell(CellId(intent["cell"]))
                self._going(cell.id)
                if not isinstance(cell, ForeignCell | _kind(intent.get("kind"))):
                    other = _new_cell(intent.get("kind"), cell.text)
                    self._apply(ReplaceCell(cell.id, replace(other, id=cell.id)))
                self.focus = cell.id
            case "show":
                self._apply(ShowRun(CellId(intent["cell"]), intent["shown"]))
            case "fold":
                self._apply(FoldCell(CellId(intent["cell"]), bool(intent["folded"])))
            case "retitle":
                self._apply(Retitle(check_text("title", intent["title"]).strip()))
            case "configure":
                overrides, variables = own_from(intent["own"])
                continues = bool(intent["continues"])
                self._apply(Configure(CellId(intent["cell"]), continues, overrides, variables))
            case "judge":
                self._judge(CellId(intent["cell"]), intent)
            case "advise":
                prompt = self.document.prompt(CellId(intent["cell"]))
                text = with_sentence(prompt.prompt, intent["advice"])
                if text != prompt.prompt:
                    self._apply(EditText(prompt.id, text), apart=True)
                self.focus = prompt.id
            case "list":
                self._list(intent)
            case "budgets":
                prompt = self.document.prompt(CellId(intent["cell"]))
                self._apply(with_budgets(prompt, intent["budgets"]))
            case "detach":
                self._detach(CellId(intent["cell"]), intent["attachment"])
            case "blind":
                self._apply(SwitchBlind(bool(intent["on"])))
            case "vote":
                self._vote(intent)
            case "clear_notice":
                self.notice = ""
            case _:
                pass

    def attach(self, cell: CellId, attachments: tuple[Attachment, ...]) -> None:
        """Put these documents beside a prompt, in place of its own. Raises BadRequest."""
        with self.lock:
            self._apply(Attach(cell, attachments))
            self.notice = ""
            self.revision += 1

    def judge(self, judged: Judge) -> None:
        """Say what a cell's answers are held against, and how often it is asked. Raises
        BadRequest."""
        with self.lock:
            self._apply(judged)
            self.notice = ""
            self.revision += 1

    def vote(self, cast: CastVote) -> None:
        """Keep which answer of a run was found better. Raises BadRequest."""
        with self.lock:
            self._apply(cast)
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
        self.changed()

    def _going(self, cell: CellId) -> None:
        """Called before a cell is deleted or becomes a note."""

    def _keep(self, run: AddRun) -> None:
        self.history = self.history.keep(run)
        self.changed()

    def _advance(self, cell: CellId) -> None:
        index = self.document.index(cell) + 1
        if index == len(self.document.cells):
            self._apply(InsertCell(PromptCell()))
        self.focus = self.document.cells[index].id

    def _insert(self, cell: Cell, after: str | None) -> None:
        index = None
        if after is not None:
            index = self.document.index(CellId(after)) + 1 if after else 0
        self._apply(InsertCell(cell, index))
        self.focus = cell.id

    def _delete(self, cell: CellId) -> None:
        index = self.document.index(cell)
        self._going(cell)
        self._apply(DeleteCell(cell))
        self.focus = self.document.cells[min(index, len(self.document.cells) - 1)].id

    def _judge(self, cell: CellId, form: Mapping[str, Any]) -> None:
        judge = judge_from(self.document.prompt(cell), form)
        if not is_judged_so(self.document.prompt(cell), judge):
            self._apply(judge)

    def _put(self, cell: PromptCell) -> None:
        """At the end, or in the place of an empty last cell."""
        last = self.document.cells[-1]
        if isinstance(last, PromptCell) and not (last.text.strip() or last.runs):
            self._apply(ReplaceCell(last.id, cell))
        else:
            self._apply(InsertCell(cell))
        self.focus = cell.id

    def _list(self, intent: ChangeIntent) -> None:
        """A new list after a cell, or other problems for the cell that has some."""
        if (cell := intent.get("cell")) is None:
            listed = list_cell(intent["text"], self.limits)
            if intent.get("after"):
                self._insert(listed, intent["after"])
            else:
                self._put(listed)
        else:
            prompt = self.document.prompt(CellId(cell))
            self._apply(with_list(prompt, intent["text"], self.limits))
            self.focus = prompt.id

    def _detach(self, cell: CellId, attachment: str) -> None:
        attached = self.document.prompt(cell).attachments
        kept = tuple(each for each in attached if attachment_id(each) != attachment)
        if kept != attached:
            self._apply(Attach(cell, kept))

    def _vote(self, intent: ChangeIntent) -> None:
        cell, run_id = CellId(intent["cell"]), RunId(intent["run"])
        run, choice = run_of(self.document.prompt(cell), run_id), intent.get("choice")
        if run.sides:  # the second of two clicks finds none
            vote = vote_of(run, choice, intent.get("reason")) if choice else None
            self._apply(CastVote(cell, run_id, vote))
        self.focus = cell

    def _step(self, history: History) -> None:
        """Go to another point of the history, and to the cell that it changed."""
        before, after = self.document.cells, history.document.cells
        kept = {cell.id for cell in after}
        for cell in before:
            if cell.id not in kept:
                self._going(cell.id)
        fresh = [cell.id for cell in after if not any(cell is old for old in before)]
        self.history = history
        self.focus = fresh[0] if fresh else ""
        self.changed()

    def _take_dirty(self, dirty: Mapping[str, str]) -> set[str]:
        """Put typed texts into their cells; the cells whose text cannot be taken, with a notice."""
        known = {cell.id: cell.text for cell in self.document.cells}
        refused = set()
        for cell, typed in dirty.items():
            try:
                text = check_text("text", typed)
                if known.get(CellId(cell), text) != text:
                    self._apply(EditText(CellId(cell), text))
            except BadRequest as exc:
                self.notice = said(exc)
                refused.add(cell)
        return refused

    def _apply(self, change: Change, apart: bool = False) -> None:
        check_change(change, self.document, self.limits)
        self.history = self.history.change(change, apart)
        self.changed()


def _kind(kind: Any) -> type[PromptCell | NoteCell]:
    return NoteCell if kind == "note" else PromptCell


def _new_cell(kind: Any, text: str) -> PromptCell | NoteCell:
    return NoteCell(text=text) if kind == "note" else PromptCell(prompt=text)


def _copied(cell: Cell) -> Cell:
    """The cell without its runs, under a new id."""
    if isinstance(cell, PromptCell):
        return replace(cell, id=new_cell_id(), runs=(), shown=0, extra="")
    return replace(cell, id=new_cell_id())
