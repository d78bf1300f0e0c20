"""Linear and quadratic equations in one unknown, with exact solutions.

Coefficients are kept small enough for each step to be one that a tiny model can learn.
"""

from __future__ import annotations

import math
import random
from fractions import Fraction

from playground.demo_pair.arithmetic import tens_first
from playground.demo_pair.problems import Language, Problem

_CHECK = {"en": "Check", "pt": "Conferindo"}
_AND = {"en": "and", "pt": "e"}
_WRITTEN = {
    "linear": {"en": "Isolating the unknown: ", "pt": "Isolando a incógnita: "},
    "quadratic": {
        "en": "By the quadratic formula: ",
        "pt": "Pela fórmula de Bhaskara: ",
    },
    "double": {"en": "One double root: ", "pt": "Uma raiz dupla: "},
    "none": {
        "en": "The discriminant is negative, so there is **no real solution**.",
        "pt": "O discriminante é negativo, logo **não há solução real**.",
    },
}
_NO_ROOT = {"en": "no real solution", "pt": "não há solução real"}


def polynomial(coefficients: tuple[int, ...], unknown: str = "x") -> str:
    """`(2, 3, -5)` reads `2x^2 + 3x - 5`; zero terms and factors of one are left out."""
    text = ""
    degree = len(coefficients) - 1
    for index, value in enumerate(coefficients):
        power = degree - index
        if value == 0:
            continue
        sign = ("-" if value < 0 else "") if not text else (" - " if value < 0 else " + ")
        symbol = "" if power == 0 else unknown if power == 1 else f"{unknown}^{power}"
        size = "" if abs(value) == 1 and symbol else str(abs(value))
        text += f"{sign}{size}{symbol}"
    return text or "0"


def in_brackets(value: int) -> str:
    """A negative factor needs brackets."""
    return f"({value})" if value < 0 else str(value)


def plain(value: Fraction) -> str:
    """As written in the steps."""
    return str(value)


def latex(value: Fraction) -> str:
    """As written in the answer."""
    if value.denominator == 1:
        return str(value.numerator)
    sign = "-" if value < 0 else ""
    return f"{sign}\\frac{{{abs(value.numerator)}}}{{{value.denominator}}}"


def _quotient(numerator: int, denominator: int) -> str:
    value = Fraction(numerator, denominator)
    written = f"{numerator} / {in_brackets(denominator)}"
    return written if written == plain(value).replace("/", " / ") else f"{written} = {plain(value)}"


def _shift(left: str, c: int, b: int) -> str:
    """`ax = c - b = …`, with a negative b turned into a sum."""
    if b == 0:
        return f"{left} = {c}"
    return f"{left} = {tens_first(c, -b)}"


def linear(rng: random.Random, language: Language) -> Problem:
    """`ax + b = c`, `a(x + b) = c` or `ax + b = cx + d`."""
    unknown = rng.choice("xxxxxxyn")
    shape = rng.choice(("plain", "plain", "plain", "brackets", "both"))
    a = rng.choice([value for value in range(-6, 13) if value not in (0, 1)])
    b = rng.choice([value for value in range(-25, 31) if value])
    root = rng.randint(-9, 12)
    lines: list[str] = []
    if shape == "both":
        a, c = abs(a), rng.randint(1, 6)
        if a == c:
            c += 1
        d = (a - c) * root + b
        equation = f"{polynomial((a, b), unknown)} = {polynomial((c, d), unknown)}"
        moved = f"{polynomial((a, 0), unknown)} - {polynomial((c, 0), unknown)}"
        lines.append(f"{moved} = {tens_first(d, -b)}")
        first, right = a - c, d - b
        lines.append(f"{polynomial((first, 0), unknown)} = {right}")
    elif shape == "brackets":
        a, b = rng.randint(2, 9), rng.choice([value for value in range(-9, 10) if value])
        right = a * (root + b)
        equation = f"{a}({polynomial((1, b), unknown)}) = {right}"
        opened = polynomial((a, a * b), unknown)
        lines.append(f"{opened} = {right}")
        lines.append(_shift(polynomial((a, 0), unknown), right, a * b))
        first, right = a, a * root
    else:
        if rng.random() < 0.2:
            a, root_times_a = rng.randint(2, 9), rng.randint(-30, 40)
        else:
            root_times_a = a * root
        c = root_times_a + b
        equation = f"{polynomial((a, b), unknown)} = {c}"
        lines.append(_shift(polynomial((a, 0), unknown), c, b))
        first, right = a, root_times_a
    value = Fraction(right, first)
    if first != 1:
        lines.append(f"{unknown} = {_quotient(right, first)}")
    if shape == "plain" and value.denominator == 1:
        product, whole = first * value.numerator, value.numerator
        sign = "-" if b < 0 else "+"
        lines.append(
            f"{_CHECK[language]}: {first} × {in_brackets(whole)} {sign} {abs(b)}"
            f" = {product} {sign} {abs(b)} = {product + b}"
        )
    return Problem(
        task="linear",
        family="equation",
        slots={"equation": equation, "unknown": unknown},
        key=equation.replace(unknown, "x"),
        steps="\n".join(lines),
        answer=f"{_WRITTEN['linear'][language]}**${unknown} = {latex(value)}$**",
        result=(f"${unknown} = {latex(value)}$",),
        hint=f"{polynomial((first, 0), unknown)} = {right}. ",
    )


