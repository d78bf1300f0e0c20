"""Medians, their intervals and ratios, held against numpy, scipy and simulated lists."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from playground.verdict import spread as spreads
from playground.verdict.spread import ratio_of, spread_of

MANY = settings(max_examples=60, deadline=None, derandomize=True, database=None)
VALUES = st.lists(st.floats(0.001, 1e6), min_size=1, max_size=60)


@MANY
@given(VALUES)
def test_a_spread_is_in_order_and_its_interval_holds_the_median(values: list[float]) -> None:
    spread = spread_of(values)
    assert spread is not None
    ordered = [
        spread.least,
        spread.low_quartile,
        spread.median,
        spread.high_quartile,
        spread.most,
    ]
    assert ordered == sorted(ordered) and spread.median == pytest.approx(np.median(values))
    assert (spread.interval is None) == (len(values) < 6)
    if spread.interval is not None:
        assert spread.interval.low <= spread.median <= spread.interval.high


@pytest.mark.parametrize("n", [6, 7, 20, 101])
def test_a_medians_interval_is_as_narrow_as_the_order_statistics_allow(n: int) -> None:
    spread = spread_of([float(value) for value in range(1, n + 1)])
    assert spread is not None and spread.interval is not None
    k = int(spread.interval.low)
    assert spread.interval.high == n + 1 - k
    assert stats.binom.cdf(k - 1, n, 0.5) <= 0.025 < stats.binom.cdf(k, n, 0.5)


def test_nothing_has_no_spread_and_no_ratio() -> None:
    assert spread_of([]) is None
    assert ratio_of([], []) is None


def test_a_ratio_is_of_the_medians() -> None:
    ratio = ratio_of([1.0, 2.0, 3.0, 4.0, 50.0], [30.0, 10.0, 20.0, 15.0, 16.0])
    assert ratio is not None
    assert (ratio.first, ratio.second, ratio.value, ratio.n) == (3.0, 16.0, 16 / 3, 5)


def test_a_ratio_to_nothing_is_unknown() -> None:
    ratio = ratio_of([0.0] * 6, [1.0] * 6)
    assert ratio is not None and ratio.value is None and ratio.interval is None


def test_under_five_problems_a_ratio_has_no_interval() -> None:
    ratio = ratio_of([1.0] * 4, [2.0] * 4)
    assert ratio is not None and ratio.value == 2.0 and ratio.interval is None


def test_the_bootstrap_of_a_ratio_is_close_to_scipys() -> None:
    generator = np.random.default_rng(2)
    first = generator.lognormal(4, 0.5, 80)
    second = first * generator.lognormal(2, 0.4, 80)
    ratio = ratio_of(first.tolist(), second.tolist())
    theirs = stats.bootstrap(
        (first, second),
        lambda a, b, axis=-1: np.median(b, axis) / np.median(a, axis),
        paired=True,
        method="percentile",
        rng=np.random.default_rng(3),
    ).confidence_interval
    assert ratio is not None and ratio.interval is not None
    assert ratio.interval.low == pytest.approx(theirs.low, rel=0.04)
    assert ratio.interval.high == pytest.approx(theirs.high, rel=0.04)


def test_a_long_list_is_drawn_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(6)
    first, second = (generator.lognormal(size=30).tolist() for _ in range(2))
    whole = ratio_of(first, second)
    monkeypatch.setattr(spreads, "_AT_ONCE", 30)
    assert ratio_of(first, second) == whole


def test_a_ratios_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    generator, held = np.random.default_rng(4), 0
    for _ in range(150):
        common = generator.normal(size=30)
        first = np.exp(common + generator.normal(size=30))
        second = 7 * np.exp(0.5 * common + generator.normal(size=30))
        ratio = ratio_of(first.tolist(), second.tolist())
        assert ratio is not None and ratio.interval is not None
        held += ratio.interval.holds(7)
    assert held / 150 >= 0.91
