"""Bytes as text: by their byte order mark, as UTF-8, or as what they look like; null for no text.

Knows encodings; knows no file.
"""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

SAMPLE_BYTES = 200_000
MOST_CONTROLS = 0.01
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins with UTF-16's mark
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WESTERN = "cp1252"
_WESTERN_SIGNS = frozenset("àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿßœ“”‘’„‚–—…•«»‹›°ºª©®™€£§·¿¡½¼¾²\xa0\xad")
_CANDIDATES = [
    _WESTERN,
    *("cp1250", "cp1251", "cp1253", "cp1254", "koi8_r"),
    *("shift_jis", "euc_jp", "gb18030", "big5", "euc_kr"),
]
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def decoded(content: bytes) -> str | None:
    """The text that these bytes are; null where they are no text."""
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), None)
    if encoding is None and b"\0" in content:
        return None
    for candidate in (encoding,) if encoding else ("utf-8", _guessed(content)):
        try:
            text = content.decode(candidate) if candidate else None
        except UnicodeError:
            continue
        return None if text is None or _is_binary(text) else text
    return None


def _guessed(content: bytes) -> str | None:
    """The encoding that it looks like; null where it is UTF-8 or looks like none."""
    try:
        content.decode("utf-8")
        return None
    except UnicodeDecodeError:
        best = from_bytes(content[:SAMPLE_BYTES], cp_isolation=_CANDIDATES).best()
    if best is None:
        return None
    return _WESTERN if best.encoding == "cp1250" and _is_western(content) else best.encoding


def _is_western(content: bytes) -> bool:
    """Whether it reads as Western European: its letters have the codes of others further east."""
    try:
        text = content[:SAMPLE_BYTES].decode(_WESTERN)
    except UnicodeDecodeError:
        return False
    return all(sign in _WESTERN_SIGNS for sign in set(text.lower()) if not sign.isascii())


def _is_binary(text: str) -> bool:
    sample = text[:SAMPLE_BYTES]
    return len(_CONTROLS.findall(sample)) > MOST_CONTROLS * len(sample)
