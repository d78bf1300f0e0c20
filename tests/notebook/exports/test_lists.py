"""A list in the exports: one table, a row a run; what is expected and what was voted is told."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

from playground.domain.expected import Expected
from playground.notebook.document import CellId, Document, PromptCell, Run, Vote
from playground.notebook.exports.lists import table_of
from playground.notebook.exports.markdown import to_markdown
from playground.notebook.exports.page import to_html
from playground.notebook.exports.tables import to_csv, to_jsonl
from tests.listed import list_cell
from tests.notebook.notebooks import result
from tests.notebook.notebooks import run as plain_run

UGLY = "<script>|\n**x** " * 40


def run(number: int, text: str, **changes: object) -> Run:
    ended = plain_run(f"r{number}", number, (("prompt", text),))
    asked = (replace(r, request=replace(r.request, prompt=text)) for r in ended.results)
    return replace(ended, results=tuple(asked), **changes)  # type: ignore[arg-type]


def listed(**changes: object) -> Document:
    runs = (run(1, "0 + 0"), run(2, "1 + 1", vote=Vote("left", "shorter")), run(3, UGLY))
    cell = replace(list_cell(2), id=CellId("list"), runs=runs, shown=2)
    return Document((replace(cell, **changes),), 3)  # type: ignore[arg-type]


def test_a_table_has_a_row_a_run_and_no_column_that_is_empty() -> None:
    table = table_of(listed().prompts[0])
    assert table.head[:3] == ("Run", "prompt", "Expected")
    assert table.rows[0][:4] == ("1", "0 + 0", "0", "wrong answer · It is 4.")
    assert (
        dict(zip(table.head, table.rows[1], strict=True))["Vote"] == "Instruct is better: shorter"
    )
    assert table.rows[0][table.head.index("Agreement")] == "agree"
    assert "Repeat" not in table.head and "Thinking budget" not in table.head
    assert all(len(cell) <= 200 for row in table.rows for cell in row)


def test_repeats_and_budgets_have_a_column() -> None:
    document = listed(repeats=2, budgets=(0, None), runs=(run(1, "0 + 0", repeat=1),))
    row = dict(
        zip(table_of(document.prompts[0]).head, table_of(document.prompts[0]).rows[0], strict=True)
    )
    assert (row["Repeat"], row["Thinking budget"]) == ("2", "free")


def test_the_exports_for_reading_have_one_table_and_no_section_a_run() -> None:
    markdown, page = to_markdown(listed()), to_html(listed())
    assert markdown.count("###") == 0 and "2 problems" in markdown
    assert len([line for line in markdown.splitlines() if line.startswith("| ")]) == 4
    assert page.count("<tr>") == 4 and "2 problems" in page
    for text in (markdown, page):
        assert "<script>" not in text
        assert "{{prompt}}" in text


def test_a_list_that_has_not_run_says_so() -> None:
    assert "*Not run yet.*" in to_markdown(listed(runs=(), shown=0))
    assert "Not run yet." in to_html(listed(runs=(), shown=0))


def test_what_a_plain_cell_expects_and_a_runs_vote_are_told() -> None:
    voted = replace(plain_run("r1"), vote=Vote("both_bad", blind=True))
    cell = PromptCell(prompt="Pi?", runs=(voted,), expected=Expected("number", ("3.14",), 0.01))
    for text in (to_markdown(Document((cell,), 1)), to_html(Document((cell,), 1))):
        assert "Expected: 3.14 ± 0.01" in text
        assert "vote: both bad (blind)" in text.replace("\\", "")


def test_tables_of_data_have_what_was_expected_tags_and_votes() -> None:
    rows = list(csv.DictReader(io.StringIO(to_csv(listed()))))
    assert [(row["expected"], row["tags"], row["vote"]) for row in rows[:4]] == [
        ("0", "sum", ""),
        ("0", "sum", ""),
        ("2", "sum", "left"),
        ("2", "sum", "left"),
    ]
    assert "repeat" not in rows[0]
    line = json.loads(to_jsonl(listed()).splitlines()[2])
    assert (line["expected"], line["tags"]) == ("2", ["sum"])
    assert line["vote"] == {"choice": "left", "reason": "shorter"}


def test_a_carriage_return_in_a_text_does_not_end_a_row() -> None:
    answer = result("left", "r1", answer="a\rb")
    cell = PromptCell(prompt="Hi", runs=(Run(answer.request.id, 1, (answer,)),))
    assert len(list(csv.reader(io.StringIO(to_csv(Document((cell,), 1)), newline="")))) == 2
