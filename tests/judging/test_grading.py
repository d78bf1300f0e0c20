"""Grades: every kind of expectation, what is no answer, and what cannot be judged."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.domain.errors import BadRequest
from playground.domain.expected import EXPECTED_KINDS, Expected, expected_from
from playground.judging import Grade, GradeKind, check_expected, grade, grade_words, why_words
from playground.results.value import Output, Result
from playground.words import speaking
from tests.judging.labelled import answered
from tests.samples import request


def graded(answer: str, expected: object, ending: str = "end_of_turn") -> Grade:
    wanted = expected_from(expected)
    assert wanted is not None
    return grade(answered(answer, ending), wanted)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("answer", "expected", "kind"),
    [
        ("47 × 86 = **4042**", 4042, "right"),
        ("47 × 86 = **4024**", 4042, "wrong"),
        ("It is **4,042 dollars**.", 4042, "right"),
        ("It rises by **15%**.", 15, "right"),
        ("It rises by **15%**.", "0.15", "right"),
        ("It is about **0.333**.", "1/3", "not_judged"),
        ("**$x = 1$ and $x = -2.5$**", r"x = -\frac{5}{2} or x = 1", "right"),
        ("The capital is **Paris**.", "Paris", "right"),
        ("The capital is **London**.", "Paris", "wrong"),
        ("The capital is **Paris, France**.", "Paris", "not_judged"),
        ("Not Paris: the capital is **London**.", "Paris", "wrong"),
        ("**No solution**", 5, "wrong"),
        ("There are **three**.", 3, "not_judged"),
        ("**51, 213, 114, 22**", "22, 51, 114, 213", "wrong"),
        ("**213, 114, 51, 22**", "213, 114, 51, 22", "right"),
        ("**22, 51, 114, 213**", "213, 22, 51, 114", "not_judged"),
        ("**3, 2, 1**", "1, 2, 3", "not_judged"),
        ("It rains in spring,\nand it snows in winter,\nas everybody knows.", "4", "wrong"),
        ("", 4, "no_answer"),
        (" \u200b\n", 4, "no_answer"),
    ],
)
def test_a_value_is_compared_with_the_final_answer(
    answer: str, expected: object, kind: GradeKind
) -> None:
    assert graded(answer, expected).kind == kind


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("It is **3.14**.", "right"),
        ("It is **3,14**.", "right"),
        (r"$\boxed{\pi}$", "right"),
        (r"$\boxed{\frac{22}{7}}$", "right"),
        ("It is **3.15 m**.", "right"),
        ("It is **3.16**.", "wrong"),
        ("It is **unknown**.", "wrong"),
    ],
)
def test_a_number_may_be_off_by_its_tolerance(answer: str, kind: GradeKind) -> None:
    assert graded(answer, {"kind": "number", "value": 3.14, "tolerance": 0.01}).kind == kind


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("(C)", "right"),
        ("The correct answer is **C) Mars**. A) is Venus.", "right"),
        ('{"answer": "C"}', "right"),
        ("The correct answer is **B**.", "wrong"),
        ("**Mars (C)**", "right"),
        ("**Mars**", "wrong"),
    ],
)
def test_a_choice_is_its_letter(answer: str, kind: GradeKind) -> None:
    assert graded(answer, {"kind": "choice", "value": "C"}).kind == kind


def test_an_options_text_counts_where_it_is_expected_with_its_letter() -> None:
    assert graded("**Mars**", {"kind": "choice", "value": "C) Mars"}).kind == "right"


def test_one_of_several_values_is_enough() -> None:
    wanted = {"kind": "one_of", "values": ["6", "six", "half a dozen"]}
    assert graded("There are **6.0**.", wanted).kind == "right"
    assert graded("There are **six**.", wanted).kind == "right"
    assert graded("There are **7**.", wanted).kind in ("wrong", "not_judged")


def test_exact_is_the_whole_answer() -> None:
    wanted = {"kind": "exact", "value": "Yes.\nNo."}
    assert graded("\nYes.\r\nNo.\n", wanted).kind == "right"
    assert graded("yes.\nNo.", wanted).kind == "wrong"


def test_a_pattern_is_looked_for_in_the_answer() -> None:
    wanted = {"kind": "pattern", "value": r"\b4[ ,]?042\b"}
    assert graded("It is 4,042, I think.", wanted).kind == "right"
    assert graded("It is 14042.", wanted).kind == "wrong"


def test_a_pattern_that_takes_too_long_is_given_up() -> None:
    slow = graded("a" * 5000 + "!", {"kind": "pattern", "value": r"(a|a)*(a|aa)+$"})
    assert slow.kind in ("not_judged", "wrong")
    found = graded("ab" * 2000, {"kind": "pattern", "value": r"^(([a-z])+.)+[A-Z]([a-z])+$"})
    assert (found.kind, found.why) == ("not_judged", "The pattern took too long.")


def test_tests_are_not_run_where_nobody_is_given_to_run_them() -> None:
    found = graded("```python\nprint(1)\n```", {"kind": "python", "value": "assert True"})
    assert (found.kind, found.why) == ("not_judged", "Python tests are not allowed here.")


@pytest.mark.parametrize("ending", ["limit", "user", "deadline", "interrupted", "error"])
def test_a_run_that_was_cut_off_before_its_final_answer_has_none(ending: str) -> None:
    for answer in ("So far 40", "40", "The answer is 40"):
        assert graded(answer, 40, ending).kind == "no_answer"
    assert graded(r"So $\boxed{40}$. To ch", 40, ending).kind == "right"
    assert graded(r"So $\boxed{41}$. To ch", 40, ending).kind == "wrong"


def test_a_run_that_ended_inside_its_thought_has_no_answer() -> None:
    run = answered("", "limit", thinking=r"It is \boxed{4}")
    assert grade(run, Expected("value", ("4",))).kind == "no_answer"


def test_a_run_that_goes_on_is_not_judged() -> None:
    run = Result(request(), "answering", output=Output(None, "**4**"))
    assert grade(run, Expected("value", ("4",))).kind == "not_judged"


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("pattern", "(unclosed"),
        ("pattern", "a" * 1001),
        ("number", "Paris"),
        ("choice", "Paris"),
        ("python", "assert ("),
        ("python", "x = 1"),
    ],
)
def test_what_can_never_be_judged_is_refused_when_it_is_given(kind: str, value: str) -> None:
    with pytest.raises(BadRequest, match=r"expected\.value"):
        check_expected(Expected(kind, (value,)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "value"),
    [("pattern", r"\d+"), ("number", "3,5"), ("choice", "(b)"), ("python", "assert f(1) == 2")],
)
def test_what_can_be_judged_is_taken(kind: str, value: str) -> None:
    check_expected(Expected(kind, (value,)))  # type: ignore[arg-type]


def test_a_grade_is_said_in_both_languages() -> None:
    found = graded("**4**", 4)
    assert (grade_words(found), why_words(found)) == (
        "right answer",
        "The final answer is the expected one.",
    )
    with speaking("pt-BR"):
        assert grade_words(found) == "resposta certa"
        assert why_words(found) == "A resposta final é a esperada."


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=80),
    st.sampled_from([kind for kind in EXPECTED_KINDS if kind != "python"]),
    st.text(min_size=1, max_size=40).filter(str.strip),
    st.sampled_from([0.0, 0.5]),
)
def test_any_answer_has_a_grade(answer: str, kind: str, value: str, tolerance: float) -> None:
    found = grade(answered(answer), Expected(kind, (value,), tolerance))  # type: ignore[arg-type]
    assert found.kind in ("right", "wrong", "no_answer", "not_judged")
    assert found.why
