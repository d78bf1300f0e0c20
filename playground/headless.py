"""A notebook run without a page: its prompts in order, each on its own models, kept as they end.

Knows documents, comparisons and how far it has come; whoever calls it keeps files and speaks.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from playground.comparison.options import build_requests, describe_or_guess
from playground.comparison.run import Comparison
from playground.domain.engine import ModelCard
from playground.domain.errors import BadRequest, PlaygroundError
from playground.domain.events import Failed
from playground.domain.request import LANES, Lane, Request
from playground.notebook.asking import Question, question
from playground.notebook.batch import drawn_seeds, is_current, left_to_run, to_run
from playground.notebook.changes import AddRun, apply
from playground.notebook.document import CellId, Document
from playground.notebook.plan import NO_SEEDS, Planned, Seeds, is_batch, plan, seeded
from playground.notebook.settings import Settings
from playground.results import wording
from playground.results.fold import Fold
from playground.running import Folds, ask

Amend = Callable[[tuple[Request, ...]], tuple[Request, ...]]


@dataclass(frozen=True, slots=True)
class Which:
    """Which prompts to run: those from number `first` on (from 1), or only what is stale, or only
    one cell.

    A batch goes on with what is left of it in either case; one that is complete is asked all anew,
    unless it is only what is stale that is to run.
    """

    first: int = 1
    stale: bool = False
    cell: CellId | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """Which run goes on: the cell's number of so many, the run's within the cell (both from 1),
    and about how long the cell's others will take by those that are over; null while unknown."""

    cell: int
    cells: int
    run: int = 1
    runs: int = 1
    left_s: float | None = None

    def words(self) -> str:
        """ "cell 1 of 3 · run 17 of 500 · about 4 min left"."""
        return " · ".join([f"cell {self.cell} of {self.cells}", *self._within()])

    def within(self) -> str:
        """ "run 17 of 500 · about 4 min left": without the cell."""
        return " · ".join(self._within())

    def _within(self) -> list[str]:
        said = [f"run {self.run} of {self.runs}"] if self.runs > 1 else []
        if self.left_s is not None and self.left_s >= 1:
            said.append(f"about {wording.about(self.left_s)} left")
        return said


@dataclass(frozen=True, slots=True)
class Watcher:
    """Who is told: `keep` after each run, `show` at each event of a run, `problem` with the number
    of a cell that cannot be asked; `stopped` asks for a stop."""

    keep: Callable[[Document], None]
    show: Callable[[Progress, Folds], None]
    problem: Callable[[int, str], None]
    stopped: Callable[[], bool]


@dataclass(slots=True)
class Outcome:
    """How many runs were made; whether each lane of each came to an answer."""

    runs: int = 0
    answered: bool = True


@dataclass(frozen=True, slots=True)
class _Asked:
    """One run: the requests of its lanes, and why some of them cannot run."""

    number: int
    cell: CellId
    planned: Planned
    requests: tuple[Request, ...]
    blocked: Mapping[Lane, str]


def chosen(document: Document, which: Which) -> list[tuple[int, CellId]]:
    """The numbers and ids of the prompts to run; empty ones are passed over. Raises BadRequest."""
    prompts = document.prompts
    if not 1 <= which.first <= max(1, len(prompts)):
        raise BadRequest(
            f"--from is {which.first}, but the notebook has {len(prompts)} prompts. Give a number"
            " from 1 to that."
        )
    numbered = [(n, cell) for n, cell in enumerate(prompts, start=1) if cell.prompt.strip()]
    if which.cell is not None:
        return [(n, cell.id) for n, cell in numbered if cell.id == which.cell]
    return [(n, cell.id) for n, cell in numbered if n >= which.first]


