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
_WESTERN, _RUSSIAN = "cp1252", "cp1251"
# What is known for itself, and has the codes of Russian letters.
_LIKE_RUSSIAN = (_RUSSIAN, "koi8_r", "cp1253")
_WESTERN_SIGNS = frozenset("àáâãäåæçèéêëìíîïñòóôõöøùúûüÿßœ“”‘’„‚–—…•«»‹›°ºª©®™€£§·¿¡½¼¾²\xa0\xad")
_RUSSIAN_SIGNS = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюя«»“”„’–—…№€\xa0")
_CANDIDATES = [
    _WESTERN,
    _RUSSIAN,
    *("cp1250", "cp1253", "cp1254", "koi8_r"),
    *("shift_jis", "euc_jp", "gb18030", "big5", "euc_kr"),
]
_WORD = re.compile(r"[^\W\d_]+")
_LETTER = re.compile("[A-Za-z]")
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
    sample = content[:SAMPLE_BYTES]
    try:
        content.decode("utf-8")
        return None
    except UnicodeDecodeError:
        if _is_western(sample):
            return _WESTERN
    best = from_bytes(sample, cp_isolation=_CANDIDATES).best()
    guess = None if best is None else best.encoding
    return _RUSSIAN if guess not in _LIKE_RUSSIAN and _is_russian(sample) else guess


def _is_western(sample: bytes) -> bool:
    """Whether it reads as Western European: few letters have accents, and stand among others.

    The same codes are letters of other alphabets, which make whole words. Short texts are too
    little for a guess by how often each letter comes.
    """
    text = sample.decode(_WESTERN, "replace").lower()
    if not _WESTERN_SIGNS.issuperset(sign for sign in set(text) if not sign.isascii()):
        return False
    words = _WORD.findall(text)
    others = [word for word in words if not _LETTER.search(word)]
    return len(others) < max(1, len(words)) and all(len(word) == 1 for word in others)


def _is_russian(sample: bytes) -> bool:
    """Whether its words are Russian letters throughout, in the case that words are written in."""
    text = sample.decode(_RUSSIAN, "replace")
    if not _RUSSIAN_SIGNS.issuperset(sign for sign in set(text.lower()) if not sign.isascii()):
        return False
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    natural = all(word.islower() or word.istitle() or word.isupper() for word in words)
    return natural and not any(map(_LETTER.search, words)) and max(map(len, words), default=0) > 1


def _is_binary(text: str) -> bool:
    sample = text[:SAMPLE_BYTES]
    return len(_CONTROLS.findall(sample)) > MOST_CONTROLS * len(sample)
