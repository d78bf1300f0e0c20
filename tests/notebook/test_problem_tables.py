"""Tables as people have them become problems; what cannot be one is refused with its line."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.domain.errors import BadRequest
from playground.domain.expected import Expected
from playground.notebook.problem_columns import KNOWN
from playground.notebook.problem_tables import (
    ProblemTable,
    problem_rows,
    problems_given,
    read_problems,
)
from playground.notebook.problems import Problem
from tests.notebook.random_documents import PROBLEMS

FOUR = Expected("value", ("4",))
SUM = Problem((("prompt", "2 + 2?"),), FOUR)


def uses(table: ProblemTable) -> dict[str, str]:
    return {column.name: column.taken_for for column in table.columns}


@pytest.mark.parametrize(
    "text",
    [
        "prompt,expected\n2 + 2?,4\n",
        "\ufeffprompt,expected\r\n2 + 2?,4\r\n\r\n",
        "Question;Answer\n2 + 2?;4",
        "question\tanswer\n2 + 2?\t4\n",
        "| problem | solution |\n| --- | :-: |\n| 2 + 2? | 4 |\n",
        "problem | target\n--- | ---\n2 + 2? | 4\n",
        '[{"input": "2 + 2?", "answer": 4}]',
        '{"prompt": "2 + 2?", "answer": "4"}\n\n',
        '{"question": "2 + 2?", "answer": "Two and two.\\n#### 4"}',
        '{"values": {"prompt": "2 + 2?"}, "expected": "4"}',
        '{"problem": "2 + 2?", "solution": "Two and two, so $\\\\boxed{4}$."}',
        '"prompt","expected"\n"2 + 2?","4"\n',
    ],
)
def test_the_same_problem_in_every_kind_of_table(text: str) -> None:
    assert read_problems(text).problems == (SUM,)


def test_plain_lines_are_a_prompt_each() -> None:
    table = read_problems("What is 2 + 2?\nWhat is 3 + 3?\n")
    assert [problem.text for problem in table.problems] == ["What is 2 + 2?", "What is 3 + 3?"]
    assert read_problems('["One?", "Two?"]').problems[1].text == "Two?"


def test_a_column_of_prompts_alone_may_have_commas() -> None:
    assert read_problems("prompt\nRed, green, blue?\n").problems[0].text == "Red, green, blue?"


def test_cells_have_quotes_commas_and_line_ends() -> None:
    (problem,) = read_problems('prompt,expected\n"Say ""a, b""\nand stop.",4\n').problems
    assert problem.text == 'Say "a, b"\nand stop.'


def test_quotes_in_pasted_cells_are_text() -> None:
    assert read_problems('prompt\texpected\n"Four" is what?\t4\n').problems[0].text == (
        '"Four" is what?'
    )
    (problem,) = read_problems('prompt\texpected\n"two\nlines"\t4\n').problems
    assert problem.text == "two\nlines"


def test_a_markdown_cell_may_have_a_bar_and_lines() -> None:
    (problem,) = read_problems("| prompt | answer |\n|---|---|\n| a \\| b<br>c | 4 |\n").problems
    assert problem.values == (("prompt", "a | b\nc"),)


def test_it_is_told_what_each_column_was_taken_for() -> None:
    head = "problem,solution,answer,subject,level,unique id"
    table = read_problems(f"{head}\n2 + 2?,Count.,4,Algebra,2,test/1\n")
    assert uses(table) == {
        "problem": "prompt",
        "solution": "variable",
        "answer": "expected",
        "subject": "tags",
        "level": "tags",
        "unique id": "variable",
    }
    (problem,) = table.problems
    assert problem.values == (
        ("prompt", "2 + 2?"),
        ("solution", "Count."),
        ("unique_id", "test/1"),
    )
    assert (problem.expected, problem.tags) == (FOUR, ("Algebra", "level 2"))


def test_tags_are_told_apart_and_each_is_there_once() -> None:
    text = "prompt,tags,category\na,x; y,x\nb,,\n"
    assert [problem.tags for problem in read_problems(text).problems] == [("x", "y"), ()]


def test_kinds_and_tolerances_are_read() -> None:
    text = "prompt,answer,kind,tolerance\na,3.14,number,0.01\nb,yes|no,one_of,\nc,7,,0.5\nd,x,,\n"
    assert [problem.expected for problem in read_problems(text).problems] == [
        Expected("number", ("3.14",), 0.01),
        Expected("one_of", ("yes", "no")),
        Expected("number", ("7",), 0.5),
        Expected("value", ("x",)),
    ]


def test_a_kind_of_something_else_is_a_variable() -> None:
    table = read_problems("prompt,answer,kind\na,4,sums\n")
    assert uses(table)["kind"] == "variable"


def test_columns_of_variables_alone_are_a_table() -> None:
    assert read_problems("city,Land\nRome,Italy\n").problems[0].values == (
        ("city", "Rome"),
        ("Land", "Italy"),
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "The table has no problem"),
        ("prompt,expected\n", "The table has no problem"),
        ("expected\n4\n", "no column with the problems: expected. Call one prompt."),
        ("prompt,expected\na,4\n ,5\n", "Line 3 has no prompt"),
        ("prompt,expected\na,4,5\n", "Line 2 has 3 cells, but the first line names 2 columns"),
        ('prompt,expected\na,4\n"b,5\n', "from line 3 on cannot be read"),
        ("What is this, please?\nAnd that?\n", "The first line must name the columns"),
        ('{"prompt": "a"}\n{"prompt": }\n', "Line 2 is no JSON"),
        ('{"prompt": "a"}\n7\n', "Line 2 is 7, but must be an object"),
        ("[7]", "Entry 1 is 7, but must be an object"),
        ("[{]", "The table is no JSON"),
        ('{"prompt": "a", "expected": {"kind": "vibes", "value": "x"}}', "Line 1: expected.kind"),
        ("prompt,expected,tolerance\na,4,much\n", "Line 2: expected.tolerance is 'much'"),
        ("a b,a-b\n1,2\n", "Two columns are called 'a_b'"),
        ('[{"prompt": "a", "?": "b"}]', "A column is called '?'"),
    ],
)
def test_what_is_no_list_is_refused_with_its_place(text: str, words: str) -> None:
    with pytest.raises(BadRequest, match=r".*") as caught:
        read_problems(text)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("prompt,expected\na\0b,4\n", 2),
        ("prompt,expected\na,4\nb,\0\n", 3),
        ('{"prompt": "a"}\n{"prompt": "b\\u0000"}\n', 2),
    ],
)
def test_what_is_no_text_is_refused_with_its_line(text: str, line: int) -> None:
    with pytest.raises(BadRequest, match=f"Line {line} has a NUL character"):
        read_problems(text)


def test_an_answer_that_is_compared_as_it_stands_is_not_worked_out() -> None:
    row = {"prompt": "a", "expected": "#### \\boxed{4}", "kind": "exact"}
    assert read_problems(json.dumps(row)).problems[0].expected == (
        Expected("exact", ("#### \\boxed{4}",))
    )


def test_a_list_has_its_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadRequest, match="has 3 problems, but 2 is the most"):
        read_problems("prompt\na\nb\nc\n", most=2)
    monkeypatch.setattr("playground.notebook.problem_tables.MOST_BYTES", 10)
    with pytest.raises(BadRequest, match="MB is the most"):
        read_problems("prompt\nabcdefgh\n")


def test_a_program_gives_rows_or_a_text() -> None:
    assert problems_given("problems", [{"prompt": "2 + 2?", "expected": "4"}]) == (SUM,)
    assert problems_given("problems", "prompt,expected\n2 + 2?,4") == (SUM,)
    for wrong in (7, ["a"], {"prompt": "a"}):
        with pytest.raises(BadRequest, match="problems must be a list of objects"):
            problems_given("problems", wrong)


def test_rows_are_plain_where_that_says_it_all() -> None:
    assert problem_rows([SUM]) == [{"prompt": "2 + 2?", "expected": "4"}]
    odd = Problem((("tags", "x"),))
    assert problem_rows([odd]) == [{"values": {"tags": "x"}}]


@given(PROBLEMS.filter(bool))
def test_rows_come_back_as_they_were(problems: tuple[Problem, ...]) -> None:
    assert problems_given("problems", problem_rows(problems)) == problems
    lines = "\n".join(json.dumps(row) for row in problem_rows(problems))
    assert problems_given("problems", lines) == problems


@given(
    st.text()
    | st.lists(st.sampled_from([*KNOWN, "|", "---", ",", "\n", '"', "{", "x"])).map("".join)
)
def test_any_text_is_a_list_or_a_bad_request(text: str) -> None:
    try:
        assert read_problems(text).problems
    except BadRequest as exc:
        assert str(exc)


def test_the_mark_of_gsm8k_is_found_at_once_in_a_long_text() -> None:
    # A pattern that backs off over the spaces takes minutes.
    row = json.dumps({"prompt": "p", "expected": "#### a" + " " * 400_000 + "b\nc"})
    with pytest.raises(BadRequest, match="characters"):
        read_problems(row)
