"""The published figures of two models side by side, with their source, as Markdown.

From the catalog; knows no component and nothing that ran here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from playground.catalog import known, parse_name
from playground.domain.request import LANES, Lane
from playground.domain.text import as_markdown_text
from playground.words import number, say


def published(names: Mapping[Lane, str], labels: Mapping[Lane, str]) -> str:
    """Both models' figures side by side, as Markdown; empty where their cards have none."""
    entries = {lane: known(parse_name(name)) for lane, name in names.items()}
    found = [entry for entry in entries.values() if entry is not None and entry.figures]
    if len(found) < len(LANES) or found[0].card == found[1].card:
        return ""
    left, right = (dict(entry.figures) for entry in found)
    rows = [(name, left[name], right[name]) for name in left if name in right]
    head = " | ".join(as_markdown_text(labels[lane]) for lane in LANES)
    table = [f"| | {head} |", "|---|---:|---:|"]
    table += [f"| {name} | {_bold(a, b)} | {_bold(b, a)} |" for name, a, b in rows]
    sources = ", ".join(
        f"[{as_markdown_text(labels[lane])}]({entry.card})"
        for lane, entry in zip(LANES, found, strict=True)
    )
    notes = [say("From the models' cards: {sources}.", sources=sources)]
    if any(entry.quantized for entry in found):
        notes.append(say("Measured with the original 16-bit weights."))
    notes.append(
        say(
            "Thinking may write up to 81,920 tokens for maths and code there, 32,768 elsewhere;"
            " Arena-Hard is judged by GPT-4.1."
        )
    )
    return "\n\n".join([_ahead(rows, labels), "\n".join(table), " ".join(notes)])


def _bold(own: float, other: float) -> str:
    text = number(f"{own:.1f}")
    return f"**{text}**" if own > other else text


def _ahead(rows: Sequence[tuple[str, float, float]], labels: Mapping[Lane, str]) -> str:
    """Who is ahead where: the shorter list whole, of the longer one the largest lead."""
    won = {
        "left": [name for name, left, right in rows if left > right],
        "right": [name for name, left, right in rows if right > left],
    }
    few, many = sorted(LANES, key=lambda lane: len(won[lane]))
    leads = {name: abs(left - right) for name, left, right in rows if name in won[many]}
    if not won[few] or not leads:
        return ""
    most = max(leads, key=leads.__getitem__)
    return say(
        "{one} is ahead on {few}; {other} on the other {count}, most of all on {most}.",
        one=f"**{as_markdown_text(labels[few])}**",
        few=", ".join(won[few]),
        other=f"**{as_markdown_text(labels[many])}**",
        count=len(won[many]),
        most=most,
    )
