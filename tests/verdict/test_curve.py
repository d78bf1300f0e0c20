"""The budget curve and how much thinking is said to be enough."""

from __future__ import annotations

import json

import pytest

from playground.verdict.curve import Curve, curve_data, curves
from playground.verdict.curve_words import budget_words, curve_words
from playground.words import speaking
from tests.verdict.attempts import Attempt, lists, marked


def budgets(free: str, **by_budget: str) -> list[Attempt]:
    """The thinking lane without a bound, and under budgets named b256, b1024, …"""
    found = marked("right", free)
    for name, marks in by_budget.items():
        found += marked("right", marks, budget=int(name[1:]), generated_tokens=int(name[1:]) // 8)
    return found


def only(attempts: list[Attempt]) -> Curve:
    (curve,) = curves(attempts)
    return curve


def test_a_curve_goes_from_no_thinking_to_free_thinking() -> None:
    curve = only([*budgets("++++++", b1024="++++--", b256="++----"), *marked("left", "+-----")])
    assert [point.budget for point in curve.points] == [0, 256, 1024, None]
    assert [point.alone.lane for point in curve.points] == ["left", *["right"] * 3]
    rights = [point.alone.right for point in curve.points]
    assert [right and right.count for right in rights] == [1, 2, 4, 6]
    losses = [point.lost for point in curve.points]
    assert [lost and round(lost.value, 2) for lost in losses] == [0.83, 0.67, 0.33, None]
    assert [budget_words(point) for point in curve.points] == [
        "no thinking", "256", "1,024", "free",
    ]  # fmt: skip


def test_the_largest_budget_stands_for_free_thinking_where_that_was_not_run() -> None:
    curve = only([*marked("right", "+++++", budget=512), *marked("right", "----+", budget=64)])
    assert [point.budget for point in curve.points] == [64, 512]
    assert curve.points[0].lost is not None and curve.points[1].lost is None


def test_a_single_budget_makes_no_curve() -> None:
    assert curves(lists("+++++", "+++++")) == ()
    assert curves(marked("left", "+++++")) == ()
    assert curves([]) == ()


def test_two_lanes_that_think_have_a_curve_each() -> None:
    attempts = [*budgets("++", b64="+-"), *marked("left", "++", thinks=True),
                *marked("left", "--", thinks=True, budget=64)]  # fmt: skip
    assert [curve.lane for curve in curves(attempts)] == ["left", "right"]


def test_a_budget_is_enough_when_it_can_lose_five_points_at_most() -> None:
    many = 150
    curve = only(budgets("+" * many, b1024="+" * many, b256="+" * 75 + "-" * 75))
    assert (curve.enough, curve.perhaps) == (1, None)
    assert curve.points[curve.enough].budget == 1024
    assert curve_words(curve) == (
        "Thinking: 1,024 is enough, by the rule that at most 5 points may be lost to the largest"
        " budget (lost: −2 to 2; paired, n = 150). The largest budget takes 3.1 times the tokens."
    )


def test_a_budget_that_suffices_above_one_that_fails_does_not_count() -> None:
    many = 150
    fails = "+" * 75 + "-" * 75
    curve = only(budgets("+" * many, b1024=fails, b256="+" * many))
    assert (curve.enough, curve.perhaps) == (None, None)


def test_a_short_list_cannot_show_that_a_budget_is_enough() -> None:
    curve = only(budgets("+" * 12, b1024="+" * 12, b256="-" * 12))
    assert (curve.enough, curve.perhaps) == (None, 1)
    assert curve_words(curve).startswith(
        "Thinking: down to 1,024 no loss that this list can show, but it may be up to"
    )


def test_where_each_smaller_budget_loses_that_is_said() -> None:
    curve = only(budgets("+" * 30, b1024="+" * 10 + "-" * 20, b256="-" * 30))
    assert (curve.enough, curve.perhaps) == (None, None)
    assert curve_words(curve) == (
        "Thinking loses right answers with each smaller budget that was tried, with n = 30."
    )


@pytest.mark.parametrize(
    ("free", "less", "words"),
    [
        ("+++", "---", "Too few to say how much thinking is enough, with n = 3."),
        ("??????", "??????", ""),
    ],
)
def test_too_few_and_nothing_judged_are_said_so(free: str, less: str, words: str) -> None:
    assert curve_words(only(budgets(free, b64=less))) == words


def test_a_curve_is_said_in_portuguese() -> None:
    curve = only(budgets("+" * 12, b1024="+" * 12))
    with speaking("pt-BR"):
        assert curve_words(curve).startswith("Thinking: até 1.024, nenhuma perda que esta lista")


def test_a_curve_is_json() -> None:
    data = curve_data(only(budgets("++++++", b256="++----")))
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    assert [point["budget"] for point in data["points"]] == [256, None]
