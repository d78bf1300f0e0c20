"""Judgements as they travel to the page: badges, and what a cell's repeats say. Types only."""

from __future__ import annotations

from typing import Literal, TypedDict

from playground.domain.request import Lane

BadgeKind = Literal[
    "right", "wrong", "no_answer", "not_judged", "waiting", "agree", "disagree", "cannot_tell"
]


class Fact(TypedDict):
    """One line of what a badge tells when it is opened: whose it is, the text, how it came about.
    A model's text is among them: it is text."""

    label: str
    text: str
    how: str


class Badge(TypedDict):
    """A judgement of ended answers: a word or two, why in short, and the facts in full.

    A lane's grade: right, wrong, no_answer, not_judged, or waiting while tests run. A run's
    agreement: agree, disagree, cannot_tell. `rule` is the judging room's name of how it was found.
    """

    kind: BadgeKind
    title: str
    reason: str
    rule: str
    facts: list[Fact]


class RepeatsRow(TypedDict):
    """One figure over a cell's repeats, by lane; `more` is said of it in small."""

    label: str
    help: str
    values: dict[Lane, str]
    more: dict[Lane, str]


class RepeatsView(TypedDict):
    """What the runs of a cell under the same models and settings say together; `lanes` are the
    lanes' names, `left_out` tells how many runs are not counted, "" if none."""

    title: str
    left_out: str
    lanes: dict[Lane, str]
    rows: list[RepeatsRow]
