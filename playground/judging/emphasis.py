"""What an answer sets in bold as its result: in its last line that has any, labels aside.

Knows Markdown's bold; knows nothing of the other rules.
"""

from __future__ import annotations

import re
from itertools import takewhile

from playground.judging.amounts import unit_end
from playground.judging.cleaning import plain
from playground.judging.last_number import last_number
from playground.judging.passages import PART, on_one_line
from playground.judging.qualified import glued, qualified
from playground.judging.readings import readings
from playground.judging.telling import told_beside
from playground.judging.values import is_value

LONGEST = 160
SHORT_TEXT = 1200
LONGEST_LINE = 4000
_BOLD = re.compile(r"(?<![\w*])(\*\*|__)(?=\S)((?:(?!\1).)+?)(?<=\S)\1(?![\w*])")
_AND = re.compile(
    r"\s*(?:,|;|，)?\s*(?:(?:and|or|e|ou|y|&|和|或)\b[^.*:]{0,24})?\s*", re.IGNORECASE
)
_THAN = re.compile(r"\b(?:than|do que|maior que|menor que|not|não|instead of)\b", re.IGNORECASE)
_ASIDE = re.compile(r"\b(?:which|attained|occurs?|occurring|reached)\b", re.IGNORECASE)
_LABEL_LINE = re.compile(r"\s*(?:#+|[-*+•]|\d{1,2}[.)])\s+$")
_REMARK = re.compile(r"[\s>]*\**(?:note|nota|observação|obs|tip|dica|why|por quê)\b", re.IGNORECASE)
_SAYS = re.compile(r"[^\s$=].{2,}=|\b(?:is|are|equals|é|são)\b", re.IGNORECASE)
_NUMBER = re.compile(r"^\W{0,4}\d[\d.,]*\W{0,2}$")
_LABEL = re.compile(r"[^\W\d][^:=\d]{0,30}[:=]\s*([^:=]+)")
_LABELLED = re.compile(
    r"(?:[-*•]\s+)?(?!(?i:\W*(?:final|answer|resp)))[^\W\d][^*:=\n]{0,30}[:=]\s*\*\*[^*]+\*\*\.?"
)
_VALUE = re.compile(r"\d|\$|\\\(")


def emphasized(text: str, after_code: bool = False) -> str | None:
    """The bold result; after a code block, only one in the last line that looks like a value."""
    lines = [line for line in on_one_line(text).split("\n") if line.strip()]
    if several := _line_by_line(lines):
        return several
    for place, line in enumerate(reversed(lines)):
        if after_code and place > 0:
            return None
        if found := _in_line(line, place == 0):
            if len(text) > SHORT_TEXT and place > 5 and not _VALUE.search(found):
                return None
            return None if after_code and not _VALUE.search(found) else found
    return None


def _line_by_line(lines: list[str]) -> str | None:
    """The results of the parts (a), (b) …, or of lines at the end that are each one bold value."""
    parts = [line for line in lines if PART.match(line) and _BOLD.search(line)]
    if len(parts) > 1:
        return ", ".join(list(_BOLD.finditer(line))[-1][2] for line in parts)
    labelled = list(takewhile(_LABELLED.fullmatch, map(str.strip, reversed(lines))))
    if len(labelled) > 1:  # mean: 5, median: 4; none of them is the answer alone
        return "; ".join(plain(line) for line in reversed(labelled))[:LONGEST]
    values: list[str] = []
    for line in reversed(lines):
        found = _BOLD.fullmatch(line.strip())
        if found is None or not is_value(readings(found[2])[0]):
            break
        values.insert(0, found[2])
    return ", ".join(values) if len(values) > 1 else None


def _in_line(line: str, last: bool) -> str | None:
    if _REMARK.match(line):
        return None
    line = line[-LONGEST_LINE:]
    spans = [found for found in _BOLD.finditer(line) if not _is_label(found, line, last)]
    if not spans:
        return None
    found = joined(spans, line)
    if found == spans[-1][2]:
        span = spans[-1].span()
        if words := qualified(line, *span) or (_NUMBER.search(found) and glued(line, *span)):
            return words
        if several := told_beside(line, [each.span() for each in spans], span):
            return ", ".join(line[slice(*each)].strip("*_") for each in [*several, span])
        found += line[span[1] : unit_end(line, span[1])]
    sentence = _SAYS.search(found) or (len(found.split()) > 3 and re.search(r"\d", found))
    if len(spans) > 1 or not sentence or is_value(readings(found)[0]):
        labelled = _LABEL.fullmatch(found)
        return labelled[1] if labelled and is_value(readings(labelled[1])[0]) else found
    number = last_number(found)
    return found if number is None or found.startswith(number) else number


def joined(spans: list[re.Match[str]], line: str) -> str:
    """Bold pieces with "and" between them are one; else the last, or the first that is more "than"
    another."""
    start = len(spans) - 1
    while start > 0:
        between = line[spans[start - 1].end() : spans[start].start()]
        if _THAN.search(between) or _ASIDE.search(between):
            return spans[start - 1][2]
        if not between.strip() or not _AND.fullmatch(between):
            break
        start -= 1
    pieces = [spans[start][2]]
    for before, after in zip(spans[start:], spans[start + 1 :], strict=False):
        pieces += [line[before.end() : after.start()], after[2]]
    return "".join(pieces)


def bold_in(text: str) -> str | None:
    """What is bold in a piece of a line, labels aside."""
    spans = [found for found in _BOLD.finditer(text) if not _is_label(found, text)]
    return joined(spans, text) if spans else None


def _is_label(found: re.Match[str], line: str, last: bool = True) -> bool:
    content, after = found[2].rstrip(), line[found.end() :].lstrip()
    if (
        content.endswith((":", "?", "："))
        or after.startswith((":", "："))
        or len(content) > LONGEST
    ):
        return True
    if found.group() == line.strip() and not last and not _VALUE.search(content):
        return True  # a heading
    # A list's item that begins in bold.
    return bool(_LABEL_LINE.match(line[: found.start()])) and not _VALUE.search(content)
