"""Which runs a prompt cell asks for: its problems, its repeats, its thinking budgets; and seeds.

A plain cell has one run, or one for each combination of its variables' values. A batch (a list, a
cell with repeats or budgets) has many. They come repeat by repeat, within a repeat problem by
problem and within a problem budget by budget: a batch that is cut off has asked every problem
before it asks one again, so that what there is stands for the whole list, and every budget has
had the same problems. Pure; what of it has been run is in `left_to_run`.
"""

from __future__ import annotations

import reprlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from playground.domain.errors import BadRequest
from playground.domain.expected import Expected
from playground.domain.request import Lane, Request
from playground.domain.sampling import FIELD_BY_NAME, SEED_MAXIMUM
from playground.notebook.document import PromptCell, Run
from playground.notebook.problems import Problem, asked_twice, check_told_apart, twice_words
from playground.notebook.settings import Overrides, Settings
from playground.notebook.variables import Values, combinations, names

MOST_PLANNED = 10_000
MOST_REPEATS = 1000
MOST_BUDGETS = 20

Seeds = Mapping[Lane, int]
"""By lane, the seed of a batch's first repeat; the others count on from it."""
NO_SEEDS: Seeds = {}


@dataclass(frozen=True, slots=True)
class Planned:
    """One run that a cell asks for. `repeat` counts from 0.

    `budget` counts only where the cell has budgets. A `further` one is asked of lanes that think
    alone: a budget changes nothing for the others, which run beside the first.
    """

    values: Values = ()
    repeat: int = 0
    budget: int | None = None
    further: bool = False


def is_batch(cell: PromptCell) -> bool:
    """Whether the cell plans its runs, so that running it again goes on where it stopped."""
    return bool(cell.problems) or cell.repeats > 1 or bool(cell.budgets)


def plan(cell: PromptCell) -> tuple[Planned, ...]:
    """Every run that the cell asks for, in order. Raises BadRequest when they are too many."""
    fillings = _fillings(cell)
    budgets = cell.budgets or (None,)
    count = sum(map(len, fillings.values())) * cell.repeats * len(budgets)
    if count > MOST_PLANNED:
        raise BadRequest(
            f"This cell asks for {count:,} runs, but may ask for {MOST_PLANNED:,}. Give fewer"
            " problems, repeats or budgets."
        )
    filled = [(*own, *others) for own, rest in fillings.items() for others in rest]
    return tuple(
        Planned(values, repeat, budget, further=place > 0)
        for repeat in range(cell.repeats)
        for values in filled
        for place, budget in enumerate(budgets)
    )


def _fillings(cell: PromptCell) -> Mapping[Values, tuple[Values, ...]]:
    """What fills the prompt's variables: by a problem's own values, each once, those of the cell
    with which they are combined."""
    if not cell.problems:
        return {(): combinations(cell.prompt, cell.variables)}
    used = set(names(cell.prompt))
    if not any(name in used for problem in cell.problems for name, _ in problem.values):
        columns = dict.fromkeys(name for each in cell.problems for name, _ in each.values)
        listed = ", ".join(columns)
        raise BadRequest(
            f"The prompt has none of the list's columns ({listed}). Write {{{{{next(iter(columns))}"
            "}} where a problem's text belongs."
        )
    check_told_apart(cell.problems, used)
    again = {later for _, later in asked_twice(cell.problems, used)}
    combined: dict[tuple[str, ...], tuple[Values, ...]] = {}
    fillings: dict[Values, tuple[Values, ...]] = {}
    for place, problem in enumerate(cell.problems, start=1):
        if place in again:
            continue
        values = tuple((name, text) for name, text in problem.values if name in used)
        own = tuple(name for name, _ in values)
        if own not in combined:  # a problem's values go before the cell's
            rest = tuple((name, given) for name, given in cell.variables if name not in own)
            combined[own] = combinations(cell.prompt, rest)
        fillings[values] = combined[own]
    return fillings


def notes_of(cell: PromptCell) -> list[str]:
    """What of the cell's list is not run as often as it stands there, in words."""
    twice = twice_words(cell.problems, set(names(cell.prompt)))
    return [twice] if twice else []


