"""The attempts of cells, lists and notebooks, by models and settings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from playground.domain.expected import Expected
from playground.domain.request import Continuation, RunId
from playground.notebook.document import Document, NoteCell, Run
from playground.notebook.problems import Problem
from playground.verdict.from_document import groups_of_cell, groups_of_document
from playground.verdict.weighing import verdict_of
from tests.judged import listed
from tests.verdict.runs import answered, cell, ran

FOUR = Expected("value", ("4",))


def test_a_cells_run_is_an_attempt_of_each_lane() -> None:
    (group,) = groups_of_cell(cell(ran(1, "**5**", "**4**"), expected=FOUR))
    left, right = group.attempts
    assert (left.lane, left.label, left.grade, left.final) == ("left", "Instruct", "wrong", "5")
    assert (right.lane, right.label, right.grade, right.final) == (
        "right",
        "Thinking",
        "right",
        "4",
    )
    assert (left.thinks, right.thinks) == (False, True)
    assert left.problem == right.problem and left.generated_tokens == 9
    assert group.models == {"left": "demo-instruct", "right": "demo-thinking"}


def test_without_an_expected_answer_nothing_is_judged_but_finals_are_there() -> None:
    (group,) = groups_of_cell(cell(ran(1)))
    assert [(each.grade, each.final) for each in group.attempts] == [(None, "4"), (None, "4")]


def test_a_run_without_an_answer_has_none() -> None:
    (group,) = groups_of_cell(cell(ran(1, right="", ending="limit"), expected=FOUR))
    right = group.attempts[1]
    assert (right.grade, right.no_answer, right.final) == ("no_answer", True, None)


def test_an_answer_that_was_cut_off_before_its_end_is_none() -> None:
    cut = ran(1, right="We first add the two numbers, and", ending="limit")
    right = groups_of_cell(cell(cut, expected=Expected("exact", ("4",))))[0].attempts[1]
    assert (right.grade, right.no_answer) == ("no_answer", True)


def test_programs_are_told_apart_from_values() -> None:
    (group,) = groups_of_cell(cell(ran(1, "```python\nx = 1\n```")))
    assert [each.code for each in group.attempts] == [True, False]


@pytest.mark.parametrize("ending", ["user", "deadline", "interrupted", "error"])
def test_a_run_that_did_not_come_to_its_end_is_told_but_not_counted(ending: str) -> None:
    stopped = answered("left", "r1", ending=ending)
    run = Run(RunId("r1"), 1, (stopped, answered("right", "r1")))
    (group,) = groups_of_cell(cell(run))
    assert [each.lane for each in group.attempts] == ["right"] and group.not_counted == 1


def test_running_a_plain_cell_again_is_a_repeat() -> None:
    (group,) = groups_of_cell(cell(ran(1), ran(2), ran(3), expected=FOUR))
    found = verdict_of(group)
    assert (found.lanes[0].problems, found.lanes[0].runs) == (1, 3)
    assert found.paired is not None and found.paired.difference is not None
    assert found.paired.difference.pairs == 3


def test_a_run_whose_pair_was_stopped_stays_apart_from_the_next() -> None:
    first = Run(RunId("r1"), 1, (answered("left", "r1", ending="user"), answered("right", "r1")))
    (group,) = groups_of_cell(cell(first, ran(2), expected=FOUR))
    left = [each.repeat for each in group.attempts if each.lane == "left"]
    right = [each.repeat for each in group.attempts if each.lane == "right"]
    assert len(left) == 1 and left[0] == right[1] and len(set(right)) == 2


def test_a_run_of_another_prompt_expects_nothing_and_does_not_count() -> None:
    (group,) = groups_of_cell(cell(ran(1), ran(2, prompt="And 3 + 3?"), expected=FOUR))
    assert len(group.attempts) == 2 and group.outdated == 2


def test_a_tag_at_the_end_of_a_prompt_is_not_asked() -> None:
    (group,) = groups_of_cell(cell(ran(1, left=None), prompt="What is 2 + 2? /think"))
    assert len(group.attempts) == 1 and group.outdated == 0


def test_a_list_is_judged_problem_by_problem() -> None:
    problems = (
        Problem((("prompt", "2 + 2?"),), FOUR, ("sums",)),
        Problem((("prompt", "2 × 3?"),), Expected("value", ("6",)), ("products",)),
    )
    runs = [
        ran(number, "**4**", "**6**", problem.values, prompt=problem.values[0][1])
        for number, problem in enumerate(problems, start=1)
    ]
    (group,) = groups_of_cell(cell(*runs, prompt="{{prompt}}", problems=problems, expected=None))
    assert [each.grade for each in group.attempts] == ["right", "wrong", "wrong", "right"]
    assert [each.tags for each in group.attempts] == [("sums",)] * 2 + [("products",)] * 2
    assert len({each.problem for each in group.attempts}) == 2


def test_a_problem_that_was_taken_out_of_the_list_does_not_count() -> None:
    kept = Problem((("prompt", "2 + 2?"),), FOUR)
    runs = [
        ran(1, values=kept.values, prompt="2 + 2?"),
        ran(2, values=(("prompt", "2 × 3?"),), prompt="2 × 3?"),
    ]
    (group,) = groups_of_cell(cell(*runs, prompt="{{prompt}}", problems=(kept,)))
    assert (len(group.attempts), group.outdated) == (2, 2)


def test_repeats_of_a_batch_keep_their_number() -> None:
    (group,) = groups_of_cell(cell(ran(1), ran(2, repeat=1), repeats=2))
    assert [each.repeat for each in group.attempts] == [0, 0, 1, 1]


def test_budgets_are_no_settings_where_they_are_compared() -> None:
    further = ran(2, left=None, thinking_budget=64)
    (group,) = groups_of_cell(cell(ran(1), further, budgets=(None, 64)))
    assert [each.budget for each in group.attempts] == [None, None, 64]


def test_elsewhere_a_budget_is_a_setting_of_the_lane_that_thinks() -> None:
    run = ran(2, thinking_budget=64)
    newest, before = groups_of_cell(cell(ran(1), run))
    assert newest.unlike(before) == ("thinking budget was 64",)
    assert {each.budget for each in newest.attempts if each.thinks} == {64}


def test_other_models_and_settings_are_other_groups_the_newest_first() -> None:
    cells = (
        cell(ran(1), ran(4, temperature=0.25), expected=FOUR),
        NoteCell(),
        cell(ran(2, prompt="Why?"), ran(3, prompt="Why?", model="other"), id="b", prompt="Why?"),
    )
    newest, other, first = groups_of_document(Document(cells, 4))
    assert newest.unlike(first) == ("temperature was 0.25",)
    assert set(other.models.values()) == {"other"}
    assert len(first.attempts) == 4 and len({each.problem for each in first.attempts}) == 2


def test_a_seed_is_no_setting() -> None:
    (group,) = groups_of_cell(cell(ran(1, seed=1), ran(2, seed=2)))
    assert len(group.attempts) == 4


def test_a_lane_alone_joins_the_pair_that_it_could_be_of() -> None:
    (group,) = groups_of_cell(cell(ran(1, left=None), ran(2)))
    assert len(group.attempts) == 3
    (alone,) = groups_of_cell(cell(ran(1, left=None)))
    assert list(alone.asked) == ["right"] and alone.attempts[0].label == "Thinking"


def test_two_lanes_of_one_kind_are_named_by_their_side() -> None:
    results = tuple(
        replace(answered(lane, "r1"), output=answered("right", "r1").output)
        for lane in ("left", "right")
    )
    (group,) = groups_of_cell(cell(Run(RunId("r1"), 1, results)))
    assert [each.label for each in group.attempts] == ["Left", "Right"]


def test_a_run_that_goes_on_with_another_is_left_out() -> None:
    goes_on = answered("right", "r2", continuing=Continuation(None, "4", False, ()))
    carried = answered("left", "r1")
    run = Run(RunId("r2"), 2, (carried, goes_on))
    (group,) = groups_of_cell(cell(ran(1), run))
    assert len(group.attempts) == 2


def test_the_same_prompt_in_a_conversation_is_another_problem() -> None:
    cells = (cell(ran(1)), cell(ran(2), id="b", continues=True))
    (group,) = groups_of_document(Document(cells, 2))
    assert len({each.problem for each in group.attempts}) == 2


def test_a_document_without_runs_has_no_groups() -> None:
    assert groups_of_document(Document()) == ()


def test_a_stopped_run_of_a_budget_that_was_asked_again_keeps_its_problem_paired() -> None:
    listed_cell = listed(6, budgets=(64, None))
    first, stopped, *rest = listed_cell.runs
    cut = replace(stopped, results=tuple(replace(r, ending="user") for r in stopped.results))
    again = replace(stopped, id=RunId("again"), number=99)
    whole = replace(listed_cell, runs=(first, cut, *rest, again))
    paired = verdict_of(groups_of_cell(whole)[0]).paired
    assert paired is not None and paired.problems == 6


def test_a_prompt_that_cannot_be_asked_any_more_makes_its_runs_outdated_and_breaks_nothing() -> (
    None
):
    judged = listed(6)
    hostile = replace(judged, prompt="{{prompt}}" * 2_000_000)
    (group,) = groups_of_cell(hostile)
    assert (group.outdated, group.attempts) == (12, ())
