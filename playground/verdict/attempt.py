"""One lane's run of one problem, judged: all that a verdict needs to know of a Result.

Plain values, so that no more of the Result's schema is copied than is counted. Knows neither how
a run is judged nor where attempts come from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from playground.domain.request import Lane

Graded = Literal["right", "wrong", "no_answer"]


@dataclass(frozen=True, slots=True)
class Attempt:
    """`grade` is null where nothing was expected or it could not be judged; `final` is the final
    answer, null without one, and `code` that it is a program; `no_answer`: the run came to none.

    `run` tells which attempts are of one run.

    `budget` is the most thinking tokens that were allowed, null for no bound; `thinks` tells a lane
    that does not think at all. Unknown numbers are null; `estimated` is of the tokens.
    """

    problem: str
    repeat: int
    lane: Lane
    label: str
    grade: Graded | None = None
    final: str | None = None
    code: bool = False
    no_answer: bool = False
    tags: tuple[str, ...] = ()
    thinks: bool = False
    budget: int | None = None
    generated_tokens: int | None = None
    thinking_tokens: int | None = None
    answer_tokens: int | None = None
    estimated: bool = False
    total_s: float | None = None
    first_answer_s: float | None = None
    run: str = ""

    @property
    def judged(self) -> bool:
        """Whether it counts for the share that is right."""
        return self.grade is not None

    @property
    def right(self) -> bool:
        """Whether it came to the expected answer."""
        return self.grade == "right"
