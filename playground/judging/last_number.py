"""The last number of an answer, with its sign, money sign, unit or percent sign, or last formula.

Looks in the last sentence that has any, from which remarks were left out. In a long text only
where that sentence draws a conclusion. Knows nothing of the other rules.
"""

from __future__ import annotations

import re

from playground.judging.amounts import in_steps, is_unit, unit_end
from playground.judging.passages import sentences_back
from playground.judging.qualified import plain_last, qualified
from playground.judging.readings import readings
from playground.judging.telling import is_apart, tells
from playground.judging.values import Several, is_value

SHORT_TEXT = 1000
MOST_SENTENCES = 4
LONGEST_LIST = 200
MOST_NUMBERS = 20
_MONTH = (
    r"(?:jan|feb|fev|mar|apr|abr|may|mai|jun|jul|aug|ago|sep|set|oct|out|nov|dec|dez)[a-zç]{0,7}\.?"
)
_NUMBER = re.compile(
    r"(?<![\w.,/^_{])(?:\d{4}-\d{2}-\d{2}|\d+(?:\s?:\s?\d+)+|\d{1,2}h\d{2}(?!\d)"
    rf"|\d{{1,2}}(?:st|nd|rd|th|º)?\s(?:de\s|of\s)?(?i:{_MONTH})(?:,?\s(?:de\s)?\d{{4}})?"
    rf"|(?i:{_MONTH})\s\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s\d{{4}})?|\d{{1,2}}/\d{{1,2}}/\d{{4}}"
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
_SIDE = re.compile(
    r"(?:\s+[^\W\d_]+){0,3},?\s+(?:to|in|from|for|out\s+of|at|because|since|after|when|em|para|por"
    r"|pois|porque|quando)\b",
    re.IGNORECASE,
)
_THAN = re.compile(r"(?i:\b(?:than|do que|maior que|menor que)\b)")
_TELLS = re.compile(r":\s+|\s(?:is|are|é|são)\s")
_NAME = re.compile(r"(?<![\w-])[^\W\d_]\w+-\d\w*")  # Qwen3-4B, GPT-4: no number
_SINGLE = re.compile(r"[A-Za-z](?:_\{?\w\}?)?")
_SMALL_WORDS = "is are was were and or in on of to at e é são em de do da por com na no"
_WORDS = frozenset(_SMALL_WORDS.split())
_TAIL = 4000
_ABOUT = re.compile(r"\s*≈\s*(?=[\d$.])|,?\s+(?:because|since|pois|porque|já que)\b", re.IGNORECASE)
_SEVERAL = re.compile(
    r"(?:[,;]|\\q?quad|\\text\{[^{}]*\}|\\\\)\s*(?:\\q?quad\s*)?[A-Za-z](?:_\{?\w\}?)?\s*="
)
_ABOUT_IN_FORMULA = re.compile(r"\s*(?:≈|\\approx)\s*")
_JOINED = re.compile(r"\b(?:and|or|e|ou)\s*$", re.IGNORECASE)
_WORKS_OUT = re.compile(r"\\(?:int|lim|sum|prod|frac\{d)")
_NAMES = re.compile(r"\(\s*[A-Za-z](?:\s*,\s*[A-Za-z])+\s*\)")
_JOINS = re.compile(r"\s*(?:,?\s*(?:and|or|e|ou|和|或)|[,，])\s*", re.IGNORECASE)
_SAYS = re.compile(r"[=<>≤≥]|\\(?:le|leq|ge|geq|lt|gt|in)(?![a-zA-Z])|∈")
_EQUATION = re.compile(r"((?:[\d.,^+*/()²³ −-]|(?<![A-Za-z])[A-Za-z](?![A-Za-z]))+)([=<>≤≥])\s*$")
_COMMAND = re.compile(r"\\(?:text|mathrm|mathbf|operatorname)\s*\{[^{}]*\}|\\[A-Za-z]+")
_SINGLE_LETTER = re.compile(r"(?<![A-Za-z])[A-DF-HJ-Za-df-hj-z](?![A-Za-z])")  # e, i: numbers
_FUNCTION = re.compile(r"[A-Za-z]['’]*(?:_\{?\w+\}?)?(?:\(.*\)|\[.*\])?")
_RESULT_LINE = re.compile(
    r"\s*(?:[-*+•]\s+|\(?\w{1,3}[.)]\s+|part\b)?\W{0,3}(?:[^:=\n]{1,40}[:=]\W{0,4})?"
    r"[-−+$€£¥*_\\(R]{0,6}\d[^\s]*(?:\s+[^\W\d]+)?[\s.*_$]*",
    re.IGNORECASE,
)


def last_number(text: str) -> str | None:
    """The number or formula that the text ends with; null where there is none, or where the last
    one is not told as a plain result of its own."""
    if _is_list_of_results(text):
        return None
    for count, sentence in enumerate(sentences_back(text)):
        if count >= MOST_SENTENCES:
            return None
        found = _in_sentence(sentence)
        if found is not None:
            plain = len(text) <= SHORT_TEXT or _CONCLUDES.search(sentence)
            return found if found and plain else None
    return None


def _is_list_of_results(text: str) -> bool:
    """Whether it ends with a list of several results: none of them is the answer alone."""
    lines = [line for line in text[-_TAIL:].split("\n") if line.strip()][-2:]
    return len(lines) > 1 and all(map(_RESULT_LINE.fullmatch, lines))


def _in_sentence(sentence: str) -> str | None:
    """The number that it tells; empty where it has some but tells none; null without any."""
    sentence = _exactly(sentence[-2000:])
    told = _TELLS.split(sentence)
    if len(told) > 1 and 0 < len(told[-1]) <= LONGEST_LIST and _is_list(told[-1]):
        return told[-1].strip(" .")
    formulas = list(_MATHS.finditer(sentence))
    blank = _MATHS.sub(_spaces, _NAME.sub(_spaces, sentence))
    numbers = [each for each in _NUMBER.finditer(blank) if re.search(r"\d", each.group())]
    if formulas and not (numbers and numbers[-1].start() > formulas[-1].start()):
        return _told_formula(sentence, formulas)
    if not numbers:
        return None
    than = _THAN.search(blank)
    if than and numbers[0].start() < than.start():
        numbers = numbers[:1]
    spans = _spans(numbers[-MOST_NUMBERS:], blank)
    if (equation := _equation(sentence, *spans[-1])) is not None:
        return equation
    chosen = plain_last(sentence, spans)
    if not isinstance(chosen, tuple):
        return chosen
    start, end = chosen
    start += len(blank[start:end]) - len(blank[start:end].lstrip())
    if not than and not tells(sentence, spans, (start, end)):
        # The one that is told, where the others stand in what is said about it.
        only = [each for each in spans if tells(sentence, spans, each)]
        if len(only) != 1 or qualified(sentence, *only[0]) or not _SIDE.match(sentence, only[0][1]):
            return ""
        start, end = only[0]
    return blank[start:end].strip()


def _exactly(sentence: str) -> str:
    """The sentence up to where it says what its value is about, or why: 1/6 ≈ 0.167."""
    about = _ABOUT.search(sentence)
    before = sentence[: about.start()] if about else sentence
    return before if before.count("$") % 2 == 0 and re.search(r"[\d$]", before) else sentence


def _told_formula(sentence: str, formulas: list[re.Match[str]]) -> str | None:
    first = last = formulas[-1]
    for before in reversed(formulas[:-1]):
        if not _JOINS.fullmatch(sentence[before.end() : first.start()]):
            break
        first = before
    if first is not last:  # $x < -3$ or $x > 3$
        return "" if is_apart(sentence, first.start()) else sentence[first.start() : last.end()]
    chosen = plain_last(sentence, [each.span() for each in formulas])
    if not isinstance(chosen, tuple):
        return chosen
    last = next(each for each in formulas if each.span() == chosen)
    formula = next(each for each in last.groups() if each).strip().rstrip(".,")
    says = _SAYS.search(formula) is not None
    if says and is_apart(sentence, last.start()):
        return ""
    if not says and not tells(sentence, [each.span() for each in formulas], chosen):
        return ""
    result = result_of(formula)
    end = unit_end(sentence, last.end())
    return result and result + sentence[last.end() : end]


def _equation(sentence: str, start: int, end: int) -> str | None:
    """All of an equation or relation with letters that a number ends: 2x + 3y = 6; empty where
    another one is joined to it; null where there is none, or it says what one letter is."""
    before = sentence[max(0, start - 200) : start]
    found = _EQUATION.search(before)
    if found is None or not _SINGLE_LETTER.search(found[1]):
        return None
    left = found[1].strip(" ,.")
    if found[2] == "=" and (not _has_variables(left) or _SINGLE.fullmatch(left)):
        return None
    if _JOINED.search(before[: found.start()]):
        return ""
    return f"{found.group()}{sentence[start:end]}".strip(" ,.")


def _spaces(found: re.Match[str]) -> str:
    return " " * len(found.group())


def _is_list(text: str) -> bool:
    first = readings(text)[0]
    return isinstance(first, Several) and is_value(first)


def result_of(formula: str) -> str | None:
    """What a formula comes to: after the last equals sign, unless it says what letters are."""
    if _SEVERAL.search(formula):
        return formula  # x = 2 or x = 3
    exactly = _ABOUT_IN_FORMULA.split(formula)[0]
    formula = exactly if re.search(r"\d", exactly) else formula
    before, equals, after = formula.rpartition("=")
    if not equals or _SINGLE.fullmatch(before.strip()):
        return formula
    first = formula.partition("=")[0].strip()
    named = _NAMES.fullmatch(first) or _WORKS_OUT.search(first)
    if first == before.strip() and not named and _has_variables(first):
        return formula  # of a circle or a line
    return after.strip() or None


def _has_variables(left: str) -> bool:
    """Whether a side of an equation has letters of its own, and is no function's name."""
    plain = _COMMAND.sub(" ", left)
    return _SINGLE_LETTER.search(plain) is not None and not _FUNCTION.fullmatch(plain.strip())


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
    return after.end() if is_unit(word) or (last and word.lower() not in _WORDS) else end
