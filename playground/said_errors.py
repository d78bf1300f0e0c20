"""What errors and notices say, in the language that is spoken: English as they were made,
Portuguese by a table of their texts.

Both are made in rooms that know no language, and results keep them as they were made, also in
files. So a message is known by its fixed words, and the values between them are put into the
Portuguese ones. Knows the table, no error's place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from playground.words import PORTUGUESE, number, spoken

PORTUGUESE_ERRORS: Mapping[str, str] = json.loads(
    (Path(__file__).parent / "portuguese_errors.json").read_text(encoding="utf-8")
)
"""English text to Portuguese text of whole messages and of our words within them; `{0}` is the
first value."""

MOST_CHARACTERS = 3000
# Messages within messages: ours are three deep, a visitor's text could be any.
DEEPEST = 6
_VALUE = re.compile(r"\{(\d+)\}")
_AMOUNT = re.compile(r"\d{1,3}(,\d{3})+|\d+\.\d GB")


def said(message: object) -> str:
    """An error's or notice's message, or the error itself, in the language that is spoken."""
    text = str(message)
    if spoken() == "en" or len(text) > MOST_CHARACTERS:
        return text
    return _in_portuguese(text)


@lru_cache(maxsize=256)
def _in_portuguese(text: str, depth: int = 0) -> str:
    def inner(value: str) -> str:
        return _in_portuguese(value, depth + 1) if depth < DEEPEST else value

    for fixed, portuguese in _TEMPLATES:
        values = _values(fixed, text)
        if values is not None:
            return _filled(portuguese, list(map(inner, values)))
    for fixed in _TAILS:
        if values := _values(("", *fixed), text):
            head = values[0]
            return inner(head) + inner(text[len(head) :])
    return number(text) if _AMOUNT.fullmatch(text) else PORTUGUESE.get(text, text)


def _filled(text: str, values: list[str]) -> str:
    return _VALUE.sub(lambda at: values[int(at[1])], text)


def _values(fixed: tuple[str, ...], text: str) -> list[str] | None:
    """What stands between the fixed words, each as short as can be; null where they are not all
    there, or something before or behind them."""
    first, *others = fixed
    if not text.startswith(first):
        return None
    if not others:
        return [] if text == first else None
    *between, last = others
    values, at = [], len(first)
    for words in between:
        found = text.find(words, at)
        if found < 0:
            return None
        values.append(text[at:found])
        at = found + len(words)
    end = len(text) - len(last)
    return [*values, text[at:end]] if at <= end and text.endswith(last) else None


def _fixed(english: str) -> tuple[str, ...]:
    return tuple(_VALUE.split(english)[::2])


_TEMPLATES = [
    (_fixed(english), PORTUGUESE_ERRORS[english])
    # The one with most fixed words first: where it fits, a shorter one may fit too.
    for english in sorted(PORTUGUESE_ERRORS, key=lambda text: -len("".join(_fixed(text))))
]
_TAILS = [_fixed(english) for english in PORTUGUESE_ERRORS if english.startswith(" ")]
"""What may follow a value at a message's end, where no fixed words tell the two apart."""
