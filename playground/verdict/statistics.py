"""Statistics of shares: intervals, the paired difference of two lanes, its exact test.

Small and pure, the same numbers whenever the same is given. Problems are what is drawn at random;
the runs of one problem are alike and count as one cluster. Knows no lanes, models or words.

Intervals are at 95 %. Where fewer than FEWEST problems are known there is none: too few to say.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Literal

import numpy as np

CONFIDENCE = 0.95
FEWEST = 5
DRAWS = 10_000
SEED = 20_250_805
_Z = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2)
_TAILS = ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2)

ShareMethod = Literal["wilson", "wilson_clustered"]
DifferenceMethod = Literal["mcnemar_exact", "sign_flip_exact"]


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`, at 95 %."""

    low: float
    high: float

    def holds(self, value: float) -> bool:
        """Whether the value lies in it, its ends included."""
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `runs`, made on `problems`; the interval is of the share on such problems."""

    count: int
    runs: int
    problems: int
    value: float
    interval: Interval | None
    method: ShareMethod


@dataclass(frozen=True, slots=True)
class Difference:
    """A second share less a first one, on the same problems; `pairs` of runs were compared.

    `p` is two-sided and exact: how often a difference as large would come of swapping the two at
    random, problem by problem. With one pair a problem that is McNemar's exact test (and not its
    mid-p variant: the exact one never claims more than it may).
    """

    value: float
    pairs: int
    problems: int
    interval: Interval | None
    p: float
    method: DifferenceMethod


def wilson(count: float, n: float) -> Interval:
    """Wilson's score interval of `count` of `n`; `n` may be an effective number."""
    share, square = count / n, _Z**2
    centre = (share + square / (2 * n)) / (1 + square / n)
    spread = math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    half = _Z * spread / (1 + square / n)
    low, high = max(0.0, centre - half), min(1.0, centre + half)
    # Rounding may leave the end beside the share that it is by definition.
    return Interval(min(low, share), max(high, share))


def share_of(counts: Sequence[int], runs: Sequence[int]) -> Share | None:
    """The share of all runs, given as a count and a number of runs a problem; null without any.

    With repeats: Wilson's interval at the effective number of runs, by how alike the runs of a
    problem are (the design effect of a survey): all runs if they are as if independent, the number
    of problems if each problem's runs are all the same.
    """
    problems, total, count = len(runs), sum(runs), sum(counts)
    if not total:
        return None
    repeated = total > problems
    interval = None
    if problems >= FEWEST:
        interval = wilson(count / total * (n := _effective(counts, runs)), n)
    method: ShareMethod = "wilson_clustered" if repeated else "wilson"
    return Share(count, total, problems, count / total, interval, method)


def _effective(counts: Sequence[int], runs: Sequence[int]) -> float:
    """How many independent runs tell as much as these."""
    found, made = np.asarray(counts, float), np.asarray(runs, float)
    problems, total = len(made), float(made.sum())
    fewest = total**2 / float((made**2).sum())
    share = float(found.sum()) / total
    if share in (0.0, 1.0):  # nothing to see of how alike they are
        return fewest
    residuals = found - share * made
    variance = problems / (problems - 1) * float((residuals**2).sum()) / total**2
    if variance <= 0:
        return total
    return min(max(share * (1 - share) / variance, fewest), total)


def difference_of(gains: Sequence[int], pairs: Sequence[int]) -> Difference | None:
    """The difference on paired runs, given for each problem as how many more the second has, and
    the number of pairs; null without any.

    The interval is a bootstrap over problems (percentiles). The list that is drawn from has two
    problems more than the real one, one each way, as Bonett and Price add them for their interval:
    where no two answers differ, it does not claim that none ever would.
    """
    problems, total = len(pairs), sum(pairs)
    if not total:
        return None
    value = sum(gains) / total
    interval = _bootstrap(gains, pairs) if problems >= FEWEST else None
    method: DifferenceMethod = "mcnemar_exact" if total == problems else "sign_flip_exact"
    return Difference(value, total, problems, interval, sign_flip(gains), method)


def _bootstrap(gains: Sequence[int], pairs: Sequence[int]) -> Interval:
    usual = sum(pairs) / len(pairs)
    rows = np.column_stack(
        [np.array([*gains, usual, -usual], float), np.array([*pairs, usual, usual], float)]
    )
    # Problems that are alike are drawn together: how often each kind comes is multinomial.
    kinds, often = np.unique(rows, axis=0, return_counts=True)
    problems = len(rows)
    drawn = np.random.default_rng(SEED).multinomial(problems, often / problems, size=DRAWS)
    sums = drawn @ kinds
    low, high = np.quantile(sums[:, 0] / sums[:, 1], _TAILS)
    value = sum(gains) / sum(pairs)
    return Interval(min(float(low), value), max(float(high), value))


def sign_flip(gains: Sequence[int]) -> float:
    """The exact two-sided p of the sum of gains, each of whose signs could as well be the other."""
    sizes, often = np.unique(np.abs([gain for gain in gains if gain]), return_counts=True)
    observed, most = abs(sum(gains)), int(np.dot(sizes, often))
    if observed == 0:
        return 1.0
    # Place i: the chance that the gains that stay positive sum to i.
    chances = np.ones(1)
    for size, count in zip(sizes.astype(int), often, strict=True):
        grown = np.zeros(len(chances) + size * int(count))
        for place, chance in enumerate(_binomial(int(count))):
            if chance:  # too small for a number: nothing
                grown[place * size : place * size + len(chances)] += chance * chances
        chances = grown
    return min(1.0, 2 * float(chances[(most + observed + 1) // 2 :].sum()))


def _binomial(n: int) -> Any:
    """The chances of 0 to n heads in n tosses."""
    heads = np.arange(n + 1)
    logs = np.array([math.lgamma(k + 1) for k in range(n + 1)])
    return np.exp(logs[n] - logs[heads] - logs[n - heads] - n * math.log(2))


def holm(values: Sequence[float]) -> tuple[float, ...]:
    """Several p values, each made larger so that looking at all of them claims no more (Holm)."""
    order = sorted(range(len(values)), key=lambda index: values[index])
    corrected, least = [0.0] * len(values), 0.0
    for place, index in enumerate(order):
        least = max(least, min(1.0, (len(values) - place) * values[index]))
        corrected[index] = least
    return tuple(corrected)
