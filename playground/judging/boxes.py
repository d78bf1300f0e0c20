"""What an answer puts into a box, with what stands around the box and belongs to it.

The last box counts, or those that are joined to it, or one of each part of a question; of
`x > \\boxed{5}` and `\\boxed{5}` million the box alone would be another value. Knows no other rule.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from playground.judging.amounts import in_steps, unit_end
from playground.judging.cleaning import plain
from playground.judging.passages import PART
from playground.judging.qualified import is_doubted, plain_last, qualified

_MOST = 20
_BOX = re.compile(r"\\(?:boxed|fbox)\s*(?=\{|(\w))")
_BETWEEN = re.compile(
    r"[$\s]*(?:,|;|(?:,?\s*\\q?quad)+|and|or|e|ou|\\text\{ ?(?:and|or|e|ou) ?\})"
    r"(?:\\q?quad|[$\s\w=]){0,12}"
)
# The next line of a list, or of numbered parts: $x = [4]$, then - $y = [-1]$.
_NEXT_LINE = re.compile(
    r"[$\s.,;]*\n\s*(?:[-*•]|\(?\w{1,2}[.)]|q\d{1,2}\W)\s*[$\s\w=:]{0,16}", re.IGNORECASE
)
_ENDS = re.compile(
    r"[.!?]\s|\b(?:so|therefore|thus|hence|but|wait|actually|no|logo|portanto)\b", re.I
)
_AND = re.compile(r"\b(?:and|while|e|enquanto)\b|;|和", re.IGNORECASE)
_FORMULA = re.compile(r"\$\$.*?\$\$|\$[^$\n]*\$|\\\(.*?\\\)|\\\[.*?\\\]", re.DOTALL)
_DELIMITERS = re.compile(r"^(?:\$\$?|\\\(|\\\[)|(?:\$\$?|\\\)|\\\])$")
# Directly before a box in its formula: then the box is only a piece of the value.
_GOES_ON_BEFORE = re.compile(
    r"(?:[-−+<>≤≥≠√^*/(\[{:\d]|\\not=|\\(?:le|ge|leq|geq|ne|neq|lt|gt|pm|cdot|times|sqrt))\s*$"
)
_NOTHING_BEHIND = re.compile(
    r"\\(?:quad|qquad|checkmark|blacksquare|square|end\{[a-z*]+\}|[,;!: ])|[\s.,;&\\]"
)
_TEXT_BEHIND = re.compile(r"(?:\\[,;: ]|\s)*\\(?:text|mathrm)\{([^{}\d]+)\}[\s.,]*")
_FORMULA_END = re.compile(r"(?:\s*(?:\$\$?|\\\)|\\\]))?")
_MINUS = re.compile(r"(?<![\w)}$-])[-−]$")


@dataclass(frozen=True, slots=True)
class _Box:
    start: int
    end: int
    content: str


def boxed(text: str) -> str | None:
    """The boxed answer; null without a box that is closed."""
    boxes = _boxes(text)
    if not boxes:
        return None
    if parts := _by_part(text, boxes):
        return ", ".join(parts)
    if steps := _in_steps(text, boxes):
        return steps
    joined = [boxes[-1]]
    for before in reversed(boxes[:-1]):
        if not _belong_together(text, before, joined[0]):
            break
        joined.insert(0, before)
    if len(joined) > 1:
        return ", ".join(box.content for box in joined)
    boxes = [box for box in boxes if not is_doubted(text, box.start, box.end)] or boxes
    chosen = plain_last(text, [(box.start, box.end) for box in boxes])
    if isinstance(chosen, str):
        return chosen
    last = next((box for box in boxes if chosen == (box.start, box.end)), boxes[-1])
    return _with_surroundings(text, last)


def _belong_together(text: str, one: _Box, next_one: _Box) -> bool:
    """Whether two boxes tell two results: side by side, in one sentence, or in lines of a list."""
    between = text[one.end : next_one.start]
    if _BETWEEN.fullmatch(between) or _NEXT_LINE.fullmatch(between):
        return True
    sentence = "\n" not in between and not _ENDS.search(between) and _AND.search(between)
    plain_ones = not any(qualified(text, box.start, box.end) for box in (one, next_one))
    return bool(sentence) and plain_ones


def _boxes(text: str) -> list[_Box]:
    """The last ones, without those inside another."""
    found = []
    for box in list(_BOX.finditer(text))[-_MOST:]:
        if box[1]:
            found.append(_Box(box.start(), box.end() + 1, box[1]))
        elif (end := _closing(text, box.end())) is not None:
            found.append(_Box(box.start(), end + 1, text[box.end() + 1 : end]))
    return found


def _closing(text: str, opening: int) -> int | None:
    depth = 0
    for at in range(opening, min(len(text), opening + 2000)):
        if text[at] in "{}" and text[at - 1] != "\\":
            depth += 1 if text[at] == "{" else -1
            if depth == 0:
                return at
    return None


def _by_part(text: str, boxes: Sequence[_Box]) -> list[str]:
    """One box for each part (a), (b) … of the answer, where it has such parts."""
    by_label: dict[str, str] = {}
    for box in boxes:
        line = text[text.rfind("\n", 0, box.start) + 1 : box.start]
        if label := PART.match(line):
            by_label[next(filter(None, label.groups())).lower()] = box.content
    return list(by_label.values()) if len(by_label) > 1 else []


def _in_steps(text: str, boxes: Sequence[_Box]) -> str | None:
    """Boxes that tell one amount together: [3] hours and [20] minutes."""
    end = boxes[-1].end
    unit = unit_end(text, _FORMULA_END.match(text, end).end())  # type: ignore[union-attr]
    for box in boxes[:-1]:
        told = plain(text[box.start : unit].replace("$", " "))
        if unit > end and in_steps(told):
            return told
    return None


def _with_surroundings(text: str, box: _Box) -> str:
    """The box with the rest of its formula where that changes the value, and with its unit."""
    formula = _around(text, box)
    if formula is None:
        minus = "-" if _MINUS.search(text[: box.start]) else ""
        return f"{minus}{box.content}{text[box.end : unit_end(text, box.end)]}"
    before = _DELIMITERS.sub("", text[formula.start : box.start].strip())
    behind = _DELIMITERS.sub("", text[box.end : formula.end].strip())
    counted = _TEXT_BEHIND.fullmatch(behind)
    if counted and not _GOES_ON_BEFORE.search(before):
        return f"{box.content} {counted[1].strip()}"
    unit = text[formula.end : unit_end(text, formula.end)]
    if _GOES_ON_BEFORE.search(before) or _NOTHING_BEHIND.sub("", behind):
        return f"{formula.content}{unit}"
    minus = "-" if _MINUS.search(text[: formula.start]) else ""
    return f"{minus}{box.content}{unit}"


def _around(text: str, box: _Box) -> _Box | None:
    """The formula that the box stands in."""
    from_here = max(0, box.start - 2000)
    for found in _FORMULA.finditer(text, from_here, min(len(text), box.end + 500)):
        if found.start() <= box.start and found.end() >= box.end:
            return _Box(found.start(), found.end(), found.group())
    return None
