"""A formula's signs, numbers, names and functions, one after the other, plain or LaTeX.

What is no part of a formula is unreadable: words are, letters side by side in one are a product.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal


class Unreadable(Exception):
    """This is no formula that can be read, or none that can be worked out within bounds."""


_FUNCTION_NAMES = """
    sqrt sin cos tan sec csc cot arcsin arccos arctan sinh cosh tanh ln exp abs factorial
"""
FUNCTIONS = frozenset(_FUNCTION_NAMES.split())
_ALIASES = {"asin": "arcsin", "acos": "arccos", "atan": "arctan", "sen": "sin", "tg": "tan"}
_COMMANDS = {
    "cdot": "*", "times": "*", "ast": "*", "div": "/", "lbrace": "{", "rbrace": "}",
    "lvert": "|", "rvert": "|", "vert": "|",
}  # fmt: skip
_SIGNS = {"×": "*", "·": "*", "∙": "*", "÷": "/", "π": "pi", "√": "sqrt", "–": "-", "**": "^"}
_GREEK_NAMES = """
    alpha beta gamma delta epsilon theta lambda mu nu rho sigma tau phi varphi psi omega
"""
_GREEK = frozenset(_GREEK_NAMES.split())
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?(?:[eE][-+]?\d+(?![\w.]))?|\.\d+)"
    r"|\\(?P<command>[A-Za-z]+)"
    r"|(?P<word>[A-Za-z]+)"
    r"|(?P<sign>\*\*|[-+*/^!(){}\[\]|_×·∙÷π√–]))"
)


@dataclass(frozen=True, slots=True)
class Token:
    """One of them; its kind tells a command that takes arguments from a name."""

    kind: Literal["number", "name", "function", "sign", "command"]
    text: str


def tokens_of(text: str) -> list[Token]:
    """The tokens of a formula. Raises Unreadable."""
    tokens: list[Token] = []
    at = 0
    text = text.rstrip()
    computes = re.search(r"[\d\\^*/+=]", text) is not None
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise Unreadable
        at = found.end()
        tokens += _made(found, computes)
    return tokens


def _made(found: re.Match[str], computes: bool) -> list[Token]:
    match found.lastgroup:
        case "number":
            return [Token("number", found["number"])]
        case "command":
            return [_command(found["command"])]
        case "word":
            return _word(found["word"], computes, found.group()[0].isspace() or found.start() == 0)
    sign = _SIGNS.get(found["sign"], found["sign"])
    kind: Literal["name", "function", "sign"] = (
        "name" if sign == "pi" else "function" if sign == "sqrt" else "sign"
    )
    return [Token(kind, sign)]


def _command(name: str) -> Token:
    name = _ALIASES.get(name, name)
    if name in _COMMANDS:
        return Token("sign", _COMMANDS[name])
    if name in ("frac", "dfrac", "tfrac", "cfrac", "log"):
        return Token("command", "log" if name == "log" else "frac")
    if name in FUNCTIONS:
        return Token("function", name)
    if name == "pi" or name in _GREEK:
        return Token("name", name)
    raise Unreadable


def _word(word: str, computes: bool, apart: bool) -> list[Token]:
    word = _ALIASES.get(word, word)
    if word in FUNCTIONS:
        return [Token("function", word)]
    if word == "pi":
        return [Token("name", "pi")]
    # Letters side by side are a product in a formula, but a word in a sentence.
    if len(word) > 1 and (not computes or apart or len(word) > 3):
        raise Unreadable
    return [Token("name", letter) for letter in word]
