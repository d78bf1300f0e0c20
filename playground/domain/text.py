"""What text may enter at all (whatever every engine, file and page can encode), and how it goes
into Markdown as text.

Knows no request and no model.
"""

from __future__ import annotations

import re

from playground.domain.errors import BadRequest

_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+!|~$&])")


def check_text(name: str, text: object) -> str:
    """`text` if every engine can encode it. Raises BadRequest: no string, or lone surrogates."""
    if not isinstance(text, str):
        raise BadRequest(f"{name} is {text!r}, but must be a string. Send text.")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as exc:
        raise BadRequest(
            f"{name} has a character that is not valid Unicode ({text[exc.start]!r} at position"
            f" {exc.start}). Remove it."
        ) from exc
    return text


def cut(text: str, most: int) -> str:
    """One line of a text, at most so many characters; where more was there it ends with `…`."""
    start = text.lstrip()
    line = " ".join(start[: 8 * most].split())
    whole = len(line) <= most and len(start) <= 8 * most
    return line if whole else f"{line[: most - 1]}…"


def as_markdown_text(words: str) -> str:
    """Words that Markdown shows as they are, on one line."""
    return _MARKUP.sub(r"\\\1", " ".join(words.split()))
