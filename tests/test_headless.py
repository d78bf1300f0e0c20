"""`python -m playground run`: a notebook's prompts in order, kept after each run."""

from __future__ import annotations

import json
import math
import os
import signal
import sys
import threading
from pathlib import Path

import pytest

from playground import headless, running
from playground.__main__ import main
from playground.notebook import journal, kept_file, saving
from playground.notebook.document import Document, NoteCell, PromptCell
from playground.notebook.settings import Overrides
from tests.books import Book, Pair, prompt
from tests.notebook.notebooks import SETTINGS
from tests.played import BROKEN, Played, comparison_of, demo_pair
from tests.samples import ended, saying, started, thought


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


def answers(cell: PromptCell) -> list[str]:
    return [result.output.answer for run in cell.runs for result in run.results]


def test_the_prompts_run_in_order_and_the_file_has_their_runs(
    engines: Pair, book: Book, capsys: pytest.CaptureFixture[str]
) -> None:
    own = Overrides(system="Be brief.", sampling={"left": {"top_k": 3}})
    book.save(prompt("a", "One?"), NoteCell(text="Note"), prompt("b", "Two?", overrides=own))
    assert book.run() == 0
    assert [request.prompt for request in engines[0].requests] == ["One?", "Two?"]
    asked = engines[0].requests[1]
    assert (asked.system, asked.sampling.top_k) == ("Be brief.", 3)
    first, second = book.open().prompts
    assert answers(first) == answers(second) == ["Left says.", "Right says."]
    assert [first.runs[0].number, second.runs[0].number] == [1, 2]
    printed = capsys.readouterr()
    assert printed.out == f"2 runs, saved in {book.path}\n" and printed.err == ""


def test_another_file_may_take_the_runs(engines: Pair, book: Book, tmp_path: Path) -> None:
    book.save(prompt("a", "One?"))
    before, out = book.path.read_bytes(), tmp_path / "out.ipynb"
    assert book.run("-o", str(out)) == 0
    assert book.path.read_bytes() == before
    assert len(book.open(out).prompts[0].runs) == 1


def test_a_cell_that_continues_is_asked_with_the_answer_above(engines: Pair, book: Book) -> None:
    book.save(prompt("a", "One?"), prompt("b", "And?", continues=True))
    assert book.run() == 0
    history = engines[1].requests[1].history
    assert [message.content for message in history] == ["One?", "Right says."]


def test_variables_make_a_run_each(engines: Pair, book: Book) -> None:
    book.save(prompt("a", "{{x}}?", variables=(("x", ("1", "2")),)))
    assert book.run() == 0
    assert [run.values for run in book.open().prompts[0].runs] == [(("x", "1"),), (("x", "2"),)]


def test_a_tag_runs_one_lane(engines: Pair, book: Book) -> None:
    book.save(prompt("a", "One? /think"))
    assert book.run() == 0
    assert book.open().prompts[0].runs[0].lanes == ("right",)


def test_a_lane_that_cannot_go_on_fails_and_the_other_runs(engines: Pair, book: Book) -> None:
    book.save(prompt("a", "One? /think"), prompt("b", "And?", continues=True))
    assert book.run() == 1
    left, right = book.open().prompts[1].runs[0].results
    assert left.error is not None and "no answer of the left lane yet" in left.error.message
    assert right.output.answer == "Right says."


def test_a_cell_whose_lanes_can_all_not_go_on_is_named_and_gets_no_run(
    engines: Pair, book: Book, capsys: pytest.CaptureFixture[str]
) -> None:
    engines[0].events = engines[1].events = (started(), ended("limit"))
    book.save(prompt("a", "One?"), prompt("b", "And?", continues=True))
    assert book.run() == 1
    assert capsys.readouterr().err.startswith("Cell 2: This cell continues the one above")
    assert [len(cell.runs) for cell in book.open().prompts] == [1, 0]


def test_a_cell_that_cannot_be_asked_is_named_and_the_others_run(
    engines: Pair, book: Book, capsys: pytest.CaptureFixture[str]
) -> None:
    book.save(
        prompt("a", "And?", continues=True, overrides=Overrides(sampling={"left": {"top_k": "x"}})),
        prompt("b", "  "),
        prompt("c", "One?"),
        prompt("d", "{{x}}?", variables=(("x", tuple(map(str, range(101)))),)),
    )
    assert book.run() == 1
    told = capsys.readouterr().err.splitlines()
    assert told[0].startswith("Cell 1: Left lane: top_k is 'x'")
    assert told[1].startswith("Cell 4: These variables make 101 runs")
    assert [len(cell.runs) for cell in book.open().prompts] == [0, 0, 1, 0]


