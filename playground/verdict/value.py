"""A verdict as frozen values, and its JSON: what a list of judged runs says of its lanes.

Shares are 0 to 1. Knows nothing of how it is computed, said or drawn.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from playground.domain.request import Lane
from playground.verdict.spread import Ratio, Spread
from playground.verdict.statistics import Difference, Share

SCHEMA = 1

Call = Literal["pays", "does_not", "cannot_say"]
"""Whether the right lane pays, in right answers: `pays`: a difference was found in its favour;
`does_not`: one was found against it, or the interval leaves it a gain of MARGIN at most;
`cannot_say`: neither, or too few."""
MARGIN = 0.05


@dataclass(frozen=True, slots=True)
class LaneVerdict:
    """One lane on its own. `right` is over its judged runs and null where none was; `majority` is
    the share of problems whose most frequent answer is right, null without repeats.

    `problems` and `runs` count all, judged or not. Spreads are over problems, a problem's repeats
    made into one by their median; `first_answer_s` leaves out runs without an answer.
    """

    lane: Lane
    label: str
    budget: int | None
    thinks: bool
    problems: int
    runs: int
    right: Share | None
    no_answer: Share | None
    majority: Share | None
    tokens: Spread | None
    thinking_tokens: Spread | None
    total_s: Spread | None
    first_answer_s: Spread | None
    estimated: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """The pairs of runs, by which lanes are right."""

    both_right: int
    only_left: int
    only_right: int
    neither: int


@dataclass(frozen=True, slots=True)
class Paired:
    """Both lanes on the problems that both have. Differences are the right lane less the left one,
    ratios the right lane's median as a multiple of the left one's; `counts` and `difference` are of
    judged pairs, null without any."""

    problems: int
    counts: Counts | None
    difference: Difference | None
    tokens: Ratio | None
    total_s: Ratio | None
    first_answer_s: Ratio | None


@dataclass(frozen=True, slots=True)
class Agreeing:
    """How often the final answers of a pair of runs are the same by value. `share` is of the pairs
    that can be told; pairs where a lane has no final answer count as `cannot_tell`."""

    agree: int
    disagree: int
    cannot_tell: int
    share: Share | None


@dataclass(frozen=True, slots=True)
class TagVerdict:
    """The problems of one tag. `p` is corrected for all tags that were looked at (Holm), null where
    nothing was tested; fewer than five problems get no interval and no test."""

    tag: str
    problems: int
    left: Share | None
    right: Share | None
    counts: Counts
    difference: Difference | None
    p: float | None
    tokens: Ratio | None
    call: Call


@dataclass(frozen=True, slots=True)
class Verdict:
    """What runs under the same models and settings say. `lanes` has the left one first; `paired`
    and `agreeing` are null unless both ran the same problems.

    `not_counted` results, one a lane of a run, did not end by themselves or at their limit;
    `outdated` ones had another prompt than is asked now; `not_judged` ones count for tokens and
    seconds, but not for what is right.
    """

    lanes: tuple[LaneVerdict, ...]
    paired: Paired | None
    agreeing: Agreeing | None
    tags: tuple[TagVerdict, ...]
    call: Call
    problems: int
    not_judged: int
    not_counted: int
    outdated: int

    def lane(self, lane: Lane) -> LaneVerdict | None:
        """This lane's, if it ran."""
        return next((each for each in self.lanes if each.lane == lane), None)


def verdict_data(verdict: Verdict) -> dict[str, Any]:
    """The verdict as JSON-ready dicts and lists."""
    data = asdict(verdict)
    data["lanes"], data["tags"] = list(data["lanes"]), list(data["tags"])
    return {"schema": SCHEMA, **data}
