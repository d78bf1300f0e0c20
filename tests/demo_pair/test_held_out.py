"""The built-in list: held-out problems in held-out words, the same ones every time."""

from __future__ import annotations

from playground.demo_pair.conversations import TASKS
from playground.demo_pair.held_out import problem_rows, questions

FIRST = [
    ("Preciso saber quanto é 39 mais 70.", "109"),
    ("Preciso saber quanto é 4 vezes 6.", "24"),
    ("Preciso de 54% de 800.", "432"),
]


def test_questions_are_held_out_and_spread_over_the_tasks() -> None:
    asked = questions(4, seed=1)
    assert all(question.problem.held_out for question in asked)
    assert len({(each.problem.task, each.problem.key) for each in asked}) == len(asked)
    assert [question.problem.task for question in asked] == [task for task in TASKS for _ in "1234"]


def test_a_seed_gives_the_same_questions_again() -> None:
    assert questions(3, seed=1) == questions(3, seed=1)
    assert questions(3, seed=1) != questions(3, seed=2)


def test_any_beginning_of_the_list_has_a_fair_share_of_each_task() -> None:
    rows = problem_rows(each=3)
    assert [row["tags"][0] for row in rows] == list(TASKS) * 3
    assert {row["tags"][1] for row in rows} == {"en", "pt"}
    assert len({row["prompt"] for row in rows}) == len(rows)


def test_a_row_expects_what_the_worked_answer_sets_in_bold() -> None:
    rows = {row["prompt"]: row["expected"] for row in problem_rows(each=3)}
    for question in questions(3, 2507):
        assert rows[question.prompt] == ", ".join(question.problem.result).replace("$", "")


def test_the_built_in_list_is_the_same_on_every_machine() -> None:
    first = problem_rows()[:3]
    assert len({row["prompt"] for row in problem_rows()}) == 200
    assert [(row["prompt"], row["expected"]) for row in first] == FIRST
