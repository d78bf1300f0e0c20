"""The budget curve: how much is right at each thinking budget, and how much thinking is enough.

A curve is of one lane that thinks. A lane that does not think stands at its beginning, as no
thinking at all. Knows neither documents nor words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from playground.domain.request import LANES, Lane
from playground.verdict import gathering
from playground.verdict.attempt import Attempt
from playground.verdict.gathering import Runs
from playground.verdict.spread import Ratio
from playground.verdict.statistics import Difference
from playground.verdict.value import MARGIN, LaneVerdict
from playground.verdict.weighing import SIGNIFICANT, lane_verdict


@dataclass(frozen=True, slots=True)
class Point:
    """One budget. `lost` is what the freest budget is right more often, `saved` its median of
    tokens as a multiple of this one's, both on the problems that both have; null at the freest."""

    budget: int | None
    alone: LaneVerdict
    lost: Difference | None
    saved: Ratio | None

    @property
    def suffices(self) -> bool:
        """Whether it can be said that no more than MARGIN is lost: the interval ends there."""
        return self.lost is not None and _end(self.lost) <= MARGIN

    @property
    def loses(self) -> bool:
        """Whether a loss was found."""
        found = self.lost is not None and self.lost.interval is not None
        return found and self.lost.p < SIGNIFICANT and self.lost.interval.low > 0  # type: ignore[union-attr]


@dataclass(frozen=True, slots=True)
class Curve:
    """Points from the smallest budget to the freest; 0 is a lane that does not think, null no
    bound.

    `enough` is the place of the smallest budget that suffices, as do all above it: the interval of
    what is lost to the freest ends at MARGIN at most. Going down from the freest and stopping at
    the first that fails needs no correction for looking at many. `perhaps` is the place of the
    smallest budget of which, as of all above it, no loss was found, though more than MARGIN may be
    lost. Null where there is none.
    """

    lane: Lane
    label: str
    points: tuple[Point, ...]
    enough: int | None
    perhaps: int | None


def curves(attempts: Iterable[Attempt]) -> tuple[Curve, ...]:
    """One curve for each lane that thinks and ran under several budgets."""
    listed = tuple(attempts)
    lanes = {lane: gathering.by_budget(listed, lane) for lane in LANES}
    thinks = {lane: any(each.thinks for each in listed if each.lane == lane) for lane in LANES}
    unthinking = [lane for lane in LANES if lanes[lane] and not thinks[lane]]
    found = []
    for lane in LANES:
        if thinks[lane] and len(lanes[lane]) > 1:
            start = [list(lanes[other].values())[-1] for other in unthinking]
            found.append(_curve(lane, start, lanes[lane]))
    return tuple(found)


def _curve(lane: Lane, start: list[Runs], budgets: Mapping[int | None, Runs]) -> Curve:
    free = list(budgets.values())[-1]
    points = [_point(0, _lane_of(runs), runs, free) for runs in start]
    points += [_point(budget, lane, runs, free) for budget, runs in budgets.items()]
    below = list(range(len(points) - 2, -1, -1))
    enough = _last(below, [points[place].suffices for place in below])
    perhaps = _last(below, [_no_loss_found(points[place]) for place in below])
    if perhaps is not None and enough is not None and perhaps >= enough:
        perhaps = None
    return Curve(lane, points[-1].alone.label, tuple(points), enough, perhaps)


def _point(budget: int | None, lane: Lane, runs: Runs, free: Runs) -> Point:
    alone = lane_verdict(lane, runs)
    if runs is free:
        return Point(budget, alone, None, None)
    pairs = gathering.paired(runs, free)
    saved = gathering.ratio(pairs, lambda attempt: attempt.generated_tokens)
    return Point(budget, alone, gathering.difference(gathering.judged(pairs)), saved)


def _no_loss_found(point: Point) -> bool:
    lost = point.lost
    return lost is not None and lost.interval is not None and not point.loses


def _lane_of(runs: Runs) -> Lane:
    return next(iter(next(iter(runs.values())).values())).lane


def _end(difference: Difference) -> float:
    return 1.0 if difference.interval is None else difference.interval.high


def _last(places: list[int], passed: list[bool]) -> int | None:
    """The last place before the first that did not pass."""
    found = None
    for place, well in zip(places, passed, strict=True):
        if not well:
            break
        found = place
    return found


def curve_data(curve: Curve) -> dict[str, Any]:
    """The curve as JSON-ready dicts and lists."""
    data = asdict(curve)
    return {**data, "points": list(data["points"])}
