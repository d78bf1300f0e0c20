"""How far a load is, and how it ended, in words.

Knows no component and no engine.
"""

from __future__ import annotations

from playground.catalog import parse_name
from playground.domain.text import as_markdown_text
from playground.said_errors import said
from playground.ui.loads import Load
from playground.words import say


def progress_text(load: Load) -> str:
    """Which model of how many is loaded, and how far it is."""
    place, label = load.at + 1, as_markdown_text(parse_name(load.names[load.at]).label)
    which = f"**{label}**"
    if len(load.names) > 1:
        which += " " + say("({place} of {count})", place=place, count=len(load.names))
    return f"{which}: {load.words()}"


def ending(load: Load) -> str:
    """What is said of a load that has ended; empty where all went well."""
    if load.cancelled:
        return say("Cancelled. What has come is kept: Load goes on from there.")
    return said(load.error.message) if load.error else ""
