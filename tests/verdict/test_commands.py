"""`python -m playground verdict`."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from playground.__main__ import BAD_REQUEST, main
from playground.notebook.document import Document, Vote
from playground.notebook.exports.tables import to_jsonl
from playground.notebook.storage import write
from tests.notebook.notebooks import SETTINGS
from tests.verdict.runs import cell, ran

DOCUMENT = Document(
    (cell(ran(1, "**5**"), ran(2)), cell(ran(3, prompt="Why?"), id="b", prompt="Why?"))
)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "book.ipynb"
    path.write_text(write(DOCUMENT, SETTINGS), "utf-8")
    return path


def test_a_notebooks_verdict_is_said(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verdict", str(book)]) == 0
    assert capsys.readouterr().out.startswith("Too few to say, with n = 2: the final answers agree")


def test_results_in_lines_say_the_same(
    book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = tmp_path / "results.jsonl"
    lines.write_text(to_jsonl(DOCUMENT), "utf-8")
    assert main(["verdict", str(book)]) == main(["verdict", str(lines)]) == 0
    of_book, of_lines = capsys.readouterr().out[:-1].split("\n")
    assert of_book == of_lines


def test_one_cell_may_be_asked_for(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verdict", str(book), "--cell", "2"]) == 0
    assert "with n = 1:" in capsys.readouterr().out


def test_all_numbers_are_json(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verdict", str(book), "--json"]) == 0
    (group,) = json.loads(capsys.readouterr().out)["groups"]
    assert group["models"] == {"left": "demo-instruct", "right": "demo-thinking"}
    assert group["verdict"]["problems"] == 2 and group["curves"] == []


@pytest.fixture
def voted(tmp_path: Path) -> Path:
    one = replace(ran(1, "**4**", "It is **4**."), vote=Vote("right", blind=True))
    other = replace(ran(2, prompt="Why?"), vote=Vote("tie", blind=True))
    document = Document((cell(one), cell(other, id="b", prompt="Why?")))
    path = tmp_path / "voted.ipynb"
    path.write_text(write(document, SETTINGS), "utf-8")
    return path


def test_blind_votes_are_said_last(voted: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verdict", str(voted)]) == 0
    assert capsys.readouterr().out.endswith(
        "\n\nBlind votes: demo-instruct 0, demo-thinking 1, tie 1, both bad 0. Fewer than 5 decided"
        " votes are too few to say more. Median length: winner 12, loser 5 characters; the longer"
        " answer won 1 of 1.\n"
    )
    assert main(["verdict", str(voted), "--cell", "2"]) == 0
    assert "\n\nBlind votes: demo-instruct 0, demo-thinking 0, tie 1" in capsys.readouterr().out


def test_blind_votes_are_json(book: Path, voted: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verdict", str(voted), "--json"]) == 0
    (votes,) = json.loads(capsys.readouterr().out)["votes"]
    assert votes["models"] == [
        {"model": "demo-instruct", "lane": None},
        {"model": "demo-thinking", "lane": None},
    ]
    assert (votes["wins"], votes["losses"], votes["ties"], votes["interval"]) == (0, 1, 1, None)
    assert main(["verdict", str(book), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["votes"] == []


def test_groups_are_told_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = tmp_path / "book.ipynb"
    runs = cell(ran(1, temperature=0.25), ran(2))
    book.write_text(write(Document((runs,)), SETTINGS), "utf-8")
    assert main(["verdict", str(book)]) == 0
    newest, before = capsys.readouterr().out.split("\n\n")
    assert newest.startswith("demo-instruct · demo-thinking\n")
    assert before.startswith("demo-instruct · demo-thinking · temperature was 0.25\n")


def test_a_picture_is_drawn_into_a_file(book: Path, tmp_path: Path) -> None:
    picture = tmp_path / "verdict.svg"
    assert main(["verdict", str(book), "--picture", str(picture)]) == 0
    assert picture.read_text("utf-8").startswith("<svg ")


def test_a_notebook_without_runs_has_no_verdict_yet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = tmp_path / "book.ipynb"
    book.write_text(write(Document(), SETTINGS), "utf-8")
    assert main(["verdict", str(book)]) == 0
    assert capsys.readouterr().out == "No run has come to its end here yet.\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["book.ipynb", "--cell", "3"], "--cell is 3, but 'book.ipynb' has 2 prompts."),
        (["book.ipynb", "--picture", "x.png"], "'x.png' is no SVG file."),
        (["book.txt"], "is neither a notebook (.ipynb) nor results (.jsonl)."),
        (["none.ipynb"], "could not be read"),
        (["none.jsonl"], "could not be read"),
    ],
)
def test_what_cannot_be_is_refused(
    book: Path,
    arguments: list[str],
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(book.parent)
    assert main(["verdict", *arguments]) == BAD_REQUEST
    assert words in capsys.readouterr().err


def test_results_have_no_cells(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = tmp_path / "results.jsonl"
    lines.write_text(to_jsonl(DOCUMENT), "utf-8")
    assert main(["verdict", str(lines), "--cell", "1"]) == BAD_REQUEST
    assert "a file of results has no cells" in capsys.readouterr().err


def test_the_command_line_loads_no_numbers_before_they_are_asked_for() -> None:
    heavy = "{'numpy', 'pandas', 'sympy'}"
    code = f"import sys, playground.__main__; print(sorted({heavy} & set(sys.modules)))"
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert found.stdout.strip() == "[]"
