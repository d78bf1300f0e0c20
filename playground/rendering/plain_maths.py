"""LaTeX as one line of plain text, where there is no room for formulas: `\\frac{5}{2}` is 5/2.

What has no plain form (a matrix) stays as its source. Knows nothing of answers or lanes.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from typing import Final
from xml.etree.ElementTree import Element

from markdown_it import MarkdownIt

from playground.rendering.maths import SOURCE_LIMIT, maths_plugin, to_tree

_FINDER: Final = MarkdownIt("zero").use(maths_plugin)
# Without dollars only these make a text LaTeX: a path or a program may have any backslash.
_BARE = re.compile(
    r"\\(?:[dt]?frac|sqrt|cdot|times|div|pm|pi|theta|infty|circ|leq?|geq?|neq?|approx|cup|cap"
    r"|pmod|quad|left[(\[\\]|in(?= )|to(?= ))(?![a-zA-Z])"
    r"|\\(?:text|mathrm|mathbb)\{|(?<=\d)\\[,;!%]"
)
_PATH = re.compile(r"[A-Za-z]:\\|\\\\")
_SPACED = frozenset("=<>≤≥≠≈≡∈∉⊂⊆∪∩→⇒+−-±×÷⋅·*∣")
_SIGNS = frozenset("+−-±")
_OPENING = frozenset("([{|")
_FUNCTION = re.compile(r"[a-z]{2,}[₀-₉]*")
_ONE = re.compile(r"[+−-]?(?:[\d.,]+|\w|√\w)|\([^()]*\)")
_SUPERSCRIPTS = str.maketrans("0123456789+−-()nᵢ∘′", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾ⁿⁱ°′")
_SUBSCRIPTS = str.maketrans("0123456789+−-()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₍₎")


class _NoPlainForm(Exception):
    """A formula that one line of text cannot say."""


def plain_maths(text: str) -> str:
    """The text with its formulas as plain text; of a long one, those at its beginning."""
    if "$" not in text and "\\" not in text:
        return text
    return _with_formulas(text[:SOURCE_LIMIT]) + text[SOURCE_LIMIT:]


@lru_cache(maxsize=16_384)
def _with_formulas(text: str) -> str:
    tokens = _FINDER.parseInline(text)[0].children or []
    if not any(token.type == "maths" for token in tokens):
        return _formula(text) if _BARE.search(text) and not _PATH.match(text) else text
    return "".join(
        _formula(token.content, token.markup) if token.type == "maths" else token.content
        for token in tokens
    )


def _formula(latex: str, source: str | None = None) -> str:
    tree = to_tree(latex, display=False)
    if tree is None:
        return latex if source is None else source
    try:
        return " ".join(_said(tree).split())
    except _NoPlainForm:
        return latex if source is None else source


def _said(element: Element) -> str:
    parts = [_said(child) for child in element]
    match element.tag:
        case "mi" | "mn" | "mo" | "mtext":
            return unescape(element.text or "").replace("\xa0", " ")
        case "mspace":
            return " "
        case "mfrac":
            return f"{_whole(parts[0])}/{_whole(parts[1])}"
        case "msqrt":
            return f"√{_whole(''.join(parts))}"
        case "mroot":
            return f"{_raised(parts[1])}√{_whole(parts[0])}"
        case "msup":
            return (f"({parts[0]})" if "/" in parts[0] else parts[0]) + _raised(parts[1])
        case "msub":
            return parts[0] + _lowered(parts[1])
        case "msubsup":
            return parts[0] + _lowered(parts[1]) + _raised(parts[2])
        case "math" | "mrow" | "mstyle" | "mpadded":
            return _row([(_kind(child), part) for child, part in zip(element, parts, strict=True)])
        case _:
            raise _NoPlainForm(element.tag)


def _kind(element: Element) -> str:
    """What it is, whatever it is wrapped in."""
    while element.tag in ("mrow", "mstyle", "mpadded") and len(element) == 1:
        if unescape(element[0].text or "") == ",":
            return "comma"  # of 1{,}000
        element = element[0]
    text = unescape(element.text or "")
    return "mo" if element.tag == "mi" and text in _SPACED else element.tag


def _row(parts: list[tuple[str, str]]) -> str:
    """Side by side, operators between two terms with space around them; two terms never so that
    they read as another number."""
    line, last = "", "mo"
    for place, (kind, part) in enumerate(parts):
        following = parts[place + 1] if place + 1 < len(parts) else ("mo", ")")
        before = line.rstrip()[-1:]
        first = not before or before in _OPENING or before in _SPACED or before in ",;:"
        if kind == "mo" and part in _SPACED and not (part in _SIGNS and first):
            part = f" {part} "
        elif kind == "mo" and part in (",", ";") and place + 1 < len(parts):
            part = f"{part} "
        elif kind in ("mi", "mo", "msub") and _FUNCTION.fullmatch(part):
            part = f"{part} " if _is_term(following) and following[1] != "(" else part
            part = part if last == "mo" else f" {part}"
        elif kind == "mfrac" and (_is_term(following) or last not in ("mn", "mo", "mspace")):
            part = f"({part})"
        elif last == "mn" and kind in ("mn", "mfrac"):
            part = f" {part}"
        elif kind in ("msqrt", "mroot") and _is_term(following):
            part = f"{part} "
        line, last = line + part, kind
    return line


def _is_term(following: tuple[str, str]) -> bool:
    kind, part = following
    if kind == "mo":
        return part in ("(", "[", "{", "!")
    return kind not in ("mspace", "mtext") and part.strip()[:1] not in ("", ",", "%", ")")


def _whole(text: str) -> str:
    """In parentheses where it is more than one thing."""
    plain = text.strip()
    return plain if _ONE.fullmatch(plain) else f"({plain})"


def _raised(text: str) -> str:
    raised = text.strip().translate(_SUPERSCRIPTS)
    return raised if not set(raised) & set(text) - {"′"} else f"^{_whole(text)}"


def _lowered(text: str) -> str:
    lowered = text.strip().translate(_SUBSCRIPTS)
    if not set(lowered) & set(text):
        return lowered
    return f"_{text}" if text.isalnum() else f"_({text})"
