"""LaTeX in Markdown: the rules that find it, and its way to MathML that can do no harm.

Found are `$…$`, `$$…$$`, `\\(…\\)` and `\\[…\\]`; a price is left alone. The converter's output is
not trusted: its tree is rebuilt from a list of allowed elements and attributes. What cannot be
converted stays as its source text. Knows nothing of cells or lanes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape, unescape
from xml.etree.ElementTree import Element

from latex2mathml.converter import convert_to_element
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

SOURCE_LIMIT = 4000
INLINE_LIMIT = 1000
LINE_LIMIT = 200
_DEPTH_LIMIT = 40

_ELEMENT_NAMES = """
    math mrow mi mn mo mtext mspace mfrac msqrt mroot msub msup msubsup munder mover munderover
    mmultiscripts mprescripts none mtable mtr mtd mstyle mpadded mphantom menclose merror
"""
_ATTRIBUTE_NAMES = """
    display mathvariant stretchy fence form separator largeop movablelimits symmetric accent
    accentunder columnalign columnlines columnspacing rowlines rowspacing linethickness notation
    minsize maxsize lspace rspace width height depth voffset displaystyle scriptlevel
    mathcolor mathbackground
"""
_ELEMENTS = frozenset(_ELEMENT_NAMES.split())
_ATTRIBUTES = frozenset(_ATTRIBUTE_NAMES.split())
_ATTRIBUTE_VALUE = re.compile(r"[\w#%+., -]{0,60}")
# Definitions could make a short source expand without end.
_DEFINITION = re.compile(r"\\(?:(?:re)?new|def|let|Declare|provide)")
_NESTING = re.compile(r"(?<!\\)[{}]|\\(?:begin|end|left|right)(?![a-zA-Z])")
# What follows a price up to the next dollar has words in it.
_WORD = re.compile(r"(?<![\\{A-Za-z])[A-Za-z]{2,}[ ,;:]")
_WORDS = re.compile(r"(?<![\\{A-Za-z])[A-Za-z]{2,}[ ,;:]+[A-Za-z]{2,}")


def maths_plugin(md: MarkdownIt) -> None:
    """Teach a parser the four ways to write maths."""
    md.inline.ruler.before("escape", "maths", _inline_rule)
    md.block.ruler.before(
        "fence", "maths_block", _block_rule, {"alt": ["paragraph", "blockquote", "list"]}
    )
    md.add_render_rule("maths", _render)
    md.add_render_rule("maths_block", _render)


def to_mathml(latex: str, display: bool) -> str | None:
    """MathML of a LaTeX source; null when it cannot be converted."""
    root = to_tree(latex, display)
    try:
        return None if root is None else "".join(_safe(root, 0))
    except ValueError:
        return None


def to_tree(latex: str, display: bool) -> Element | None:
    """The converter's tree, which is not to be trusted; null where there is none."""
    if len(latex) > SOURCE_LIMIT or _DEFINITION.search(latex) or _depth(latex) > _DEPTH_LIMIT:
        return None
    try:
        tree: Element = convert_to_element(latex, display="block" if display else "inline")
    except Exception:
        # The converter raises whatever its parsing runs into; the source is shown instead.
        return None
    return tree


def _depth(latex: str) -> int:
    depth = deepest = 0
    for found in _NESTING.finditer(latex):
        depth += 1 if found.group() in ("{", r"\begin", r"\left") else -1
        deepest = max(deepest, depth)
    return deepest


def _safe(element: Element, depth: int) -> Iterable[str]:
    if element.tag not in _ELEMENTS or depth > 4 * _DEPTH_LIMIT:
        raise ValueError(f"{element.tag!r} is not allowed in maths")
    yield f"<{element.tag}"
    for name, value in element.attrib.items():
        if name in _ATTRIBUTES and _ATTRIBUTE_VALUE.fullmatch(value):
            yield f' {name}="{escape(value)}"'
    yield ">" + _text(element.text)
    for child in element:
        yield from _safe(child, depth + 1)
        yield _text(child.tail)
    yield f"</{element.tag}>"


def _text(text: str | None) -> str:
    # The converter writes characters as entities.
    return escape(unescape(text or ""))


def _render(_self: object, tokens: object, index: int, _options: object, _env: object) -> str:
    token = tokens[index]  # type: ignore[index]
    mathml = to_mathml(token.content, token.meta["display"])
    if token.type == "maths":
        return mathml or f'<code class="maths">{escape(token.markup)}</code>'
    if mathml:
        return f'<div class="maths">{mathml}</div>\n'
    return f'<pre class="maths"><code>{escape(token.markup)}</code></pre>\n'


_CLOSING = {"$$": "$$", r"\[": r"\]", r"\(": r"\)"}


def _inline_rule(state: StateInline, silent: bool) -> bool:
    source, start = state.src, state.pos
    opening = source[start : start + 2]
    if opening in _CLOSING:
        end = source.find(_CLOSING[opening], start + 2, min(state.posMax, start + SOURCE_LIMIT))
        first, after = start + 2, end + 2
    elif source[start] == "$":
        end = _closing_dollar(source, start, state.posMax)
        first, after = start + 1, end + 1
    else:
        return False
    if end < 0 or not source[first:end].strip():
        return False
    if not silent:
        token = state.push("maths", "", 0)
        token.content, token.markup = source[first:end].strip(), source[start:after]
        token.meta = {"display": opening in ("$$", r"\[")}
    state.pos = after
    return True


def _closing_dollar(source: str, start: int, limit: int) -> int:
    """Where a single dollar's maths ends; -1 when it is a price or the like."""
    if start and source[start - 1].isalnum():
        return -1
    limit = min(limit, start + INLINE_LIMIT)
    end = source.find("$", start + 1, limit)
    while end > 0 and source[end - 1] == "\\":
        end = source.find("$", end + 1, limit)
    content = source[start + 1 : end]
    if content[:1].isdigit() and _WORD.search(content):
        return -1
    if end < 0 or content != content.strip() or not content or _WORDS.search(content):
        return -1
    return -1 if source[end + 1 : end + 2].isalnum() else end


def _block_rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Maths that begins and ends with a line, has no blank line in it, and is at most so long.

    So a following blank line settles what it is; `GrowingMarkdown` relies on that.
    """
    if state.is_code_block(start):
        return False
    begin = state.bMarks[start] + state.tShift[start]
    opening = state.src[begin : begin + 2]
    if opening not in ("$$", r"\["):
        return False
    closing = _CLOSING[opening]
    for line in range(start, min(end, start + LINE_LIMIT)):
        left = state.bMarks[line] + state.tShift[line]
        right = state.eMarks[line]
        if left >= right or state.sCount[line] < state.blkIndent:
            return False
        found = state.src.find(closing, left + 2 if line == start else left, right)
        if found < 0:
            continue
        if state.src[found + 2 : right].strip():
            return False
        if not silent:
            token = state.push("maths_block", "", 0)
            token.markup = state.getLines(start, line + 1, state.blkIndent, False).strip()
            token.content = token.markup[2:-2].strip()
            token.meta, token.map, token.block = {"display": True}, [start, line + 1], True
        state.line = line + 1
        return True
    return False
