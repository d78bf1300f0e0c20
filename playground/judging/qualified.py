"""What is said around a piece of a sentence that makes it no plain answer: "not 5", "at least 5",
"3 to 5", "5 is wrong". Such a piece is taken with these words, so that it equals no plain 5.

Knows English and Portuguese, and the Chinese for bounds; knows nothing of numbers and rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

LONGEST = 80
_AROUND = 300
# Where another statement begins: what was said before it is not about what follows.
_BOUNDARY = re.compile(
    r"[,;:.!?()=—]\s|\n|。|，|\b(?:so|therefore|thus|hence|but|instead|because|mas|logo|portanto"
    r"|então|sim|porque|pois)\b",
    re.IGNORECASE,
)
_NOT = (
    r"(?:\b(?:not|never|cannot|neither|nor|whether|não|nunca|jamais|nem)\b|\w{2,8}n['’]t\b"
    r"|不是|并非|不)"
)
_NOT_BEFORE = re.compile(rf"{_NOT}(?!\s+(?:only|just|só|apenas)\b)(?:\s+[^\s\d]+){{0,4}}\s*$", re.I)
_DOUBT = re.compile(
    rf"{_NOT}\s+(?:\w+\s+){{0,2}}?(?:think|believe|say|claim|sure|certain|know|mean|true|case"
    r"|agree|acho|acredito|sei|verdade|certeza)\b",
    re.IGNORECASE,
)
_NOT_AFTER = re.compile(
    r"\s*(?:(?:is|are|was|were|would\s+be|é|são|está)\s+(?:an?\s+)?|,\s*which\s+is\s+)?"
    r"(?:(?:not|não)(?!\s+[\d$*])\b|wrong\b|incorrect\b|false\b|errad|incorret|fals[oa]\b)"
    r"|\s*(?:isn|aren|wasn|weren|won|can|doesn|don)['’]t\b|\s*[不错]",
    re.IGNORECASE,
)
_BOUND = re.compile(
    r"(?:\b(?:at\s+least|at\s+most|(?:(?:no|not)\s+)?(?:more|less|fewer|greater|larger|smaller)\s+than"
    r"|over|under|above|below|beyond|exceeding|a\s+minimum\s+of|a\s+maximum\s+of"
    r"|(?<!add\s)(?<!adds\s)(?<!sum\s)(?<!sums\s)(?<!round\s)(?<!rounded\s)(?<!rounds\s)(?<!comes\s)up\s+to"
    r"|pelo\s+menos|ao\s+menos|no\s+mínimo|no\s+máximo|(?:mais|menos|maior|menor)\s+(?:de|que|do\s+que)"
    r"|até|acima\s+de|abaixo\s+de)|至少|至多|最多|最少|超过|不到|多于|少于)\s*(?:US\$|R\$|[$€£¥])?\s*$",
    re.IGNORECASE,
)
_NUMBER = r"[-−]?(?:US\$|R\$|[$€£¥])?\s?\d[\d.,]*(?:\s?%)?"
_RANGE = re.compile(
    rf"(?:\b(?:between|entre)\s+{_NUMBER}(?:\s+\w+)?\s+(?:and|e)|\bde\s+{_NUMBER}(?:\s+\w+)?\s+a"
    rf"|(?:\bfrom\s+|\bde\s+)?{_NUMBER}\s+(?:to|or|ou|até)|(?<![\w.,+*/=-]){_NUMBER}\s?[–—-])\s*$",
    re.IGNORECASE,
)
_PIECE = re.compile(
    r"\b(?:except(?:\s+for)?|exceto|excluding|without|sem|other\s+than|instead\s+of|rather\s+than"
    r"|almost|nearly|quase|minus|menos|twice|double|triple"
    r"|(?:half|third|quarter|fifth|tenth|square|cube|root|log(?:arithm)?|ln|factorial|reciprocal"
    r"|inverse|opposite|negative|double|metade|terço|dobro|triplo|raiz(?:\s+\w+)?|quadrado|fatorial"
    r"|oposto|inverso)(?:\s+(?:of|de))?)\s*$",
    re.IGNORECASE,
)
_LURE = re.compile(
    r"\b(?:intuitive|obvious|tempting|na[iï]ve|mistakes?|by\s+mistake|incorrect|wrong|first\s+guess|at\s+first|seems"
    r"|(?:people|many|most|some|you|one|students?)(?:\s+\w+){0,2}\s+(?:say|think|guess|expect|believe|answer)"
    r"|(?:might|may|could)\s+(?:say|think|guess|expect)|intuitiv[ao]|óbvi[ao]|tentador\w*)\b",
    re.IGNORECASE,
)
_REFUTED = re.compile(
    r"[^.\n]{0,60}?\b(?:but|mas|however)\s+(?:that|this|it|isso|isto)\W{0,3}(?:s|is|é|está)?\s*"
    r"(?:wrong|incorrect|not|false|errad|incorret|fals)",
    re.IGNORECASE,
)
_GLUED_BEFORE = re.compile(r"(?:(?<=\S)\s*[/×·^√≥≤≠<>]|(?<!\w)[−–-]|~~|\d[.,])$")
_GLUED_AFTER = re.compile(r"\s*(?:[×·/^²³⁴⁵⁶⁷⁸⁹½¼¾?]|!(?=\s*[a-z])|\*\s?\d|~~|[.,]\d)")
_EMPHASIS = re.compile(r"\*{1,3}|__|`")


def qualified(sentence: str, start: int, end: int) -> str | None:
    """The piece from `start` to `end` with the words that make it no plain answer; null where it
    is one."""
    start = _first_sign(sentence, start)
    before, at = _before(sentence, start)
    for pattern in (_RANGE, _BOUND, _PIECE, _NOT_BEFORE):
        if found := pattern.search(before):
            return _said(sentence[at + found.start() : end])
    if found := _DOUBT.search(before):
        return _said(sentence[at + found.start() : end])
    after = _EMPHASIS.sub("", sentence[end : end + LONGEST]).lstrip("$")
    if found := _NOT_AFTER.match(after):
        clause = _BOUNDARY.split(after, maxsplit=1)[0]
        return _said(sentence[start:end] + clause)
    return None


def glued(line: str, start: int, end: int) -> str | None:
    """A bold number with what stands at it without a space and makes another value of it: the
    power of **5** × 10³, the sign of −**5**; null where there is nothing."""
    before, after = _GLUED_BEFORE.search(line, 0, start), _GLUED_AFTER.match(line, end)
    if not before and not after:
        return None
    first = line[max(0, start - 8) : start].split()[-1:] if before else []
    behind = line[end : end + 12] if after else ""
    return _said("".join([*first, line[start:end], behind]))


def is_doubted(text: str, start: int, end: int) -> bool:
    """Whether what is announced from `start` to `end` is not what the text holds true: "I don't
    think that the answer is", "the intuitive answer is … but that's wrong"."""
    before = _before(text, start)[0]
    lure = _LURE.search(before[-60:]) is not None
    return lure or _DOUBT.search(before) is not None or _REFUTED.match(text, end) is not None


def plain_last(sentence: str, spans: Iterable[tuple[int, int]]) -> tuple[int, int] | str | None:
    """The last of these pieces that is a plain answer, else the last one with its words; null
    without any."""
    said: str | None = None
    for start, end in reversed(list(spans)):
        words = qualified(sentence, start, end)
        if words is None:
            return start, end
        if _RANGE.search(_before(sentence, _first_sign(sentence, start))[0]):
            return words  # what stands before is its other end
        said = said or words
    return said


def _first_sign(sentence: str, start: int) -> int:
    return start + len(sentence[start:]) - len(sentence[start:].lstrip())


def _before(sentence: str, start: int) -> tuple[str, int]:
    """What stands in the clause before a place, and where that begins."""
    at = max(0, start - _AROUND)
    for found in _BOUNDARY.finditer(sentence, at, start):
        at = found.end()
    # Marks of bold would stand between the words; as spaces they keep the places.
    return _EMPHASIS.sub(lambda marks: " " * len(marks[0]), sentence[at:start]), at


def _said(text: str) -> str:
    return " ".join(_EMPHASIS.sub("", text).split())[:LONGEST].strip(" .")