class Headless:
    """Runs a document's prompts under its settings."""

    def __init__(
        self,
        comparison: Comparison,
        document: Document,
        settings: Settings,
        watcher: Watcher,
        clock: Callable[[], float] = time.monotonic,
        amend: Amend = lambda requests: requests,
    ) -> None:
        """`amend` may put into requests what no cell has, such as a conversation of elsewhere."""
        self._comparison = comparison
        self._amend = amend
        self._settings = settings
        self._watcher = watcher
        self._clock = clock
        self.document = document
        self.outcome = Outcome()

    def run(self, which: Which) -> Outcome:
        """Run all that is chosen, or up to a stop. Raises BadRequest, and KeyboardInterrupt."""
        for number, cell in chosen(self.document, which):
            planned, seeds = self._runs_of(number, cell, which.stale)
            begun_s = self._clock()
            made = 0
            for place, each in enumerate(planned, start=1):
                if self._watcher.stopped():
                    return self.outcome
                asked = self._asked(number, cell, each, seeds)
                if asked is None or (which.stale and self._is_current(asked)):
                    continue
                usual_s = (self._clock() - begun_s) / made if made else None
                left_s = None if usual_s is None else usual_s * (len(planned) - place + 1)
                cells = len(self.document.prompts)
                self._run_once(asked, Progress(number, cells, place, len(planned), left_s))
                made += 1
        return self.outcome

    def _runs_of(self, number: int, cell: CellId, stale: bool) -> tuple[tuple[Planned, ...], Seeds]:
        """The runs that a cell is to make, and the seeds of its batch."""
        prompt = self.document.prompt(cell)
        try:
            if not is_batch(prompt):  # each is asked whether it is stale when its turn comes
                return plan(prompt), NO_SEEDS
            look = left_to_run if stale else to_run
            batch = look(prompt, self._settings, partial(self._requests_of, cell))
            return batch.left, batch.seeds or drawn_seeds()
        except BadRequest as exc:
            self._tell(number, exc)
            return (), NO_SEEDS

    def _requests_of(self, cell: CellId, planned: Planned) -> tuple[Request, ...]:
        return self._build(cell, planned, NO_SEEDS)[1]

    def _build(
        self, cell: CellId, planned: Planned, seeds: Seeds
    ) -> tuple[Question, tuple[Request, ...]]:
        """What a planned run asks, on the lanes that run. Raises PlaygroundError."""
        settings = self._settings
        asked = question(self.document, settings, cell, planned, self._describe)
        requests = build_requests(asked.prompt, asked.options, settings.models, self._describe)
        lanes = tuple(request for request in requests if request.lane in asked.lanes)
        own = self.document.prompt(cell).overrides
        return asked, self._amend(seeded(lanes, settings, own, planned.repeat, seeds))

    def _asked(self, number: int, cell: CellId, planned: Planned, seeds: Seeds) -> _Asked | None:
        """What the cell asks now; null where that cannot be asked."""
        try:
            asked, lanes = self._build(cell, planned, seeds)
            asked.check()
        except PlaygroundError as exc:
            self._tell(number, exc)
            return None
        return _Asked(number, cell, planned, lanes, asked.blocked)

    def _tell(self, number: int, error: PlaygroundError) -> None:
        self.outcome.answered = False
        self._watcher.problem(number, str(error))

    def _run_once(self, asked: _Asked, progress: Progress) -> None:
        if not self.outcome.runs:  # what cannot be kept is known before anything runs
            self._watcher.keep(self.document)
        running = tuple(r for r in asked.requests if r.lane not in asked.blocked)
        folds = {r.lane: Fold(r) for r in asked.requests if r.lane in asked.blocked}
        for lane, fold in folds.items():
            fold.apply(Failed.of(BadRequest(asked.blocked[lane]), 0.0))

        def show(latest: Folds) -> None:
            folds.update(latest)
            self._watcher.show(progress, latest)

        try:
            ask(self._comparison, running, show, self._watcher.stopped)
        finally:  # what came before an interrupt is kept
            results = tuple(folds[lane].result() for lane in LANES if lane in folds)
            planned, run_id = asked.planned, asked.requests[0].id
            self._keep(AddRun(asked.cell, run_id, results, planned.values, planned.repeat))

    def _keep(self, added: AddRun) -> None:
        self.document = apply(self.document, added)
        self.outcome.runs += 1
        self.outcome.answered &= all(r.has_answer and r.ending != "error" for r in added.results)
        self._watcher.keep(self.document)

    def _is_current(self, asked: _Asked) -> bool:
        """Whether a plain cell's latest run with these values is what running now would do, and
        came to its end. Of a batch, what is left is known before."""
        cell = self.document.prompt(asked.cell)
        if is_batch(cell):
            return False
        runs = [run for run in cell.runs if dict(run.values) == dict(asked.planned.values)]
        if not runs or set(runs[-1].lanes) != {request.lane for request in asked.requests}:
            return False
        latest = runs[-1]
        return all(
            is_current(latest.result(now.lane), now, cell, self._settings) for now in asked.requests
        )

    def _describe(self, name: str) -> ModelCard:
        return describe_or_guess(name, lambda known: self._comparison.open_engine(known).card)
