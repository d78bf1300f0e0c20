"""A number or formula with what stands around it: money signs, units, words, "about".

Reads one amount from a text; knows nothing of lists, options or what is held against it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from playground.judging.counted import CHANGES
from playground.judging.numerals import with_points
from playground.judging.syntax import Numeral, Operation, Tree, Unreadable, tree_of
from playground.judging.units import DOLLARS, MONEY_SIGNS, MULTIPLES, Unit, unit_of
from playground.judging.values import Amount

_ROUGH = re.compile(
    r"(?:approximately|approx\.?|about|around|roughly|cerca de|aproximadamente|por volta de|约|≈|~"
    r"|\\approx|\\sim)\s*",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"([-+]?\s*(?:\d+ \d+/\d+|\d+(?:\.\d+)?(?:\s*/\s*\d+)?))"
    r"((?:\s*(?:\*|×|·|\\times|\\cdot)\s*10\s*\^?\s*[{(]?\s*[-+]?\d+\s*[)}]?|[eE][-+]?\d+)?)"
)
_MIXED = re.compile(r"([-+]?)\s*(\d+) (\d+)/(\d+)")
_MIXED_LATEX = re.compile(r"([-+]?)(\d+)\s*(\\[dt]?frac\s*(?:\{\d+\}\s*\{\d+\}|\d\s*\d))")
_FORMULA_AND_UNIT = re.compile(r"(.*[\d)}π])\s*(%|°[CF]?|[^\W\d_][\w°/^*·² ]*)", re.DOTALL)
_AFTER = re.compile(r"\s+(?:of|de|do|da|dos|das|in|em|para|for)\b[^\d]*", re.DOTALL)
_MONEY = "|".join(re.escape(sign) for sign in MONEY_SIGNS)
_MONEY_BEFORE = re.compile(rf"([-+]?)\s*({_MONEY})\s*(?=[\d.,\\])(.+)", re.DOTALL)
# "1 hour and 30 minutes", "1h30min", "5 feet 3 inches".
_STEP = r"(\d+(?:\.\d+)?)\s*([^\W\d_]+)"
_STEPS = re.compile(rf"{_STEP}(?:(?:\s*,)?\s*(?:\b(?:and|e)\s+)?{_STEP}){{1,4}}", re.IGNORECASE)
# Signs of units that the table does not know: another value than the number alone.
_LIKE_A_UNIT = re.compile(
    r"[µμnpkMGTm]?(?:A|V|W|Hz|Pa|mol|Ω|eV|J|N|L|F|cd|bar)|atm|psi|ppm|ppb|dB|rpm|ha|gal|gallons?"
    r"|[µμn][mgs]|[kMGT]?(?:b|B)ps|[kMGT]i?b|万元|亿元|千瓦"
)
_UNIT_AFTER = re.compile(r"\s{0,2}(\\?%|°[CF]?|[^\W\d_]+(?:[/^][\w]+|[²³])?)")
_DECADE = re.compile(r"\d{3}0s")  # no seconds
_WORDS = re.compile(r"[^\d=<>{}\[\]()\\^*+|,;:_\"]{1,60}")


def amounts(text: str) -> Iterator[Amount]:
    """The amounts that this text may be, the likeliest first."""
    rough = _ROUGH.match(text)
    text = text[rough.end() :] if rough else text
    for way in with_points(text):
        if way.strip():
            yield from (_roughly(amount, rough is not None) for amount in _amounts(way.strip()))


def formula(text: str) -> Tree:
    """The tree of a formula that stands alone. Raises Unreadable."""
    ways = with_points(text)
    if not ways:
        raise Unreadable
    return tree_of(ways[0])


def unit_end(text: str, at: int) -> int:
    """Where the unit or the multiple ends that stands behind a number: "million dollars"."""
    while (after := _UNIT_AFTER.match(text, at)) is not None:
        word = after[1]
        if not is_unit(word):
            break
        at = after.end()
    return at


def is_unit(word: str) -> bool:
    """Whether it is a unit or multiple, or looks like a unit that the table does not know."""
    known = unit_of(word) is not None or word.lower() in MULTIPLES
    return known or _LIKE_A_UNIT.fullmatch(word) is not None


def _roughly(amount: Amount, rough: bool) -> Amount:
    return Amount(amount.tree, amount.unit, amount.words, rough)


def in_steps(text: str) -> Amount | None:
    """What is told in a unit and smaller ones of its kind, as one amount."""
    if not _STEPS.fullmatch(text):
        return None
    steps = [(Fraction(number), unit_of(name)) for number, name in re.findall(_STEP, text)]
    units = [unit for _, unit in steps if unit is not None]
    dimensions = {unit.dimension for unit in units}
    if len(units) < len(steps) or (len(dimensions) > 1 and not dimensions <= DOLLARS):
        return None
    first, factors = units[0], [unit.factor for unit in units]
    if any(larger <= smaller for larger, smaller in pairwise(factors)):
        return None
    sums = sum(number * unit.factor for (number, _), unit in zip(steps, units, strict=True))
    return Amount(Numeral(Fraction(sums) / first.factor), first)


def _amounts(text: str) -> Iterator[Amount]:
    if _DECADE.fullmatch(text):
        return
    if steps := in_steps(text):
        yield steps
        return
    if found := _MONEY_BEFORE.fullmatch(text):
        unit = unit_of(found[2])
        for amount in _amounts(f"{found[1]}{found[3]}"):
            if amount.unit is None and (not amount.words or unit_of(amount.words)):
                yield Amount(amount.tree, unit)
        return
    if found := _NUMBER.match(text):
        rest = text[found.end() :]
        number = _number(found)
        if number is None:
            return
        if not rest.strip():
            yield Amount(number)
            return
        if counted := _counted(number, rest.strip()):
            yield counted
            return
    elif found := _FORMULA_AND_UNIT.fullmatch(text):
        unit, tree = unit_of(found[2]), _tree(found[1])
        if unit and tree:
            yield Amount(tree, unit)
            return
    if found := _MIXED_LATEX.fullmatch(text):
        whole, part = _tree(found[2]), _tree(found[3])
        if whole and part:
            both = Operation("+", whole, part)
            yield Amount(_negative(both) if found[1] == "-" else both)
    if tree := _tree(text):
        yield Amount(tree)


def _tree(text: str) -> Tree | None:
    try:
        return tree_of(text)
    except Unreadable:
        return None


def _number(found: re.Match[str]) -> Tree | None:
    number, power = found[1], found[2]
    if mixed := _MIXED.fullmatch(number):
        number = f"{mixed[1]}({mixed[2]}+{mixed[3]}/{mixed[4]})"
    return _tree(number + power)


def _negative(tree: Tree) -> Tree:
    return Operation("*", Numeral(Fraction(-1)), tree)


def _counted(tree: Tree, words: str) -> Amount | None:
    """A number with the words after it: many thousands, a known unit, or whatever they name."""
    first, _, rest = words.partition(" ")
    if multiple := MULTIPLES.get(first.lower()):
        tree = Operation("*", tree, Numeral(Fraction(multiple)))
        words = re.sub(r"^(?:of|de)\s+", "", rest)
        if not words:
            return Amount(tree)
    unit: Unit | None = unit_of(words) or unit_of(_AFTER.sub("", words))
    if unit is not None:
        return Amount(tree, unit)
    if not _WORDS.fullmatch(words) or not (words[0].isalpha() or words[0] == "°"):
        return None
    if len(words) == 1 and words < "\u3000":
        return None  # a letter beside a number is a variable
    if CHANGES.search(words):
        return None
    return Amount(tree, None, " ".join(words.split()))
