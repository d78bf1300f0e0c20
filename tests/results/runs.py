"""A thinking run with everything in it, and short ways to fold events."""

from __future__ import annotations

from playground.domain.events import (
    Counts,
    Event,
    Loading,
    Notice,
    Prefill,
    ThoughtClosed,
    Tick,
    Waiting,
)
from playground.results.fold import fold
from playground.results.value import Numbers, Result
from tests.samples import answer, ended, request, started, thought

# A thinking run with everything in it. It starts at 15 s.
WHOLE: list[Event] = [
    Waiting(2, 10.0),
    Waiting(1, 11.0),
    Loading(0, 2, "files", 12.0),
    Loading(1, 2, "files", 13.0),
    started(15.0, prompt_tokens=9, cached_tokens=4),
    Notice("clamped", "Less room."),
    Prefill(9, 9, 16.0),
    thought("\nLet", 17.0, tokens=2),
    thought(" me\n\n", 18.0),
    ThoughtClosed(19.0),
    answer("\n\n", 20.0),
    Tick(20.5),
    answer("Hi", 21.0),
    answer("", 22.0),
    answer("é", 22.5, tokens=0),
    ended(at_s=24.0, counts=Counts(3, 3, 2), last_token_at_s=23.0),
]


def result(*events: Event) -> Result:
    return fold(request(), events)


def numbers(*events: Event) -> Numbers:
    return result(*events).numbers


def until(kind: type[Event] | Event) -> list[Event]:
    """The whole run up to its last event of this type, that one included."""
    last = max(i for i, event in enumerate(WHOLE) if isinstance(event, kind))
    return WHOLE[: last + 1]


WHOLE_NUMBERS = {
    "queue_s": 2.0,
    "load_s": 3.0,
    "first_token_s": 2.0,
    "first_answer_s": 6.0,
    "thinking_s": 2.0,
    "last_token_s": 8.0,
    "total_s": 9.0,
    "prompt_tokens": 9,
    "cached_tokens": 4,
    "thinking_tokens": 3,
    "answer_tokens": 3,
    "marker_tokens": 2,
    "forced_tokens": 0,
    "generated_tokens": 8,
    "tokens_per_s": (8 - 2) / (23 - 17),
    "counts": "exact",
}
