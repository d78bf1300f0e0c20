"""A notebook run without a page: its prompts in order, each on its own models, kept as they end.

Knows documents, comparisons and how far it has come; whoever calls it keeps files and speaks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from playground.comparison.options import build_requests, describe_or_guess
from playground.comparison.run import Comparison
from playground.domain.engine import ModelCard
from playground.domain.errors import BadRequest, PlaygroundError
from playground.domain.events import Failed
from playground.domain.request import LANES, Lane, Request
from playground.notebook.asking import question, runs_of
from playground.notebook.changes import AddRun, apply
from playground.notebook.document import CellId, Document, PromptCell, Run
from playground.notebook.settings import Settings, differences
from playground.notebook.variables import Values
from playground.results.fold import Fold
from playground.running import Folds, ask


@dataclass(frozen=True, slots=True)
class Which:
    """Which prompts to run: those from number `first` on (from 1), or only what is stale."""

    first: int = 1
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Watcher:
    """Who is told: `keep` after each run, `show` at each event with the cell's number and their
    count, `problem` with the number of a cell that cannot be asked; `stopped` asks for a stop."""

    keep: Callable[[Document], None]
    show: Callable[[int, int, Folds], None]
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
    values: Values
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
    numbered = enumerate(prompts, start=1)
    return [(n, cell.id) for n, cell in numbered if n >= which.first and cell.prompt.strip()]


class Headless:
    """Runs a document's prompts under its settings."""

    def __init__(
        self, comparison: Comparison, document: Document, settings: Settings, watcher: Watcher
    ) -> None:
        self._comparison = comparison
        self._settings = settings
        self._watcher = watcher
        self.document = document
        self.outcome = Outcome()

    def run(self, which: Which) -> Outcome:
        """Run all that is chosen, or up to a stop. Raises BadRequest, and KeyboardInterrupt."""
        for number, cell in chosen(self.document, which):
            for values in self._runs_of(number, cell):
                if self._watcher.stopped():
                    return self.outcome
                asked = self._asked(number, cell, values)
                if asked is not None and not (which.stale and self._is_current(asked)):
                    self._run_once(asked)
        return self.outcome

    def _runs_of(self, number: int, cell: CellId) -> tuple[Values, ...]:
        try:
            return runs_of(self.document.prompt(cell))
        except BadRequest as exc:
            self._tell(number, exc)
            return ()

    def _asked(self, number: int, cell: CellId, values: Values) -> _Asked | None:
        """What the cell asks now; null where that cannot be asked."""
        models = self._settings.models
        try:
            asked = question(self.document, self._settings, cell, values, self._describe)
            requests = build_requests(asked.prompt, asked.options, models, self._describe)
            asked.check()
        except PlaygroundError as exc:
            self._tell(number, exc)
            return None
        lanes = tuple(request for request in requests if request.lane in asked.lanes)
        return _Asked(number, cell, values, lanes, asked.blocked)

    def _tell(self, number: int, error: PlaygroundError) -> None:
        self.outcome.answered = False
        self._watcher.problem(number, str(error))

    def _run_once(self, asked: _Asked) -> None:
        if not self.outcome.runs:  # what cannot be kept is known before anything runs
            self._watcher.keep(self.document)
        running = tuple(r for r in asked.requests if r.lane not in asked.blocked)
        folds = {r.lane: Fold(r) for r in asked.requests if r.lane in asked.blocked}
        for lane, fold in folds.items():
            fold.apply(Failed.of(BadRequest(asked.blocked[lane]), 0.0))

        def show(latest: Folds) -> None:
            folds.update(latest)
            self._watcher.show(asked.number, len(self.document.prompts), latest)

        try:
            ask(self._comparison, running, show, self._watcher.stopped)
        finally:  # what came before an interrupt is kept
            results = tuple(folds[lane].result() for lane in LANES if lane in folds)
            self._keep(AddRun(asked.cell, asked.requests[0].id, results, asked.values))

    def _keep(self, added: AddRun) -> None:
        self.document = apply(self.document, added)
        self.outcome.runs += 1
        self.outcome.answered &= all(r.has_answer and r.ending != "error" for r in added.results)
        self._watcher.keep(self.document)

    def _is_current(self, asked: _Asked) -> bool:
        """Whether the latest run with these values is what running now would do, and came to its
        end."""
        cell = self.document.prompt(asked.cell)
        runs = [run for run in cell.runs if dict(run.values) == dict(asked.values)]
        if not runs or set(runs[-1].lanes) != {request.lane for request in asked.requests}:
            return False
        return all(_is_same(runs[-1], now, cell, self._settings) for now in asked.requests)

    def _describe(self, name: str) -> ModelCard:
        return describe_or_guess(name, lambda known: self._comparison.open_engine(known).card)


def _is_same(run: Run, now: Request, cell: PromptCell, settings: Settings) -> bool:
    result = run.result(now.lane)
    own_seed = cell.overrides.sampling.get(now.lane, {}).get("seed")
    fixed = settings.seed_mode == "fixed" or own_seed is not None
    ended = result.ending in ("end_of_turn", "stop_string", "limit")
    return ended and not differences(result.request, now, seed=fixed)
