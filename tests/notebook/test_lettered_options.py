"""Options go into their question under letters, as far as there are any; the right one is told."""

from __future__ import annotations

import json
from typing import Any

import pytest

from playground.domain.errors import BadRequest
from playground.domain.expected import Expected
from playground.notebook.lettered_options import lettered, with_lettered_options
from playground.notebook.problem_tables import read_problems

ASKED = {"question": "Which?", "choices": ["red", "green", "blue"]}


def test_options_stand_under_letters() -> None:
    assert lettered(["one", "two"]) == "A) one\nB) two"


def test_more_options_than_letters_are_refused() -> None:
    assert lettered(["x"] * 26).endswith("Z) x")
    with pytest.raises(BadRequest, match="27 options"):
        lettered(["x"] * 27)


@pytest.mark.parametrize(
    "right",
    [
        {"answer": 1},
        {"answer": "B"},
        {"answer": "green"},
        {"expected": "green"},
        {"answer": "see below", "answer_index": 1},
        {"label": 1},
    ],
)
def test_the_right_one_is_known_by_place_text_or_letter(right: dict[str, Any]) -> None:
    (problem,) = read_problems(json.dumps({**ASKED, "subject": "art", **right})).problems
    assert problem.values == (("prompt", "Which?\n\nA) red\nB) green\nC) blue"),)
    assert (problem.expected, problem.tags) == (Expected("choice", ("B",)), ("art",))


@pytest.mark.parametrize("answer", [7, True, "yellow", "D", None])
def test_an_answer_that_is_none_of_them_stays(answer: object) -> None:
    row = {**ASKED, "answer": answer}
    asked = "Which?\n\nA) red\nB) green\nC) blue"
    assert with_lettered_options(row) == {"question": asked, "answer": answer}


@pytest.mark.parametrize("row", [{"question": "Which?"}, {"options": ["a"]}, {"choices": "a, b"}])
def test_a_row_without_a_list_of_options_stays(row: dict[str, Any]) -> None:
    assert with_lettered_options(row) == row
