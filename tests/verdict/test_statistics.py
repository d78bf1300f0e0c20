"""Intervals and tests of shares, held against scipy and statsmodels and against simulated lists."""

from __future__ import annotations

import itertools
import operator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar as mcnemar_of_statsmodels
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

from playground.verdict.statistics import (
    difference_of,
    holm,
    share_of,
    sign_flip,
    wilson,
)


def mcnemar(only_first: int, only_second: int) -> float:
    """McNemar's exact test of so many discordant pairs."""
    return sign_flip([-1] * only_first + [1] * only_second)


MANY = settings(max_examples=60, deadline=None, derandomize=True, database=None)


@MANY
@given(st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilsons_interval_is_that_of_statsmodels(known: tuple[int, int]) -> None:
    count, n = known
    interval = wilson(count, n)
    expected = proportion_confint(count, n, method="wilson")
    assert (interval.low, interval.high) == pytest.approx(expected, abs=1e-12)
    assert 0 <= interval.low <= count / n <= interval.high <= 1


@MANY
@given(st.integers(0, 400), st.integers(0, 400))
def test_mcnemars_exact_test_is_that_of_statsmodels(first: int, second: int) -> None:
    expected = mcnemar_of_statsmodels([[3, first], [second, 5]], exact=True).pvalue
    assert mcnemar(first, second) == pytest.approx(min(1.0, expected), rel=1e-9, abs=0)
    assert mcnemar(first, second) == mcnemar(second, first)


@MANY
@given(st.lists(st.integers(-4, 4), max_size=9))
def test_the_sign_flip_test_counts_all_flips(gains: list[int]) -> None:
    flips = itertools.product((-1, 1), repeat=len(gains))
    sums = [abs(sum(map(operator.mul, flip, gains))) for flip in flips]
    expected = sum(each >= abs(sum(gains)) for each in sums) / len(sums)
    assert sign_flip(gains) == pytest.approx(expected, abs=1e-12)


def test_the_sign_flip_test_is_scipys_permutation_test() -> None:
    gains = [3, 1, -1, 2, 0, 2, 3, -2, 1, 1, 2]
    result = stats.permutation_test(
        (np.array(gains, float),), np.sum, permutation_type="samples", n_resamples=np.inf
    )
    assert sign_flip(gains) == pytest.approx(result.pvalue, abs=1e-12)


def test_a_long_list_is_tested_exactly_too() -> None:
    assert mcnemar(4800, 5200) == pytest.approx(stats.binomtest(4800, 10_000).pvalue, rel=1e-9)


@pytest.mark.parametrize(("first", "second"), [(3, 71), (3, 74), (0, 400), (10, 900), (2000, 3500)])
def test_a_p_that_is_nearly_nothing_is_told_exactly_too(first: int, second: int) -> None:
    exact = stats.binomtest(first, first + second).pvalue
    assert 0 < exact < 1e-16
    assert mcnemar(first, second) == pytest.approx(exact, rel=1e-9, abs=0)


def test_with_repeats_a_p_that_is_nearly_nothing_is_told_exactly_too() -> None:
    assert sign_flip([1] * 60 + [2] * 40) == pytest.approx(2 * 0.5**100, rel=1e-9, abs=0)


@pytest.mark.parametrize(
    "values", [[0.04], [0.01, 0.02, 0.03], [0.5, 0.001, 0.04, 0.04], [0.9, 1.0, 0.6]]
)
def test_holms_correction_is_that_of_statsmodels(values: list[float]) -> None:
    expected = multipletests(values, method="holm")[1]
    assert holm(values) == pytest.approx(tuple(expected), abs=1e-12)


def test_without_values_nothing_is_corrected() -> None:
    assert holm([]) == ()


def test_a_share_of_single_runs_has_wilsons_interval() -> None:
    share = share_of([1] * 37 + [0] * 13, [1] * 50)
    assert share is not None and (share.value, share.method) == (0.74, "wilson")
    assert share.interval == wilson(37, 50)


def test_repeats_that_are_all_alike_count_once() -> None:
    share = share_of([5] * 6 + [0] * 4, [5] * 10)
    assert share is not None and (share.runs, share.problems) == (50, 10)
    assert share.method == "wilson_clustered"
    # The design effect is n / (n - 1) of five here, and never counted for more than five.
    assert share.interval is not None
    assert (share.interval.low, share.interval.high) == pytest.approx(
        proportion_confint(6, 10, method="wilson")
    )


def test_repeats_that_are_no_more_alike_than_chance_all_count() -> None:
    share = share_of([1, 2, 1, 2, 1, 2, 1, 2], [3] * 8)
    assert share is not None and share.interval == wilson(12, 24)


def test_a_share_that_is_always_or_never_counts_problems_only() -> None:
    share = share_of([4] * 10, [4] * 10)
    assert share is not None and share.interval == wilson(10, 10)


def test_under_five_problems_there_is_no_interval() -> None:
    few, enough = share_of([1] * 4, [1] * 4), share_of([1] * 5, [1] * 5)
    assert few is not None and few.interval is None
    assert enough is not None and enough.interval is not None
    difference = difference_of([1] * 4, [1] * 4)
    assert difference is not None and difference.interval is None and difference.value == 1.0


def test_without_runs_there_is_no_share_and_no_difference() -> None:
    assert share_of([], []) is None
    assert difference_of([], []) is None


def test_the_bootstrap_of_a_difference_is_close_to_scipys() -> None:
    gains = np.array([1] * 60 + [-1] * 20 + [0] * 120)
    difference = difference_of(gains.tolist(), [1] * 200)
    assert difference is not None and difference.interval is not None
    theirs = stats.bootstrap(
        (gains,), np.mean, n_resamples=9999, method="percentile", rng=np.random.default_rng(1)
    ).confidence_interval
    assert difference.value == 0.2
    assert difference.interval.low == pytest.approx(theirs.low, abs=0.011)
    assert difference.interval.high == pytest.approx(theirs.high, abs=0.011)
    assert difference.method == "mcnemar_exact" and difference.p == mcnemar(20, 60)


def test_repeats_of_a_problem_are_one_cluster() -> None:
    """Five copies of each run tell no more than one."""
    once = difference_of([1, 1, -1, 0, 1, 0, 1, 0, 0, 1], [1] * 10)
    copied = difference_of([5, 5, -5, 0, 5, 0, 5, 0, 0, 5], [5] * 10)
    assert once is not None and copied is not None
    assert (copied.value, copied.interval, copied.p) == (once.value, once.interval, once.p)
    assert (copied.pairs, copied.problems, copied.method) == (50, 10, "sign_flip_exact")


@MANY
@given(
    st.lists(st.tuples(st.integers(-3, 3), st.integers(3, 5)), min_size=5, max_size=40),
)
def test_an_interval_holds_its_difference_and_the_same_list_gives_the_same(
    clusters: list[tuple[int, int]],
) -> None:
    gains, pairs = [gain for gain, _ in clusters], [made for _, made in clusters]
    difference = difference_of(gains, pairs)
    assert difference is not None and difference.interval is not None
    assert -1 <= difference.interval.low <= difference.value <= difference.interval.high <= 1
    assert 0 < difference.p <= 1
    assert difference_of(gains, pairs) == difference


def test_a_list_on_which_nothing_differs_does_not_claim_that_nothing_would() -> None:
    difference = difference_of([0] * 10, [1] * 10)
    assert difference is not None and difference.interval is not None
    assert difference.interval.low < -0.1 and difference.interval.high > 0.1
    assert difference.p == 1.0


@pytest.mark.parametrize("problems", [10, 40])
@pytest.mark.parametrize("repeats", [1, 4])
def test_the_intervals_hold_the_truth_as_often_as_they_say(problems: int, repeats: int) -> None:
    generator, lists = np.random.default_rng(5), 300
    held = {"share": 0, "difference": 0}
    for _ in range(lists):
        # Problems differ in how hard they are; each lane is right on 80 % and 60 % of all.
        hard = [generator.beta(2 * share, 2 * (1 - share), problems) for share in (0.6, 0.8)]
        left, right = (generator.binomial(repeats, each) for each in hard)
        difference = difference_of((right - left).tolist(), [repeats] * problems)
        share = share_of(right.tolist(), [repeats] * problems)
        assert difference is not None and difference.interval is not None
        assert share is not None and share.interval is not None
        held["difference"] += difference.interval.holds(0.2)
        held["share"] += share.interval.holds(0.8)
    assert held["difference"] / lists >= 0.93
    assert held["share"] / lists >= 0.91
