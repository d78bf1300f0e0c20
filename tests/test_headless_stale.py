"""`python -m playground run --stale`: only what would not be the same now."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from playground import running
from playground.notebook.document import Cell, PromptCell
from playground.notebook.settings import Overrides, Settings
from tests.books import Book, Pair, prompt
from tests.notebook.notebooks import SETTINGS
from tests.played import BROKEN, comparison_of, demo_pair


@pytest.fixture
def engines(monkeypatch: pytest.MonkeyPatch) -> Pair:
    """The models that the command uses."""
    pair = demo_pair()
    comparison = comparison_of(*pair)
    monkeypatch.setattr(running, "own_comparison", lambda: comparison)
    return pair


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(tmp_path / "book.ipynb")


def stale(book: Book, engines: Pair, *cells: Cell, settings: Settings = SETTINGS) -> list[str]:
    """The prompts that --stale runs once all have run and then became `cells`."""
    runs = {cell.id: cell for cell in book.open().prompts}
    changed = [
        replace(cell, runs=runs[cell.id].runs, shown=runs[cell.id].shown)
        if isinstance(cell, PromptCell) and cell.id in runs
        else cell
        for cell in cells
    ]
    book.save(*changed, settings=settings)
    del engines[0].requests[:]
    book.run("--stale")
    return [request.prompt for request in engines[0].requests]


def test_stale_runs_what_would_not_be_the_same_now(
    engines: Pair, book: Book, capsys: pytest.CaptureFixture[str]
) -> None:
    cells = (
        prompt("a", "One?"),
        prompt("b", "And?", continues=True),
        prompt("c", "{{x}}?", variables=(("x", ("1", "2")),)),
    )
    book.save(*cells)
    assert book.run() == 0
    assert stale(book, engines, *cells) == []
    assert capsys.readouterr().out.endswith("There was nothing to run.\n")
    first, second, third = cells
    assert stale(book, engines, replace(first, prompt="Uno?"), second, third) == ["Uno?", "And?"]
    more = replace(third, variables=(("x", ("1", "3")),))
    assert stale(book, engines, replace(first, prompt="Uno?"), second, more) == ["3?"]
    tagged = replace(second, prompt="And? /think")
    assert stale(book, engines, replace(first, prompt="Uno?"), tagged, more) == []
    assert engines[1].requests[-1].prompt == "And?"


def test_stale_minds_a_seed_only_where_it_is_fixed(engines: Pair, book: Book) -> None:
    cell = prompt("a", "One?")
    book.save(cell)
    assert book.run() == 0
    fixed = replace(SETTINGS, seed_mode="fixed", seed=3)
    assert stale(book, engines, cell, settings=fixed) == ["One?"]
    assert stale(book, engines, cell, settings=fixed) == []
    own = replace(cell, overrides=Overrides(sampling={"left": {"seed": 9}}))
    assert stale(book, engines, own) == ["One?"]


def test_what_failed_is_stale(engines: Pair, book: Book) -> None:
    book.save(prompt("a", "One?"))
    engines[0].error = BROKEN
    assert book.run() == 1
    engines[0].error = None
    assert stale(book, engines, prompt("a", "One?")) == ["One?"]
