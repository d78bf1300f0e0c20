"""Markdown: what it becomes, that it grows to the same, and that hostile text does nothing."""

from __future__ import annotations

import random
import re
from html.parser import HTMLParser
from xml.etree.ElementTree import Element, SubElement

import pytest

from playground.rendering import maths
from playground.rendering.markdown import GrowingMarkdown, render
from playground.rendering.maths import to_mathml

CORPUS = (
    "# Title\n\nSome *text* with `code`.\nA second line.\n\n## Next\nText right below.\n",
    "Setext\n======\n\nAnother\n---\n\ntext\n\n---\n\nend",
    "- one\n- two\n  - nested\n    - deeper\n\n      with a paragraph\n- three\n\n\n- loose\n\n"
    "after",
    "1. first\n2. second\n\n   ```python\n   x = 1\n\n   y = 2\n   ```\n3. third\n\n+ other list\n",
    "Before\n```python\ndef f():\n\n    return 1\n```\nafter\n\n~~~\n```\n\n~~~\n\n```\n"
    "never closed\n\nx",
    "| a | b |\n|:--|--:|\n| 1 | 2 |\n| 3 | $x$ |\n\ntext\nh | k\n--|--\n1 | 2\nlazy\n\nend\n",
    "> quote\nlazy\n> - item\n>\n> more\n\n> another\n\n    indented\n\n    code\n\ntext",
    "So:\n$$\na\n= b\n- c\n$$\nand \\(x\\), $5 and $6\n\n\\[ y \\]\n\n$$\n"
    "never\n\nclosed\n\n\\[\nx\n",
    "a\r\nb\r\n\r\nc\rd\r\r- e\r\n\r\nf\r",
    "[a]: https://a.example\n\n[a] and ![i](https://a.example/i.png)\n\n\n\n\n\n",
    "text\n \t \n\ttabbed\n\n- a\n\n\tb\n\n\n\n1) x\n\n\ny 🎉 漢字\n\n\u2028 odd\x0b\x0c\n\nend",
    "<div>\n\n<script>x</script>\n\n</div>\n\n<!-- a\n\nb -->\n",
    "",
    "\n\n\n",
)
HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>\n\n<style>*{display:none}</style>",
    "[x](javascript:alert(1)) [y](JaVaScRiPt:alert(1)) <javascript:alert(1)>",
    "[x](data:text/html;base64,PHN2Zz4=) ![x](data:image/svg+xml,x) [z](vbscript:x) [r](//evil)",
    '[x](https://a.example/"onmouseover="alert(1)) [y](https://a.example "t\\"onclick=\\"x")',
    '![a"onerror="x](https://a.example/i.png)',
    '```"><script>alert(1)</script>\nx\n```',
    "```python onload=x\n</code></pre><script>alert(1)</script>\n```",
    "$\\text{<script>alert(1)</script>}$ $\\href{javascript:alert(1)}{x}$ $\\style{color:red}{x}$",
    '$\\color{red" onclick="x}y$ $\\class{a}{b}$ $\\unicode{x3c}script\\unicode{x3e}$',
    "$\\text{&lt;img src=x onerror=alert(1)&gt;}$ $<script>$ \\[</math><script>x</script>\\]",
    "| <b onclick=x> |\n|:-:|\n| <i> |",
    "&lt;script&gt;alert(1)&lt;/script&gt; &#x3c;script&#x3e;",
)
TAGS = """
    p h4 h5 h6 em strong s code pre a ul ol li blockquote hr br table thead tbody tr th td div
    span math mrow mi mn mo msup msub msubsup mfrac msqrt mtext mstyle mspace
"""
ATTRIBUTES = "href target rel title class data-language start display mathcolor stretchy"


