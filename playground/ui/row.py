"""A row of runs that were asked for together: how many are done, how long the rest may take.

Knows neither cells nor clocks; times are seconds that its user measured.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from playground.notebook.document import Run
from playground.results import wording
from playground.words import say


@dataclass(slots=True)
class Row:
    """`waiting_s` has what each waiting run took the last time it ran; null where it never did.

    `many_of_a_cell`: some cell runs more than once, so runs are counted and not cells.
    """

    many_of_a_cell: bool = False
    waiting_s: list[float | None] = field(default_factory=list)
    done_s: list[float] = field(default_factory=list)
    begun_at_s: float | None = None
    expected_s: float | None = None
    refused: int = 0

    @property
    def planned(self) -> int:
        """How many runs this row has, those that are over included."""
        running = self.begun_at_s is not None
        return len(self.done_s) + self.refused + running + len(self.waiting_s)

    @property
    def place(self) -> int:
        """Which run goes on, counted from 1."""
        return len(self.done_s) + self.refused + 1

    def begin(self, now_s: float) -> None:
        """The first that waits begins."""
        self.expected_s, self.begun_at_s = self.waiting_s.pop(0), now_s

    def end(self, now_s: float) -> None:
        """The one that goes on is over."""
        if self.begun_at_s is not None:
            self.done_s.append(now_s - self.begun_at_s)
        self.begun_at_s = self.expected_s = None

    def refuse(self) -> None:
        """The first that waits could not begin."""
        self.waiting_s.pop(0)
        self.refused += 1

    def leave(self, index: int) -> None:
        """One that waits does so no longer."""
        del self.waiting_s[index]

    def left_s(self, now_s: float) -> float | None:
        """About how long the rest takes, by earlier runs of these cells or of this row's others."""
        known = [*self.done_s, *(each for each in self.waiting_s if each is not None)]
        if self.expected_s is not None:
            known.append(self.expected_s)
        if not known:
            return None
        usual_s = sum(known) / len(known)
        ahead_s = sum(usual_s if each is None else each for each in self.waiting_s)
        if self.begun_at_s is None:
            return ahead_s
        expected_s = usual_s if self.expected_s is None else self.expected_s
        return ahead_s + max(0.0, expected_s - (now_s - self.begun_at_s))

    def left_words(self, now_s: float) -> str:
        """ "about 4 min left"; empty while nothing tells, or it is next to nothing."""
        left_s = self.left_s(now_s)
        if left_s is None or left_s < 1:
            return ""
        return say("about {time} left", time=wording.about(left_s))

    def words(self, now_s: float, lane: str) -> str:
        """ "cell 3 of 12, right lane, about 4 min left"; empty where there is but one run."""
        if self.planned < 2:
            return ""
        values = {"place": self.place, "planned": self.planned}
        if self.many_of_a_cell:
            said = say("run {place} of {planned}", **values)
        else:
            said = say("cell {place} of {planned}", **values)
        if lane:
            said += f", {lane}"
        left = self.left_words(now_s)
        return f"{said}, {left}" if left else said


def took_s(run: Run | None) -> float | None:
    """How long a run took, both lanes; null where that is unknown."""
    results = run.results if run is not None else ()
    totals = [result.numbers.total_s for result in results if result.numbers.total_s is not None]
    if not totals:
        return None
    return max(totals) if results[0].request.schedule == "together" else sum(totals)
