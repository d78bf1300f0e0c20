"""Verdicts as tables for plots: what is right against what it takes, waits, wins by tag.

One row a mark, with plain columns. Shares are in per cent, differences in points. Knows no plot:
the page draws them.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from playground.verdict.attempt import Attempt
from playground.verdict.curve import Curve
from playground.verdict.curve_words import budget_words
from playground.verdict.gathering import freedom
from playground.verdict.statistics import Interval
from playground.verdict.value import LaneVerdict, Verdict
from playground.verdict.words import name

ACCURACY = ("lane", "label", "budget", "tokens", "right", "low", "high", "problems", "runs")
WAITS = ("lane", "label", "problem", "repeat", "first_answer_s")
TAGS = ("tag", "side", "wins", "problems", "points", "low", "high", "call")


def accuracy_table(verdict: Verdict, curves: Iterable[Curve] = ()) -> pd.DataFrame:
    """One row a lane and budget that was judged: its median of tokens, its share right."""
    curves = tuple(curves)
    drawn = {point.alone.lane for curve in curves for point in curve.points}
    points = [(budget_words(point), point.alone) for curve in curves for point in curve.points]
    points += [("", lane) for lane in verdict.lanes if lane.lane not in drawn]
    rows = [_accuracy(budget, alone) for budget, alone in points if alone.right is not None]
    return pd.DataFrame(rows, columns=list(ACCURACY)).drop_duplicates(ignore_index=True)


def _accuracy(budget: str, alone: LaneVerdict) -> tuple[object, ...]:
    right = alone.right
    assert right is not None
    tokens = None if alone.tokens is None else alone.tokens.median
    ends = _ends(right.interval)
    head = (alone.lane, name(alone.label), budget, tokens, 100 * right.value)
    return (*head, *ends, right.problems, right.runs)


def waits_table(attempts: Iterable[Attempt]) -> pd.DataFrame:
    """One row a run with an answer, under each lane's largest budget: how long it took to come."""
    attempts = tuple(attempts)
    largest = {
        lane: max((each.budget for each in attempts if each.lane == lane), key=freedom)
        for lane in {each.lane for each in attempts}
    }
    rows = [
        (each.lane, name(each.label), each.problem, each.repeat, each.first_answer_s)
        for each in attempts
        if each.first_answer_s is not None and each.budget == largest[each.lane]
    ]
    return pd.DataFrame(rows, columns=list(WAITS))


def tags_table(verdict: Verdict) -> pd.DataFrame:
    """Two rows a tag, one a lane: how many pairs only this lane has right."""
    labels = {lane.lane: name(lane.label) for lane in verdict.lanes}
    rows = []
    for tag in verdict.tags:
        difference = tag.difference
        points = None if difference is None else 100 * difference.value
        ends = _ends(None if difference is None else difference.interval)
        for lane, wins in (("left", tag.counts.only_left), ("right", tag.counts.only_right)):
            side = labels["left" if lane == "left" else "right"]
            rows.append((tag.tag, side, wins, tag.problems, points, *ends, tag.call))
    return pd.DataFrame(rows, columns=list(TAGS))


def _ends(interval: Interval | None) -> tuple[float | None, float | None]:
    return (None, None) if interval is None else (100 * interval.low, 100 * interval.high)
