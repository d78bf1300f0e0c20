"""The blind votes of a scope, as Markdown: each choice's share, and how long preferred answers are.

No Gradio.
"""

from __future__ import annotations

from collections.abc import Iterable

from playground.catalog import parse_name
from playground.domain.text import as_markdown_text
from playground.verdict import numerals
from playground.verdict.statistics import FEWEST, share_of
from playground.verdict.votes import Model, Tally
from playground.words import say


def tally_text(found: Iterable[Tally]) -> str:
    """A table for each two models; empty without votes."""
    return "\n\n".join(_table(each) for each in found)


def _table(tally: Tally) -> str:
    first, second = (_called(model) for model in tally.models)
    rows = [
        (say("{model} is better", model=first), tally.wins),
        (say("{model} is better", model=second), tally.losses),
        (say("A tie"), tally.ties),
        (say("Both are bad"), tally.both_bad),
    ]
    lines = [f"| {say('Blind votes')} | {say('Votes')} | {say('Share')} |", "|---|---:|---:|"]
    lines += [f"| {head} | {count} | {_share(count, tally.votes)} |" for head, count in rows]
    return "\n".join(lines) + "\n\n" + " ".join(_about(tally))


def _called(model: Model) -> str:
    name, lane = model
    label = as_markdown_text(parse_name(name).label)
    return label if lane is None else f"{label} ({say(lane)})"


def _share(count: int, votes: int) -> str:
    """Every vote counts as a problem of its own."""
    found = share_of([place < count for place in range(votes)], [1] * votes)
    assert found is not None
    return numerals.share(found)


def _about(tally: Tally) -> Iterable[str]:
    if tally.votes < FEWEST:
        yield say("Too few votes for an interval.")
    if tally.winner_characters is not None and tally.loser_characters is not None:
        yield say(
            "The preferred answer has {winner} characters, the other {loser} (medians): readers"
            " tend to prefer what is longer.",
            winner=numerals.thousands(round(tally.winner_characters)),
            loser=numerals.thousands(round(tally.loser_characters)),
        )
