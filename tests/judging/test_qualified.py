"""What is denied, doubted or only bounded is no plain answer, and equals none."""

from __future__ import annotations

import pytest

from playground.domain.expected import Expected
from playground.judging import agreement, final_answer, grade
from tests.judging.labelled import answered

QUALIFIED = [
    "not {}",
    "It is not {}.",
    "It isn't {}.",
    "It isn't **{}**.",
    "The answer is not {}.",
    "The answer is not **{}**.",
    "I don't think the answer is {}.",
    "I don't know whether it's {}",
    "It cannot be {}.",
    "Never {}",
    "{} is wrong.",
    "{} is not prime.",
    "It is at least {}.",
    "At most **{}**.",
    "There are no more than {}.",
    "It takes more than {}.",
    "Up to {}",
    "between 3 and {}",
    "It is from 3 to {}.",
    "3–{}",
    "It is 3 or {}.",
    "Não é {}",
    "A resposta não é {}.",
    "São pelo menos {}.",
    "No máximo **{}**.",
    "Entre 3 e {}.",
    "De 3 a {}.",
    "至少{}",
]


@pytest.mark.parametrize("words", QUALIFIED)
def test_a_qualified_number_agrees_with_no_plain_one_and_is_never_right(words: str) -> None:
    said = answered(words.format(42))
    for plain in ("42", "It is 42.", "The answer is **42**."):
        assert agreement(said, answered(plain)).kind != "agree"
        assert agreement(answered(plain), said).kind != "agree"
    for expected in (Expected("value", ("42",)), Expected("number", ("42",), 0.5)):
        assert grade(said, expected).kind != "right"


@pytest.mark.parametrize(
    ("answer", "final"),
    [
        ("It is not 5, it is 6.", "6"),
        ("It is not 5 but 6.", "6"),
        ("The result is 7, not 8.", "7"),
        ("He has 5 apples, but not 6.", "5"),
        ("We do not need the 3, so the total is 12.", "12"),
        ("There are not enough: 5 are missing.", "5"),
        ("It is not only 5.", "5"),
        ("It is not hard to see that there are 12.", "12"),
        ("The parts add up to 12.", "12"),
        ("It is not hard to see that the answer is 12.", "12"),
        ("Não é difícil: são 12.", "12"),
        ("Rounded up to 12", "12"),
    ],
)
def test_what_is_not_about_the_number_leaves_it_plain(answer: str, final: str) -> None:
    found = final_answer(answer)
    assert found is not None and found.text == final


@pytest.mark.parametrize(
    "answer", ["I would not choose C.", "Don't pick C.", "It isn't option C.", "**Not C**"]
)
def test_an_option_that_is_denied_is_not_the_one_that_was_expected(answer: str) -> None:
    assert grade(answered(answer), Expected("choice", ("C",))).kind != "right"
