"""Model text to HTML, on the server: CommonMark with tables, highlighted code and maths.

`render` does a whole text; `GrowingMarkdown` a text that is still being written. Nothing in the
text can become markup, script, style or a request: raw HTML is off, links go to http, https and
mailto only, images are links, highlighting is by classes. Link reference definitions are shown as
text (they could change blocks that are finished). Knows nothing of cells, lanes or Gradio.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from playground.rendering.maths import maths_plugin

MAX_NESTING = 60
HIGHLIGHT_LIMIT = 50_000
HEADING_SHIFT = 3
_LINK = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
_LANGUAGE = re.compile(r"[\w+#.-]{1,30}")
_FORMATTER = HtmlFormatter(nowrap=True)


def render(text: str, deeper: int = HEADING_SHIFT) -> list[str]:
    """The HTML of each top-level block; its headings stand so many levels deeper."""
    normal = _normal(text)
    lines = normal.split("\n")
    tokens = _PARSER.parse(normal, {"deeper": deeper})
    return [_render_block(block, lines) for block in _blocks(tokens)]


class GrowingMarkdown:
    """Markdown that is still being written: `blocks` is only ever appended to, `open` is the rest.

    After `finish`, `blocks` equals `render` of the whole text, however it was cut. The work is
    linear in the text: looking at the tail once more has to be earned by new text.
    """

    EARNED = 8
    """Characters that may be looked at again for each one that is appended."""

    def __init__(self) -> None:
        self.blocks: list[str] = []
        self._tail: list[str] = []
        self._held = ""
        self._line_is_blank = True
        self._blank_line_seen = False
        self._budget = 20_000
        self._length = 0

    @property
    def open(self) -> str:
        """The unfinished tail, as text."""
        self._tail = ["".join(self._tail)]
        return self._tail[0] + self._held

    def append(self, text: str) -> None:
        """Take more text in."""
        text = self._held + text
        # A carriage return may be the first half of a line's end.
        self._held = "\r" if text.endswith("\r") else ""
        text = _normal(text.removesuffix("\r"))
        self._tail.append(text)
        self._length += len(text)
        self._budget += self.EARNED * len(text)
        *ended, rest = text.split("\n")
        for piece in ended:
            self._blank_line_seen |= self._line_is_blank and _is_blank(piece)
            self._line_is_blank = True
        self._line_is_blank &= _is_blank(rest)
        if self._blank_line_seen and self._length <= self._budget:
            self._advance()

    def finish(self) -> None:
        """The text is complete: the tail becomes blocks."""
        self.blocks += render(self.open)
        self._tail, self._held, self._length = [], "", 0

    def _advance(self) -> None:
        self._budget -= self._length
        self._blank_line_seen = False
        lines = self.open.split("\n")
        last_blank = max(i for i, line in enumerate(lines[:-1]) if _is_blank(line))
        finished = _finished_lines("\n".join(lines[: last_blank + 1]) + "\n", last_blank + 1)
        if finished:
            self.blocks += render("\n".join(lines[:finished]) + "\n")
            self._tail = ["\n".join(lines[finished:]).removesuffix(self._held)]
            self._length = len(self._tail[0])


def _finished_lines(text: str, count: int) -> int:
    """How many of the `count` lines of `text`, the last one blank, no later line can change."""
    tokens: list[Token] = []
    _PARSER.block.parse(text, _PARSER, {}, tokens)
    tops = [token for token in tokens if token.level == 0 and token.nesting >= 0]
    if not tops:
        return count
    last = tops[-1]
    start, end = last.map or [0, count]
    grows = last.type in ("bullet_list_open", "ordered_list_open", "code_block")
    if grows or (last.type == "fence" and end >= count):
        return start
    return count


def _normal(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _is_blank(line: str) -> bool:
    return not line.strip(" \t")


def _blocks(tokens: list[Token]) -> Iterator[list[Token]]:
    block: list[Token] = []
    for token in tokens:
        block.append(token)
        if token.level == 0 and token.nesting <= 0:
            yield block
            block = []


def _render_block(tokens: list[Token], lines: list[str]) -> str:
    if any(token.nesting == 1 and token.level >= MAX_NESTING - 1 for token in tokens):
        # The parser drops what is nested deeper; show it as it was written.
        start, end = tokens[0].map or [0, len(lines)]
        html = f"<pre><code>{escape(chr(10).join(lines[start:end]))}</code></pre>\n"
    else:
        html = _PARSER.renderer.render(tokens, _PARSER.options, {})
    # A Gradio template would execute these; ours gets no model text, and this makes sure.
    return html.replace("${", "&#36;{").replace("{{", "&#123;&#123;")


def _make_safe(state: StateCore) -> None:
    """Headings below the page's own, links in a new tab, no inline styles."""
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + state.env['deeper'])}"
        alignment = token.attrs.pop("style", None)
        if alignment is not None:
            token.attrs["class"] = str(alignment).replace("text-align:", "align-")
        linked = 0
        for child in token.children or ():
            linked += child.nesting if child.type in ("link_open", "link_close") else 0
            if child.type == "link_open":
                child.attrs |= _LINK_ATTRIBUTES
            elif child.type == "image":
                child.meta["linked"] = bool(linked)


_LINK_ATTRIBUTES: dict[str, str | int | float] = {
    "target": "_blank",
    "rel": "noopener noreferrer nofollow",
}


def _image(_self: Any, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    token = tokens[index]
    source = str(token.attrs["src"])
    label = escape(token.content or source)
    if token.meta["linked"]:
        return label
    attributes = "".join(f' {name}="{value}"' for name, value in _LINK_ATTRIBUTES.items())
    return f'<a class="image" href="{escape(source)}"{attributes}>{label}</a>'


def _code(_self: Any, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    token = tokens[index]
    language = (token.info.split() or [""])[0]
    label = f' data-language="{language}"' if _LANGUAGE.fullmatch(language) else ""
    code = _highlighted(token.content, language)
    return f'<div class="highlight"{label}><pre><code>{code}</code></pre></div>\n'


def _highlighted(code: str, language: str) -> str:
    lexer = _lexer(language.lower()) if _LANGUAGE.fullmatch(language) else None
    if lexer is None or len(code) > HIGHLIGHT_LIMIT:
        return escape(code)
    return str(highlight(code, lexer, _FORMATTER))


@lru_cache(maxsize=64)
def _lexer(language: str) -> Lexer | None:
    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


def _parser() -> MarkdownIt:
    md = MarkdownIt("commonmark", {"html": False, "maxNesting": MAX_NESTING})
    md.enable(["table", "strikethrough"]).disable(["reference", "html_block", "html_inline"])
    md.validateLink = lambda url: bool(_LINK.match(url))  # type: ignore[method-assign]
    md.use(maths_plugin)
    md.core.ruler.push("make_safe", _make_safe)
    md.add_render_rule("image", _image)
    md.add_render_rule("fence", _code)
    md.add_render_rule("code_block", _code)
    return md


_PARSER = _parser()
