"""How numbers and endings are said, in one place: page, terminal and Jupyter read the same.

Pure text in the language that is spoken; knows no page and no terminal.
"""

from __future__ import annotations

from collections.abc import Mapping

from playground.domain.events import CountBasis, Ending
from playground.domain.request import Lane
from playground.results.value import Result
from playground.words import number, say

UNKNOWN = "–"

ENDINGS: Mapping[Ending, str] = {
    "end_of_turn": "ended by itself",
    "stop_string": "ended at a stop string",
    "limit": "cut off at the limit",
    "user": "stopped by you",
    "deadline": "stopped at the deadline",
    "interrupted": "interrupted",
    "error": "failed",
}


def seconds(value: float | None) -> str:
    """A duration: "84 ms", "0.84 s", "12.3 s", "2 min 03 s", "1 h 04 min"."""
    if value is None:
        return UNKNOWN
    if value < 0.0995:
        return f"{value * 1000:.0f} ms"
    if value < 9.995:
        return number(f"{value:.2f} s")
    if value < 99.95:
        return number(f"{value:.1f} s")
    whole = round(value)
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s"
    minutes = round(value / 60)
    return f"{minutes // 60} h {minutes % 60:02} min"


def about(value: float) -> str:
    """A duration that is only a guess: "40 s", "4 min", "1 h 20 min"."""
    if value < 55:
        return f"{max(5, 5 * round(value / 5))} s"
    minutes = max(1, round(value / 60))
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02} min"


def count(value: int | None, basis: CountBasis) -> str:
    """A number of tokens: "1,482", "≈1,482" when it is estimated."""
    if value is None:
        return UNKNOWN
    return number(f"{'≈' if basis == 'estimated' else ''}{value:,}")


def token_unit(counted: str) -> str:
    """What stands behind a counted number: "1 token", "142 tokens", "0 + 1 tokens"."""
    return say("token") if counted.lstrip("≈") == "1" else say("tokens")


def rate(value: float | None) -> str:
    """Tokens a second: "8.4", "31", "1,210"."""
    if value is None:
        return UNKNOWN
    return number(f"{value:.1f}" if value < 9.95 else f"{value:,.0f}")


def ratio(value: float | None) -> str:
    """How many times as much: "0.52×", "7.8×", "188×"."""
    if value is None:
        return UNKNOWN
    if value < 0.995:
        return number(f"{value:.2g}×")
    return number(f"{value:.1f}×" if value < 9.95 else f"{value:,.0f}×")


def ending(result: Result) -> str:
    """How the run ended, in words; a run without an answer says so first."""
    if result.ending is None:
        return say("running")
    words = say(ENDINGS[result.ending])
    if result.has_answer or result.ending == "error":
        return words
    if result.ending == "limit" and result.output.thinking is not None:
        return say("no answer: the limit was used up while thinking")
    return say("no answer: {ending}", ending=words)


def lane_labels(thinks: Mapping[Lane, bool]) -> dict[Lane, str]:
    """Instruct and Thinking where that tells the lanes apart, else Left and Right."""
    if len(thinks) > 1 and len(set(thinks.values())) == 1:
        return {lane: say(lane.capitalize()) for lane in thinks}
    return {lane: "Thinking" if thinking else "Instruct" for lane, thinking in thinks.items()}
