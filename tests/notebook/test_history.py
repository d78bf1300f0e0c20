"""Undo and redo take every change of the document back and forth, and never lose a run."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.domain.attachment import Attachment
from playground.domain.expected import Expected
from playground.domain.request import LANES, Request, RunId
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
)
from playground.notebook.document import CellId, Document, NoteCell, PromptCell, Vote
from playground.notebook.history import History
from playground.notebook.problems import Problem
from playground.notebook.settings import Overrides
from playground.results.value import Result

A, B, C = CellId("a"), CellId("b"), CellId("c")


def history() -> History:
    return History(Document(tuple(PromptCell(name, f"prompt {name}") for name in (A, B, C))))


def run_of(cell: CellId, run: str = "r") -> AddRun:
    requests = [
        Request(RunId(run), "2026-01-01T00:00:00.000+00:00", lane, "m", "p") for lane in LANES
    ]
    return AddRun(cell, RunId(run), tuple(Result(request) for request in requests))


def runs(document: Document) -> set[str]:
    return {run.id for cell in document.prompts for run in cell.runs}


CHANGES: list[Change] = [
    InsertCell(PromptCell(CellId("x")), 1),
    InsertCell(NoteCell(CellId("n"), "note")),
    DeleteCell(A),
    DeleteCell(C),
    ReplaceCell(B, NoteCell(B, "now a note")),
    MoveCell(A, 2),
    MoveCell(C, -5),
    EditText(B, "another"),
    Configure(A, True, Overrides(system="s"), (("language", ("French",)),)),
    Attach(A, (Attachment("a.txt", "text"),)),
    Judge(A, Expected("value", ("4",)), 3, (Problem((("prompt", "x"),)),), (0, None)),
    FoldCell(B, True),
    Retitle("A title"),
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: type(change).__name__)
def test_a_change_is_taken_back_and_made_again(change: Change) -> None:
    before = history()
    after = before.change(change)
    assert after.document != before.document
    assert after.undo().document == before.document
    assert after.undo().redo().document == after.document


def test_there_is_nothing_to_take_back_at_first_nor_after_the_last_step() -> None:
    fresh = history()
    assert fresh.undo() == fresh.redo() == fresh
    assert fresh.change(DeleteCell(A)).redo().document.cells == fresh.document.cells[1:]


def test_deleting_the_only_cell_is_taken_back_without_leaving_the_empty_one() -> None:
    only = History(Document((PromptCell(A, "kept"),)))
    deleted = only.change(DeleteCell(A))
    assert [cell.text for cell in deleted.document.cells] == [""]
    assert deleted.undo().document == only.document
    assert deleted.undo().redo().document == deleted.document


def test_typing_on_in_one_cell_is_one_step() -> None:
    typed = history().change(EditText(A, "o")).change(EditText(A, "on")).change(EditText(B, "x"))
    assert typed.undo().document.cell(A).text == "on"
    assert typed.undo().undo().document == history().document


def test_typing_after_an_undo_is_a_step_of_its_own() -> None:
    typed = history().change(EditText(A, "one")).change(Retitle("t")).undo()
    again = typed.change(EditText(A, "two"))
    assert again.undo().document.cell(A).text == "one"


def test_a_new_change_ends_what_could_be_made_again() -> None:
    undone = history().change(DeleteCell(A)).undo()
    assert undone.change(Retitle("t")).forth == ()


def test_a_vote_is_cast_and_taken_back_while_its_run_stays() -> None:
    ran = history().change(run_of(A))
    voted = ran.change(CastVote(A, RunId("r"), Vote("tie")))
    assert voted.document.prompts[0].runs[0].vote == Vote("tie")
    assert voted.undo().document == ran.document
    assert voted.undo().redo().document == voted.document


def test_runs_and_what_is_looked_at_are_no_steps() -> None:
    ran = history().change(run_of(A)).change(ShowRun(A, 0))
    assert ran.back == ()


def test_a_run_stays_when_what_came_before_it_is_taken_back() -> None:
    ran = history().change(EditText(A, "new")).change(MoveCell(A, 1)).keep(run_of(A))
    assert runs(ran.undo().undo().document) == {"r"}


def test_a_run_that_ended_after_its_cell_was_deleted_is_there_when_the_cell_comes_back() -> None:
    gone = history().change(DeleteCell(A)).keep(run_of(A))
    assert runs(gone.document) == set()
    assert gone.document.runs_made == 1
    assert runs(gone.undo().document) == {"r"}


def test_a_run_that_ended_after_its_cell_became_a_note_is_there_when_it_is_a_prompt_again() -> None:
    note = history().change(ReplaceCell(A, NoteCell(A))).keep(run_of(A))
    assert runs(note.undo().document) == {"r"}


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([*CHANGES, "undo", "redo", run_of(B), run_of(A, "q")])))
def test_any_row_of_steps_can_be_taken_back_to_the_beginning_without_losing_a_run(
    steps: list[object],
) -> None:
    now = history()
    wanted: set[str] = set()
    for step in steps:
        if step == "undo":
            now = now.undo()
        elif step == "redo":
            now = now.redo()
        elif isinstance(step, AddRun):
            if step.id not in wanted:
                now = now.keep(step)
                wanted.add(step.id)
        elif _possible(now.document, step):
            now = now.change(step)  # type: ignore[arg-type]
    while now.back:
        now = now.undo()
    assert [cell.id for cell in now.document.cells] == ["a", "b", "c"]
    assert [cell.text for cell in now.document.cells] == ["prompt a", "prompt b", "prompt c"]
    assert runs(now.document) == wanted


def _possible(document: Document, step: object) -> bool:
    cells = {cell.id: cell for cell in document.cells}
    if isinstance(step, InsertCell):
        return step.cell.id not in cells
    if isinstance(step, Configure | Attach):
        return isinstance(cells.get(step.cell), PromptCell)
    cell = getattr(step, "cell", None)
    return cell is None or cell in cells


def test_a_text_that_is_put_in_apart_is_a_step_of_its_own() -> None:
    typed = history().change(EditText(A, "typed"))
    added = typed.change(EditText(A, "typed, and advised"), apart=True)
    assert added.undo().document.prompt(A).text == "typed"
    assert added.undo().undo().document.prompt(A).text == "prompt a"
