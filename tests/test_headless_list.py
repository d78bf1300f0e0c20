"""Lists without a page: killed in the middle they go on where they were, and end the same."""

from __future__ import annotations

import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from playground import running
from playground.headless import Progress
from playground.notebook import journal, kept_file
from playground.notebook.document import Document, PromptCell
from playground.notebook.settings import Settings
from tests.books import Book
from tests.listed import Reckoning, list_cell, reckoning_pair, table
from tests.notebook.notebooks import MODELS
from tests.played import comparison_of

FIXED = Settings(MODELS, seed_mode="fixed", seed=7)
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def engines(monkeypatch: pytest.MonkeyPatch) -> tuple[Reckoning, Reckoning]:
    pair = reckoning_pair()
    comparison = comparison_of(*pair)
    monkeypatch.setattr(running, "own_comparison", lambda: comparison)
    return pair


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(tmp_path / "book.ipynb")


def killed(book: Book, at: int) -> None:
    """Run the book in a process that is killed while its `at`-th run answers."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.listed", str(book.path), str(at)],
        cwd=ROOT,
        capture_output=True,
        timeout=300,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


def test_a_list_asks_every_problem_on_both_lanes(
    engines: tuple[Reckoning, Reckoning], book: Book
) -> None:
    book.save(list_cell(3))
    assert book.run() == 0
    cell = book.open().prompts[0]
    assert [run.values for run in cell.runs] == [each.values for each in cell.problems]
    assert [request.prompt for request in engines[0].requests] == ["0 + 0", "1 + 1", "2 + 2"]
    assert len({request.sampling.seed for engine in engines for request in engine.requests}) == 1


@pytest.mark.parametrize(("count", "settings"), [(500, Settings(MODELS)), (40, FIXED)])
def test_a_list_that_was_killed_ends_as_one_that_was_not(
    engines: tuple[Reckoning, Reckoning],
    book: Book,
    count: int,
    settings: Settings,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    book.save(list_cell(count), settings=settings)
    killed(book, at=count // 2)
    at_death = kept_file.opened(book.path, lambda name: engines[0].card)[0]
    assert len(at_death.prompts[0].runs) == count // 2 - 1
    assert book.run("--resume") == 0
    assert f"{count // 2 + 1} runs" in capsys.readouterr().out
    resumed = book.open()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["book.ipynb"]
    seed = resumed.prompts[0].runs[0].results[0].request.sampling.seed
    unbroken = Book(tmp_path / "unbroken.ipynb")
    unbroken.save(list_cell(count), settings=Settings(MODELS, seed_mode="fixed", seed=seed))
    assert unbroken.run() == 0
    assert table(resumed) == table(unbroken.open())


def test_what_a_killed_process_had_not_yet_put_in_the_file_stands_beside_it(
    engines: tuple[Reckoning, Reckoning], book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "CHEAP_S", -1.0)
    monkeypatch.setattr(journal, "SHARE", 10**9)
    document = Document((list_cell(3),))
    kept = kept_file.KeptFile(book.path, FIXED, lambda name: engines[0].card)
    book.save(list_cell(3), settings=FIXED)
    kept.keep(document)
    written = book.path.read_bytes()
    others = Book(book.path.with_name("others.ipynb"))
    others.save(*document.cells, settings=FIXED)
    others.run()
    done = others.open()
    for count in (1, 2, 3):
        cell = done.prompts[0]
        kept.keep(Document((_cut(cell, count),), count))
    assert book.path.read_bytes() == written, "the file is not written again"
    with kept._journal.path.open("a") as file:
        file.write('{"cell": "half of a li')
    opened = kept_file.opened(book.path, lambda name: engines[0].card)[0]
    assert opened.prompts[0].runs == done.prompts[0].runs
    beside = kept._journal.path.read_bytes()
    kept.finish()
    assert book.open() == opened
    assert not kept._journal.path.exists()
    kept._journal.path.write_bytes(beside)  # killed between the two
    assert kept_file.opened(book.path, lambda name: engines[0].card)[0] == opened


def _cut(cell: PromptCell, count: int) -> PromptCell:
    return replace(cell, runs=cell.runs[:count], shown=count - 1)


def test_a_complete_list_is_asked_anew_unless_only_what_is_left_is_wanted(
    engines: tuple[Reckoning, Reckoning], book: Book, capsys: pytest.CaptureFixture[str]
) -> None:
    book.save(list_cell(2))
    for arguments, runs in (((), 2), (("--resume",), 2), ((), 4)):
        assert book.run(*arguments) == 0
        assert len(book.open().prompts[0].runs) == runs
    assert "There was nothing to run." in capsys.readouterr().out
    first, second = {run.results[0].request.sampling.seed for run in book.open().prompts[0].runs}
    assert first != second


def test_repeats_count_on_from_the_seed_and_budgets_are_asked_of_the_lane_that_thinks(
    engines: tuple[Reckoning, Reckoning], book: Book
) -> None:
    book.save(list_cell(1, repeats=2, budgets=(0, 256, None)), settings=FIXED)
    assert book.run() == 0
    asked = [
        [(request.sampling.seed, request.sampling.thinking_budget) for request in engine.requests]
        for engine in engines
    ]
    assert asked[0] == [(7, None), (8, None)]
    assert asked[1] == [(7, 0), (7, 256), (7, None), (8, 0), (8, 256), (8, None)]


def test_runs_into_another_file_go_on_there(
    engines: tuple[Reckoning, Reckoning], book: Book, tmp_path: Path
) -> None:
    out = tmp_path / "out.ipynb"
    book.save(list_cell(3))
    assert book.run("-o", str(out)) == 0
    out.write_text(out.read_text("utf-8"), "utf-8")
    engines[0].requests.clear()
    assert book.run("-o", str(out), "--resume") == 0
    assert engines[0].requests == []
    assert len(book.open(out).prompts[0].runs) == 3


def test_progress_says_which_run_it_is_and_how_long_the_rest_takes() -> None:
    assert Progress(1, 3).words() == "cell 1 of 3"
    assert (
        Progress(1, 3, 17, 500, 240.0).words() == "cell 1 of 3 · run 17 of 500 · about 4 min left"
    )
