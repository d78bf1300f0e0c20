"""Texts of every kind become rows; no problem is quietly taken for something else."""

from __future__ import annotations

import json

import pytest

from playground.domain.errors import BadRequest
from playground.notebook.problem_columns import is_known
from playground.notebook.tables_of_text import rows_of

ROW = {"prompt": "2 + 2?", "expected": "4"}


def cells(text: str) -> list[dict[str, object]]:
    return [dict(row.cells) for row in rows_of(text, is_known)]


@pytest.mark.parametrize(
    "text",
    [
        "sep=;\nprompt;expected\n2 + 2?;4\n",
        '"sep=;"\r\nprompt;expected\r\n2 + 2?;4\r\n',
        "SEP=\t\nprompt\texpected\n2 + 2?\t4\n",
        "prompt,expected\r2 + 2?,4\r",
        "prompt,expected,,\n2 + 2?,4,,\n,,,\n",
        ",prompt,expected\n0,2 + 2?,4\n",
        'prompt, expected\n"2 + 2?", "4"\n',
        "prompt|expected\n2 + 2?|4\n",
        " prompt | expected\n--------+----------\n 2 + 2? | 4\n",
        json.dumps(ROW, indent=2),
        json.dumps({"problems": [ROW]}),
        json.dumps({"version": 1, "data": [ROW]}, indent=2),
        json.dumps({"features": [{"name": "prompt"}], "rows": [ROW]}),
        json.dumps({"arithmetic": [ROW], "licence": "MIT"}),
    ],
)
def test_a_table_is_the_same_however_it_was_saved(text: str) -> None:
    assert cells(text) == [ROW]


def test_the_separator_line_counts_as_a_line() -> None:
    assert [row.line for row in rows_of("sep=;\nprompt;expected\na;4\n", is_known)] == [3]


def test_the_separator_is_the_one_between_known_names() -> None:
    assert cells('prompt;expected;"a, b, c, d"\nx;1;2\n') == [
        {"prompt": "x", "expected": "1", "a, b, c, d": "2"}
    ]


def test_line_ends_in_cells_are_all_the_same() -> None:
    assert cells('prompt\texpected\r\n"two\r\nlines"\t4\r\n')[0]["prompt"] == "two\nlines"
    assert cells("| prompt | expected |\n|---|---|\n| a\u2028b | 4 |\n")[0]["prompt"] == "a\u2028b"


def test_an_object_with_a_problem_is_one_whatever_lists_it_holds() -> None:
    row = {"prompt": "a", "messages": [{"role": "user"}]}
    assert cells(json.dumps(row)) == [row]
    both = {"a": [{"prompt": "x"}], "b": [{"prompt": "y"}]}
    assert cells(json.dumps(both)) == [both]


@pytest.mark.parametrize(
    "text",
    [
        "2+2,4\n3+3,6\n",
        "2 + 2;4\n3 + 3;6\n",
        "What is two and two?,4\nWhat is three and three?,6\n",
        "Capital of France,12\nCapital of Italy,13\n",
        "Translate: red, green\nTranslate: blue\n",
        "My questions,\nprompt,expected\na,4\n",
    ],
)
def test_a_problem_in_the_first_line_is_never_taken_for_names(text: str) -> None:
    with pytest.raises(BadRequest, match=r"The first line must name .* prompt,expected above it"):
        rows_of(text, is_known)


def test_sentences_with_commas_in_them_are_no_table() -> None:
    with pytest.raises(BadRequest, match="Line 2 has fewer cells than the first line"):
        rows_of("Say hi, then bye\nSay nothing\n", is_known)


@pytest.mark.parametrize(
    "text",
    [
        "city,country\nRome,Italy\n",
        "Land,Hauptstadt (2020)\nItalien,Rom\n",
        "id #,Nome da cidade\n1,Roma\n",
        "都市,国\nローマ,イタリア\n",
    ],
)
def test_names_that_nobody_knows_are_names(text: str) -> None:
    assert list(cells(text)[0]) == text.partition("\n")[0].split(",")


@pytest.mark.parametrize(
    "text",
    [
        "47 × 86\n12 × 12\n",
        "47\n48\n",
        '"Four" is what?\nAnd "five"?\n',
        "Question (easy): what is this?\nAnd that?\n",
    ],
)
def test_lines_without_a_head_are_a_problem_each(text: str) -> None:
    assert cells(text) == [{"prompt": line} for line in text.splitlines()]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{\n  "prompt": "a",\n}', r"The table is no JSON: .* line [23] column"),
        ('{"prompt": "a"', r"The table is no JSON: .* line 1 column 15"),
        ('{"prompt": "a"}\n{"prompt": \n', "Line 2 is no JSON: "),
        ('[{"prompt": "a"},]', "The table is no JSON: "),
    ],
)
def test_json_that_is_none_says_where_and_what_to_do(text: str, words: str) -> None:
    with pytest.raises(BadRequest, match=rf"{words}.*Correct it\.$"):
        rows_of(text, is_known)


def test_a_bar_too_many_says_how_to_write_one() -> None:
    with pytest.raises(BadRequest, match=r"Line 3 has 3 cells.* Write \\\| for a bar in a cell\."):
        rows_of("| prompt | expected |\n|---|---|\n| `a|b` | 1 |\n", is_known)