def test_a_lane_that_fails_or_gives_no_answer_makes_the_exit_code_1(
    engines: Pair, book: Book
) -> None:
    book.save(prompt("a", "One?"))
    engines[0].error = BROKEN
    assert book.run() == 1
    engines[0].error = None
    engines[1].events = (started(), thought("Hm", 1.0), ended("limit"))
    assert book.run() == 1
    assert len(book.open().prompts[0].runs) == 2


def test_from_a_prompt_on(engines: Pair, book: Book, capsys: pytest.CaptureFixture[str]) -> None:
    book.save(prompt("a", "One?"), prompt("b", "Two?"), prompt("c", "Three?"))
    assert book.run("--from", "2") == 0
    assert [request.prompt for request in engines[0].requests] == ["Two?", "Three?"]
    for number in ("0", "4"):
        assert book.run("--from", number) == 2
        assert f"--from is {number}, but the notebook has 3 prompts" in capsys.readouterr().err


def test_ctrl_c_keeps_what_there_is_and_exits_130(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = Played("demo-instruct", saying("Left"), endless=True)
    comparison = comparison_of(left, demo_pair()[1])
    monkeypatch.setattr(running, "own_comparison", lambda: comparison)
    book.save(prompt("a", "One?"), prompt("b", "Two?"))

    def interrupt() -> None:
        assert left.answering.wait(30)
        signal.raise_signal(signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    assert book.run() == 130
    thread.join()
    first, second = book.open().prompts
    result = first.runs[0].result("left")
    assert result.output.answer.startswith("Left") and result.ending == "user"
    assert second.runs == ()


def test_a_second_ctrl_c_keeps_what_came_too(engines: Pair, book: Book) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    kept: list[Document] = []
    watcher = headless.Watcher(kept.append, interrupt, interrupt, lambda: False)
    document = Document((prompt("a", "One?"),))
    runner = headless.Headless(running.own_comparison(), document, SETTINGS, watcher)
    with pytest.raises(KeyboardInterrupt):
        runner.run(headless.Which())
    results = kept[-1].prompts[0].runs[0].results
    assert [result.ending for result in results] == ["interrupted", "interrupted"]


def test_the_file_is_saved_after_each_run(
    engines: Pair, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.save(prompt("a", "One?"), prompt("b", "Two?"))
    seen: list[list[int]] = []
    save = saving.save_atomically

    def saved(path: Path, text: str) -> None:
        save(path, text)
        seen.append([len(cell.runs) for cell in book.open().prompts])

    monkeypatch.setattr(kept_file, "save_atomically", saved)
    monkeypatch.setattr(journal, "CHEAP_S", math.inf)  # also on a machine that is busy
    book.run()
    assert seen == [[0, 0], [1, 0], [1, 1]], "before the first, to know that it can be"
    assert os.listdir(book.path.parent) == ["book.ipynb"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.ipynb"], "could not be read"),
        (["{book}", "-o", "nowhere/out.ipynb"], "could not be saved"),
        (["{bad}"], "is no JSON"),
    ],
)
def test_a_file_that_cannot_be_read_or_saved_exits_2(
    engines: Pair,
    book: Book,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    book.save(prompt("a", "One?"))
    (tmp_path / "bad.ipynb").write_text("no", "utf-8")
    names = {"book": str(book.path), "bad": "bad.ipynb"}
    assert main(["run", *(argument.format_map(names) for argument in arguments)]) == 2
    assert words in capsys.readouterr().err
    assert engines[0].requests == [], "before anything ran"


def test_a_notebook_of_another_program_runs_its_calls_on_the_default_pair(
    engines: Pair, book: Book
) -> None:
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "source": "compare('One?')"}
    data = {"cells": [{**cell, "execution_count": None}], "metadata": {}, "nbformat": 4}
    book.path.write_text(json.dumps({**data, "nbformat_minor": 4}), "utf-8")
    assert book.run() == 0
    assert answers(book.open().prompts[0]) == ["Left says.", "Right says."]


def test_progress_says_which_cell_it_is(
    engines: Pair, book: Book, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    book.save(prompt("a", "One?"), prompt("b", " "), prompt("c", "Three?"))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    book.run()
    told = capsys.readouterr().err
    assert "cell 1 of 3 · demo-instruct" in told and told.endswith("\r\x1b[K")


def test_a_notebook_without_prompts_has_nothing_to_run() -> None:
    assert headless.chosen(Document((NoteCell(),)), headless.Which()) == []
