"""Which runs the rows of a list are made of: those that its verdict counts, so that both say the
same.

They are the runs under the newest models and settings, of a lane with several thinking budgets
those under the largest. Knows cells and attempts; does not know how a row tells them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from playground.domain.request import LANES, Lane
from playground.judging import RunPython
from playground.notebook.document import PromptCell, Run
from playground.verdict.attempt import Attempt
from playground.verdict.from_document import groups_of_cell, run_key
from playground.verdict.gathering import Runs, freest, judged, paired_lanes
from playground.verdict.value import Counts
from playground.verdict.weighing import counts_of


@dataclass(slots=True)
class ProblemRuns:
    """The runs of one problem that count, by lane and as pairs of the left lane with the right.

    `others` are by lane the newest that do not: stopped, failed, of another prompt or settings.
    """

    lanes: dict[Lane, list[Run]] = field(default_factory=lambda: {lane: [] for lane in LANES})
    pairs: list[tuple[Run, Run]] = field(default_factory=list)
    judged: dict[str, tuple[tuple[Attempt, Attempt], ...]] = field(default_factory=dict)
    others: dict[Lane, Run] = field(default_factory=dict)

    def shown(self, lane: Lane) -> list[Run]:
        """What a row tells of the lane, the newest last: what counts, or else the newest other."""
        other = [self.others[lane]] if lane in self.others else []
        return sorted(self.lanes[lane], key=_age) or other

    @property
    def newest(self) -> Run | None:
        """The newest run of which a row tells anything."""
        return max((run for lane in LANES for run in self.shown(lane)), key=_age, default=None)

    @property
    def newest_pair(self) -> tuple[Run, Run] | None:
        """The runs whose final answers a row compares."""
        if self.pairs:
            return max(self.pairs, key=lambda pair: max(map(_age, pair)))
        newest = [run.id for lane in LANES for run in self.shown(lane)[-1:]]
        run = self.newest
        return (run, run) if run is not None and newest == [run.id] * len(LANES) else None

    @property
    def counts(self) -> Counts:
        """What the problem adds to the verdict's four counts."""
        return counts_of(self.judged)


@dataclass(frozen=True, slots=True)
class CountedRuns:
    """The runs of a list by problem. `basis` is what decides which of them count: under another
    one, what was told of any problem says nothing any more."""

    problems: Mapping[int, ProblemRuns]
    basis: str


def counted_runs(
    cell: PromptCell, index: Callable[[Run], int], run_python: RunPython | None
) -> CountedRuns:
    """The cell's runs; `index` tells which problem one asked."""
    newest = next(iter(groups_of_cell(cell, run_python)), None)
    attempts = () if newest is None else newest.attempts
    counted = freest(attempts)
    runs = {run_key(cell, run): run for run in cell.runs}
    found: dict[int, ProblemRuns] = defaultdict(ProblemRuns)
    for lane, problems in counted.items():
        for repeats in problems.values():
            for attempt in repeats.values():
                run = runs[attempt.run]
                found[index(run)].lanes[lane].append(run)
    pairs = paired_lanes(counted)
    for listed in pairs.values():
        both = [(runs[left.run], runs[right.run]) for left, right in listed]
        found[index(both[0][0])].pairs += both
    for problem, listed in judged(pairs).items():
        found[index(runs[listed[0][0].run])].judged[problem] = listed
    weighed = {(attempt.run, attempt.lane) for attempt in attempts}
    for key, run in runs.items():
        for lane in run.lanes:
            if (key, lane) not in weighed and not run.sides:
                found[index(run)].others[lane] = run
    budgets = {lane: _budget(problems) for lane, problems in counted.items()}
    return CountedRuns(found, f"{None if newest is None else newest.asked} {budgets}")


def _budget(runs: Runs) -> int | None:
    return next(attempt.budget for repeats in runs.values() for attempt in repeats.values())


def _age(run: Run) -> int:
    return run.number