def _coefficients(rng: random.Random) -> tuple[int, int, int]:
    """Mostly two rational roots; now and then a double root, or none."""
    while True:
        if rng.random() < 0.08:
            a, b, c = rng.randint(1, 4), rng.randint(-8, 8), rng.randint(1, 20)
            if b * b - 4 * a * c < 0 and math.gcd(a, b, c) == 1:
                return a, b, c
            continue
        p, r = rng.choice(((1, 1), (1, 1), (1, 1), (2, 1), (2, 1), (3, 1), (3, 2), (2, 2)))
        q, s = rng.randint(-10, 10), rng.randint(-10, 10)
        a, b, c = p * r, -(p * s + q * r), q * s
        if math.gcd(a, b, c) == 1 and abs(b) <= 25 and abs(c) <= 60:
            if rng.random() < 0.08:
                a, b, c = -a, -b, -c
            return a, b, c


def quadratic(rng: random.Random, language: Language) -> Problem:
    """By the formula, the discriminant first; a whole root is put back in as a check."""
    a, b, c = _coefficients(rng)
    lines = []
    equation = f"{polynomial((a, b, c))} = 0"
    if b and c and rng.random() < 0.12:
        equation = f"{polynomial((a, b, 0))} = {-c}"
        lines.append(f"{polynomial((a, b, c))} = 0")
    elif rng.random() < 0.08 and b and c:
        equation = f"{polynomial((a, 0, 0))} = {polynomial((-b, -c))}"
        lines.append(f"{polynomial((a, b, c))} = 0")
    square, fourfold = b * b, 4 * a * c
    discriminant = square - fourfold
    sign = "+" if fourfold < 0 else "-"
    lines += [
        f"a = {a}, b = {b}, c = {c}",
        f"b² = {in_brackets(b)} × {in_brackets(b)} = {square}",
        f"4ac = {4 * a} × {in_brackets(c)} = {fourfold}",
        f"D = b² - 4ac = {square} {sign} {abs(fourfold)} = {discriminant}",
    ]
    result: tuple[str, ...]
    if discriminant < 0:
        lines.append(f"D < 0: {_NO_ROOT[language]}")
        answer, result = _WRITTEN["none"][language], (_NO_ROOT[language],)
    else:
        size = math.isqrt(discriminant)
        lines.append(f"√{discriminant} = {size}")
        roots = []
        for sign, step in (("+", size), ("-", -size)):
            roots.append(Fraction(-b + step, 2 * a))
            quotient = _quotient(-b + step, 2 * a)
            lines.append(f"x = ({-b} {sign} {size}) / {in_brackets(2 * a)} = {quotient}")
            if not size:
                break
        lines += [_check(a, b, c, root, language) for root in roots if root.denominator == 1][:1]
        written = [f"$x = {latex(root)}$" for root in roots]
        joined = f" {_AND[language]} ".join(f"**{text}**" for text in written)
        answer = _WRITTEN["quadratic" if size else "double"][language] + joined
        result = tuple(written)
    return Problem(
        task="quadratic",
        family="equation",
        slots={"equation": equation, "unknown": "x"},
        key=f"{a},{b},{c}",
        steps="\n".join(lines),
        answer=answer,
        result=result,
    )


def _check(a: int, b: int, c: int, root: Fraction, language: Language) -> str:
    x = root.numerator
    terms = (a * x * x, b * x, c)
    text = str(terms[0])
    for term in terms[1:]:
        text += f" {'-' if term < 0 else '+'} {abs(term)}"
    return f"{_CHECK[language]} x = {x}: {text} = {sum(terms)}"
