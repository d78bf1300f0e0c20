"""The Markdown export: everything is in it, it reads as it was written, and nothing is live."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given
from markdown_it import MarkdownIt
from markdown_it.token import Token

from playground.domain.expected import Expected
from playground.notebook.document import CellId, Document, NoteCell, PromptCell
from playground.notebook.exports.markdown import to_markdown
from playground.words import speaking
from tests.notebook.exports.documents import EVIL, both, everything, hostile, run_of, told
from tests.notebook.random_documents import documents

OWN_HTML = re.compile(r"(<details>|</details>|<summary>[^<>]*</summary>|\s)*")


def tokens_of(markdown: str) -> list[Token]:
    """What a viewer that lets HTML through makes of it."""
    viewer = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    tokens = viewer.parse(markdown)
    return [inner for token in tokens for inner in (token, *(token.children or []))]


def headings(markdown: str) -> list[str]:
    tokens = tokens_of(markdown)
    return [
        f"{token.markup} {tokens[index + 1].content}"
        for index, token in enumerate(tokens)
        if token.type == "heading_open"
    ]


def test_the_headings_are_title_prompts_and_lanes() -> None:
    assert headings(to_markdown(everything()))[:5] == [
        r"# Bats \& \<balls\>",
        "## The bat and the ball",
        "## Prompt 1",
        "### Instruct: Qwen3-4B-Instruct-2507",
        "### Thinking: Qwen3-4B-Thinking-2507",
    ]


def test_a_prompt_stands_with_its_runs_values_and_what_its_cell_sets() -> None:
    text = to_markdown(everything())
    assert "```text\nHow much is the ball?\n```" in text
    assert "Run 2 · 2026-01-02 03:04 UTC" in text
    assert r"total = \$2.20" in text
    assert "This cell sets: no system prompt; Thinking: temperature 0.2" in text


def test_the_trace_is_folded_and_the_numbers_are_a_table() -> None:
    text = to_markdown(everything())
    assert "<details>\n<summary>Thought for 13.8 s · 120 tokens</summary>\n\n```text\nOkay" in text
    assert "| generated tokens | 31 | 151 |" in text
    assert "Thinking took **4.9×** the tokens and **47×** the wait" in text
    assert "| temperature | 1 | 1 |" in text


def test_other_runs_are_named_with_how_they_differ() -> None:
    assert (
        r"Other runs of this cell: run 1 \(total = \$1.10, temperature was 0.2\);"
        r" run 3 \(the system prompt was different\)."
    ) in to_markdown(everything())


def test_runs_of_other_values_do_not_say_that_the_prompt_was_different() -> None:
    first = both(1, (("total", "$1"),), prompt="Of $1?")
    second = both(2, (("total", "$2"),), prompt="Of $2?")
    cell = PromptCell(CellId("c"), "Of {{total}}?", (first, second), shown=1)
    assert r"Other runs of this cell: run 1 \(total = \$1\)." in to_markdown(Document((cell,)))


def test_a_run_that_only_drew_otherwise_says_so() -> None:
    first, second = both(1), both(2)
    asked = replace(second.results[0].request, sampling=replace(first.results[0].request.sampling))
    drawn = replace(asked, sampling=replace(asked.sampling, seed=5))
    second = replace(second, results=(replace(second.results[0], request=drawn),))
    cell = PromptCell(CellId("c"), "Hi", (first, second), shown=0)
    assert r"run 2 \(another seed\)" in to_markdown(Document((cell,)))


def test_endings_that_are_no_plain_answer_are_said() -> None:
    text = to_markdown(everything())
    assert "**No answer: the limit was used up while thinking.**" in text
    assert "**Failed.**" in text and "The server at 127.0.0.1 does not answer. Start it." in text
    assert "*Not run yet.*" in text


def test_a_cell_whose_text_was_changed_after_its_run_says_so() -> None:
    cell = PromptCell(CellId("c"), "How much is the ball?", (both(1),))
    assert "has changed since" not in to_markdown(Document((cell,)))
    assert "has changed since" in to_markdown(Document((replace(cell, prompt="And the bat?"),)))


def test_a_lane_that_ran_alone_has_a_table_of_its_own() -> None:
    alone = everything().cells[4]
    assert "| number | Thinking |\n|---|---|\n" in to_markdown(Document((alone,)))


def test_nothing_that_a_stranger_wrote_is_live() -> None:
    for token in tokens_of(to_markdown(hostile())):
        assert token.type not in ("html_inline", "image")
        if token.type == "html_block":
            assert OWN_HTML.fullmatch(token.content)


def test_what_a_stranger_wrote_reads_the_same() -> None:
    fences = [t.content for t in tokens_of(to_markdown(hostile())) if t.type == "fence"]
    assert fences.count(f"{EVIL}\n") == 4  # prompt, error, trace, foreign cell
    answer = [t.content for t in tokens_of(to_markdown(hostile())) if t.type == "text"]
    assert '<script>alert("x")</script>' in "".join(answer)


def test_a_note_keeps_its_place_below_the_title() -> None:
    note = NoteCell(CellId("n"), "# One\n\n## Two")
    assert headings(to_markdown(Document((note,), title="Mine"))) == ["# Mine", "## One", "### Two"]


@given(documents())
def test_any_document_has_every_prompt_once_and_no_live_html(document: Document) -> None:
    text = to_markdown(document)
    places = [head for head in headings(text) if re.fullmatch(r"## Prompt \d+", head)]
    wanted = [f"## Prompt {place}" for place, _ in enumerate(document.prompts, start=1)]
    assert [place for place in wanted if place not in places] == []
    for token in tokens_of(text):
        assert token.type != "html_inline"
        assert token.type != "html_block" or OWN_HTML.fullmatch(token.content)


def test_it_speaks_portuguese() -> None:
    with speaking("pt-BR"):
        assert "## Prompt 1" in to_markdown(everything())


def test_grades_and_agreement_stand_with_the_answers() -> None:
    lanes = [told("left", says="**666**"), told("right", trace="Hm.", says="**4,042**")]
    expected = Expected("value", ("4042",))
    cell = PromptCell(prompt=lanes[0].request.question, runs=(run_of(1, lanes),), expected=expected)
    text = to_markdown(Document((cell,)))
    assert "Expected: 4042" in text
    assert "**Wrong answer:** expected 4042, got 666" in text
    assert "**Right answer:** 4,042 = 4042" in text
    assert "Different answers: Instruct: 666 · Thinking: 4,042" in text


def test_what_the_votes_come_to_stands_at_the_end() -> None:
    text = to_markdown(everything(), votes=["*A* 1, B 2.", "C 3."])
    assert text.endswith("\n\n## Blind votes\n\n\\*A\\* 1, B 2.\n\nC 3.\n")
    assert "Blind votes" not in to_markdown(everything())
