"""The built-in list is judged as its recipe grades it: two counts of the same answers."""

from __future__ import annotations

import pytest

from playground.demo_pair.conversations import TASKS
from playground.demo_pair.held_out import problem_rows, questions
from playground.demo_pair.problems import is_right
from playground.domain.expected import expected_from
from playground.judging import grade
from tests.judging.labelled import answered

EACH, SEED = 12, 5
EXPECTED = {row["prompt"]: row["expected"] for row in problem_rows(EACH, SEED)}
QUESTIONS = questions(EACH, SEED)


@pytest.mark.parametrize("task", TASKS)
def test_grades_agree_with_the_recipes_exact_match(task: str) -> None:
    asked = [question for question in QUESTIONS if question.problem.task == task]
    for question in asked:
        expected = expected_from(EXPECTED[question.prompt])
        assert expected is not None
        for other in asked:
            answer = other.problem.answer
            right = is_right(question.problem, answer)
            assert (grade(answered(answer), expected).kind == "right") == right, (question, answer)
