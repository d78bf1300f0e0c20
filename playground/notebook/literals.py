"""Python literals that a person can read and edit, and that mean exactly the value they came from.

Knows Python's syntax; knows nothing of prompts and notebooks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

WIDTH = 88
_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
# Invisible, but part of how words and emoji of some languages are written.
_KEPT = "\u3000\u200c\u200d"
_UNPLAIN = re.compile(r"[^\n -\[\]-~]")
_QUOTES = re.compile(r'"{3,}|"+\Z')
_WORD = re.compile(r"\s*\S+\s*|\s+")


def literal(value: object, indent: int = 0) -> str:
    """JSON-ready data as a Python literal: on one line where it fits, else an entry a line."""
    if isinstance(value, str):
        return quoted(value)
    line = one_line(value)
    if not isinstance(value, list | dict) or not value or indent + len(line) <= WIDTH:
        return line
    inner, pad = indent + 4, " " * indent
    if isinstance(value, dict):
        entries = [f"{quoted(key)}: {literal(item, inner)}" for key, item in value.items()]
        opening, closing = "{", "}"
    else:
        entries = [literal(item, inner) for item in value]
        opening, closing = "[", "]"
    lines = "".join(f"{pad}    {entry},\n" for entry in entries)
    return f"{opening}\n{lines}{pad}{closing}"


def one_line(value: object) -> str:
    """The literal on one line, however long."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{quoted(k)}: {one_line(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(one_line, value)) + "]"
    return repr(value)


def quoted(text: str) -> str:
    """Text in double quotes, on one line."""
    return '"' + "".join(_written(character, '"\n') for character in text) + '"'


def prompt_literal(text: str, indent: int) -> str:
    """A prompt: lines as lines, a long line as words in several strings, formulas unescaped."""
    raw = "\\" in text and _is_raw(text)
    if "\n" in text:
        return f'r"""{text}"""' if raw and '"""' not in text else _triple_quoted(text)
    if indent + len(text) + 4 <= WIDTH:
        return f'r"{text}"' if raw and '"' not in text else quoted(text)
    return f"\n{' ' * indent}".join(map(quoted, _pieces(text, WIDTH - indent - 3)))


def _is_raw(text: str) -> bool:
    """Whether the text may stand in a raw string's quotes as it is."""
    return text[-1] not in '"\\' and all(c in "\\\n" or _written(c, "") == c for c in text)


def _triple_quoted(text: str) -> str:
    body = _UNPLAIN.sub(lambda found: _written(found[0], ""), text)
    body = _QUOTES.sub(lambda found: '\\"' * len(found[0]), body)
    return f'"""{body}"""'


def _pieces(text: str, width: int) -> Iterator[str]:
    """The text in pieces of whole words."""
    piece = ""
    for word in _WORD.findall(text):
        if piece and len(piece) + len(word) > width:
            yield piece
            piece = ""
        piece += word
    yield piece


def _written(character: str, escaped: str) -> str:
    """A character as it stands in a string; `escaped` are those that only this string must."""
    if character in escaped:
        return _ESCAPES.get(character, f"\\{character}")
    if character == "\n" or (character.isprintable() and character != "\\") or character in _KEPT:
        return character
    if character in _ESCAPES:
        return _ESCAPES[character]
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
