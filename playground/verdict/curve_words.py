"""A budget curve in words: how much thinking is enough, as far as the list can tell."""

from __future__ import annotations

from playground.verdict import numerals
from playground.verdict.curve import Curve, Point
from playground.verdict.statistics import FEWEST
from playground.verdict.value import MARGIN
from playground.verdict.words import name
from playground.words import say, whole


def budget_words(point: Point) -> str:
    """A budget as it is named on an axis: "none", "1,024", "free"."""
    if not point.alone.thinks:
        return say("no thinking")
    if point.budget is None:
        return say("free")
    return numerals.thousands(point.budget)


def curve_words(curve: Curve) -> str:
    """How much thinking is enough, by the rule that `Curve` states; empty if nothing is judged."""
    if not any(point.alone.right for point in curve.points):
        return ""
    compared = [point.lost for point in curve.points if point.lost is not None]
    problems = max((lost.problems for lost in compared), default=0)
    lane = name(curve.label)
    if problems < FEWEST:
        return say("Too few to say how much thinking is enough, with n = {n}.", n=problems)
    sentences = []
    if curve.enough is not None:
        point = curve.points[curve.enough]
        sentences.append(_enough(lane, point))
    if curve.perhaps is not None:
        sentences.append(_perhaps(lane, curve.points[curve.perhaps]))
    if not sentences:
        sentences.append(
            say(
                "{lane} loses right answers with each smaller budget that was tried, with n = {n}.",
                lane=lane,
                n=problems,
            )
            if all(point.loses for point in curve.points if point.lost is not None)
            else say("This list cannot show how much thinking is enough, with n = {n}.", n=problems)
        )
    return " ".join(sentences)


def _enough(lane: str, point: Point) -> str:
    lost, saved = point.lost, numerals.times(point.saved)
    assert lost is not None and lost.interval is not None
    values = {
        "lane": lane,
        "budget": budget_words(point),
        "margin": whole(100 * MARGIN),
        "interval": numerals.points_interval(lost.interval),
        "n": lost.problems,
    }
    first = say(
        "{lane}: {budget} is enough, by the rule that at most {margin} points may be lost to the"
        " largest budget (lost: {interval}; paired, n = {n}).",
        **values,
    )
    more = say("The largest budget takes {times} times the tokens.", times=saved) if saved else ""
    return f"{first} {more}".strip()


def _perhaps(lane: str, point: Point) -> str:
    lost = point.lost
    assert lost is not None and lost.interval is not None
    return say(
        "{lane}: down to {budget} no loss that this list can show, but it may be up to {most}"
        " points (n = {n}).",
        lane=lane,
        budget=budget_words(point),
        most=numerals.points(lost.interval.high).lstrip("+"),
        n=lost.problems,
    )
