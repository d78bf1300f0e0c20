"""Markdown for another Markdown document: it reads as before, but nothing in it is live.

For files that open in viewers which, unlike ours, let raw HTML through and load images. Knows
text only.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.common.html_re import HTML_TAG_RE
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from playground.rendering.markdown import HEADING_SHIFT

_BACKTICKS = re.compile(r"`+")
_FENCE = re.compile(r" {0,3}(?:`{3,}|~{3,})[ \t]*")
_TAG = re.compile(HTML_TAG_RE.pattern.removeprefix("^"), HTML_TAG_RE.flags)
_OPENS = re.compile(r"<[A-Za-z/!?]")
_GUARDED = re.compile(r"[<!\[]")


def quoted(text: str, deeper: int = HEADING_SHIFT) -> str:
    """Markdown that a stranger wrote, without live HTML, images or an open end.

    Its headings stand so many levels deeper, below those of the document that it goes into.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd").split("\n")
    tokens = _PARSER.parse("\n".join(lines))
    guards: dict[tuple[int, int], list[str]] = {}
    for token in tokens:
        first, end = token.map or (0, 0)
        if token.type == "inline":
            guards.setdefault((first, end), []).extend(_guards(token))
        elif token.type == "heading_open" and token.markup.startswith("#"):
            level = min(6, len(token.markup) + deeper)
            lines[first] = lines[first].replace(token.markup, "#" * level, 1)
    for (first, end), before in guards.items():
        lines[first:end] = _guarded("\n".join(lines[first:end]), before).split("\n")
    return "\n".join([*lines, *_closing(tokens, lines)]).strip("\n")


def fenced(text: str, language: str = "text") -> str:
    """Any text as a block of code that nothing in it can end."""
    longest = max((len(found) for found in _BACKTICKS.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def _guards(inline: Token) -> list[str]:
    """What to put before each of an inline text's characters that could be live."""
    live = {child.meta["at"] for child in inline.children or () if child.type == "live"}
    source = inline.content

    def guard(at: int) -> str:
        if at in live:
            return "\\"
        # Inside code, where a backslash would be seen: too far in to begin a block of HTML.
        return "    " if at and _begins_line(source, at) and _OPENS.match(source, at) else ""

    return [guard(found.start()) for found in _GUARDED.finditer(source)]


def _guarded(source: str, before: list[str]) -> str:
    """The lines of a block with its guards.

    The n-th such character in a block's text is the n-th in its lines: what the parser takes away
    around the text has none. What is left over (a cell too many in a table's row) is escaped.
    """
    left = iter(before)
    return _GUARDED.sub(lambda found: next(left, "\\") + found[0], source)


def _live_rule(state: StateInline, silent: bool) -> bool:
    if not _is_live(state.src, state.pos):
        return False
    if not silent:
        state.push("live", "", 0).meta = {"at": state.pos}
    state.pos += 1
    return True


def _is_live(source: str, at: int) -> bool:
    """Whether here HTML, an image or a link's definition would begin, or might after escaping."""
    if source.startswith(("![", "<!", "<?"), at):
        return True
    if source[at] == "[":
        return at == 0 and "]:" in source
    # A line that begins with a tag may be a block of HTML without the tag's end.
    block = _begins_line(source, at) and _OPENS.match(source, at)
    return bool(block or _TAG.match(source, at))


def _begins_line(source: str, at: int) -> bool:
    return not source[source.rfind("\n", 0, at) + 1 : at].strip()


def _closing(tokens: list[Token], lines: list[str]) -> list[str]:
    """What closes a block of code that was left open at the end, at the outermost level."""
    last = tokens[-1] if tokens else None
    if last is None or last.type != "fence" or last.map is None:
        return []
    first, end = last.map
    closed = end - first > 1 and _FENCE.fullmatch(lines[end - 1]) is not None
    return [] if closed and last.markup in lines[end - 1] else [last.markup]


def _parser() -> MarkdownIt:
    md = MarkdownIt("commonmark", {"html": False})
    md.enable(["table", "strikethrough"]).disable(["html_block", "html_inline", "image"])
    md.inline.ruler.before("html_inline", "live", _live_rule)
    return md


_PARSER = _parser()
