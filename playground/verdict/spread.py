"""Medians of tokens and seconds: quartiles, an interval of the median, the ratio of two medians.

Pure, the same numbers whenever the same is given. One value a problem: its repeats are first made
into one by their median. Knows no lanes, models or words.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from playground.verdict.statistics import CONFIDENCE, FEWEST, SEED, Interval

DRAWS = 2_000
# So many numbers are drawn at once at most, so that a long list takes no more memory.
_AT_ONCE = 2_000_000


@dataclass(frozen=True, slots=True)
class Spread:
    """Values of `n` problems. `interval` is the median's, by order statistics: no shape of the
    distribution is assumed; under six values there is none at 95 %."""

    n: int
    median: float
    low_quartile: float
    high_quartile: float
    least: float
    most: float
    mean: float
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Ratio:
    """A second median as a multiple of a first one, both over the same `n` problems; `value` is
    null where the first is zero. The interval is a bootstrap over problems (percentiles)."""

    first: float
    second: float
    value: float | None
    n: int
    interval: Interval | None


def spread_of(values: Sequence[float]) -> Spread | None:
    """Median, quartiles and ends; null without values."""
    if not values:
        return None
    ordered = np.sort(np.asarray(values, float))
    low, median, high = (float(each) for each in np.quantile(ordered, (0.25, 0.5, 0.75)))
    return Spread(
        len(ordered),
        median,
        low,
        high,
        float(ordered[0]),
        float(ordered[-1]),
        float(ordered.mean()),
        _median_interval(ordered),
    )


def _median_interval(ordered: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Interval | None:
    """From the k-th smallest to the k-th largest value, k as large as 95 % allow."""
    n = len(ordered)
    # P(the median lies below the k-th value) is that of fewer than k heads in n tosses.
    below, k = 0.0, 0
    while True:
        log_chance = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
        below += math.exp(log_chance - n * math.log(2))
        if below > (1 - CONFIDENCE) / 2:
            break
        k += 1
    return Interval(float(ordered[k - 1]), float(ordered[n - k])) if k else None


def ratio_of(first: Sequence[float], second: Sequence[float]) -> Ratio | None:
    """How many times the first median the second one is; the same places are the same problems."""
    n = len(first)
    if not n:
        return None
    values = np.column_stack([np.asarray(first, float), np.asarray(second, float)])
    below, above = (float(each) for each in np.median(values, axis=0))
    value = above / below if below else None
    usable = n >= FEWEST and value is not None and bool((values[:, 0] > 0).all())
    return Ratio(below, above, value, n, _ratio_interval(values) if usable else None)


def _ratio_interval(values: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> Interval:
    generator, ratios = np.random.default_rng(SEED), []
    left = DRAWS
    while left:
        draws = min(left, max(1, _AT_ONCE // len(values)))
        drawn = values[generator.integers(len(values), size=(draws, len(values)))]
        medians = np.median(drawn, axis=1)
        ratios.append(medians[:, 1] / medians[:, 0])
        left -= draws
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(np.concatenate(ratios), (tail, 1 - tail))
    return Interval(float(low), float(high))
