"""What a final answer's text can mean: its readings, the likeliest first.

Bounded in length, so that no answer keeps it busy. Knows nothing of what is held against it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from playground.judging.amounts import amounts, formula
from playground.judging.cleaning import folded, plain
from playground.judging.json_values import NOTHING, read_json
from playground.judging.moments import moments
from playground.judging.syntax import Unreadable
from playground.judging.values import (
    Assigned,
    Brackets,
    Choice,
    Code,
    Data,
    Inequality,
    Known,
    Several,
    Value,
    Words,
)

LONGEST = 600
MOST_VALUES = 60
DEEPEST = 4
_KNOWN: dict[str, Known] = {
    **dict.fromkeys(("yes", "sim", "是"), Known("yes_no", True)),
    **dict.fromkeys(("no", "não", "否"), Known("yes_no", False)),
    **dict.fromkeys(("true", "verdadeiro", "verdadeira"), Known("true_false", True)),
    **dict.fromkeys(("false", "falso", "falsa"), Known("true_false", False)),
    **dict.fromkeys((r"\infty", r"+\infty", "∞", "+∞", "infinity"), Known("infinity", True)),
    **dict.fromkeys((r"-\infty", "-∞", "-infinity"), Known("infinity", False)),
}
_OPTION = re.compile(
    r"(?i:(?:the )?(?:option|choice|letter)|(?:a )?(?:letra|alternativa|opção))"
    r"\s*\(?([A-Ja-j])\)?(?:[).:]\s*(.+))?"
    r"|\(([A-Ja-j])\)\s*(.*)"
    r"|([A-Ja-j])\)\s*(.*)"
    r"|([A-J])[.:]\s+(.+)"
    r"|([A-Ja-e])",
    re.DOTALL,
)
_ANOTHER_OPTION = re.compile(r"^(?:and|or|e|ou|&|,)(?!\w)|\b[A-J]\)")
_CODE = re.compile(
    r"\n|^\s*(?:def|class|import|from|return|const|let|var|function|select|print)\b.*[(=;:*]", re.I
)
_ASSIGNED = re.compile(
    r"([A-Za-z](?:_\{?\w{1,3}\}?)?(?:\([A-Za-z]\))?)\s*(=|:=|\\in|∈)\s*(.+)", re.DOTALL
)
_JOINED = re.compile(
    r",?\s+(?:and|or|ou)\s+|(?<![-+*/=^]),?\s+e\s+(?![-+*/=^])|\s*(?:和|或)\s*|;\s*"
)
_OR = re.compile(r"\b(?:or|ou)\b|或")
_PIECES = re.compile(r",\s+")
_BRACKETS: dict[str, Brackets] = {
    "{}": "{}", "[]": "[]", "()": "()", "[)": "[)", "(]": "(]",
}  # fmt: skip
_SIGNS = {
    "<": "<", ">": ">", "≤": "<=", "≥": ">=", "<=": "<=", ">=": ">=",
    r"\le": "<=", r"\leq": "<=", r"\leqslant": "<=", r"\ge": ">=", r"\geq": ">=",
    r"\geqslant": ">=", r"\lt": "<", r"\gt": ">",
}  # fmt: skip
_SIGN = re.compile(r"\s*(<=|>=|[<>≤≥]|\\(?:leqslant|geqslant|leq|geq|le|ge|lt|gt)(?![A-Za-z]))\s*")
_PLUS_MINUS = re.compile(r"±|\\pm(?![A-Za-z])")
_SIGNED = re.compile(r"[\d\\^_{}=|<>+*/⊂⊆∈∪∩]|\w\(")
_CAPITAL_WITHIN = re.compile(r"[a-z][A-Z]")
_RANGE = re.compile(r"-?[\d.,]+(?:\s*[-–—]\s*[\d.,]+)+(?![\d./^*+(])[^\d]*")
# A remark that says nothing of the value: no "(rejected)", "(base 2)", "(at least)".
_REMARK = re.compile(
    r"([^()]{1,80}?)\s+\((?!(?i:or|ou|not|não|at|base|mod|min\w*|max\w*|if|se|when|quando|where|onde"
    r"|unless|bin\w+|hex\w*|oct\w+|reject\w*|incorrect|wrong|false|invalid|extraneous|discard\w*"
    r"|errad\w*|incorret\w*|descart\w*|rejeit\w*|mínimo|máximo|no|pelo)\b)([^()]{1,80})\)"
)
_DIGIT = re.compile(r"\d")
_NUMBER_IN_BRACKETS = re.compile(r"-?[\d.,]+\s+\(.*\)")  # "15 (3)" is no product


def readings(text: str) -> tuple[Value, ...]:
    """All that this text may mean; never empty."""
    data = read_json(text.strip()) if text.strip()[:1] in ("{", "[") else NOTHING
    if isinstance(data, dict) or (isinstance(data, list) and any(map(_nested, data))):
        return (Data(data),)
    if len(text) > LONGEST or (_CODE.search(text.strip()) and not text.lstrip().startswith("$")):
        return (Code(text.strip("\n").rstrip()),)
    return tuple(dict.fromkeys(_readings(plain(text), 0))) or (Words(_words(text)),)


def _nested(item: object) -> bool:
    return isinstance(item, dict | list | bool) or item is None


def _readings(text: str, depth: int) -> Iterator[Value]:
    low = folded(text)
    words = Words(_words(text))
    if depth > DEEPEST:
        yield words
        return
    if known := _KNOWN.get(low):
        yield known
        return
    if found := moments(text):
        yield from found
        return
    if option := _option(text):
        yield option
        return
    if _NUMBER_IN_BRACKETS.fullmatch(text):
        remark = _REMARK.fullmatch(text)
        yield from (
            [words] if not remark or _DIGIT.search(remark[2]) else _readings(remark[1], depth)
        )
        return
    if _RANGE.fullmatch(text) and "/" not in text:
        yield words
    if _PLUS_MINUS.search(text):
        signs = (_PLUS_MINUS.sub(sign, text) for sign in ("+", "-"))
        yield from _of_parts("{}", [sign.replace("= +", "= ") for sign in signs], depth)
        return
    if inequality := _inequality(text):
        yield inequality
        return
    yield from _assigned(text, depth)
    single = [] if _has_pieces(text) else list(amounts(text))
    yield from single
    yield from _several(text, depth)
    if not single and (remark := _REMARK.fullmatch(text)):
        yield from _readings(remark[1], depth + 1)
    yield words


def _words(text: str) -> str:
    """For comparing words; in signs and formulas case means something: CO is not Co."""
    signs = _SIGNED.search(text) or _CAPITAL_WITHIN.search(text) or len(text) < 3
    return " ".join(text.split()) if signs else folded(text)


def _option(text: str) -> Choice | None:
    found = _OPTION.fullmatch(text)
    if found is None:
        return None
    letter, *beside = (group for group in found.groups() if group is not None)
    if beside and _ANOTHER_OPTION.search(beside[0]):
        return None
    return Choice(letter.upper(), beside[0] if beside else "")


def _assigned(text: str, depth: int) -> Iterator[Value]:
    found = _ASSIGNED.fullmatch(text)
    if found and not _JOINED.search(text) and not _PIECES.search(_unbracketed(text)):
        for value in _readings(found[3], depth + 1):
            if isinstance(value, Words):
                continue
            # To be one of a set's is to be these; to lie in an interval is another thing.
            is_it = found[2] in ("=", ":=") or (
                isinstance(value, Several) and value.brackets == "{}"
            )
            yield Assigned(found[1] if is_it else f"{found[1]}∈", value)


def _unbracketed(text: str) -> str:
    """The text without what stands in brackets."""
    before = None
    while before != text:
        before = text
        text = re.sub(r"[(\[{][^()\[\]{}]*[)\]}]", "", text)
    return text


def _has_pieces(text: str) -> bool:
    """Whether it is in brackets with a comma inside: no decimal number is."""
    return text[:1] in ("(", "[", "{") and "," in text and _closes_at_end(text)


def _several(text: str, depth: int) -> Iterator[Value]:
    brackets = _BRACKETS.get(text[:1] + text[-1:])
    if brackets and len(text) > 2 and _closes_at_end(text):
        inside = text[1:-1]
        pieces = _split(inside, (";",) if ";" in inside else (", ",) if ", " in inside else (",",))
        if len(pieces) > 1 or brackets in ("{}", "[]"):
            yield from _of_parts(brackets, pieces, depth)
        return
    joined = [each for each in _JOINED.split(text) if each] if _JOINED.search(text) else [text]
    pieces = [piece for each in joined for piece in _split(each, (", ",))]
    if len(pieces) == 1 and " " not in text:
        pieces = _split(text, (",",))
    if len(pieces) > 1:
        yield from _of_parts("bare", pieces, depth, _OR.search(text) is not None)


def _closes_at_end(text: str) -> bool:
    depth = 0
    for index, character in enumerate(text):
        depth += (character in "([{") - (character in ")]}")
        if depth == 0:
            return index == len(text) - 1
    return False


def _split(text: str, separators: tuple[str, ...]) -> list[str]:
    """Pieces between separators that stand in no brackets."""
    pieces, depth, start, at = [], 0, 0, 0
    while at < len(text):
        depth += (text[at] in "([{") - (text[at] in ")]}")
        separator = next((each for each in separators if text.startswith(each, at)), None)
        if separator and depth == 0:
            pieces.append(text[start:at].strip())
            start = at = at + len(separator)
        else:
            at += 1
    return [*pieces, text[start:].strip()]


def _of_parts(
    brackets: Brackets, pieces: list[str], depth: int, either: bool = False
) -> Iterator[Value]:
    if not 1 <= len(pieces) <= MOST_VALUES or not all(pieces):
        return
    values = [next(iter(_readings(piece, depth + 1))) for piece in pieces]
    # "x = 1, 2": what stands beside is the same variable's.
    first = values[0]
    if isinstance(first, Assigned) and not any(isinstance(each, Assigned) for each in values[1:]):
        values = [first, *(Assigned(first.name, each) for each in values[1:])]
    yield Several(brackets, tuple(values), either)


def _inequality(text: str) -> Inequality | None:
    pieces = _SIGN.split(text)
    if not 3 <= len(pieces) <= 7:
        return None
    signs = [_SIGNS[sign] for sign in pieces[1::2]]
    try:
        trees = [formula(piece) for piece in pieces[::2]]
    except Unreadable:
        return None
    if all(sign[0] == ">" for sign in signs):
        trees.reverse()
        signs = [sign.replace(">", "<") for sign in reversed(signs)]
    return Inequality(tuple(signs), tuple(trees))
