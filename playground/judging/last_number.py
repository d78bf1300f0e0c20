"""The last number of an answer, with its sign, money sign, unit or percent sign, or last formula.

Looks in the last sentence that has any, from which remarks were left out. In a long text only
where that sentence draws a conclusion. Knows nothing of the other rules.
"""

from __future__ import annotations

import re

from playground.judging.amounts import in_steps
from playground.judging.passages import sentences_back
from playground.judging.qualified import plain_last
from playground.judging.readings import readings
from playground.judging.units import MULTIPLES, unit_of
from playground.judging.values import Several, is_value

SHORT_TEXT = 1000
MOST_SENTENCES = 4
LONGEST_LIST = 200
_NUMBER = re.compile(
    r"(?<![\w.,/^_{])(?:\d{4}-\d{2}-\d{2}|\d{1,2}[:h]\d{2}(?!\d)"
    r"|(?:US\$|R\$|[$€£¥])?\s?(?:(?<!\w)[-−+])?(?:US\$|R\$|[$€£¥])?\s?\d[\d.,]*"
    r"(?:\s?/\s?\d+)?(?:\s?[×x*]\s?10(?:\^\{?-?\d+\}?|[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)|[eE][-+]?\d+)?)"
)
_AFTER = re.compile(r"\s?(%|°[CF]?|[^\W\d_]+(?:[/^][\w]+|[²³])*)")
_MATHS = re.compile(
    r"\$\$(.+?)\$\$|\$([^$\s](?:[^$\n]*?[^$\s])?)\$(?!\d)|\\\((.+?)\\\)|\\\[(.+?)\\\]"
)
_CONCLUDES = re.compile(
    r"(?i:=|\b(?:so|therefore|thus|hence|total|result|portanto|logo|então|assim|ao todo|resultado)"
    r"\b|所以|因此|共)"
)
_THAN = re.compile(r"(?i:\b(?:than|do que|maior que|menor que)\b)")
_TELLS = re.compile(r":\s+|\s(?:is|are|é|são)\s")
_NAME = re.compile(r"(?<![\w-])[^\W\d_]\w+-\d\w*")  # Qwen3-4B, GPT-4: no number
_SINGLE = re.compile(r"[A-Za-z](?:_\{?\w\}?)?")
_SMALL_WORDS = "is are was were and or in on of to at e é são em de do da por com na no"
_WORDS = frozenset(_SMALL_WORDS.split())


def last_number(text: str) -> str | None:
    """The number or formula that the text ends with; null where there is none."""
    for count, sentence in enumerate(sentences_back(text)):
        if count >= MOST_SENTENCES:
            return None
        if found := _in_sentence(sentence):
            return found if len(text) <= SHORT_TEXT or _CONCLUDES.search(sentence) else None
    return None


def _in_sentence(sentence: str) -> str | None:
    sentence = sentence[-2000:]
    told = _TELLS.split(sentence)
    if len(told) > 1 and 0 < len(told[-1]) <= LONGEST_LIST and _is_list(told[-1]):
        return told[-1].strip(" .")
    formulas = list(_MATHS.finditer(sentence))
    blank = _MATHS.sub(_spaces, _NAME.sub(_spaces, sentence))
    numbers = [each for each in _NUMBER.finditer(blank) if re.search(r"\d", each.group())]
    if formulas and not (numbers and numbers[-1].start() > formulas[-1].start()):
        chosen = plain_last(sentence, [each.span() for each in formulas])
        if not isinstance(chosen, tuple):
            return chosen
        formula = next(each for each in formulas if each.span() == chosen)
        return _result(next(each for each in formula.groups() if each))
    if not numbers:
        return None
    than = _THAN.search(blank)
    if than and numbers[0].start() < than.start():
        numbers = numbers[:1]
    chosen = plain_last(sentence, _spans(numbers, blank))
    return blank[slice(*chosen)].strip() if isinstance(chosen, tuple) else chosen


def _spaces(found: re.Match[str]) -> str:
    return " " * len(found.group())


def _is_list(text: str) -> bool:
    first = readings(text)[0]
    return isinstance(first, Several) and is_value(first)


def _result(formula: str) -> str | None:
    """What a formula comes to: after the last equals sign, unless it says what one letter is."""
    formula = formula.strip().rstrip(".,")
    before, equals, after = formula.rpartition("=")
    if not equals or _SINGLE.fullmatch(before.strip()):
        return formula
    return after.strip() or None


def _spans(numbers: list[re.Match[str]], sentence: str) -> list[tuple[int, int]]:
    """Each number with its unit; "1 hour 30 minutes" is one."""
    spans: list[tuple[int, int]] = []
    for found in numbers:
        start, end = found.start(), _end(found, sentence)
        if spans and in_steps(sentence[spans[-1][0] : end].strip()):
            start = spans.pop()[0]
        spans.append((start, end))
    return spans


def _end(found: re.Match[str], sentence: str) -> int:
    """Where a number ends, with its unit."""
    end = found.start() + len(found.group().rstrip().rstrip(".,"))
    after = _AFTER.match(sentence, end)
    if after is None:
        return end
    word = after[1]
    last = not sentence[after.end() :].strip(" .!)*")
    known = unit_of(word) is not None or word.lower() in MULTIPLES
    return after.end() if known or (last and word.lower() not in _WORDS) else end
