"""A final answer beside an expected value: more than equality, since a person gave the value.

A unit that was not expected is not asked for, and other words than the expected ones are another
answer. Knows nothing of results or grades.
"""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from functools import lru_cache

from playground.judging.cleaning import folded, plain
from playground.judging.counted import names_counted
from playground.judging.equality import same_value
from playground.judging.numerals import ambiguous
from playground.judging.readings import readings
from playground.judging.values import Amount, Assigned, Choice, Code, Value, Words
from playground.judging.working_out import exact, near, same_trees

_LETTER = re.compile(r"(?<![\w(])\(?([A-J])\)(?!\w)|(?<!\w)\(([A-J])\)")
_LEADS = re.compile(
    r"\W*(?:\(?([A-J])\)(?!\w)|([A-HJ])(?=\s*(?:[,;:.–—(]|-\s|is\b|$))|(I)(?=[).:]|$))"
)
# What makes another one of it, or none: A and C, B (rejected); but (D) both (A) and (B).
_TAKES_BACK = re.compile(
    r"^\W*(?:(?:,|;|and|or|e|ou|&|also)\W*)+\(?[A-J]\b(?!\s+[a-z])"
    r"|(?i:\b(?:wrong|incorrect|false|reject\w*|also|unknown|cannot|errad\w+|incorret\w+|fals[oa])\b)"
)
_NUMBER_WORDS = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety
    hundred thousand million half third quarter once twice double both pair first second none
    nothing dozen
    um uma dois duas três quatro cinco seis sete oito nove dez onze doze treze catorze quatorze
    quinze dezesseis dezessete dezoito dezenove vinte trinta quarenta cinquenta sessenta setenta
    oitenta noventa cem cento duzentos mil milhão metade terço quarto nenhum nenhuma nada dúzia
"""
LONGEST = 2000
SHORT = 3
_INDEX = re.compile(r"(?<=[A-Za-z)])(?:[₀-₉]+|_\d|_\{\d+\})")
_SIGNS = re.compile(r"[_^{}()=+*/\\]")
_COUNTING = frozenset(_NUMBER_WORDS.split())
_NUMERALS = re.compile(r"[IVXLCDM]+|.*[零〇一二两三四五六七八九十百千万].*", re.DOTALL)


@lru_cache(maxsize=16_384)
def same_as_expected(text: str, value: str) -> bool | None:
    """Whether this text says the expected value; null where that cannot be told."""
    verdict = same_value(text, value)
    if verdict is not None:
        return verdict
    if re.search(r"[^\W\d]", value) and _same_letters(text, value):
        return True
    mine, wanted = readings(text)[0], readings(value)[0]
    amount, other = _amount(mine), _amount(wanted)
    if amount and other:
        bare = (amount.unit or amount.words) and not (other.unit or other.words)
        clear = ambiguous(text) == ambiguous(value)
        if amount.words and not names_counted(amount.words, exact(amount.tree) == 1, loosely=True):
            return None
        return True if bare and clear and same_trees(amount.tree, other.tree) is True else None
    if isinstance(wanted, Words):
        # "eight" beside 8: numbers in words are not read, but two words can be compared.
        counting = (
            not isinstance(mine, Words) and set(folded(plain(value[:LONGEST])).split()) & _COUNTING
        )
        return None if counting or _contains(text, value) else False
    if isinstance(mine, Words | Code) and other:
        words = set(re.findall(r"\w+", folded(text)))
        numeral = re.search(r"\d", text) or _NUMERALS.fullmatch(plain(text[:LONGEST]))
        return None if numeral or words & _COUNTING else False
    return None


def _contains(text: str, value: str) -> bool:
    """Whether the expected words stand in the text, or the text in them: "Paris, France"."""
    one, other = (f" {re.sub(r'[^0-9a-z]+', ' ', _folded(each))} " for each in (text, value))
    if not one.strip() or not other.strip():
        mine, wanted = plain(text[:LONGEST]), plain(value[:LONGEST])
        return wanted in mine or mine in wanted
    return other in one or one in other


def _same_letters(text: str, value: str) -> bool:
    """The same but for how it is written: H₂O is H_2O; in long words, but for case and for accents
    that were left out: sao paulo is São Paulo, but avó is no avô, and CO no Co."""
    one, other = (_INDEX.sub(_lowered, plain(each[:LONGEST])) for each in (text, value))
    if one == other:
        return True
    words = re.findall(r"[^\W\d_]+", one)
    if _SIGNS.search(one + other) or min(map(len, words), default=0) < SHORT:
        return False
    accents = one.isascii() or other.isascii() or folded(one) == folded(other)
    return accents and _folded(one) == _folded(other)


def _lowered(index: re.Match[str]) -> str:
    return unicodedata.normalize("NFKD", index.group().strip("_{}"))


def _folded(text: str) -> str:
    apart = unicodedata.normalize("NFKD", folded(plain(text[:LONGEST])))
    return re.sub(r"[\u0300-\u036f]", "", apart)


def _amount(value: Value) -> Amount | None:
    while isinstance(value, Assigned):
        value = value.value
    return value if isinstance(value, Amount) else None


def is_number(text: str) -> bool:
    """Whether this text says a number, with a unit or not."""
    return _amount(readings(text)[0]) is not None


@lru_cache(maxsize=16_384)
def within_tolerance(text: str, value: str, tolerance: float) -> bool | None:
    """Whether two numbers are at most so far apart; null where it cannot be worked out."""
    one, other = _amount(readings(text)[0]), _amount(readings(value)[0])
    if one is None or other is None:
        return None
    if one.unit and other.unit and one.unit != other.unit:
        return None
    for amount, against in ((one, other), (other, one)):
        if amount.words and (against.unit or not names_counted(amount.words, False, loosely=True)):
            return None
    if ambiguous(text) or ambiguous(value):  # 1.000 may be a thousand
        return same_as_expected(text, value) or None
    apart = Fraction(str(tolerance))
    left, right = exact(one.tree), exact(other.tree)
    known = left is not None and right is not None
    close = abs(left - right) <= apart if known else near(one.tree, other.tree, apart)  # type: ignore[operator]
    if close is False and one.unit != other.unit:  # 50 % is the 0.5 that was expected
        return same_as_expected(text, value) or None
    return close


def chosen(text: str) -> str | None:
    """The letter of the option that a final answer names; null where it names none or several."""
    first = readings(text)[0]
    if isinstance(first, Choice):
        return first.letter
    if found := _LEADS.match(text):
        return None if _TAKES_BACK.search(text, found.end()) else next(filter(None, found.groups()))
    letters = {letter for found in _LETTER.findall(text) for letter in found if letter}
    return letters.pop() if len(letters) == 1 else None
