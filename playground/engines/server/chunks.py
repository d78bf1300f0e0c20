"""One message of a server's stream, in our words; the same for every dialect."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Usage:
    """What the server counted; null where it does not say."""

    prompt: int | None = None
    generated: int | None = None
    thinking: int | None = None
    cached: int | None = None


@dataclass(frozen=True, slots=True)
class Chunk:
    """`generated` is how many tokens there are so far, `numbers` are the server's own timings
    (seconds, tokens a second) by name. `stop` is the stop string that ended the answer: empty where
    the server says that none did, null where it does not tell."""

    thinking: str = ""
    content: str = ""
    finish: str | None = None
    stop: str | None = None
    generated: int | None = None
    usage: Usage | None = None
    numbers: tuple[tuple[str, float], ...] = ()
