"""Both lanes on one time axis, and what thinking cost in one sentence, as the page draws them."""

from __future__ import annotations

from collections.abc import Mapping

from playground.domain.request import Lane
from playground.results import wording
from playground.results.segments import earlier_s
from playground.results.spans import cost, marks, spans
from playground.results.value import Result
from playground.ui.wire import AxisMark, Bar, Segment, Timeline


def timeline(
    results: Mapping[Lane, Result], labels: Mapping[Lane, str], elapsed_s: Mapping[Lane, float]
) -> Timeline:
    """The axis for these results; `elapsed_s` has the lanes that still run."""
    own = {
        lane: elapsed_s[lane] if lane in elapsed_s else results[lane].numbers.total_s
        for lane in results
    }
    totals = {
        lane: None if total is None else total + earlier_s(results[lane])
        for lane, total in own.items()
    }
    longest = max((total for total in totals.values() if total), default=0.0)
    bars = [
        Bar(
            lane=lane,
            label=labels[lane],
            segments=[
                Segment(kind=span.kind, start_s=span.start_s, end_s=span.end_s)
                for span in spans(results[lane], own[lane])
            ],
            total=wording.seconds(totals[lane]),
            own=wording.seconds(own[lane]),
        )
        for lane in results
    ]
    return Timeline(
        span_s=longest,
        marks=[AxisMark(at_s=at, label=text) for at, text in marks(longest)],
        bars=bars,
        sentence=list(cost(results, labels)),
    )
