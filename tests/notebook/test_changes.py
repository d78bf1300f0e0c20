"""Each change of a document makes a new document and leaves the old one alone."""

from dataclasses import FrozenInstanceError

import pytest

from playground.domain.errors import BadRequest
from playground.domain.request import LANES, Request, RunId
from playground.notebook.changes import (
    AddRun,
    DeleteCell,
    EditText,
    InsertCell,
    MoveCell,
    ShowRun,
    apply,
)
from playground.notebook.document import CellId, Document, PromptCell
from playground.results.value import Result


def document(*names: str) -> Document:
    return Document(tuple(PromptCell(CellId(name), f"prompt {name}") for name in names))


def ids(changed: Document) -> str:
    return "".join(cell.id for cell in changed.cells)


def add_run(name: str, run: str) -> AddRun:
    requests = [
        Request(RunId(run), "2026-01-01T00:00:00.000+00:00", lane, "m", "p") for lane in LANES
    ]
    return AddRun(CellId(name), RunId(run), tuple(Result(request) for request in requests))


def test_a_new_document_has_one_empty_cell() -> None:
    assert [cell.prompt for cell in Document().cells] == [""]


def test_a_cell_is_inserted_where_asked_or_at_the_end() -> None:
    assert ids(apply(document("a", "b"), InsertCell(PromptCell(CellId("x")), 1))) == "axb"
    assert ids(apply(document("a", "b"), InsertCell(PromptCell(CellId("x"))))) == "abx"
    assert ids(apply(document("a", "b"), InsertCell(PromptCell(CellId("x")), 99))) == "abx"


def test_deleting_the_last_cell_leaves_an_empty_one() -> None:
    changed = apply(document("a"), DeleteCell(CellId("a")))
    assert [cell.prompt for cell in changed.cells] == [""]
    assert ids(apply(document("a", "b", "c"), DeleteCell(CellId("b")))) == "ac"


@pytest.mark.parametrize(
    ("name", "by", "expected"),
    [("a", 1, "bac"), ("c", -1, "acb"), ("a", -1, "abc"), ("c", 5, "abc"), ("a", 2, "bca")],
)
def test_a_cell_moves_as_far_as_there_is_room(name: str, by: int, expected: str) -> None:
    assert ids(apply(document("a", "b", "c"), MoveCell(CellId(name), by))) == expected


def test_an_edit_keeps_the_runs() -> None:
    with_run = apply(document("a"), add_run("a", "r1"))
    edited = apply(with_run, EditText(CellId("a"), "new")).cell(CellId("a"))
    assert (edited.prompt, len(edited.runs)) == ("new", 1)


def test_runs_are_numbered_over_the_whole_notebook_and_the_newest_is_shown() -> None:
    changed = document("a", "b")
    for name, run in (("a", "r1"), ("b", "r2"), ("a", "r3")):
        changed = apply(changed, add_run(name, run))
    cell = changed.cell(CellId("a"))
    assert [run.number for run in cell.runs] == [1, 3]
    assert cell.run is not None and cell.run.id == "r3"


@pytest.mark.parametrize(("wanted", "shown"), [(0, 0), (1, 1), (-3, 0), (9, 1)])
def test_showing_a_run_stays_within_the_runs(wanted: int, shown: int) -> None:
    changed = document("a")
    for run in ("r1", "r2"):
        changed = apply(changed, add_run("a", run))
    assert apply(changed, ShowRun(CellId("a"), wanted)).cell(CellId("a")).shown == shown


def test_a_cell_that_is_gone_is_named_in_the_error() -> None:
    with pytest.raises(BadRequest, match="'gone'"):
        apply(document("a"), EditText(CellId("gone"), ""))


def test_documents_are_values() -> None:
    before = document("a", "b")
    apply(before, DeleteCell(CellId("a")))
    assert ids(before) == "ab"
    assert before == document("a", "b")
    with pytest.raises(FrozenInstanceError):
        before.runs_made = 3  # type: ignore[misc]
