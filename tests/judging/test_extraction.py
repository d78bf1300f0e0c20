"""Final answers: the labelled table, the precedence of rules, and what is never one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.judging import FinalAnswer, final_answer, final_answer_of, same_value
from playground.results.value import Output, Result
from tests.judging.labelled import ANSWERS, answered
from tests.samples import request

LEAST_RIGHT = 0.98
MARKS = st.sampled_from(
    [*"$*_`{}()[]\\.:,;=#\n ", "\\boxed{", "**", '"answer": ', "The answer is ", "```", "答案", "7"]
)


def is_found(answer: str, label: str | None) -> bool:
    found = final_answer(answer)
    if found is None or label is None:
        return found is None and label is None
    return found.text == label or same_value(found.text, label) is True


def test_the_table_is_large_enough_and_its_final_answers_are_found() -> None:
    assert len(ANSWERS) >= 150
    missed = [answer for answer, label in ANSWERS if not is_found(answer, label)]
    assert len(missed) <= (1 - LEAST_RIGHT) * len(ANSWERS), missed


@pytest.mark.parametrize(
    ("answer", "text", "rule"),
    [
        (r'The answer is 3. {"answer": "4"} $\boxed{5}$', "5", "boxed"),
        ('The answer is 3. {"answer": "4"}', "4", "json_field"),
        ('```json\n{"a": 1}\n```\nThe answer is 3.', "3", "stated"),
        ('{"a": 1}', '{"a": 1}', "json"),
        ("Option C is correct. It is **large**.", "C", "option"),
        ("```python\nprint(4)\n```\nIt prints **4**.", "4", "bold"),
        ("```python\nprint(4)\n```\nIt prints four.", "print(4)", "code"),
        ("x = 4", "x = 4", "whole"),
        ("It takes 4 hours.", "4 hours", "number"),
        ("Lisbon", "Lisbon", "whole"),
    ],
)
def test_rules_hold_in_their_order(answer: str, text: str, rule: str) -> None:
    assert final_answer(answer) == FinalAnswer(text, rule)  # type: ignore[arg-type]


def test_braces_nest_in_a_box_and_an_open_box_is_none() -> None:
    assert final_answer(r"$\boxed{\frac{1}{\sqrt{2}}}$") == FinalAnswer(
        r"\frac{1}{\sqrt{2}}", "boxed"
    )
    found = final_answer(r"It is $\boxed{\frac{1}{2")
    assert found is None or found.rule != "boxed"


def test_boxes_joined_by_and_are_one_answer() -> None:
    assert final_answer(r"$x = \boxed{2}$ and $x = \boxed{3}$") == FinalAnswer("2, 3", "boxed")


def test_the_trace_is_never_read() -> None:
    assert final_answer_of(answered("", thinking=r"So \boxed{4}")) is None
    assert final_answer_of(answered("I cannot say", thinking=r"So \boxed{4}")) == FinalAnswer(
        "I cannot say", "whole"
    )


@pytest.mark.parametrize("ending", ["limit", "user", "deadline", "interrupted", "error"])
def test_a_run_that_was_cut_off_has_only_an_answer_that_it_closed(ending: str) -> None:
    assert final_answer_of(answered("The answer is 40", ending)) is None  # type: ignore[arg-type]
    closed = final_answer_of(answered(r"$\boxed{4}$. To check", ending))  # type: ignore[arg-type]
    assert closed == FinalAnswer("4", "boxed")


def test_a_run_that_goes_on_has_none() -> None:
    assert final_answer_of(Result(request(), "answering", output=Output(None, "**4**"))) is None


def test_an_essay_with_a_year_in_it_has_no_last_number() -> None:
    essay = "Cities grow where people meet, trade and learn from one another. " * 30
    assert final_answer(essay + "Rome had a million people in 100.") is None


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=400), st.lists(MARKS, max_size=80).map("".join)))
def test_any_text_has_a_final_answer_or_none(text: str) -> None:
    found = final_answer(text)
    assert found is None or found.text.strip()


@pytest.mark.parametrize(
    "piece",
    ["\\boxed{", "**", "$", "`", "The answer is ", '"answer": ', "(", "1,", "```\n", "1 = "],
)
def test_a_long_hostile_text_is_soon_read(piece: str) -> None:
    final_answer(piece * (100_000 // len(piece)))


def test_a_formula_that_is_never_closed_is_not_searched_for_ever() -> None:
    # With a pattern that can read white space in two ways these take hours.
    for opening in ("$$" + "\n" * 60_000, "\\[" + "\n" * 60_000, "\\[" * 30_000):
        assert final_answer(f"{opening}\nThe answer is 4.") == FinalAnswer("4", "stated")
