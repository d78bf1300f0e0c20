"""Which runs a cell asks for: problems, repeats, budgets, variables; and under which seeds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from playground.domain.errors import BadRequest
from playground.domain.expected import Expected
from playground.domain.request import LANES
from playground.domain.sampling import SEED_MAXIMUM, Sampling
from playground.notebook.document import PromptCell
from playground.notebook.plan import (
    MOST_PLANNED,
    Planned,
    check_budgets,
    check_repeats,
    expected_by_run,
    first_seed,
    is_batch,
    notes_of,
    plan,
    planned_of,
    problems_by_run,
    seeded,
)
from playground.notebook.problems import Problem
from playground.notebook.settings import NO_OVERRIDES, Overrides, Settings
from tests.notebook.notebooks import MODELS, run
from tests.samples import request

ONE = Problem((("prompt", "1 + 1"), ("unit", "m")), Expected("value", ("2",)), ("sum",))
TWO = Problem((("prompt", "2 + 2"), ("unit", "m")), Expected("value", ("4",)))
ASKED_ONE, ASKED_TWO = (("prompt", "1 + 1"),), (("prompt", "2 + 2"),)


def cell(**changes: Any) -> PromptCell:
    return PromptCell(**{"prompt": "{{prompt}}", "problems": (ONE, TWO), **changes})


def test_a_plain_cell_is_one_run_and_no_batch() -> None:
    plain = PromptCell(prompt="Why?")
    assert plan(plain) == (Planned(),)
    assert not is_batch(plain)


def test_a_list_asks_each_problem_with_what_its_prompt_uses() -> None:
    assert [each.values for each in plan(cell())] == [ASKED_ONE, ASKED_TWO]
    both = plan(cell(prompt="{{prompt}} in {{unit}}"))
    assert both[0].values == ONE.values


def test_a_problem_that_is_there_twice_is_asked_once() -> None:
    assert len(plan(cell(problems=(ONE, TWO, ONE)))) == 2


def test_the_same_problem_with_another_expected_answer_is_refused_with_both_numbers() -> None:
    other = replace(ONE, expected=Expected("value", ("3",)))
    with pytest.raises(BadRequest, match=r"^Problems 1 and 3 ask the same.*of them out\.$"):
        plan(cell(problems=(ONE, TWO, other)))
    with pytest.raises(BadRequest, match="Problems 1 and 3"):
        plan(cell(problems=(ONE, TWO, replace(ONE, expected=None))))


def test_problems_contradict_each_other_only_where_the_prompt_asks_the_same() -> None:
    other = Problem((("prompt", "1 + 1"), ("unit", "cm")), Expected("value", ("200",)))
    with pytest.raises(BadRequest, match="put what else they have into the prompt"):
        plan(cell(problems=(ONE, other)))
    assert len(plan(cell(problems=(ONE, other), prompt="{{prompt}} in {{unit}}"))) == 2


def test_columns_in_another_order_ask_the_same() -> None:
    turned = replace(ONE, values=ONE.values[::-1])
    both = cell(problems=(ONE, TWO, turned), prompt="{{prompt}} in {{unit}}")
    assert len(plan(both)) == 2
    assert notes_of(both) == ["1 problem is there more than once and runs once."]
    assert notes_of(cell()) == []


def test_a_batch_asks_every_problem_under_every_budget_before_it_asks_one_again() -> None:
    planned = plan(cell(repeats=2, budgets=(0, None)))
    assert planned[:4] == (
        Planned(ASKED_ONE, 0, 0),
        Planned(ASKED_ONE, 0, None, further=True),
        Planned(ASKED_TWO, 0, 0),
        Planned(ASKED_TWO, 0, None, further=True),
    )
    assert [each.repeat for each in planned] == [0] * 4 + [1] * 4


def test_variables_that_no_column_fills_multiply_a_list() -> None:
    planned = plan(
        cell(
            prompt="{{prompt}} {{unit}} {{tone}}",
            variables=(("tone", ("dry", "warm")), ("unit", ("s",))),
        )
    )
    assert [dict(each.values)["tone"] for each in planned] == ["dry", "warm"] * 2
    assert {dict(each.values)["unit"] for each in planned} == {"m"}


def test_a_prompt_that_uses_no_column_is_refused() -> None:
    with pytest.raises(BadRequest, match=r"columns \(prompt, unit\)\. Write {{prompt}} where"):
        plan(cell(prompt="Why?"))


def test_a_plan_has_its_bound() -> None:
    assert len(plan(cell(repeats=MOST_PLANNED // 2))) == MOST_PLANNED
    with pytest.raises(BadRequest, match="asks for 10,002 runs, but may ask for 10,000"):
        plan(cell(repeats=MOST_PLANNED // 2 + 1))


@pytest.mark.parametrize("wrong", [0, -1, 1001, True, 1.5, "2", None])
def test_repeats_are_a_count(wrong: object) -> None:
    with pytest.raises(BadRequest, match="repeats is"):
        check_repeats("repeats", wrong)


@pytest.mark.parametrize("wrong", [[-1], [True], ["8"], [1.5], 8, [10**9], list(range(21))])
def test_budgets_are_a_few_counts_or_null(wrong: object) -> None:
    with pytest.raises(BadRequest, match="budgets"):
        check_budgets("budgets", wrong)
    assert check_budgets("budgets", [8, None, 8]) == (8, None)


def test_a_runs_problem_is_found_by_what_it_asked() -> None:
    problem_of = problems_by_run(cell())
    assert problem_of(run("a", values=ASKED_TWO)) is TWO
    assert problem_of(run("a", values=(*ASKED_ONE, ("tone", "dry")))) is ONE
    assert problem_of(run("a", values=(("prompt", "9 + 9"),))) is None
    assert problem_of(run("a")) is None


def test_what_is_expected_of_a_run_is_its_problems_or_its_cells() -> None:
    answer = Expected("value", ("7",))
    assert expected_by_run(PromptCell(expected=answer))(run("a")) is answer
    assert expected_by_run(cell(expected=answer))(run("a", values=ASKED_ONE)) is ONE.expected
    assert expected_by_run(cell(expected=answer))(run("a")) is answer


def test_a_run_is_planned_again_as_it_was() -> None:
    def thinks(model: str) -> bool:
        return model == MODELS["right"]

    budgeted = cell(budgets=(0, None))
    both = run("a", values=ASKED_ONE)
    assert planned_of(budgeted, both, thinks) == Planned(ASKED_ONE, 0, None)
    further = run("a", values=ASKED_ONE, lanes=("right",))
    assert planned_of(budgeted, further, thinks).further
    assert planned_of(cell(), further, thinks) == Planned(ASKED_ONE)


def seeds_of(settings: Settings, own: Overrides, repeat: int, seeds: dict[Any, int]) -> list[Any]:
    asked = tuple(request(lane, sampling=Sampling(seed=40)) for lane in LANES)
    found = seeded(asked, settings, own, repeat, seeds)
    return [each.sampling.seed for each in found]


def test_repeats_count_on_from_the_batchs_seed_or_the_one_that_is_set() -> None:
    drawn = {"left": 7, "right": 7}
    assert seeds_of(Settings(MODELS), NO_OVERRIDES, 2, drawn) == [9, 9]
    assert (
        seeds_of(Settings(MODELS, seed_mode="fixed", seed=40), NO_OVERRIDES, 2, drawn) == [42] * 2
    )
    own = Overrides(sampling={"right": {"seed": 40}})
    assert seeds_of(Settings(MODELS), own, 1, drawn) == [8, 41]
    assert seeds_of(Settings(MODELS), NO_OVERRIDES, 0, {}) == [40, 40]


def test_seeds_wrap_around_and_back() -> None:
    last = {"left": SEED_MAXIMUM, "right": SEED_MAXIMUM}
    assert seeds_of(Settings(MODELS), NO_OVERRIDES, 1, last) == [0, 0]
    assert first_seed(0, 1) == SEED_MAXIMUM
