"""Runs are judged by what their cell expects now, and that is said in short."""

from __future__ import annotations

from dataclasses import replace

import pytest

from playground.domain.expected import Expected
from playground.domain.request import Lane
from playground.notebook.document import PromptCell, Run
from playground.notebook.judged import (
    SHORT,
    agreement_line,
    grade_reason,
    grade_title,
    judge_of,
    short,
    wanted,
)
from playground.words import speaking
from tests.notebook.exports.documents import run_of, told

LABELS: dict[Lane, str] = {"left": "Instruct", "right": "Thinking"}
PROMPT = "What is 47 × 86?"


def cell(*runs: Run, expected: Expected | None = None) -> PromptCell:
    return PromptCell(prompt=PROMPT, runs=runs, expected=expected)


def asked(number: int, left: str, right: str, prompt: str = PROMPT) -> Run:
    lanes = [told("left", says=left, prompt=prompt)]
    return run_of(number, [*lanes, told("right", trace="Hm. 17", says=right, prompt=prompt)])


def lines(found: PromptCell) -> list[str]:
    judged = judge_of(found)(found.runs[0])
    said = [] if judged.agreement is None else [agreement_line(judged.agreement, LABELS)]
    if judged.expected is not None:
        said += [
            f"{grade_title(grade)}: {grade_reason(grade, judged.expected)}"
            for grade in judged.grades.values()
        ]
    return said


def test_two_answers_are_compared_also_where_nothing_is_expected() -> None:
    said = lines(cell(asked(1, "It is **4042**.", "**4,042**")))
    assert said == ["Same answer: 4042 = 4,042 (compared as numbers)"]
    said = lines(cell(asked(1, "It is **666**.", "**4,042**")))
    assert said == ["Different answers: Instruct: 666 · Thinking: 4,042 (compared as numbers)"]


def test_a_lane_without_a_final_answer_says_so_and_nothing_comes_from_its_trace() -> None:
    run = run_of(1, [told("left", says="**17**"), told("right", trace="It is 17", ending="limit")])
    said = lines(cell(run))
    assert said == ["Cannot tell whether they agree: Instruct: 17 · Thinking: no final answer"]


def test_grades_say_the_expected_answer_and_what_came() -> None:
    run = asked(1, "It is **666**.", "**4,042**")
    assert lines(cell(run, expected=Expected("value", ("4042",))))[1:] == [
        "Wrong answer: expected 4042, got 666",
        "Right answer: 4,042 = 4042",
    ]


def test_an_answer_that_never_came_is_neither_right_nor_wrong() -> None:
    lanes = [told("left", says="**4042**", prompt=PROMPT)]
    lanes += [told("right", trace="4042?", ending="limit", prompt=PROMPT)]
    said = lines(cell(run_of(1, lanes), expected=Expected("value", ("4042",))))
    assert said[1:] == ["Right answer: 4042", "No answer: expected 4042"]


def test_another_expected_answer_judges_old_runs_anew() -> None:
    before = cell(asked(1, "**666**", "**4,042**"), expected=Expected("value", ("4042",)))
    after = replace(before, expected=Expected("value", ("666",)))
    kinds = [grade.kind for grade in judge_of(after)(after.runs[0]).grades.values()]
    assert kinds == ["right", "wrong"]


def test_a_run_that_asked_something_else_is_not_judged() -> None:
    found = cell(asked(1, "**4042**", "**4042**", prompt="What is 1 + 1?"))
    found = replace(found, expected=Expected("value", ("4042",)))
    assert lines(found)[1:] == ["Not judged: It asked something else than the cell asks now."] * 2


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        (Expected("value", ("4042",)), "4042"),
        (Expected("number", ("3.5",), 0.25), "3.5 ± 0.25"),
        (Expected("one_of", ("a", "b")), "a or b"),
        (Expected("one_of", tuple("abcd")), "one of 4 values"),
        (Expected("pattern", (r"\d+",)), r"/\d+/"),
        (Expected("python", ("assert f(1)",)), "tests that pass"),
        (Expected("exact", ("two\nlines",)), "two lines"),
    ],
)
def test_what_is_expected_is_said_in_short(expected: Expected, said: str) -> None:
    assert wanted(expected) == said


def test_a_long_text_is_cut_to_one_line() -> None:
    assert short("word\n" * 100).endswith("…")
    assert len(short("x" * 1000)) == SHORT


def test_it_is_said_in_portuguese() -> None:
    found = cell(asked(1, "**666**", "**4042**"), expected=Expected("number", ("4042",), 0.5))
    with speaking("pt-BR"):
        assert lines(found)[1] == "Resposta errada: esperada: 4042 ± 0,5; veio: 666"
