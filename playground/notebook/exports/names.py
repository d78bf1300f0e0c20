"""Names of files for downloads: what every system takes, never empty."""

from __future__ import annotations

import re
import unicodedata

MOST_BYTES = 100
_UNSAFE = re.compile(r"[^\w.-]+")
# Names that Windows keeps for devices, whatever their extension.
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|\Z)", re.IGNORECASE)


def file_name(title: str, extension: str) -> str:
    """A file's name for a notebook of that title; letters of all scripts stay."""
    words = _UNSAFE.sub("-", unicodedata.normalize("NFC", title))
    short = words.encode("utf-8")[:MOST_BYTES].decode("utf-8", "ignore").strip("-._")
    if not short or _DEVICES.match(short):
        short = f"notebook-{short}".strip("-")
    return f"{short}.{extension}"
