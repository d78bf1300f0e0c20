"""Verdicts as reports: a paragraph a group with the newest first, and all their numbers as JSON.

What the command line, Python and the API say of a list or a notebook is the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from playground.verdict import numerals
from playground.verdict.curve import Curve, curve_data, curves
from playground.verdict.curve_words import curve_words
from playground.verdict.grouping import Group
from playground.verdict.value import Counts, Verdict, verdict_data
from playground.verdict.votes import Tally, tally_in_words
from playground.verdict.weighing import verdict_of
from playground.verdict.words import name, tag_words, verdict_words
from playground.words import say


@dataclass(frozen=True, slots=True)
class Report:
    """What one group's runs come to, weighed once: that takes its time with a long list."""

    group: Group
    verdict: Verdict
    curves: tuple[Curve, ...]

    @property
    def lines(self) -> list[str]:
        """In words: in all, by tag, by thinking budget."""
        lines = [verdict_words(self.verdict), tag_words(self.verdict)]
        return [line for line in [*lines, *map(curve_words, self.curves)] if line]

    @property
    def data(self) -> dict[str, Any]:
        """Models, verdict and budget curves as JSON-ready data."""
        return {
            "models": self.group.models,
            "verdict": verdict_data(self.verdict),
            "curves": [curve_data(curve) for curve in self.curves],
        }


def report_of(group: Group) -> Report:
    """Weigh a group; curves are of lanes that were run under several thinking budgets."""
    found = curves(group.attempts)
    several = (curve for curve in found if sum(point.alone.thinks for point in curve.points) > 1)
    return Report(group, verdict_of(group), tuple(several))


def said(found: Sequence[Report], votes: Sequence[Tally] = ()) -> str:
    """A paragraph a group, the newest first; each after it with what was otherwise. Then the blind
    votes, a paragraph for each two models."""
    paragraphs = []
    for report in found:
        head = [_head(report.group, found[0].group)] if len(found) > 1 else []
        paragraphs.append("\n".join([*head, *report.lines]))
    paragraphs += [f"{say('Blind votes')}: {tally_in_words(tally, str)}" for tally in votes]
    return "\n\n".join(paragraphs or [say("No run has come to its end here yet.")]) + "\n"


def counts_words(verdict: Verdict) -> str:
    """The four counts of the pairs of runs; empty where none was judged."""
    counts = None if verdict.paired is None else verdict.paired.counts
    if counts is None:
        return ""
    return _counts_words(verdict, counts)


def _counts_words(verdict: Verdict, counts: Counts) -> str:
    labels = {lane.lane: name(lane.label) for lane in verdict.lanes}
    return say(
        "Both right {both}, only {left} {only_left}, only {right} {only_right}, neither {neither}.",
        left=labels["left"],
        right=labels["right"],
        both=numerals.thousands(counts.both_right),
        only_left=numerals.thousands(counts.only_left),
        only_right=numerals.thousands(counts.only_right),
        neither=numerals.thousands(counts.neither),
    )


def _head(group: Group, newest: Group) -> str:
    unlike = () if group is newest else group.unlike(newest)
    return " · ".join([*group.models.values(), *unlike])
