"""What a lane's time went into, the marks of a common time axis, and what thinking cost in words.

Pure; knows no page and no file. Each lane's time starts at its own start: waiting for the other
lane or in line is not on the axis.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from playground.domain.request import LANES, Lane
from playground.results import segments, wording
from playground.results.value import Result
from playground.words import number, say

Kind = Literal["earlier", "prompt", "thinking", "answer"]
LEAST_AXIS_S = 1e-6  # labels have no more decimals
_STEPS = (1.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Span:
    """One stretch of a lane's time, in seconds from its start; "earlier" are earlier segments."""

    kind: Kind
    start_s: float
    end_s: float


def spans(result: Result, total_s: float | None) -> tuple[Span, ...]:
    """The stretches of a run that took `total_s`, or has taken it so far; what it goes on from
    comes first."""
    if total_s is None:
        return ()
    before_s = segments.earlier_s(result)
    own = _own_spans(result, total_s)
    if not before_s:
        return own
    shifted = (replace(s, start_s=s.start_s + before_s, end_s=s.end_s + before_s) for s in own)
    return (Span("earlier", 0.0, before_s), *shifted)


def _own_spans(result: Result, total_s: float) -> tuple[Span, ...]:
    numbers = result.numbers
    first = numbers.first_token_s
    if first is None:
        return (Span("prompt", 0.0, total_s),)
    found = [Span("prompt", 0.0, first)]
    thought_end = first
    if numbers.thinking_s is not None:
        live = result.phase == "thinking"
        thought_end = total_s if live else min(first + numbers.thinking_s, total_s)
        found.append(Span("thinking", first, thought_end))
    end = total_s if result.phase != "ended" else (numbers.last_token_s or total_s)
    if result.has_answer and end > thought_end:
        found.append(Span("answer", thought_end, end))
    return tuple(found)


def marks(longest_s: float) -> tuple[tuple[float, str], ...]:
    """At most six round marks of an axis, each with its label; the last one carries the unit."""
    if longest_s < LEAST_AXIS_S:
        return ()
    magnitude = 10.0 ** math.floor(math.log10(longest_s / 5))
    step = next(base * magnitude for base in _STEPS if base * magnitude >= longest_s / 5)
    values = [index * step for index in range(int(longest_s / step + 1e-9) + 1)]
    labels = [number(f"{value:g}") for value in (round(value, 6) for value in values)]
    labels[-1] += " s"
    return tuple(zip(values, labels, strict=True))


def cost(results: Mapping[Lane, Result], labels: Mapping[Lane, str]) -> tuple[str, ...]:
    """What the thinking lane cost against the other; odd pieces are bold. Empty when unclear."""
    thinkers = [lane for lane in results if results[lane].output.thinking is not None]
    ended = all(result.phase == "ended" for result in results.values())
    if len(thinkers) != 1 or len(results) < len(LANES) or not ended:
        return ()
    lane = thinkers[0]
    other = next(candidate for candidate in LANES if candidate != lane)
    name, mine, theirs = labels[lane], results[lane], results[other]
    if not mine.has_answer:
        spent = wording.count(_generated(mine), mine.numbers.counts)
        said = say("{name} spent **{count} tokens** and gave no answer.", name=name, count=spent)
        return tuple(said.split("**"))
    tokens = _ratio(_generated(mine), _generated(theirs))
    wait = _ratio(segments.first_answer_s(mine), segments.first_answer_s(theirs))
    if not theirs.has_answer or tokens is None or wait is None:
        return ()
    said = say(
        "{name} took **{tokens}** the tokens and **{wait}** the wait for the first word of the"
        " answer.",
        name=name,
        tokens=wording.ratio(tokens),
        wait=wording.ratio(wait),
    )
    return tuple(said.split("**"))


def _generated(result: Result) -> int | None:
    generated = segments.total(result, "generated_tokens")
    return None if generated is None else int(generated)


def _ratio(above: float | None, below: float | None) -> float | None:
    return above / below if above is not None and below else None
