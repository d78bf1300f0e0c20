"""What of a batch is left to be run, and how it goes on with the same seeds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from playground.domain.errors import BadRequest
from playground.domain.request import LANES, Lane, Request, RunId
from playground.domain.sampling import Sampling
from playground.notebook.batch import left_to_run, to_run
from playground.notebook.document import PromptCell, Run
from playground.notebook.plan import Planned, Seeds, plan, seeded
from playground.notebook.settings import Settings
from playground.notebook.variables import filled
from playground.results.value import Output, Result
from tests.listed import list_cell
from tests.notebook.notebooks import MODELS

RANDOM = Settings(MODELS)
FIXED = replace(RANDOM, seed_mode="fixed", seed=5)


class Asking:
    """Requests of a cell as a page builds them; `model` of the right lane may change."""

    def __init__(self, cell: PromptCell, settings: Settings = RANDOM) -> None:
        self.cell = cell
        self.settings = settings
        self.models = dict(MODELS)

    def __call__(self, planned: Planned, seeds: Seeds | None = None) -> tuple[Request, ...]:
        lanes: tuple[Lane, ...] = ("right",) if planned.further else LANES
        seed = self.settings.seed if self.settings.seed_mode == "fixed" else 99
        requests = tuple(
            Request(
                id=RunId("x"),
                created_at="2026-01-02T03:04:05.678+00:00",
                lane=lane,
                model=self.models[lane],
                prompt=filled(self.cell.prompt, planned.values),
                sampling=Sampling(
                    seed=int(str(seed)),
                    thinking_budget=planned.budget if lane == "right" else None,
                ),
            )
            for lane in lanes
        )
        own = self.cell.overrides
        return seeded(requests, self.settings, own, planned.repeat, seeds or {})

    def after(self, planned: Iterable[Planned], seeds: Seeds, ending: Any = "end_of_turn") -> None:
        """Run these."""
        for each in planned:
            number = len(self.cell.runs) + 1
            results = tuple(
                Result(replace(r, id=RunId(f"r{number}")), "ended", ending, Output(None, "4"))
                for r in self(each, seeds)
            )
            run = Run(RunId(f"r{number}"), number, results, each.values, each.repeat)
            self.cell = replace(self.cell, runs=(*self.cell.runs, run))

    def left(self) -> tuple[Planned, ...]:
        return left_to_run(self.cell, self.settings, self).left

    def begin(self, count: int | None = None) -> Seeds:
        """Run the cell, and stop after so many runs; the seeds that it had."""
        batch = to_run(self.cell, self.settings, self)
        self.after(batch.left[:count], batch.seeds)
        return batch.seeds


def test_all_of_a_fresh_list_is_left_and_nothing_of_a_whole_one() -> None:
    asking = Asking(list_cell(3))
    assert asking.left() == plan(asking.cell)
    asking.begin()
    assert asking.left() == ()
    assert left_to_run(asking.cell, RANDOM, asking).done == 3


def test_a_list_goes_on_where_it_stopped_under_the_same_seeds() -> None:
    asking = Asking(list_cell(3, repeats=2))
    seeds = asking.begin(4)
    batch = to_run(asking.cell, RANDOM, asking)
    assert batch.left == plan(asking.cell)[4:]
    assert batch.seeds == seeds


def test_what_was_stopped_or_failed_is_left() -> None:
    asking = Asking(list_cell(2))
    first, second = plan(asking.cell)
    asking.after([first], {}, "interrupted")
    asking.after([second], {}, "limit")
    assert asking.left() == (first,)


def test_another_model_or_a_fixed_seed_makes_all_of_it_left() -> None:
    asking = Asking(list_cell(2))
    asking.begin()
    asking.models["right"] = "qwen3-4b"
    assert len(asking.left()) == 2
    fixed = Asking(asking.cell, FIXED)
    assert len(fixed.left()) == 2
    fixed.begin()
    assert fixed.left() == ()


def test_more_problems_repeats_and_budgets_leave_what_is_new() -> None:
    asking = Asking(list_cell(2))
    asking.begin()
    asking.cell = replace(asking.cell, problems=list_cell(3).problems)
    assert [each.values[0][1] for each in asking.left()] == ["2 + 2"]
    asking.begin()
    asking.cell = replace(asking.cell, repeats=2)
    assert {each.repeat for each in asking.left()} == {1}
    asking.begin()
    asking.cell = replace(asking.cell, budgets=(None, 8))
    assert {each.budget for each in asking.left()} == {8}
    assert all(each.further for each in asking.left())


def test_a_whole_batch_is_asked_anew_with_new_seeds_and_that_goes_on_too() -> None:
    asking = Asking(list_cell(3))
    first = asking.begin()
    again = asking.begin(1)
    assert again != first
    batch = to_run(asking.cell, RANDOM, asking)
    assert (len(batch.left), batch.seeds) == (2, again)
    asking.begin()
    assert asking.left() == ()
    assert len(asking.cell.runs) == 6


def test_all_of_it_may_be_wanted_anew_in_the_middle() -> None:
    asking = Asking(list_cell(3))
    asking.begin(1)
    assert len(to_run(asking.cell, RANDOM, asking, anew=True).left) == 3


def test_the_same_seeds_again_where_that_is_set() -> None:
    asking = Asking(list_cell(2), replace(RANDOM, seed_mode="same"))
    assert asking.begin() == asking.begin()


def test_a_plain_cell_always_runs_anew() -> None:
    asking = Asking(PromptCell(prompt="Why?"))
    asking.begin()
    batch = to_run(asking.cell, RANDOM, asking)
    assert (batch.left, batch.seeds) == ((Planned(),), {})


def test_a_problem_that_cannot_be_asked_stays_left_and_keeps_no_other_from_running() -> None:
    asking = Asking(list_cell(2))
    first, second = plan(asking.cell)

    def ask(planned: Planned) -> tuple[Request, ...]:
        if planned == first:
            raise BadRequest("The prompt is too long.")
        return asking(planned)

    asking.after([second], {})
    assert left_to_run(asking.cell, RANDOM, ask).left == (first,)
