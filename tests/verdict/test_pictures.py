"""The tables that plots are drawn from."""

from __future__ import annotations

import pytest

from playground.verdict.curve import curves
from playground.verdict.pictures import ACCURACY, accuracy_table, tags_table, waits_table
from playground.verdict.weighing import verdict
from tests.verdict.attempts import attempt, lists, marked


def test_each_lane_and_budget_is_a_point_with_its_interval() -> None:
    attempts = [
        *lists("++----", "++++++"),
        *marked("right", "+++---", budget=256, generated_tokens=90),
    ]
    table = accuracy_table(verdict(attempts), curves(attempts))
    assert list(table["budget"]) == ["no thinking", "256", "free"]
    assert list(table["tokens"]) == [50.0, 90.0, 400.0]
    assert list(table["right"]) == pytest.approx([100 / 3, 50.0, 100.0])
    assert (table["low"] < table["right"]).all() and (table["high"] >= table["right"]).all()


def test_without_budgets_each_lane_is_a_point() -> None:
    table = accuracy_table(verdict(lists("++-", "+++")))
    assert list(table["label"]) == ["Instruct", "Thinking"]
    assert table["low"].isna().all()


def test_two_lanes_that_think_share_no_point() -> None:
    attempts = [
        *marked("left", "+++++", thinks=True),
        *marked("right", "+++++"),
        *marked("right", "+++--", budget=64),
    ]
    table = accuracy_table(verdict(attempts), curves(attempts))
    assert list(zip(table["lane"], table["budget"], strict=True)) == [
        ("right", "64"), ("right", "free"), ("left", ""),
    ]  # fmt: skip


def test_what_was_not_judged_is_no_point() -> None:
    table = accuracy_table(verdict(lists("???", "???")))
    assert table.empty and tuple(table.columns) == ACCURACY


def test_each_answers_wait_is_a_row_under_the_largest_budget() -> None:
    attempts = [*lists("++", "+0"), *marked("right", "++", budget=64)]
    table = waits_table(attempts)
    assert list(table["lane"]) == ["left", "left", "right"]
    assert list(table["first_answer_s"]) == [0.5, 0.5, 30.0]
    assert waits_table([]).empty


def test_each_tag_has_the_wins_of_both_lanes() -> None:
    attempts = [*lists("+----", "-++++", tags=("sums",)), attempt("x", "left", tags=("y",))]
    table = tags_table(verdict(attempts))
    assert list(table["side"]) == ["Instruct", "Thinking"]
    assert list(table["wins"]) == [1, 4]
    assert list(table["points"]) == pytest.approx([60.0, 60.0])
