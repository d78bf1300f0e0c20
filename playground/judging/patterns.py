"""Regular expressions that people give: checked when given, bounded in time when used.

The standard library's cannot be stopped; a pattern that backtracks without end would stop the app.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from playground.domain.errors import BadRequest
from playground.judging.kept import kept_for_short_texts

LONGEST_PATTERN = 1000
LONGEST_TEXT = 200_000
TIMEOUT_S = 0.25


class BadPattern(Exception):
    """This is no regular expression, with the reason."""


def check_pattern(pattern: str) -> None:
    """Raises BadRequest for a pattern that cannot be used."""
    try:
        _compiled(pattern)
    except BadPattern as exc:
        raise BadRequest(
            f"expected.value is {pattern!r}, which is no regular expression: {exc}. Correct it."
        ) from exc


@kept_for_short_texts
def found_in(pattern: str, text: str) -> bool | None:
    """Whether the pattern is in the text; null where that takes too long. Raises BadPattern."""
    try:
        return _compiled(pattern).search(text[:LONGEST_TEXT], timeout=TIMEOUT_S) is not None
    except TimeoutError:
        return None


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> Any:
    import regex

    if len(pattern) > LONGEST_PATTERN:
        raise BadPattern(f"it has more than {LONGEST_PATTERN} characters")
    try:
        return regex.compile(pattern)
    except (regex.error, RecursionError, OverflowError, ValueError, MemoryError) as exc:
        raise BadPattern(str(exc)) from exc