def check_repeats(where: str, value: object, most: int = MOST_REPEATS) -> int:
    """How often a cell is asked. Raises BadRequest."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise BadRequest(
            f"{where} is {value!r}, but must be an integer from 1 to {most:,}. Change it."
        )
    return value


def check_budgets(where: str, value: object) -> tuple[int | None, ...]:
    """Thinking budgets, each once. Raises BadRequest."""
    if not isinstance(value, list | tuple) or len(value) > MOST_BUDGETS:
        raise BadRequest(
            f"{where} is {reprlib.repr(value)}, but must be a list of at most {MOST_BUDGETS}"
            " thinking budgets. Change it."
        )
    return tuple(dict.fromkeys(_budget(where, each) for each in value))


def _budget(where: str, value: object) -> int | None:
    field = FIELD_BY_NAME["thinking_budget"]
    whole = value is None or (isinstance(value, int) and not isinstance(value, bool))
    if not whole or (value is not None and not 0 <= value <= field.maximum):  # type: ignore[operator]
        raise BadRequest(
            f"{where} has {reprlib.repr(value)}, but each must be {field.allowed()}. Change it."
        )
    return value  # type: ignore[return-value]


def planned_of(cell: PromptCell, run: Run, thinks: Callable[[str], bool]) -> Planned:
    """What asking this run again would be under the cell as it is now.

    `thinks` tells of a model's name whether it thinks.
    """
    if not cell.budgets:
        return Planned(run.values, run.repeat)
    lanes = [result.request for result in run.results if thinks(result.request.model)]
    budget = lanes[0].sampling.thinking_budget if lanes else cell.budgets[0]
    return Planned(run.values, run.repeat, budget, further=len(lanes) == len(run.results) == 1)


def problems_by_run(cell: PromptCell) -> Callable[[Run], Problem | None]:
    """A look-up from a run to the problem that it asked; null for one that is not in the list."""
    tables: dict[tuple[str, ...], dict[Values, Problem]] = {}
    columns = {name for problem in cell.problems for name, _ in problem.values}

    def problem_of(run: Run) -> Problem | None:
        asked = tuple(sorted(value for value in run.values if value[0] in columns))
        used = tuple(name for name, _ in asked)
        if used not in tables:
            table: dict[Values, Problem] = {}
            for problem in cell.problems:
                own = tuple(sorted(value for value in problem.values if value[0] in used))
                table.setdefault(own, problem)
            tables[used] = table
        return tables[used].get(asked) if asked else None

    return problem_of


def expected_by_run(cell: PromptCell) -> Callable[[Run], Expected | None]:
    """A look-up from a run to the answer that is expected of it: its problem's, or the cell's."""
    problem_of = problems_by_run(cell)

    def expected_of(run: Run) -> Expected | None:
        problem = problem_of(run) if cell.problems else None
        return cell.expected if problem is None else problem.expected

    return expected_of


def seeded(
    requests: tuple[Request, ...],
    settings: Settings,
    own: Overrides,
    repeat: int,
    seeds: Seeds,
) -> tuple[Request, ...]:
    """The requests of a repeat: a seed that is set counts on from itself, a random one from the
    batch's."""

    def with_seed(request: Request) -> Request:
        seed = request.sampling.seed
        if request.lane in seeds and not seed_is_fixed(settings, own, request.lane):
            seed = seeds[request.lane]
        if seed is None:
            return request
        counted = (seed + repeat) % (SEED_MAXIMUM + 1)
        return replace(request, sampling=replace(request.sampling, seed=counted))

    return tuple(map(with_seed, requests)) if repeat or seeds else requests


def first_seed(seed: int, repeat: int) -> int:
    """The seed of the first repeat, by that of this one."""
    return (seed - repeat) % (SEED_MAXIMUM + 1)


def seed_is_fixed(settings: Settings, own: Overrides, lane: Lane) -> bool:
    """Whether someone has said which seed this lane has."""
    return settings.seed_mode == "fixed" or own.sampling.get(lane, {}).get("seed") is not None
