"""Markdown inside Markdown: it reads as before, and no viewer finds anything live in it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from playground.rendering.quoting import fenced, quoted
from tests.rendering.test_markdown import CORPUS, HOSTILE

PIECES = (
    "<", ">", "<b>", "</b>", "<script>", "<!--", "-->", "<?", "<div", "<a href='", "<https://x.y>",
    "!", "![", "](", "](u)", "[", "]", "(", ")", "`", "``", "```", "~~~", "\\", "\n", "\n\n", " ",
    "    ", "\t", "# ", "> ", "- ", "1. ", "|", "|--|--|", "---", "===", "a", "word ", "[a]: ",
    '"', "'", "*", "&lt;", "\r\n", "<img src=x onerror=y>", "$",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)

MANY = settings(max_examples=300, deadline=None, derandomize=True, database=None)


def viewer(html: bool) -> MarkdownIt:
    """Somebody else's viewer; without `html`, one that shows HTML and images as text."""
    md = MarkdownIt("commonmark", {"html": html}).enable(["table", "strikethrough"])
    return md if html else md.disable(["html_block", "html_inline", "image"])


def every(tokens: list[Token]) -> list[Token]:
    return [inner for token in tokens for inner in (token, *every(token.children or []))]


def shown(html: str) -> str:
    """As it is read: whatever the headings' levels, the lines' ends and the width of gaps."""
    html = re.sub(r"(</?h)[1-6]", r"\1", html)
    return re.sub(r"\s+", " ", re.sub(r"\s*</code>", "</code>", html)).strip()


@pytest.mark.parametrize("text", [*CORPUS, *HOSTILE])
def test_a_viewer_that_lets_html_through_finds_none(text: str) -> None:
    kinds = {token.type for token in every(viewer(html=True).parse(quoted(text)))}
    assert not kinds & {"html_block", "html_inline", "image"}


@pytest.mark.parametrize("text", [*CORPUS, *HOSTILE])
def test_it_reads_as_before(text: str) -> None:
    assert shown(viewer(html=True).render(quoted(text))) == shown(viewer(html=False).render(text))


@MANY
@given(TEXTS)
def test_whatever_stands_together_is_neither_live_nor_changed(text: str) -> None:
    there = viewer(html=True)
    assert not {token.type for token in every(there.parse(quoted(text)))} & {
        "html_block",
        "html_inline",
        "image",
    }
    assert shown(there.render(quoted(text))) == shown(viewer(html=False).render(text))


@MANY
@given(TEXTS)
def test_what_follows_is_not_drawn_in(text: str) -> None:
    last = viewer(html=True).render(f"{quoted(text)}\n\nThe end.").rstrip("\n")
    assert last.endswith("<p>The end.</p>")


def test_headings_stand_below_those_around_them() -> None:
    assert quoted("# One\n\n#### Four\n\n`# no`") == "#### One\n\n###### Four\n\n`# no`"


def test_code_keeps_its_signs() -> None:
    text = "Use `<b>` or:\n\n```html\n<b>!</b>\n```"
    assert quoted(text) == text


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("a <b>c</b>", "a \\<b>c\\</b>"),
        ("![i](https://x.y/i.png)", "\\![i](https://x.y/i.png)"),
        # A block of HTML would begin inside the code, at the line's beginning.
        ("`a\n<script>`", "`a\n    <script>`"),
        # Escaped, its end would make this a link's definition, which is not shown.
        ("[a]: <<b>", "\\[a]: <\\<b>"),
        # A cell too many, which some viewers show.
        ("| a |\n|--|\n| b | <b> |", "| a |\n|--|\n| b | \\<b> |"),
        ("<https://x.y>", "<https://x.y>"),
    ],
)
def test_what_would_be_live_is_made_text(text: str, safe: str) -> None:
    assert quoted(text) == safe


def test_maths_keeps_its_signs() -> None:
    assert quoted("If $a<b$ and $c > d$") == "If $a<b$ and $c > d$"


@MANY
@given(TEXTS)
def test_a_fence_holds_any_text(text: str) -> None:
    block, after = viewer(html=True).parse(f"{fenced(text)}\n\nafter")[:2]
    assert (block.type, after.type) == ("fence", "paragraph_open")
    assert block.content == text.replace("\r\n", "\n") + "\n"
