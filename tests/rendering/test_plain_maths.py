"""Formulas where there is room for text only: read as what they are, never as another number."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.judging import same_value
from playground.rendering.plain_maths import plain_maths

ANSWERS = Path(__file__).parent.parent / "judging" / "answers.jsonl"


@pytest.mark.parametrize(
    ("latex", "plain"),
    [
        (r"$x = 1$ and $x = -\frac{5}{2}$", "x = 1 and x = −5/2"),
        (r"\frac{a+b}{2c}", "(a + b)/(2c)"),
        (r"\frac{1}{2}x", "(1/2)x"),
        (r"$x\frac{1}{2}$", "x(1/2)"),
        (r"\frac{1}{2}(x+1)", "(1/2)(x + 1)"),
        (r"3\dfrac{1}{2}", "3 1/2"),
        (r"$5 3$", "5 3"),
        (r"\frac{1}{1+\frac{1}{x}}", "1/(1 + 1/x)"),
        (r"$(\frac{1}{2})^{2n+1}$", "(1/2)^(2n + 1)"),
        (r"${\frac{1}{2}}^2$", "(1/2)²"),
        (r"$\frac12!$", "(1/2)!"),
        (r"2\sqrt{3}", "2√3"),
        (r"\sqrt{2}x", "√2 x"),
        (r"\sqrt[3]{x+1}", "³√(x + 1)"),
        (r"$x^2+3x-5=0$", "x² + 3x − 5 = 0"),
        (r"$10^{-3}$", "10⁻³"),
        (r"$e^{i\pi}$", "e^(iπ)"),
        (r"$x_1, x_{max}$", "x₁, x_max"),
        (r"$x_i^2$", "x_i²"),
        (r"$90^\circ$", "90°"),
        (r"5\,\text{cm}", "5 cm"),
        (r"$1{,}000$ or 50\%", r"1,000 or 50\%"),
        (r"50\%", "50%"),
        (r"\left(-\infty, 3\right]", "(−∞, 3]"),
        (r"$-\frac{b \pm \sqrt{b^2-4ac}}{2a}$", "−(b ± √(b² − 4ac))/(2a)"),
        (r"$f(x) = \sin x + \log_2 8$", "f(x) = sin x + log₂ 8"),
        (r"$7 \bmod 3$ at $6:00$", "7 mod 3 at 6:00"),
        (r"\[x \in [0,1)\]", "x ∈ [0, 1)"),
    ],
)
def test_a_formula_is_a_line_of_text(latex: str, plain: str) -> None:
    assert plain_maths(latex) == plain


@pytest.mark.parametrize(
    "text",
    [
        "5/2",
        "It costs $5 and $7",
        r"C:\new\text.txt",
        r"C:\in the\sqrt",
        r"\d+(\.\d+)?",
        r"$\begin{pmatrix}1\\2\end{pmatrix}$",
        r"$\overline{AB}$",
        r"$\newcommand{\a}{b}$",
        "$\\" + "frac" * 3,
        "$" + "{" * 50 + "$",
        'print("a\\n")',
    ],
)
def test_what_is_no_formula_or_has_no_plain_form_stays_as_it_is(text: str) -> None:
    assert plain_maths(text) == text


def test_an_answer_has_the_same_value_in_plain_text() -> None:
    answers = [json.loads(line) for line in ANSWERS.read_text("utf-8").splitlines()]
    finals = {str(each["final"]) for each in answers if each.get("final")}
    formulas = [final for final in finals if plain_maths(final) != final]
    assert len(formulas) > 15
    for final in formulas:
        assert same_value(final, plain_maths(final)) is not False, final


@given(st.text(st.sampled_from(r"\${}^_()[]frac sqrt12x+-=,&%")))
def test_any_text_becomes_some_text(text: str) -> None:
    assert isinstance(plain_maths(text), str)


def test_of_a_long_text_the_beginning_is_looked_at() -> None:
    long = r"$\frac{1}{2}$" + " word" * 10_000 + r"$\frac{1}{2}$"
    assert plain_maths(long).startswith("1/2 word")
    assert plain_maths(long).endswith(r"word$\frac{1}{2}$")
