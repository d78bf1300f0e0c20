"""Blind runs on the wire, as JSON shapes: a vote, and all that is told before it. Types only."""

from __future__ import annotations

from typing import TypedDict


class BlindAnswer(TypedDict):
    """One side's answer as HTML blocks; none where it gave no answer."""

    blocks: list[str]


class VoteView(TypedDict):
    """A run that `waits` for a vote between A and B, of which the view has nothing else but that it
    was cut off, in `words` ("" if it was not); or what was voted, in `words`."""

    waits: bool
    words: str
    reason: str


class BlindState(TypedDict):
    """Whether runs from now on are blind; the votes so far, a paragraph for each two models."""

    on: bool
    tally: list[str]
