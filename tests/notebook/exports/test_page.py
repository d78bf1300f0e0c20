"""The HTML export: one file that asks for nothing, with everything in it and nothing live."""

from __future__ import annotations

from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given

from playground.domain.expected import Expected
from playground.notebook.document import Document, NoteCell, PromptCell
from playground.notebook.exports.page import to_html
from tests.notebook.exports.documents import EVIL, everything, hostile, run_of, told
from tests.notebook.random_documents import documents

VOID = ("meta", "br", "hr")
LOADING = ("src", "srcset", "data", "action", "poster", "background", "xlink:href")


class Seen(HTMLParser):
    """Every tag, attribute and text of a page; refuses what is not closed in its place."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return "".join(self.texts)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]


def check_harmless(seen: Seen) -> None:
    for tag, attributes in seen.tags:
        assert tag not in ("script", "img", "iframe", "link", "object", "embed", "form", "base")
        assert not [name for name in attributes if name.startswith("on") or name in LOADING]
        href = attributes.get("href", "https://")
        assert tag == "a" or "href" not in attributes
        assert href.lower().startswith(("https://", "http://", "mailto:"))


@pytest.mark.parametrize("document", [everything(), hostile()])
def test_it_loads_nothing_and_runs_nothing(document: Document) -> None:
    html = to_html(document)
    check_harmless(Seen(html))
    style = html.split("<style>")[1].split("</style>")[0]
    assert "url(" not in style and "@import" not in style and "<" not in style


def test_its_policy_forbids_everything_but_its_own_style() -> None:
    metas = Seen(to_html(everything())).all("meta")
    policy = next(meta["content"] for meta in metas if "http-equiv" in meta)
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def test_what_a_stranger_wrote_reads_the_same() -> None:
    seen = Seen(to_html(hostile()))
    assert seen.texts.count(EVIL) >= 5  # title, heading, prompt, trace, foreign cell


def test_it_has_language_title_and_headings_in_order() -> None:
    html = to_html(everything())
    assert html.startswith('<!doctype html>\n<html lang="en">')
    assert "<title>Bats &amp; &lt;balls&gt;</title>" in html
    levels = [int(tag[1]) for tag, _ in Seen(html).tags if tag in ("h1", "h2", "h3")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_its_tables_say_what_their_heads_are_for() -> None:
    seen = Seen(to_html(everything()))
    assert {th.get("scope") for th in seen.all("th") if "class" not in th} >= {"col", "row"}
    assert len(seen.all("caption")) == 8  # two a run that is shown


def test_both_lanes_stand_with_trace_answer_numbers_timeline_and_cost() -> None:
    html = to_html(everything())
    assert '<article class="lane left">' in html and '<article class="lane right">' in html
    assert "<summary>Thought for 13.8 s · 120 tokens</summary>" in html
    assert "The ball costs <strong>$0.05</strong>." in html
    assert "<li>first token <b>0.30 s</b> </li>" in html
    assert 'aria-label="Instruct: prompt 0.30 s, answer 1.80 s"' in html
    assert "Thinking took <b>4.9×</b> the tokens and <b>47×</b> the wait" in html
    assert "No answer: the limit was used up while thinking." in html
    assert "Failed: The server at 127.0.0.1 does not answer. Start it." in html


def test_the_bars_share_one_axis() -> None:
    html = to_html(everything())
    assert '<span class="answer" style="left:88.05%;width:11.95%"></span>' in html
    assert '<span style="left:62.89%">10</span>' in html


@given(documents())
def test_any_document_is_a_whole_and_harmless_page(document: Document) -> None:
    seen = Seen(to_html(document))
    check_harmless(seen)
    assert len(seen.all("section")) == len(document.prompts)


def test_each_block_of_a_text_has_its_own_direction_and_code_none() -> None:
    note = NoteCell(text="`x` \u05d0\u05d1\n\nleft to right")
    page = to_html(Document((note,), title="\u0627"))
    assert '<h1 dir="auto">' in page
    assert page.count('<div dir="auto">') == 2
    assert '<code dir="ltr">x</code>' in page


def test_grades_and_agreement_stand_with_the_answers_as_text() -> None:
    lanes = [told("left", says="**666**"), told("right", trace="Hm.", says="**4,042**")]
    expected = Expected("one_of", ("4042", "<script>"))
    cell = PromptCell(prompt=lanes[0].request.question, runs=(run_of(1, lanes),), expected=expected)
    html = to_html(Document((cell,)))
    assert '<p class="grade right"><b>Right answer</b> 4,042 is 4042 or &lt;script&gt;</p>' in html
    assert "Different answers: Instruct: 666 · Thinking: 4,042 (compared as numbers)" in html
    assert "<script" not in html


def test_what_the_votes_come_to_stands_at_the_end() -> None:
    seen = Seen(to_html(everything(), votes=["A 1, B 2.", EVIL]))
    check_harmless(seen)
    before, votes = seen.text.split("Blind votes")
    assert "Not asked yet" in before and "A 1, B 2." in votes
    assert "Blind votes" not in to_html(everything())
