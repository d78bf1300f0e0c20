"""What of a cell's planned runs is left to be run, and under which seeds: how a batch goes on.

Nothing about a batch is stored beside its runs: a planned run is done when the cell has a result
of each of its lanes that ended and is what asking now would ask (`settings.differences`). So a
batch that was paused, stopped or killed goes on by being run again, also when more problems or
repeats were added since. A batch that is complete is asked all anew: a new round, which is left
over in the same way when it is cut off. A plain cell is no batch and always runs anew.

Requests are built elsewhere: `ask` does it. Knows no engine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from playground.domain.errors import PlaygroundError
from playground.domain.request import Lane, Request
from playground.domain.sampling import draw_seed
from playground.notebook.document import PromptCell
from playground.notebook.plan import Planned, Seeds, first_seed, is_batch, plan, seed_is_fixed
from playground.notebook.settings import Settings, differences
from playground.notebook.variables import Values
from playground.results.value import Result

Ask = Callable[[Planned], tuple[Request, ...]]
"""The requests that a planned run makes now, seeds by the settings. Raises PlaygroundError."""
BY_ITSELF = ("end_of_turn", "stop_string", "limit")


@dataclass(frozen=True, slots=True)
class Batch:
    """How far a cell's plan has come. `left` is what is still to be run of it, in order; empty
    where all of it is there. `seeds` are those that the rest of the batch goes on with."""

    planned: tuple[Planned, ...]
    left: tuple[Planned, ...]
    seeds: Seeds = field(default_factory=dict)

    @property
    def done(self) -> int:
        """How many planned runs are there."""
        return len(self.planned) - len(self.left)


def is_current(result: Result, now: Request, cell: PromptCell, settings: Settings) -> bool:
    """Whether the result came to its end, and is of what asking now would ask."""
    fixed = seed_is_fixed(settings, cell.overrides, now.lane)
    return result.ending in BY_ITSELF and not differences(result.request, now, seed=fixed)


def left_to_run(cell: PromptCell, settings: Settings, ask: Ask) -> Batch:
    """How far the cell's newest round has come. Raises BadRequest for a plan that cannot be."""
    planned = plan(cell)
    results = _results_by_place(cell)
    counts: list[int] = []
    found: list[list[Result]] = []
    for each in planned:
        current = [
            [
                result
                for result in results[_place(each.values, each.repeat, now.lane)]
                if is_current(result, now, cell, settings)
            ]
            for now in _requests(ask, each)
        ]
        counts.append(min(map(len, current), default=0))
        found.append([result for lane in current for result in lane])
    # Rounds are not told apart but by how often each planned run is there.
    wanted = max(counts, default=0) if min(counts, default=0) else 1
    left = tuple(p for p, count in zip(planned, counts, strict=True) if count < wanted)
    return Batch(planned, left, _first_seeds(cell, found))


def _requests(ask: Ask, planned: Planned) -> tuple[Request, ...]:
    try:
        return ask(planned)
    except PlaygroundError:
        return ()  # running it says why


def to_run(cell: PromptCell, settings: Settings, ask: Ask, anew: bool = False) -> Batch:
    """What running the cell now runs: of a batch what is left, or, where all of it is there (or
    all is wanted `anew`), all of it under new seeds; of a plain cell its runs. Raises BadRequest.
    """
    if not is_batch(cell):
        planned = plan(cell)
        return Batch(planned, planned)
    batch = left_to_run(cell, settings, ask)
    if batch.left and not anew:
        return Batch(batch.planned, batch.left, batch.seeds or drawn_seeds())
    again = settings.seed_mode == "same" and batch.seeds
    return Batch(batch.planned, batch.planned, batch.seeds if again else drawn_seeds())


def drawn_seeds() -> Seeds:
    """Seeds of a batch that begins; both lanes have the same one, as in a plain run."""
    drawn = draw_seed()
    return {"left": drawn, "right": drawn}


Place = tuple[Lane, int, Values]


def _place(values: Values, repeat: int, lane: Lane) -> Place:
    return lane, repeat, tuple(sorted(values))


def _results_by_place(cell: PromptCell) -> defaultdict[Place, list[Result]]:
    places: defaultdict[Place, list[Result]] = defaultdict(list)
    for run in cell.runs:
        for result in run.own:
            places[_place(run.values, run.repeat, result.request.lane)].append(result)
    return places


def _first_seeds(cell: PromptCell, found: Sequence[Sequence[Result]]) -> Seeds:
    """By the newest of these results of each lane: it is of the round that goes on."""
    wanted = {id(result) for results in found for result in results}
    seeds: dict[Lane, int] = {}
    for run in cell.runs:
        for result in run.own:
            if id(result) in wanted and (seed := result.request.sampling.seed) is not None:
                seeds[result.request.lane] = first_seed(seed, run.repeat)
    return seeds
