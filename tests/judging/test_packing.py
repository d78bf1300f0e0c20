"""Judgements as data and as rows of a table."""

from __future__ import annotations

from dataclasses import replace

from playground.domain.expected import Expected
from playground.judging.packing import (
    agreement_line,
    answered,
    judged_data,
    judged_rows,
)
from playground.results.value import Output

LEFT, RIGHT = answered("left", "It is **42**."), answered("right", "So it is **43**.")
BOTH = {"left": LEFT, "right": RIGHT}
EXPECTED = Expected("value", ("42",))


def test_both_lanes_are_held_against_each_other_and_the_expected_answer() -> None:
    data = judged_data(BOTH, EXPECTED)
    agreement = data["agreement"]
    assert (agreement["kind"], agreement["left"]["text"]) == ("disagree", "42")
    assert [data[lane]["grade"] for lane in ("left", "right")] == ["right", "wrong"]
    assert data["right"]["final"] == {"text": "43", "rule": "bold"} and data["right"]["why"]


def test_without_an_expected_answer_there_are_no_grades() -> None:
    data = judged_data(BOTH, None)
    assert (data["left"], data["right"]) == (None, None) and data["agreement"] is not None
    assert judged_rows(BOTH, None) == []


def test_a_lane_alone_agrees_with_nobody() -> None:
    data = judged_data({"right": RIGHT}, EXPECTED)
    assert data["agreement"] is None and list(data) == ["agreement", "right"]
    assert agreement_line({"right": RIGHT}) == ""


def test_rows_say_what_each_lane_came_to() -> None:
    silent = replace(RIGHT, output=Output(answer=""), ending="limit")
    rows = dict(judged_rows({"left": LEFT, "right": silent}, EXPECTED))
    assert rows["final answer"] == {"left": "42", "right": "–"}
    assert rows["judged"] == {"left": "right answer", "right": "no answer"}
    assert "disagree" in agreement_line(BOTH)
