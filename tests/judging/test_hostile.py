"""Answers that were written to deceive: each line of the table says what may come of it.

A pair of values or of whole answers may agree, disagree, or not be told; an answer beside an
expected one may be right, wrong, or not be judged.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from playground.domain.expected import expected_from
from playground.judging import agreement, grade, same_value
from tests.judging.labelled import answered

ROWS: list[dict[str, Any]] = [
    json.loads(line)
    for line in (Path(__file__).parent / "hostile.jsonl").read_text("utf-8").splitlines()
]
KINDS = {True: "agree", False: "disagree", None: "cannot_tell"}


def what_comes(row: dict[str, Any]) -> str:
    match row:
        case {"a": a, "b": b}:
            return KINDS[same_value(a, b)]
        case {"answer": answer, "other": other}:
            return agreement(answered(answer), answered(other)).kind
        case {"answer": answer, "expected": expected}:
            wanted = expected_from(expected)
            assert wanted is not None
            return grade(answered(answer), wanted).kind
    raise AssertionError(row)


def test_the_table_has_pairs_answers_and_grades() -> None:
    assert len(ROWS) > 1500
    for keys in ({"a", "b"}, {"answer", "other"}, {"answer", "expected"}):
        assert sum(keys <= set(row) for row in ROWS) > 150


@pytest.mark.parametrize("kind", ["agree", "right", "disagree", "wrong"])
def test_nothing_comes_that_may_not(kind: str) -> None:
    found = [row for row in ROWS if what_comes(row) == kind and kind not in row["may"].split()]
    assert found == []


def test_what_must_be_told_is_told() -> None:
    missed = [row for row in ROWS if what_comes(row) not in row["may"].split()]
    assert missed == []


@pytest.mark.parametrize(
    "piece",
    [
        "**1** is ",
        "2x + ",
        "x = 1 and ",
        "$x$ and ",
        "(a) \\boxed{1}\n",
        "5 hours ",
        "1:2:",
        "not ",
    ],
)
def test_a_text_of_one_piece_again_and_again_is_soon_read(piece: str) -> None:
    grade(answered(piece * (60_000 // len(piece))), expected_from("4"))  # type: ignore[arg-type]
