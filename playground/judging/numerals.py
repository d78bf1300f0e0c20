"""Decimal separators: the ways in which a text's numbers can be read, the likelier one first.

"1,234" and "1.234" are read both ways, "1,234.5" only one way. Turns them into numbers with a
decimal point; knows nothing of what stands around them.
"""

from __future__ import annotations

import re

_NUMERAL = re.compile(r"(?<![\w.,])\d[\d.,]*(?<![.,])")
_SPACED = re.compile(r"(?<![\d.,])\d{1,3}(?: \d{3})+(?!\d)")
_COMMAS_GROUP = re.compile(r"\d+(?:\.\d+)?|[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?")
_POINTS_GROUP = re.compile(r"\d+(?:,\d+)?|[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?")
_EITHER = re.compile(r"(?<![\w.,])[1-9]\d{0,2}\.\d{3}(?![\d,]|\.\d)")
_THOUSANDS_OF_REAIS = re.compile(r"R\$\s*([1-9]\d{0,2},\d{3})(?![\d,.])")
_COMMA_IS_DECIMAL = re.compile(r"R\$")


def with_points(text: str) -> tuple[str, ...]:
    """The text with plain decimal numbers, in each way in which all its numbers can be read."""
    text = _SPACED.sub(lambda found: found.group().replace(" ", ""), text)
    numerals = _NUMERAL.findall(text)
    english = all(_COMMAS_GROUP.fullmatch(each) for each in numerals)
    portuguese = all(_POINTS_GROUP.fullmatch(each) for each in numerals)
    ways = []
    reais = _COMMA_IS_DECIMAL.search(text) and not _THOUSANDS_OF_REAIS.search(text)
    if english and not (portuguese and reais):
        ways.append(_NUMERAL.sub(lambda each: each.group().replace(",", ""), text))
    if portuguese:
        ways.append(
            _NUMERAL.sub(lambda each: each.group().replace(".", "").replace(",", "."), text)
        )
    return tuple(dict.fromkeys(ways))


def ambiguous(text: str) -> frozenset[str]:
    """The numbers in it whose point may be a decimal one or may group thousands."""
    if _COMMA_IS_DECIMAL.search(text):
        return frozenset(_THOUSANDS_OF_REAIS.findall(text))
    return frozenset(_EITHER.findall(text))
