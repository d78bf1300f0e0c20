"""The languages of the page: English as it stands in the code, Portuguese (Brazil) from one table.

`say` looks a text up and fills in its values; the page's own script has the same table. Which
language is spoken is set for each answer to a visitor. Knows no page and no visitor.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Literal

Language = Literal["en", "pt-BR"]

PORTUGUESE: Mapping[str, str] = json.loads(
    (Path(__file__).parent / "portuguese.json").read_text(encoding="utf-8")
)
"""English text to Portuguese text; names in braces stand for values in both."""

_spoken: ContextVar[Language] = ContextVar("spoken", default="en")
_SEPARATORS = str.maketrans(",.", ".,")


def say(text: str, /, **values: object) -> str:
    """`text` in the language that is spoken, `{name}` replaced by the value of that name."""
    template = PORTUGUESE.get(text, text) if _spoken.get() == "pt-BR" else text
    return template.format_map(values) if values else template


def number(text: str) -> str:
    """A number in English digits, "1,482.5", as it is written in the language that is spoken."""
    return text.translate(_SEPARATORS) if _spoken.get() == "pt-BR" else text


def whole(value: float) -> int:
    """The nearest whole number, a half rounded up as people do, below zero down: 94.5 is 95."""
    exact = round(value, 9)  # 14.499999999999998 was 14.5
    return int(math.copysign(math.floor(abs(exact) + 0.5), exact))


_UNITS = (("GB", 10**9, 1), ("MB", 10**6, 0), ("kB", 10**3, 0))


def size(size_bytes: float) -> str:
    """An amount of data, in decimal units as hubs and disks count: "8.0 GB", "512 MB", "9 kB"."""
    for unit, unit_bytes, digits in _UNITS:
        if size_bytes >= unit_bytes:
            return number(f"{size_bytes / unit_bytes:,.{digits}f} {unit}")
    return f"{size_bytes:.0f} bytes"


def rounded(size_bytes: float) -> int:
    """The bytes that `size` shows of an amount: a sum of such adds up as it is read."""
    for _, unit_bytes, digits in _UNITS:
        if size_bytes >= unit_bytes:
            return round(round(size_bytes / unit_bytes, digits) * unit_bytes)
    return round(size_bytes)


def device_name(device: str) -> str:
    """A device as torch calls it, as a reader knows it."""
    return "CPU" if device == "cpu" else device


def spoken() -> Language:
    """The language that is spoken, for whoever must speak it later."""
    return _spoken.get()


def speak(language: Language) -> None:
    """Speak this language from now on: for a handler whose context ends with it."""
    _spoken.set(language)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Speak this language inside the block."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def preferred(accept_language: str) -> Language:
    """The language for a browser's Accept-Language header: the first that is spoken here."""
    for part in accept_language.split(","):
        tag = part.partition(";")[0].strip().lower()
        if tag.startswith("pt"):
            return "pt-BR"
        if tag.startswith("en"):
            return "en"
    return "en"
