"""Both lanes on one time axis, and what thinking cost in one sentence. Pure.

Each lane's time starts at its own start: waiting for the other lane or in line is not on the axis.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from playground.domain.request import LANES, Lane
from playground.results import wording
from playground.results.value import Numbers, Result
from playground.ui.wire import AxisMark, Bar, Segment, Timeline

_STEPS = (1.0, 2.0, 5.0, 10.0)


def timeline(
    results: Mapping[Lane, Result], labels: Mapping[Lane, str], elapsed_s: Mapping[Lane, float]
) -> Timeline:
    """The axis for these results; `elapsed_s` has the lanes that still run."""
    spans = {
        lane: elapsed_s[lane] if lane in elapsed_s else results[lane].numbers.total_s
        for lane in LANES
    }
    longest = max((span for span in spans.values() if span), default=0.0)
    bars = [
        Bar(
            lane=lane,
            label=labels[lane],
            segments=_segments(results[lane], spans[lane]),
            total=wording.seconds(spans[lane]),
        )
        for lane in LANES
    ]
    ended = all(results[lane].phase == "ended" for lane in LANES)
    return Timeline(
        span_s=longest,
        marks=_marks(longest),
        bars=bars,
        sentence=_sentence(results, labels) if ended else [],
    )


def _segments(result: Result, span_s: float | None) -> list[Segment]:
    numbers = result.numbers
    if span_s is None:
        return []
    first = numbers.first_token_s
    if first is None:
        return [Segment(kind="prompt", start_s=0.0, end_s=span_s)]
    segments = [Segment(kind="prompt", start_s=0.0, end_s=first)]
    thought_end = first
    if numbers.thinking_s is not None:
        live = result.phase == "thinking"
        thought_end = span_s if live else min(first + numbers.thinking_s, span_s)
        segments.append(Segment(kind="thinking", start_s=first, end_s=thought_end))
    end = span_s if result.phase != "ended" else (numbers.last_token_s or span_s)
    if result.has_answer and end > thought_end:
        segments.append(Segment(kind="answer", start_s=thought_end, end_s=end))
    return segments


def _marks(span_s: float) -> list[AxisMark]:
    """At most six round marks; the last one carries the unit."""
    if span_s <= 0:
        return []
    magnitude = 10.0 ** math.floor(math.log10(span_s / 5))
    step = next(base * magnitude for base in _STEPS if base * magnitude >= span_s / 5)
    values = [index * step for index in range(int(span_s / step + 1e-9) + 1)]
    labels = [f"{value:g}" for value in (round(value, 6) for value in values)]
    labels[-1] += " s"
    return [AxisMark(at_s=at, label=text) for at, text in zip(values, labels, strict=True)]


def _sentence(results: Mapping[Lane, Result], labels: Mapping[Lane, str]) -> list[str]:
    """What the thinking lane cost against the other; odd pieces are bold. Empty when unclear."""
    thinkers = [lane for lane in LANES if results[lane].output.thinking is not None]
    if len(thinkers) != 1:
        return []
    lane = thinkers[0]
    other = next(candidate for candidate in LANES if candidate != lane)
    name, mine, theirs = labels[lane], results[lane], results[other]
    if not mine.has_answer:
        spent = wording.count(mine.numbers.generated_tokens, mine.numbers.counts)
        return [f"{name} spent ", f"{spent} tokens", " and gave no answer."]
    if not theirs.has_answer:
        return []
    tokens = _ratio(mine.numbers, theirs.numbers, "generated_tokens")
    wait = _ratio(mine.numbers, theirs.numbers, "first_answer_s")
    if tokens is None or wait is None:
        return []
    return [
        f"{name} took ",
        wording.ratio(tokens),
        " the tokens and ",
        wording.ratio(wait),
        " the wait for the first word of the answer.",
    ]


def _ratio(mine: Numbers, theirs: Numbers, name: str) -> float | None:
    above, below = getattr(mine, name), getattr(theirs, name)
    return above / below if above is not None and below else None