class Markup(HTMLParser):
    """Collects every tag and attribute of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def html(text: str) -> str:
    return "".join(render(text))


def grown(pieces: list[str]) -> GrowingMarkdown:
    growing = GrowingMarkdown()
    for piece in pieces:
        before = list(growing.blocks)
        growing.append(piece)
        assert growing.blocks[: len(before)] == before, "a finished block changed"
    return growing


def cut(text: str, chance: random.Random) -> list[str]:
    places = sorted(chance.choices(range(len(text) + 1), k=chance.randrange(1, 60)))
    return [text[a:b] for a, b in zip([0, *places], [*places, len(text)], strict=True)]


@pytest.mark.parametrize("text", [*CORPUS, *HOSTILE, "\n\n".join(CORPUS), "\n".join(CORPUS)])
def test_growing_gives_the_same_blocks_as_rendering_the_whole(text: str) -> None:
    chance = random.Random(7)
    for pieces in [list(text), *(cut(text, chance) for _ in range(20))]:
        growing = grown(pieces)
        growing.finish()
        assert growing.blocks == render(text)
        assert growing.open == ""


def test_shuffled_lines_of_all_kinds_grow_to_the_same_blocks() -> None:
    chance = random.Random(11)
    lines = [line for text in CORPUS for line in text.split("\n")] + [""] * 40
    for _ in range(150):
        text = "\n".join(chance.choices(lines, k=chance.randrange(2, 25)))
        growing = grown(cut(text, chance))
        growing.finish()
        assert growing.blocks == render(text), text


def test_a_finished_paragraph_is_a_block_and_the_rest_is_open_text() -> None:
    growing = grown(["One.\n\nTwo ", "goes\n\nThree"])
    assert growing.blocks == ["<p>One.</p>\n", "<p>Two goes</p>\n"]
    assert growing.open == "Three"


def test_an_open_fence_is_not_a_block_until_it_closes() -> None:
    growing = grown(["```python\nx = 1\n\ny = 2\n\n"])
    assert growing.blocks == []
    growing.append("```\n\n")
    assert len(growing.blocks) == 1


@pytest.mark.parametrize("unit", ["x = 1\n\n", "- item\n\n", "word\n\n", "word "])
def test_growing_looks_at_each_character_a_bounded_number_of_times(
    unit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at = 0

    def counting(text: str, count: int) -> int:
        nonlocal looked_at
        looked_at += len(text)
        return original(text, count)

    from playground.rendering import markdown

    original = markdown._finished_lines
    monkeypatch.setattr(markdown, "_finished_lines", counting)
    text = "```\n" * (unit == "x = 1\n\n") + unit * 3000
    grown([text[i : i + 3] for i in range(0, len(text), 3)])
    assert looked_at <= 20_000 + GrowingMarkdown.EARNED * len(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_becomes_harmless_markup(text: str) -> None:
    for tag, attributes in Markup(html(text)).tags:
        assert tag in TAGS.split()
        assert set(attributes) <= set(ATTRIBUTES.split())
        if "href" in attributes:
            assert re.match(r"https?://|mailto:", attributes["href"] or "")


def test_template_syntax_never_survives_as_such() -> None:
    page = html("${alert(1)} {{value}}\n\n`${x}` $\\text{${y}}$\n\n```\n${z} {{z}}\n```")
    assert "${" not in page and "{{" not in page
    assert "&#36;{alert(1)} &#123;&#123;value}}" in page


def test_nul_becomes_the_replacement_character() -> None:
    assert html("a\0b") == "<p>a\ufffdb</p>\n"


@pytest.mark.parametrize("text", ["[" * 10_000, "![" * 5_000, "*" * 20_000, "$" * 20_000])
def test_long_runs_of_syntax_stay_text(text: str) -> None:
    assert len(html(text)) <= len(text) + 10


@pytest.mark.parametrize(
    "text", [">" * 5000 + " deep", "- " * 3000 + "deep", "1. " * 3000 + "deep"]
)
def test_nesting_beyond_the_cap_is_shown_as_it_was_written(text: str) -> None:
    assert html(text).startswith("<pre><code>")
    assert "deep" in html(text)


@pytest.mark.parametrize(
    "latex", ["{" * 900, "\\left(" * 300, "x^" * 1500, "\\sqrt" * 700, "\\frac{", "x" * 5000]
)
def test_maths_that_cannot_be_set_is_shown_as_its_source(latex: str) -> None:
    assert to_mathml(latex, True) is None or "<math" in (to_mathml(latex, True) or "")
    assert "<script" not in html(f"$${latex}$$")


def test_bad_maths_keeps_its_delimiters() -> None:
    assert html("so $\\frac{$ x") == '<p>so <code class="maths">$\\frac{$</code> x</p>\n'


def test_macros_are_not_expanded() -> None:
    assert to_mathml("\\def\\a{x}\\a", False) is None
    assert to_mathml("\\newcommand{\\a}{x}\\a", False) is None


def test_the_converters_tree_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    def converted(latex: str, display: str) -> Element:
        root = Element("math", {"onclick": "x", "mathcolor": "red;x:y", "display": display})
        SubElement(root, latex).text = "&lt;b&gt;"
        return root

    monkeypatch.setattr(maths, "convert_to_element", converted)
    assert to_mathml("mi", False) == '<math display="inline"><mi>&lt;b&gt;</mi></math>'
    assert to_mathml("script", False) is None


@pytest.mark.parametrize(
    "text",
    [
        "It is $5 and $6.",
        "US$5-$10",
        "$5, or 6$ a piece",
        "a 5$ b 6$",
        "$ x $",
        "$x-$y",
        "US$x$",
        "$AAPL rose while many fell$",
        "\\$x\\$",
        "$",
        "The bat costs $1 more than the ball and costs 5$ then.",
    ],
)
def test_prices_are_no_maths(text: str) -> None:
    assert "<math" not in html(text)


@pytest.mark.parametrize("text", ["$x$", "$$x$$", "\\(x\\)", "\\[x\\]", "a $x_1$, b", "($2$)"])
def test_four_ways_to_write_maths(text: str) -> None:
    assert "<math" in html(text)


def test_display_maths_over_several_lines_is_one_block() -> None:
    assert len(render("Then\n\\[\na\n= b\n- c\n\\]\ntherefore")) == 3


def test_maths_is_not_looked_for_in_code() -> None:
    assert "<math" not in html("`$x$`\n\n```\n$x$\n```\n\n    $x$")


def test_code_is_highlighted_by_classes_and_says_its_language() -> None:
    page = html("```python\nprint('a')\n```")
    assert '<span class="nb">print</span>' in page
    assert page.startswith('<div class="highlight" data-language="python"><pre><code>')
    assert "style=" not in page


def test_code_in_an_unknown_language_is_plain() -> None:
    assert "<pre><code>a &lt; b\n</code></pre>" in html("```klingon\na < b\n```")


def test_tables_align_by_class() -> None:
    page = html("| a | b |\n|:--|--:|\n| 1 | 2 |")
    assert '<th class="align-left">a</th>' in page and '<td class="align-right">2</td>' in page
    assert "style=" not in page


def test_links_open_in_a_new_tab_without_telling_where_from() -> None:
    assert html("[a](https://a.example)") == (
        '<p><a href="https://a.example" target="_blank"'
        ' rel="noopener noreferrer nofollow">a</a></p>\n'
    )


def test_images_are_links_and_never_loaded() -> None:
    page = html(
        "![cat](https://a.example/c.png) [![dog](https://a.example/d.png)](https://b.example)"
    )
    assert "<img" not in page
    assert '<a class="image" href="https://a.example/c.png"' in page
    assert page.count("<a ") == 2


def test_headings_stay_below_those_of_the_page() -> None:
    assert html("# a\n###### b") == "<h4>a</h4>\n<h6>b</h6>\n"
