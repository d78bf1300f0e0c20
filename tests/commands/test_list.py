"""`python -m playground list`: problems in a notebook, run, gone on with, and judged."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from playground import running
from playground.__main__ import main
from playground.domain.engine import StopSignal
from playground.domain.events import Event
from playground.domain.request import Request
from playground.notebook.document import PromptCell
from playground.notebook.storage import read
from tests.listed import table
from tests.played import BROKEN, Played, comparison_of, demo_pair
from tests.samples import saying

Pair = tuple[Played, Played]
SUMS = "question,answer,task\n1 + 1?,2,sum\n2 + 2?,Right says.,sum\n3 + 3?,Left says.,other\n"


@pytest.fixture
def engines(monkeypatch: pytest.MonkeyPatch) -> Pair:
    """The models that the command uses."""
    pair = demo_pair()
    monkeypatch.setattr(running, "own_comparison", lambda: comparison_of(*pair))
    return pair


@pytest.fixture
def sums(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A table of problems, in the folder that commands run in."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "sums.csv"
    path.write_text(SUMS, "utf-8")
    return path


def kept(path: Path) -> PromptCell:
    (cell,) = read(path.read_text("utf-8"), path.name)[0].prompts
    return cell


def test_a_list_is_kept_in_a_notebook_and_ends_with_a_verdict_and_the_four_counts(
    engines: Pair, sums: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["list", "sums.csv"]) == 0
    cell = kept(sums.with_suffix(".ipynb"))
    assert (cell.prompt, len(cell.problems), len(cell.runs)) == ("{{prompt}}", 3, 3)
    assert [request.prompt for request in engines[0].requests] == ["1 + 1?", "2 + 2?", "3 + 3?"]
    printed = capsys.readouterr()
    assert "Too few to say, with n = 3" in printed.out
    assert "Both right 0, only Left 1, only Right 1, neither 1." in printed.out
    assert printed.out.endswith("3 runs, saved in sums.ipynb\n")
    assert printed.err == ""


def test_a_problem_that_is_there_twice_runs_once_and_that_is_said(
    engines: Pair, sums: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sums.write_text(SUMS + "1 + 1?,2,sum\n", "utf-8")
    assert main(["list", "sums.csv"]) == 0
    assert capsys.readouterr().err == "1 problem is there more than once and runs once.\n"
    assert len(engines[0].requests) == 3


def test_problems_that_contradict_each_other_are_refused_before_anything_runs(
    engines: Pair, sums: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sums.write_text(SUMS + "1 + 1?,3,sum\n", "utf-8")
    assert main(["list", "sums.csv"]) == 2
    assert "Problems 1 and 4 ask the same" in capsys.readouterr().err
    assert engines[0].requests == []


def test_options_repeats_and_budgets_reach_every_run(engines: Pair, sums: Path) -> None:
    arguments = ["--repeats", "2", "--budgets", "8,free", "--temperature", "0.25", "--seed", "5"]
    assert main(["list", "sums.csv", "-o", "out.ipynb", "--limit", "2", *arguments]) == 0
    left, right = (engine.requests for engine in engines)
    assert [request.sampling.thinking_budget for request in right] == [8, None] * 4
    assert [request.sampling.seed for request in left] == [5, 5, 6, 6]
    assert {request.sampling.temperature for request in (*left, *right)} == {0.25}
    assert kept(sums.with_name("out.ipynb")).budgets == (8, None)


def test_the_same_command_again_runs_nothing_and_says_the_verdict_again(
    engines: Pair, sums: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["list", "sums.csv"]) == 0
    before = capsys.readouterr().out
    assert main(["list", "sums.csv"]) == 0
    again = capsys.readouterr()
    assert (again.out, again.err) == (before, "There already: 3 of 3 runs.\n")
    assert len(engines[0].requests) == 3


class Interrupting(Played):
    """Presses Ctrl+C when its second run begins, and goes on until it is stopped."""

    def run(self, request: Request, stop: StopSignal) -> Iterator[Event]:
        self.endless = len(self.requests) == 1
        if self.endless:
            signal.raise_signal(signal.SIGINT)
        yield from super().run(request, stop)


def test_ctrl_c_pauses_and_the_same_command_ends_as_an_unbroken_one(
    sums: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    left, right = demo_pair()
    stopping = Interrupting("demo-instruct", saying("Left", " says."))
    monkeypatch.setattr(running, "own_comparison", lambda: comparison_of(stopping, right))
    arguments = ["list", "sums.csv", "--seed", "7"]
    assert main(arguments) == 130
    printed = capsys.readouterr()
    assert "Stopped, saved in sums.ipynb. The same command goes on" in printed.err
    assert len(kept(sums.with_suffix(".ipynb")).runs) < 3
    monkeypatch.setattr(running, "own_comparison", lambda: comparison_of(left, right))
    assert main(arguments) == 0
    assert main([*arguments, "-o", "whole.ipynb"]) == 0
    told = [
        {row[1:] for row in table(read(path.read_text("utf-8"), "x")[0]) if "user" not in row}
        for path in (sums.with_suffix(".ipynb"), sums.with_name("whole.ipynb"))
    ]
    assert told[0] == told[1]


def test_more_problems_go_on_from_fewer(engines: Pair, sums: Path) -> None:
    assert main(["list", "sums.csv", "--limit", "1"]) == 0
    assert main(["list", "sums.csv"]) == 0
    assert [request.prompt for request in engines[0].requests] == ["1 + 1?", "2 + 2?", "3 + 3?"]


def test_another_list_or_notebook_is_never_written_over(
    engines: Pair, sums: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["list", "sums.csv", "-o", "out.ipynb"]) == 0
    before = sums.with_name("out.ipynb").read_bytes()
    sums.write_text("question,answer\nOther?,1\n", "utf-8")
    assert main(["list", "sums.csv", "-o", "out.ipynb"]) == 2
    assert "'out.ipynb' is another list" in capsys.readouterr().err
    assert sums.with_name("out.ipynb").read_bytes() == before


def test_json_has_rows_verdict_and_words_and_a_picture_is_drawn(
    engines: Pair, sums: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["list", "sums.csv", "--json", "--picture", "verdict.svg"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert list(data) == ["rows", "verdict", "curves", "words", "notes"]
    assert [row["judged"]["right"]["grade"] for row in data["rows"]] == ["wrong", "right", "wrong"]
    assert data["verdict"]["problems"] == 3
    assert sums.with_name("verdict.svg").read_text("utf-8").startswith("<svg")


def test_a_lane_that_fails_is_exit_code_1(engines: Pair, sums: Path) -> None:
    engines[0].error = BROKEN
    assert main(["list", "sums.csv"]) == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.csv"], "There is no file 'nowhere.csv'"),
        (["sums.csv", "--budgets", "much"], "--budgets has 'much'"),
        (["sums.csv", "--repeats", "0"], "--repeats is 0"),
        (["sums.csv", "--picture", "x.png"], "'x.png' is no SVG file"),
        (["sums.csv", "-o", "x.txt"], "'x.txt' is no notebook"),
        (["sums.csv", "--top-k", "many"], "top_k is 'many'"),
        (["sums.csv", "--prompt", "No name."], "none of the list's columns"),
        (["sums.csv", "--limit", "0"], "limit is 0"),
    ],
)
def test_a_bad_request_is_exit_code_2_and_leaves_no_file(
    engines: Pair,
    sums: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    words: str,
) -> None:
    assert main(["list", *arguments]) == 2
    assert words in capsys.readouterr().err
    assert engines[0].requests == [] and list(sums.parent.glob("*.ipynb")) == []
