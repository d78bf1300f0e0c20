"""The blind votes of a scope, as Markdown: how often each was chosen, and what that says.

No Gradio.
"""

from __future__ import annotations

from collections.abc import Iterable

from playground.catalog import parse_name
from playground.domain.text import as_markdown_text
from playground.verdict.votes import Tally, called, what_it_says
from playground.words import say


def tally_text(found: Iterable[Tally]) -> str:
    """A table for each two models; empty without votes."""
    return "\n\n".join(_table(each) for each in found)


def _table(tally: Tally) -> str:
    first, second = (called(model, _label) for model in tally.models)
    rows = [
        (say("{model} is better", model=first), tally.wins),
        (say("{model} is better", model=second), tally.losses),
        (say("A tie"), tally.ties),
        (say("Both are bad"), tally.both_bad),
    ]
    lines = [f"| {say('Blind votes')} | {say('Votes')} |", "|---|---:|"]
    lines += [f"| {head} | {count} |" for head, count in rows]
    return "\n".join(lines) + "\n\n" + " ".join(what_it_says(tally, _label))


def _label(name: str) -> str:
    return as_markdown_text(parse_name(name).label)
