"""Thinking of earlier turns that is to stay in a conversation: what there is of it, in words.

Knows no model and no server; an engine says what became of it.
"""

from __future__ import annotations

from collections.abc import Iterable

from playground.domain.request import Message


def thought_of(message: Message) -> str:
    """The trace to keep with this turn, without the line breaks around it; empty for none."""
    return (message.thinking or "").strip("\n") if message.role == "assistant" else ""


def thoughts_of(history: Iterable[Message]) -> tuple[str, ...]:
    """All traces to keep."""
    return tuple(thought for message in history if (thought := thought_of(message)))


def size_of(thoughts: tuple[str, ...]) -> str:
    """Such as "1,234 characters in 2 turns"."""
    turns = "1 turn" if len(thoughts) == 1 else f"{len(thoughts):,} turns"
    return f"{sum(map(len, thoughts)):,} characters in {turns}"
