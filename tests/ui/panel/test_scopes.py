"""What a verdict can be of: what has been judged, compared or run on both lanes."""

from __future__ import annotations

from dataclasses import replace

from playground.domain.expected import expected_from
from playground.notebook.document import Document, NoteCell, PromptCell
from playground.ui.panel.scopes import WHOLE, cells_of, scopes
from playground.words import speaking
from tests.judged import book, listed, plain, run_of

BOTH = run_of(1, "What is 2 + 2?", ("**4**", "**4**"))
ALONE = run_of(2, "What is 2 + 2?", ("**4**", "**4**"), lanes=("right",))


def labels(document: Document) -> list[str]:
    return [scope.label for scope in scopes(document)]


def test_a_notebook_without_runs_has_nothing_to_say() -> None:
    assert scopes(Document()) == ()


def test_one_lane_alone_says_nothing_unless_something_was_expected() -> None:
    alone = plain("a", ALONE)
    assert scopes(book(alone)) == ()
    assert len(scopes(book(replace(alone, expected=expected_from("4"))))) == 2


def test_the_whole_comes_first_and_cells_are_told_by_their_place_and_words() -> None:
    long = replace(plain("b", BOTH), prompt="word " * 40)
    cells = (plain("a", BOTH), PromptCell(prompt="never ran"), long, listed(6))
    found = labels(book(*cells))
    assert found[:2] == ["Whole notebook", "Cell 1: What is 2 + 2?"]
    assert found[2].startswith("Cell 3: word word") and len(found[2]) < 75
    assert found[3] == "List 4: 6 problems"


def test_notes_have_no_place_among_the_cells() -> None:
    document = Document((NoteCell(text="Above"), plain("a", BOTH)), 1)
    assert labels(document)[1] == "Cell 1: What is 2 + 2?"


def test_labels_are_in_the_language_that_is_spoken() -> None:
    with speaking("pt-BR"):
        assert labels(book(listed(6))) == ["O notebook inteiro", "Lista 1: 6 problemas"]


def test_a_cell_that_is_gone_is_the_whole_notebook() -> None:
    document = book(plain("a", BOTH), plain("b", BOTH))
    assert [cell.id for cell in cells_of(document, "b")] == ["b"]
    assert cells_of(document, "gone") == cells_of(document, WHOLE) == document.prompts


def test_a_blind_run_tells_nothing_before_its_vote() -> None:
    waiting = replace(BOTH, sides=("right", "left"))
    assert scopes(book(plain("a", waiting))) == ()
    assert len(scopes(book(plain("a", waiting, BOTH)))) == 2
