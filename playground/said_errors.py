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
_VALUE = re.compile(r"\{(\d+)\}")
_COUNT = re.compile(r"\d{1,3}(,\d{3})+")


def said(message: object) -> str:
    """An error's or notice's message, or the error itself, in the language that is spoken."""
    text = str(message)
    if spoken() == "en" or len(text) > MOST_CHARACTERS:
        return text
    return _in_portuguese(text)


@lru_cache(maxsize=256)
def _in_portuguese(text: str) -> str:
    for pattern, portuguese in _PATTERNS:
        if found := pattern.fullmatch(text):
            return _filled(portuguese, [_in_portuguese(value) for value in found.groups()])
    return number(text) if _COUNT.fullmatch(text) else PORTUGUESE.get(text, text)


def _filled(text: str, values: list[str]) -> str:
    return _VALUE.sub(lambda at: values[int(at[1])], text)


def _pattern(english: str) -> re.Pattern[str]:
    fixed = _VALUE.split(english)[::2]
    return re.compile("(.*?)".join(map(re.escape, fixed)), re.DOTALL)


_PATTERNS = [
    (_pattern(english), PORTUGUESE_ERRORS[english])
    # The one with most fixed words first: where it fits, a shorter one may fit too.
    for english in sorted(PORTUGUESE_ERRORS, key=lambda text: -len(_VALUE.sub("", text)))
]
