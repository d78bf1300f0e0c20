"""The final answer of an answer's text, by stated rules in a stated order of precedence.

Reads the answer alone, never a trace. Knows nothing of prompts or of what is expected.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from playground.judging.boxes import boxed
from playground.judging.cleaning import plain
from playground.judging.emphasis import emphasized
from playground.judging.finals import FinalAnswer, Rule
from playground.judging.kept import kept_for_short_texts
from playground.judging.last_number import last_number
from playground.judging.passages import code_blocks, without_code
from playground.judging.readings import readings
from playground.judging.stated import option, stated
from playground.judging.values import Choice, is_value
from playground.results.value import Result, visible

__all__ = ["FinalAnswer", "Rule", "final_answer", "final_answer_of"]

LONGEST = 200_000
LONGEST_WHOLE = 80
LONGEST_YES_NO = 400
WHOLE_ENDINGS = ("end_of_turn", "stop_string")
"""How a run ends whose answer is all there."""
_YES_NO = re.compile(
    r"\s*(?!no\.\s*\d)(yes|no|sim|não|true|false|verdadeiro|falso)\s*[,.;:!—–]"
    r"(?!\.\.)(?!\s*(?:but|if|only|unless|except|mas|se|só|exceto)\b)",
    re.I,
)
_FIELD = re.compile(
    r'"(?:final[_ ]?answer|answer|resposta(?:[_ ]final)?|答案)"\s*:\s*', re.IGNORECASE
)


def final_answer(text: str) -> FinalAnswer | None:
    """What this answer comes down to; null where none of the rules finds anything."""
    return _extracted(text, True)


def final_answer_of(result: Result) -> FinalAnswer | None:
    """The final answer of a run. One that was cut off has one only where it is closed by a box or
    a field: its last number need not be its last."""
    if result.phase != "ended":
        return None
    return _extracted(result.output.answer, result.ending in WHOLE_ENDINGS)


@kept_for_short_texts
def _extracted(text: str, whole: bool) -> FinalAnswer | None:
    if not visible(text) or len(text) > LONGEST:
        return None
    for rule, found_in in _RULES.items() if whole else _CLOSED.items():
        found = found_in(text)
        if found is not None and found.strip():
            return FinalAnswer(found if rule == "code" else found.strip(), rule)
    return None


def _field(text: str) -> str | None:
    """The last "answer" of an object that is closed, or of a line."""
    for found in reversed(list(_FIELD.finditer(text))[-20:]):
        try:
            value, end = json.JSONDecoder().raw_decode(text, found.end())
        except (ValueError, RecursionError):
            continue
        return value if isinstance(value, str) else text[found.end() : end]
    return None


def _json(text: str) -> str | None:
    blocks = [content for language, content in code_blocks(text) if language in ("json", "")]
    whole = text.strip()
    for each in [whole, *blocks] if len(blocks) <= 1 else [whole]:
        if each[:1] + each[-1:] in ("{}", "[]"):
            try:
                json.loads(each)
            except (ValueError, RecursionError):
                continue
            return each
    return None


def _code(text: str) -> str | None:
    """The longest block: what comes after a program is how to call it."""
    contents = [content for _, content in code_blocks(text)]
    return max(contents, key=len, default=None)


def _bold(text: str) -> str | None:
    return emphasized(without_code(text), after_code=bool(code_blocks(text)))


def _value(text: str) -> str | None:
    """All of a short answer that is one value by itself."""
    text = text.strip()
    if len(text) > LONGEST_WHOLE or "\n" in text:
        return None
    return text if is_value(readings(text)[0]) else None


def _whole(text: str) -> str | None:
    text = text.strip()
    return text if len(text) <= LONGEST_WHOLE and "\n" not in text and plain(text) else None


def _option(text: str) -> str | None:
    whole = _value(without_code(text))
    if whole is not None and isinstance(readings(whole)[0], Choice):
        return whole
    return option(without_code(text))


def _yes_no(text: str) -> str | None:
    """The first word of a short answer, where it is a yes or no that stands by itself."""
    found = _YES_NO.match(text) if len(text) <= LONGEST_YES_NO else None
    return found and found[1]


def _number(text: str) -> str | None:
    return None if code_blocks(text) else last_number(text)


_CLOSED: dict[Rule, Callable[[str], str | None]] = {"boxed": boxed, "json_field": _field}
_RULES: dict[Rule, Callable[[str], str | None]] = {
    **_CLOSED,
    "stated": lambda text: stated(without_code(text)),
    "json": _json,
    "option": _option,
    "bold": _bold,
    "yes_no": _yes_no,
    "code": _code,
    "whole": lambda text: _value(text) or (None if last_number(text) else _whole(text)),
    "number": _number,
}
