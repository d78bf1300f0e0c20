"""Sums, differences, products and percentages, worked digit by digit.

Every step looks at two or three digits, which is what a tiny model can get right. Knows no
phrasing; a problem's text comes from the slots it fills.
"""

from __future__ import annotations

import random

from playground.demo_pair.problems import Language, Problem

_PLACES = {
    "en": ("Ones", "Tens", "Hundreds", "Thousands", "Top", "Last"),
    "pt": ("Unidades", "Dezenas", "Centenas", "Milhares", "Topo", "Fim"),
}
_SO = {"en": "So", "pt": "Logo"}


def sum_steps(a: int, b: int, language: Language) -> str:
    """Column addition; each line ends in the digits of the sum found so far."""
    width = max(len(str(a)), len(str(b)))
    lines = [f"{a:0{width}d} + {b:0{width}d}:"]
    carry, found = 0, ""
    for index in range(width):
        first, second = a // 10**index % 10, b // 10**index % 10
        total = first + second + carry
        found = (str(total) if index == width - 1 else str(total % 10)) + found
        carried = f" + {carry}" if index else ""
        place = _PLACES[language][index]
        lines.append(f"{place}: {first} + {second}{carried} = {total} → {found}")
        carry = total // 10
    return "\n".join(lines)


def difference_steps(a: int, b: int, language: Language) -> str:
    """Column subtraction of a smaller number; a two-digit first term is one that borrowed."""
    width = len(str(a))
    lines = [f"{a} - {b:0{width}d}:"]
    borrowed, found = 0, ""
    for index in range(width):
        first, second = a // 10**index % 10, b // 10**index % 10
        if borrow := first - second - borrowed < 0:
            first += 10
        rest = first - second - borrowed
        found = f"{rest}{found}"
        taken = f" - {borrowed}" if index else ""
        lines.append(f"{_PLACES[language][index]}: {first} - {second}{taken} = {rest} → {found}")
        borrowed = int(borrow)
    if str(int(found)) != found:
        lines.append(f"{_SO[language]} {int(found)}")
    return "\n".join(lines)


def tens_first(a: int, b: int) -> str:
    """`63 - 55 = 13 - 5 = 8`: a sum of two small numbers of any sign, in steps that are easy."""
    sign, size = ("-", -b) if b < 0 else ("+", b)
    tens = size // 10 * 10
    between = ""
    if tens and size != tens:
        between = f" = {a - tens if b < 0 else a + tens} {sign} {size - tens}"
    return f"{a} {sign} {size}{between} = {a + b}"


def row_steps(a: int, digit: int) -> str:
    """One row of a written multiplication: a number times one digit."""
    steps, carry, found = [], 0, ""
    digits = [int(character) for character in reversed(str(a))]
    for index, one in enumerate(digits):
        total = one * digit + carry
        found = (str(total) if index == len(digits) - 1 else str(total % 10)) + found
        carried = f" + {carry}" if index else ""
        steps.append(f"{one} × {digit}{carried} = {total} → {found}")
        carry = total // 10
    return f"{a} × {digit}: " + ", ".join(steps)


def product_steps(a: int, b: int, language: Language) -> str:
    """A row for each digit of the second number, then the sum of the rows."""
    lines, partial = [], []
    for index, character in enumerate(reversed(str(b))):
        digit = int(character)
        lines.append(row_steps(a, digit))
        row = a * digit * 10**index
        if index:
            lines.append(f"× {10**index} → {row}")
        partial.append(row)
    total = partial[0]
    for row in partial[1:]:
        lines.append(sum_steps(total, row, language))
        total += row
    return "\n".join(lines)


def _number(rng: random.Random, digits: int) -> int:
    return rng.randint(10 ** (digits - 1), 10**digits - 1)


