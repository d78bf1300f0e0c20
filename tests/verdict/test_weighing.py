"""Attempts become a verdict."""

from __future__ import annotations

import json

import pytest

from playground.verdict.statistics import sign_flip, wilson
from playground.verdict.value import verdict_data
from playground.verdict.weighing import verdict
from tests.verdict.attempts import attempt, lists, marked, repeated


def alike(a: str, b: str) -> bool | None:
    return None if "?" in (a, b) else a == b


def test_each_lane_has_its_share_with_an_interval() -> None:
    left, right = verdict(lists("++------", "+++++++0")).lanes
    assert left.right is not None and right.right is not None
    assert (left.label, left.right.value, left.right.interval) == ("Instruct", 0.25, wilson(2, 8))
    assert (right.label, right.right.value) == ("Thinking", 0.875)
    assert left.no_answer is not None and left.no_answer.count == 0
    assert right.no_answer is not None and right.no_answer.value == 0.125


def test_the_lanes_are_compared_problem_by_problem() -> None:
    paired = verdict(lists("++--+-", "+-++++")).paired
    assert paired is not None and paired.counts is not None and paired.difference is not None
    counts = paired.counts
    assert (counts.both_right, counts.only_left, counts.only_right, counts.neither) == (2, 1, 3, 0)
    assert paired.difference.value == pytest.approx(2 / 6)
    assert paired.difference.p == sign_flip([-1, 1, 1, 1])


def test_only_problems_that_both_lanes_have_are_paired() -> None:
    attempts = [*marked("left", "++++++"), *marked("right", "-+-")]
    found = verdict(attempts)
    assert found.paired is not None and found.paired.difference is not None
    assert (found.problems, found.paired.problems, found.paired.difference.pairs) == (6, 3, 3)
    assert found.paired.difference.interval is None


def test_lanes_without_a_common_problem_are_not_paired() -> None:
    found = verdict([attempt("a", "left"), attempt("b", "right")])
    assert found.paired is None and found.agreeing is None and len(found.lanes) == 2


def test_repeats_are_paired_with_repeats() -> None:
    attempts = [*repeated("left", ["+-", "--"]), *repeated("right", ["-+", "+"])]
    paired = verdict(attempts).paired
    assert paired is not None and paired.counts is not None and paired.difference is not None
    counts = paired.counts
    assert (counts.both_right, counts.only_left, counts.only_right, counts.neither) == (0, 1, 2, 0)
    assert (paired.difference.pairs, paired.difference.problems) == (3, 2)


def test_what_was_not_judged_counts_for_tokens_only() -> None:
    found = verdict(lists("++?---", "+?+---"))
    assert found.not_judged == 2
    assert found.paired is not None and found.paired.difference is not None
    assert found.paired.difference.pairs == 4
    assert found.paired.tokens is not None and found.paired.tokens.n == 6
    assert found.lanes[0].right is not None and found.lanes[0].right.runs == 5


def test_tokens_and_waits_are_ratios_of_medians() -> None:
    paired = verdict(lists("++++++", "+++++0")).paired
    assert paired is not None and paired.tokens is not None and paired.total_s is not None
    assert (paired.tokens.value, paired.total_s.value) == (8.0, 8.0)
    waits = paired.first_answer_s
    assert waits is not None and (waits.value, waits.n) == (60.0, 5)


def test_a_problems_repeats_have_one_value_their_median() -> None:
    tokens = zip((10, 30, 20, 7), (0, 1, 2, 0), ("a", "a", "a", "b"), strict=True)
    attempts = [attempt(p, repeat=r, generated_tokens=t) for t, r, p in tokens]
    spread = verdict(attempts).lanes[0].tokens
    assert spread is not None and (spread.n, spread.least, spread.most) == (2, 7.0, 20.0)


def test_final_answers_are_compared_where_nothing_was_expected() -> None:
    found = verdict(lists("??????", "??????"), same=lambda a, b: True)
    assert found.agreeing is not None and found.agreeing.agree == 6
    assert found.paired is not None and found.paired.difference is None
    mixed = verdict(lists("+-+-0?", "++----"), same=alike).agreeing
    assert mixed is not None and (mixed.agree, mixed.disagree, mixed.cannot_tell) == (2, 2, 2)
    assert mixed.share is not None and (mixed.share.count, mixed.share.runs) == (2, 4)


def test_of_several_budgets_the_largest_counts() -> None:
    attempts = [
        *marked("left", "-----"),
        *marked("right", "-----", budget=64),
        *marked("right", "+++++"),
        *marked("right", "-----", budget=2048),
    ]
    right = verdict(attempts).lane("right")
    assert right is not None and right.budget is None
    assert right.right is not None and right.right.value == 1.0


def test_a_tag_of_five_problems_gets_an_interval_and_a_corrected_p() -> None:
    attempts = [
        *lists("-" * 10, "+" * 10, tags=("letters",)),
        *(
            attempt(f"sum {n}", lane, "+", tags=("sums",))
            for n in range(4)
            for lane in ("left", "right")
        ),
        *(
            attempt(f"x {n}", lane, "+", tags=("equations",))
            for n in range(60)
            for lane in ("left", "right")
        ),
    ]
    letters, sums, equations = verdict(attempts).tags
    assert (letters.tag, letters.problems, letters.call) == ("letters", 10, "pays")
    assert letters.p == pytest.approx(2 * sign_flip([1] * 10))
    assert letters.counts.only_right == 10
    assert (sums.problems, sums.p, sums.call) == (4, None, "cannot_say")
    assert sums.difference is not None and sums.difference.interval is None
    # With 60 problems on which nothing differs, at most five points can hide.
    assert (equations.problems, equations.call) == (60, "does_not")


@pytest.mark.parametrize(
    ("left", "right", "call"),
    [
        ("-" * 12, "+" * 12, "pays"),
        ("+" * 12, "-" * 12, "does_not"),
        ("+-" * 6, "-+" * 6, "cannot_say"),
        ("+" * 100, "+" * 100, "does_not"),
        ("----", "++++", "cannot_say"),
        ("-" * 11 + "+" * 3 + "-" * 6, "+" * 11 + "-" * 9, "cannot_say"),
        ("??????", "++++++", "cannot_say"),
    ],
)
def test_a_call_says_no_more_than_was_found(left: str, right: str, call: str) -> None:
    assert verdict(lists(left, right)).call == call


def test_nothing_gives_an_empty_verdict() -> None:
    found = verdict([], not_counted=2)
    assert (found.lanes, found.paired, found.tags, found.not_counted) == ((), None, (), 2)


def test_a_verdict_is_json() -> None:
    found = verdict(lists("++--+-", "+-++++", tags=("sums",)), not_counted=1)
    data = verdict_data(found)
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    assert (data["schema"], data["not_counted"], data["call"]) == (1, 1, "cannot_say")
    assert data["lanes"][0]["right"]["interval"]["low"] > 0
