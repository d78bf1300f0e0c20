"""Shares, points, intervals and p values as they are written, in the language that is spoken."""

from __future__ import annotations

from playground.results import wording
from playground.verdict.spread import Ratio
from playground.verdict.statistics import Difference, Interval, Share
from playground.words import number, say, whole

_MINUS = "−"


def percent(value: float) -> str:
    """A share: "92 %"; "99.6 %" where 100 would say too much."""
    return f"{_hundredths(value)} %"


def _hundredths(value: float) -> str:
    shown = whole(100 * value)
    almost = (shown == 100 and value < 1) or (shown == 0 and value > 0)
    return number(f"{min(max(100 * value, 0.1), 99.9):.1f}") if almost else str(shown)


def share(found: Share) -> str:
    """A share with its interval: "92 % (88–95)"."""
    if found.interval is None:
        return percent(found.value)
    return f"{percent(found.value)} ({share_interval(found.interval)})"


def share_interval(interval: Interval) -> str:
    """ "88–95", in per cent."""
    return f"{whole(100 * interval.low)}–{whole(100 * interval.high)}"


def points(value: float) -> str:
    """A difference of shares in percentage points: "+31", "−5", "0"."""
    shown = whole(100 * value)
    return f"+{shown}" if shown > 0 else f"{_MINUS}{-shown}" if shown < 0 else "0"


def points_interval(interval: Interval) -> str:
    """ "24–38"; "−4 to 10" where a dash would be misread."""
    low, high = whole(100 * interval.low), whole(100 * interval.high)
    if low >= 0:
        return f"{low}–{high}"
    return say("{low} to {high}", low=_signed(low), high=_signed(high))


def _signed(value: int) -> str:
    return str(value).replace("-", _MINUS)


def p_value(p: float) -> str:
    """ "p < 0.001", "p = 0.03", "p = 0.41"."""
    if p < 0.001:
        return number("p < 0.001")
    if p > 0.995:
        return "p = 1"
    digits = 3 if p < 0.0095 else 2
    return number(f"p = {p:.{digits}f}")


def gain(difference: Difference) -> str:
    """A paired difference in full: "+31 points (24–38; paired, p < 0.001)"."""
    value = points(difference.value)
    if difference.interval is None:
        return say("{points} points", points=value)
    return say(
        "{points} points ({interval}; paired, {p})",
        points=value,
        interval=points_interval(difference.interval),
        p=p_value(difference.p),
    )


def times(ratio: Ratio | None) -> str | None:
    """How many times as much: "7.8", "188"; null where that is unknown."""
    if ratio is None or ratio.value is None:
        return None
    return wording.ratio(ratio.value).removesuffix("×")


def results(count: int) -> str:
    """How many results, one of each lane of a run: "1 result", "1,024 results"."""
    return say("1 result") if count == 1 else say("{count} results", count=thousands(count))


def runs(count: int) -> str:
    """How many runs of a lane: "1 run", "1,024 runs"."""
    return say("1 run") if count == 1 else say("{count} runs", count=thousands(count))


def problems(count: int) -> str:
    """How many problems: "1 problem", "1,024 problems"."""
    return say("1 problem") if count == 1 else say("{count} problems", count=thousands(count))


def thousands(value: int) -> str:
    """A count: "1,024"."""
    return number(f"{value:,}")
