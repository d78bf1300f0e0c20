"""`python -m playground compare` with an expected answer, repeats and budgets."""

from __future__ import annotations

import json

import pytest

from playground import running
from playground.__main__ import main
from tests.played import BROKEN, Played, comparison_of, demo_pair

Pair = tuple[Played, Played]


@pytest.fixture
def engines(monkeypatch: pytest.MonkeyPatch) -> Pair:
    """The models that the command uses."""
    pair = demo_pair()
    monkeypatch.setattr(running, "own_comparison", lambda: comparison_of(*pair))
    return pair


def test_an_expected_answer_shows_who_is_right_and_whether_both_agree(
    engines: Pair, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", "Why?", "--expected", "Left says."]) == 0
    printed = capsys.readouterr().out
    assert "right answer" in printed and "wrong answer" in printed
    assert "Both final answers: " in printed
    assert main(["compare", "Why?"]) == 0
    assert "Both final answers" not in capsys.readouterr().out


def test_json_is_judged_too(engines: Pair, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--expected", "Right says.|x", "--expected-kind", "one_of", "--json"]
    assert main(["compare", "Why?", *arguments]) == 0
    data = json.loads(capsys.readouterr().out)
    assert list(data) == ["left", "right", "judged"]
    assert data["judged"]["right"]["grade"] == "right"


def test_repeats_end_with_their_summary_under_successive_seeds(
    engines: Pair, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--expected", "Left says.", "--repeats", "3", "--seed", "7"]
    assert main(["compare", "Why?", *arguments]) == 0
    assert [request.sampling.seed for request in engines[0].requests] == [7, 8, 9]
    printed = capsys.readouterr()
    assert "Left 3 of 3" in printed.out and "only Left 3, only Right 0" in printed.out
    assert printed.err == ""


def test_budgets_are_those_of_the_lane_that_thinks(
    engines: Pair, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", "Why?", "--budgets", "0,64,free", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert [row["left"] is None for row in rows] == [False, True, True]
    budgets = [request.sampling.thinking_budget for request in engines[1].requests]
    assert budgets == [0, 64, None]


def test_repeats_of_a_lane_that_fails_are_exit_code_1(engines: Pair) -> None:
    engines[0].error = BROKEN
    assert main(["compare", "Why?", "--repeats", "2"]) == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--expected-kind", "exact"], "--expected-kind is given without --expected"),
        (["--tolerance", "1"], "--tolerance is given without --expected"),
        (["--expected", "(", "--expected-kind", "pattern"], "no regular expression"),
        (["--expected", "many", "--tolerance", "1"], "must be a number"),
        (["--repeats", "0"], "--repeats is 0"),
        (["--budgets", "8,-1"], "--budgets has -1"),
    ],
)
def test_a_bad_request_is_exit_code_2(
    engines: Pair, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    assert main(["compare", "Why?", *arguments]) == 2
    assert words in capsys.readouterr().err
    assert engines[0].requests == []
