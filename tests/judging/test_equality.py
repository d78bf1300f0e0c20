"""The same by value: the labelled pairs, what holds for all texts, and what must not hang."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.judging import same_value
from playground.judging.equality import compared
from tests.judging.labelled import ANSWERS, PAIRS

VERDICTS = {True: "agree", False: "disagree", None: "cannot_tell"}
PIECES = st.sampled_from(
    [*"0123456789.,+-*/^!(){}[]|=<>%$°:; xyie", "\\frac", "\\sqrt", "±", " and ", " km", "R$", "½",
     "²", "(A)", "\\pi", "9^9^9", "1e99", "true", '"', "\\boxed{", "10^{", "≈"]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=14).map("".join))


@pytest.mark.parametrize(("a", "b", "label"), PAIRS)
def test_no_pair_is_the_same_or_another_that_is_not_labelled_so(a: str, b: str, label: str) -> None:
    assert VERDICTS[same_value(a, b)] in (label, "cannot_tell")


def test_the_labelled_pairs_are_told() -> None:
    assert len(PAIRS) >= 60
    told = [(a, b) for a, b, label in PAIRS if VERDICTS[same_value(a, b)] == label]
    assert len(told) >= 0.98 * len(PAIRS)


def test_no_two_labelled_answers_to_different_questions_are_taken_for_one_wrongly() -> None:
    finals = [final for _, final in ANSWERS if final]
    for one in finals:
        assert same_value(one, one) is True


@settings(max_examples=400, deadline=None)
@given(TEXTS, TEXTS)
def test_which_is_first_does_not_matter(a: str, b: str) -> None:
    assert same_value(a, b) is same_value(b, a)


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_a_text_is_never_another_than_itself(text: str) -> None:
    assert same_value(text, text) is (True if text.strip() else None)


@settings(max_examples=200, deadline=None)
@given(st.integers(-(10**9), 10**9), st.integers(-(10**9), 10**9))
def test_whole_numbers_are_the_same_where_they_are(a: int, b: int) -> None:
    assert same_value(str(a), str(b)) is (a == b)
    assert same_value(f"{a:,}", f"$x = {a}$") is not False


@settings(max_examples=200, deadline=None)
@given(st.integers(-999, 999), st.integers(1, 99), st.integers(1, 9))
def test_a_fraction_is_the_same_when_expanded(above: int, below: int, by: int) -> None:
    assert same_value(f"\\frac{{{above}}}{{{below}}}", f"{above * by}/{below * by}") is True


@pytest.mark.parametrize(
    "text",
    ["9^9^9^9", "1e999999999", "9" * 5000, "2^(2^(2^(2^99)))", "999999!", "((1+x)^99+1)^99",
     "exp(exp(exp(99)))", "(" * 500, "[" * 500 + "]" * 500, "x=" * 300, "\\frac" * 100,
     "\\sqrt{" * 100, "1," * 290, "a and " * 90, "{" * 250 + "1" + "}" * 250, "$" * 590,
     "**" * 290, '{"a":' * 5000, "[" * 40000, "1/3" * 100, "-" * 600, "5 " * 300, "± " * 200]
)  # fmt: skip
def test_a_hostile_text_is_held_against_another_without_harm(text: str) -> None:
    assert same_value(text, "1") is not True
    assert same_value(text, text) is True
    assert same_value(text, text + " + 1") is not True


@pytest.mark.parametrize(
    ("a", "b", "rule"),
    [
        ("4", "5", "number"),
        ("1/2", "0.5", "formula"),
        ("5 km", "5000 m", "unit"),
        ("1, 2", "1, 3", "list"),
        ("(A)", "B", "choice"),
        ("2024-03-15", "15/03/2024", "date"),
        ('{"a": 1}', '{"a": 2}', "data"),
        ("def f(x):\n    return x", "def f(y):\n    return y", "code"),
        ("Paris", "Lyon", "text"),
    ],
)
def test_what_they_were_compared_as_is_told(a: str, b: str, rule: str) -> None:
    assert compared(a, b)[1] == rule


@pytest.mark.parametrize(
    ("a", "b"),
    [("5 mW", "5 MW"), ("5 he", "5 eh"), ('{"a": true}', '{"a": 1}'), ("1e400", "1e401"),
     ("√2", "√2 + 10^-200"), ("5 months", "5 minutes"), ("3 x", "3 y"), ("1 234", "1.234")]
)  # fmt: skip
def test_what_only_looks_alike_is_not_the_same(a: str, b: str) -> None:
    assert same_value(a, b) is not True
