"""An answer's piece of text without its dress: Markdown, LaTeX delimiters and commands, quotes.

What is left is plain text that the readings take apart. Knows no values.
"""

from __future__ import annotations

import re
import unicodedata

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ⁿ", "0123456789-+n")
_SUPERSCRIPT_RUN = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ⁿ]+")
_VULGAR = {"½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅛": "1/8"}
_VULGAR_FRACTION = re.compile(f"(\\d?)\\s?([{''.join(_VULGAR)}])")
_CHARACTERS = str.maketrans(
    {
        **{chr(0xFF01 + offset): chr(0x21 + offset) for offset in range(94)},
        **dict.fromkeys("−﹣", "-"),
        **dict.fromkeys("“”„«»", '"'),
        **dict.fromkeys("‘’", "'"),
        **dict.fromkeys("\u00a0\u202f\u2009\u3000\u2007", " "),
        "、": ", ",
        "，": ", ",
        "。": ".",
        "º": "°",
        "∕": "/",
        "⁄": "/",
    }
)
_MATHS = re.compile(
    r"\$\$(.+?)\$\$|\$([^$\s](?:[^$]*[^$\s])?)\$(?!\d)|\\\((.+?)\\\)|\\\[(.+?)\\\]", re.S
)
_EMPHASIS = re.compile(r"(?<!\w)(\*\*\*|\*\*|__|\*|`)(?=\S)([^*`]+?)(?<=\S)\1(?!\w)")
_WRAPPING = re.compile(
    r"\\(?:text|textbf|textit|mathrm|mathbf|mathit|mathsf|operatorname|boxed|fbox|mbox)\s*"
    r"\{([^{}]*)\}"
)
_SPACING = re.compile(r"\\(?:[,;:! ]|quad\b|qquad\b|displaystyle\b|left\b|right\b|big\b|Big\b)")
_GROUPING = re.compile(r"(?<=\d)(?:\{,\}|\\,)(?=\d{3})")
_ENDS = " \t\r\n.;✓✔✅🎉😊"
_EXCLAIMED = re.compile(r"(?<=[^\W\d]{2})!+$")  # n! is no exclamation
_QUOTES = ('"', "'")


def plain(text: str) -> str:
    """The text without what only dresses it; LaTeX commands that mean something stay."""
    text = unicodedata.normalize("NFC", text).replace("{,}", ",")
    text = _GROUPING.sub(",", text)
    text = text.translate(_CHARACTERS).replace(r"\$", "\ue000").replace(r"\%", "%")
    text = _MATHS.sub(lambda found: next(each for each in found.groups() if each), text)
    for _ in range(3):
        text = _WRAPPING.sub(r"\1", _EMPHASIS.sub(r"\2", text))
    text = _SPACING.sub(" ", text).replace(r"\{", "{").replace(r"\}", "}").replace("\ue000", "$")
    text = re.sub(r"\^\s*\{?\s*\\circ\s*\}?", "°", text).replace(r"\circ", "°")
    text = _VULGAR_FRACTION.sub(_vulgar, text)
    text = _SUPERSCRIPT_RUN.sub(lambda run: f"^({run.group().translate(_SUPERSCRIPTS)})", text)
    return unquoted(" ".join(text.split()))


def _vulgar(found: re.Match[str]) -> str:
    fraction = _VULGAR[found[2]]
    return f"{found[1]} {fraction}" if found[1] else fraction


def unquoted(text: str) -> str:
    """Without quotes around it and without a sentence's end."""
    before = None
    while text != before:
        before = text
        text = text.strip()
        if not text.endswith(("...", "…")):  # 0.333... is not 0.333
            text = _EXCLAIMED.sub("", text.rstrip(_ENDS)).rstrip()
        if len(text) > 1 and text[0] in _QUOTES and text[-1] == text[0]:
            text = text[1:-1]
    return text


def folded(text: str) -> str:
    """For comparing words: no case, quotes, or white space that matters."""
    return " ".join(text.casefold().split())
