"""An answer's text in passages: its code blocks, the rest, its sentences from the last one back.

Knows Markdown's fences and where a sentence ends; knows nothing of answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_FENCE = re.compile(r" {0,3}(```+|~~~+)[ \t]*([\w+#.-]*)")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"')*]*\s+(?=[^\s\da-z])|(?<=[。！？])|\n+")
# Nothing in it may stand for white space in two ways: an open one would be searched for ever.
_DISPLAYED = re.compile(r"\$\$(.+?)\$\$|\\\[((?:(?!\\\[).)+?)\\\]", re.S)
_LIST_MARKER = re.compile(r"^\s*(?:[-*+•]|\d{1,2}[.)])\s+")
PART = re.compile(r"^[\s*_#>-]*(?:\(([a-h]|i{1,3}|iv|v)\)|part\s+\(?(\w)\)?|([a-h])[.)])", re.I)
"""A line's label of one part of a question: (a), Part 2, b)."""
_REMARK = re.compile(
    r"[\s>*_#-]*(?:note|check|to check|verif|remark|let me know|hope|if you|explanation|why\b|nota"
    r"|observa|verifica|conferindo|se precisar|se quiser|espero|explica|obs)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Parts:
    blocks: tuple[tuple[str, str], ...]
    around: str


def code_blocks(text: str) -> tuple[tuple[str, str], ...]:
    """Language and content of each fenced block; the last one may be open."""
    return _parts(text).blocks


def without_code(text: str) -> str:
    """The text around the blocks."""
    return _parts(text).around


@lru_cache(maxsize=8)
def _parts(text: str) -> _Parts:
    """Line by line, so that many fences take no longer than many lines."""
    blocks: list[tuple[str, list[str]]] = []
    around: list[str] = []
    fence = ""
    for line in text.split("\n"):
        found = _FENCE.match(line)
        if fence:
            if found and found[1].startswith(fence) and not line[found.end() :].strip():
                fence = ""
            else:
                blocks[-1][1].append(line)
        elif found:
            fence = found[1]
            blocks.append((found[2].lower(), []))
        else:
            around.append(line)
    contents = tuple((language, "\n".join(lines).rstrip()) for language, lines in blocks)
    return _Parts(contents, "\n".join(around))


def on_one_line(text: str) -> str:
    """Displayed formulas without the line breaks around and in them."""
    return _DISPLAYED.sub(lambda found: f"$${' '.join((found[1] or found[2]).split())}$$", text)


def sentences_back(text: str) -> Iterator[str]:
    """Sentences, the last one first, without list markers; remarks after an answer are left out."""
    for sentence in reversed(_SENTENCE_END.split(on_one_line(text))):
        if sentence and sentence.strip() and not _REMARK.match(sentence):
            yield _LIST_MARKER.sub("", sentence).strip()
