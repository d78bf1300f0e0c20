"""Runs that go on where an earlier one stopped: from where, and what all segments took together.

A continued result has the whole text and the numbers of its own segment alone; the sums are here.
Pure; knows no engine and no page.
"""

from __future__ import annotations

from typing import Literal

from playground.domain.events import Ending, Part
from playground.domain.request import Continuation, Segment
from playground.results import wording
from playground.results.value import Result
from playground.words import say

CUT_SHORT: tuple[Ending, ...] = ("limit", "user", "deadline", "interrupted")
Summed = Literal["thinking_tokens", "answer_tokens", "generated_tokens", "thinking_s", "total_s"]


def can_go_on(result: Result) -> bool:
    """Whether the run was cut short in a text that can be continued."""
    return result.ending in CUT_SHORT and bool(result.output.thinking or result.output.answer)


def earlier_text(continuing: Continuation, part: Part) -> str:
    """What a continued run had of this part, without a character that was cut in two."""
    return (getattr(continuing, part) or "").removesuffix("\ufffd")


def continuation(result: Result) -> Continuation:
    """Where the result stopped, with all of its segments, for a run that goes on from there."""
    output = result.output
    return Continuation(output.thinking, output.answer, _thought_open(result), segments(result))


def _thought_open(result: Result) -> bool:
    numbers, before = result.numbers, result.request.continuing
    if result.output.thinking is None or (before is not None and not before.thought_open):
        return False
    # A single marker may be the tag that opens the thought.
    closed = result.output.answer or numbers.answer_tokens or numbers.forced_tokens
    return not closed and (numbers.marker_tokens or 0) < 2


def segments(result: Result) -> tuple[Segment, ...]:
    """All segments of the result's text, its own last; while it runs, as far as it has come."""
    earlier = result.request.continuing
    numbers = result.numbers
    own = Segment(
        run=result.request.id,
        ending=result.ending or "interrupted",
        thinking_tokens=numbers.thinking_tokens,
        answer_tokens=numbers.answer_tokens,
        generated_tokens=numbers.generated_tokens,
        total_s=numbers.total_s,
        thinking_s=numbers.thinking_s,
        first_answer_s=numbers.first_answer_s,
    )
    return (own,) if earlier is None else (*earlier.segments, own)


def earlier_s(result: Result) -> float:
    """How long the segments before this one took together, as far as that is known."""
    earlier = result.request.continuing
    return sum(part.total_s or 0.0 for part in earlier.segments) if earlier is not None else 0.0


def total(result: Result, name: Summed) -> float | int | None:
    """The sum over all segments; null where one of them is not known."""
    values = [getattr(part, name) for part in segments(result)]
    if name == "thinking_s":  # a segment without a thought took none
        known = [value for value in values if value is not None]
        return sum(known) if known else None
    return None if None in values else sum(values)


def first_answer_s(result: Result) -> float | None:
    """From the first segment's start to the first visible character of the answer."""
    before_s = 0.0
    for part in segments(result):
        if part.first_answer_s is not None:
            return before_s + part.first_answer_s
        if part.total_s is None:
            return None
        before_s += part.total_s
    return None


def in_words(result: Result) -> str:
    """ "2 segments: 812 + 400 = 1,212 tokens in 9.10 s + 4.20 s = 13.3 s"; "" for a single one."""
    parts = segments(result)
    if len(parts) < 2:
        return ""
    basis = result.numbers.counts
    tokens = [wording.count(part.generated_tokens, basis) for part in parts]
    times = [wording.seconds(part.total_s) for part in parts]
    generated, took_s = total(result, "generated_tokens"), total(result, "total_s")
    return say(
        "{count} segments: {tokens} tokens in {time}",
        count=len(parts),
        tokens=_sum(
            tokens, wording.UNKNOWN if generated is None else wording.count(int(generated), basis)
        ),
        time=_sum(times, wording.seconds(took_s)),
    )


def _sum(parts: list[str], whole: str) -> str:
    added = " + ".join(parts)
    return added if whole == wording.UNKNOWN else f"{added} = {whole}"
