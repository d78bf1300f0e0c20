"""What text may enter at all: whatever every engine, file and page can encode.

Knows no request and no model.
"""

from __future__ import annotations

from playground.domain.errors import BadRequest


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