def sums(rng: random.Random, language: Language) -> Problem:
    """Two numbers of up to five digits, or three of up to three."""
    if rng.random() < 0.2:
        terms = [_number(rng, rng.choice((2, 2, 3))) for _ in range(3)]
    elif rng.random() < 0.1:
        terms = [rng.randint(0, 20), rng.randint(0, 20)]
    else:
        digits = rng.choice((2, 3, 3, 4, 5))
        other = digits if rng.random() < 0.6 else rng.randint(2, 5)
        terms = [_number(rng, digits), _number(rng, other)]
    blocks, total = [], terms[0]
    for term in terms[1:]:
        blocks.append(sum_steps(total, term, language))
        total += term
    text = " + ".join(map(str, terms))
    slots = {"expression": text, "a": str(terms[0]), "b": str(terms[1])}
    return Problem(
        task="sums",
        family="sum" if len(terms) == 2 else "expression",
        slots=slots,
        key="+".join(map(str, sorted(terms))),
        steps="\n".join(blocks),
        answer=f"{text} = **{total}**",
        result=(str(total),),
    )


def differences(rng: random.Random, language: Language) -> Problem:
    """The first number is usually the larger one."""
    digits = rng.choice((2, 2, 3, 3, 4))
    a, b = _number(rng, digits), _number(rng, rng.randint(1, digits))
    negative = rng.random() < 0.2
    a, b = (min(a, b), max(a, b)) if negative else (max(a, b), min(a, b))
    if a >= b:
        steps = difference_steps(a, b, language)
    else:
        steps = f"{a} < {b}: -({b} - {a})\n{difference_steps(b, a, language)}\n-{b - a}"
    return Problem(
        task="sums",
        family="difference",
        slots={"expression": f"{a} - {b}", "a": str(a), "b": str(b)},
        key=f"{a}-{b}",
        steps=steps,
        answer=f"{a} - {b} = **{a - b}**",
        result=(str(a - b),),
    )


def products(rng: random.Random, language: Language) -> Problem:
    """Mostly two by two and three by two digits; the shorter number is the one walked over."""
    shape = rng.choice(((2, 2), (2, 2), (2, 2), (3, 2), (3, 2), (2, 1), (3, 1), (1, 1)))
    longer, shorter = _number(rng, shape[0]), _number(rng, shape[1])
    first, second = (longer, shorter) if rng.random() < 0.5 else (shorter, longer)
    product = first * second
    return Problem(
        task="products",
        family="product",
        slots={"a": str(first), "b": str(second)},
        key=f"{min(first, second)}*{max(first, second)}",
        steps=product_steps(max(first, second), min(first, second), language),
        answer=f"{first} × {second} = **{product}**",
        result=(str(product),),
    )


def _percentage(rng: random.Random, language: Language) -> tuple[int, int, int, str]:
    """A share that comes out whole, with the steps that find it."""
    of = {"en": "of", "pt": "de"}[language]
    if rng.random() < 0.3:
        rate, whole = rng.randint(1, 60), 100 * rng.randint(1, 9)
        hundredth = whole // 100
        steps = f"1% {of} {whole} = {hundredth}\n{row_steps(rate, hundredth)}"
        return rate, whole, rate * hundredth, steps
    rate, whole = 5 * rng.randint(1, 19), 20 * rng.randint(1, 50)
    tenth, tens = whole // 10, rate // 10
    lines = [f"10% {of} {whole} = {tenth}"]
    share = 0
    if tens:
        share = tens * tenth
        lines.append(f"{tens}0%: {row_steps(tenth, tens)}" if tens > 1 else f"10% = {share}")
    if rate % 10:
        half = tenth // 2
        lines.append(f"5% = {tenth} / 2 = {half}")
        if tens:
            lines.append(sum_steps(share, half, language))
        share += half
    return rate, whole, share, "\n".join(lines)


def percentages(rng: random.Random, language: Language) -> Problem:
    """A share of a whole, or a price after a discount or a rise."""
    rate, whole, share, steps = _percentage(rng, language)
    slots = {"rate": str(rate), "whole": str(whole)}
    family = rng.choice(("share", "share", "discount", "rise"))
    of = {"en": "of", "pt": "de"}[language]
    if family == "share":
        result, answer = share, f"{rate}% {of} {whole} = **{share}**"
    elif family == "discount":
        result = whole - share
        steps += f"\n{difference_steps(whole, share, language)}"
        answer = f"{whole} - {rate}% = **{result}**"
    else:
        result = whole + share
        steps += f"\n{sum_steps(whole, share, language)}"
        answer = f"{whole} + {rate}% = **{result}**"
    return Problem(
        task="percentages",
        family=family,
        slots=slots,
        key=f"{family} {rate}% {whole}",
        steps=steps,
        answer=answer,
        result=(str(result),),
    )
