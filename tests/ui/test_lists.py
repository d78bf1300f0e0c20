"""A table becomes a list: what it was taken for, its cell, its problems as a table again."""

from __future__ import annotations

import pytest

from playground.domain.errors import BadRequest
from playground.domain.expected import EXPECTED_KINDS, Expected, expected_from
from playground.domain.limits import PUBLIC, UNLIMITED
from playground.notebook.document import PromptCell
from playground.notebook.problem_columns import kind_of
from playground.notebook.problem_tables import read_problems
from playground.notebook.problems import Problem
from playground.ui.judgements import JUDGED_BY
from playground.ui.lists import as_table, list_cell, preview, rows_as_table, template
from playground.ui.session import Session
from playground.welcome import problems
from playground.words import say, speaking
from tests.ui.fake import write
from tests.ui.listed import TABLE, add, cell


def test_a_preview_says_what_each_column_was_taken_for() -> None:
    found = preview("question,gabarito,level,hint\nWhat is 2 + 2?,4,1,no\n", None, UNLIMITED)
    assert [(each["name"], each["taken_for"]) for each in found["columns"]] == [
        ("question", "the problem"),
        ("gabarito", "the expected answer"),
        ("level", "tags"),
        ("hint", "the variable {{hint}}"),
    ]
    assert found["count"] == "1 problem"
    assert found["heads"] == ["prompt", "hint", "Expected", "Tags"]
    assert found["rows"] == [["What is 2 + 2?", "no", "4", "level 1"]]
    assert found["error"] == ""


def test_a_table_with_an_answer_that_can_never_be_judged_is_refused_by_its_problem() -> None:
    table = "prompt,expected,kind\na,4,\nb,(,pattern\n"
    with pytest.raises(BadRequest, match=r"^Problem 2: expected.value is '\('.*Correct it\."):
        list_cell(table, UNLIMITED)
    assert preview(table, None, UNLIMITED)["error"].startswith("Problem 2: ")
    with speaking("pt"):
        assert preview(table, None, UNLIMITED)["error"].startswith("Problema 2: expected.value é")


def test_a_preview_shows_the_first_problems_and_counts_all() -> None:
    found = preview(rows_as_table(problems()), None, UNLIMITED)
    assert found["count"] == "200 problems"
    assert len(found["rows"]) == 5
    assert any(note.startswith("Tags: sums (25)") for note in found["notes"])


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("", "The table is empty"),
        ("prompt,expected\nOne,1\n,2\n", "Line 3 has no prompt"),
        ("prompt,expected\nOne,1,more\n", "Line 2 has 3 cells"),
        ('{"prompt": "One"}\n{"prompt": \n', "Line 2"),
    ],
)
def test_a_preview_says_what_is_wrong_and_where(table: str, words: str) -> None:
    found = preview(table, None, UNLIMITED)
    assert words in found["error"]
    assert (found["count"], found["rows"]) == ("", [])


def test_a_list_that_a_public_page_would_never_run_is_refused_at_once() -> None:
    found = preview(rows_as_table(problems()), None, PUBLIC)
    assert "200 runs, but 10 is the most" in found["error"]


def test_what_a_reader_should_know_is_noted() -> None:
    def notes(table: str, of: PromptCell | None = None) -> list[str]:
        return preview(table, of, UNLIMITED)["notes"]

    assert "None has an expected answer" in notes("prompt\nOne\nTwo\n")[0]
    assert notes("prompt,expected\nOne,1\nTwo,\n")[0] == "1 problem has no expected answer."
    once = "1 problem is there more than once and runs once."
    assert once in notes("prompt,expected\nOne,1\nOne,1\nOne,1\n")
    several = "prompt,expected\nOne,1\nOne,1\nTwo,2\nTwo,2\nTwo,2\n"
    assert "2 problems are there more than once and run once." in notes(several)
    other = PromptCell(prompt="What is it?")
    assert "none of these columns" in notes("prompt,expected\nOne,1\n", other)[0]


def test_problems_that_contradict_each_other_are_refused_if_no_prompt_tells_them_apart() -> None:
    found = preview("prompt,expected\nOne,1\nTwo,2\nOne,3\n", None, UNLIMITED)
    assert found["error"].startswith("Problems 1 and 3 ask the same, but different answers are")
    by_unit = "prompt,unit,expected\nOne,m,1\nOne,cm,100\n"
    found = preview(by_unit, None, UNLIMITED)
    assert found["error"] == "" and "put what else they have into the prompt" in found["notes"][0]
    other = PromptCell(prompt="{{prompt}} in {{unit}}")
    assert preview(by_unit, other, UNLIMITED)["notes"] == []
    with speaking("pt-BR"):
        (note,) = preview(by_unit, None, UNLIMITED)["notes"]
    assert note.startswith("Os problemas 1 e 2") and note.endswith("como {{column}}.")


def test_names_that_nobody_knows_may_be_a_problem() -> None:
    def noted(table: str) -> bool:
        notes = preview(table, None, UNLIMITED)["notes"]
        return any(note.startswith("No column has a known name such as prompt") for note in notes)

    assert noted("Paris,France\nRome,Italy\n")
    assert noted("hello\nbye\n")
    assert not noted("city,expected\nRome,Italy\n")
    assert not noted("Say hi.\nSay bye.\n")
    assert not noted('[{"city": "Rome"}]')


def test_a_list_speaks_the_visitors_language() -> None:
    with speaking("pt-BR"):
        found = preview("pergunta,resposta\nQuanto é 2 + 2?,4\n", None, UNLIMITED)
    assert found["count"] == "1 problema"
    assert found["columns"][1]["taken_for"] == "a resposta esperada"


@pytest.mark.parametrize("language", ["en", "pt-BR"])
def test_a_kind_in_a_table_is_known_by_what_the_page_calls_it(language: str) -> None:
    with speaking(language):
        found = {kind: kind_of(say(words)) for kind, words in JUDGED_BY.items()}
    assert found == {kind: kind for kind in EXPECTED_KINDS}


def test_a_prompt_is_the_problems_own_text_or_all_of_its_columns() -> None:
    assert list_cell(TABLE, UNLIMITED).prompt == "{{prompt}}"
    assert template(read_problems("a,b\n1,2\n").problems) == "{{a}}\n{{b}}"


@pytest.mark.parametrize(
    "listed",
    [
        (
            Problem((("prompt", "One, two"),), expected_from("1"), ("a", "b")),
            Problem((("prompt", "x"),)),
        ),
        (Problem((("a", 'say "1"\nand 2'), ("b", "")), Expected("number", ("3",), 0.5)),),
        (Problem((("prompt", "One"),), Expected("one_of", ("1", "2"))),),
        (Problem((("prompt", "One"),), Expected("one_of", ("a|b", "2"))),),
        (Problem((("prompt", "One"),), Expected("value", ("#### 4",))),),
        (Problem((("expected", "One"),), expected_from("1")),),
        (Problem((("prompt", "One"),), None, ("a, b", "c")),),
    ],
)
def test_a_lists_problems_come_back_from_their_table(listed: tuple[Problem, ...]) -> None:
    assert read_problems(as_table(listed)).problems == listed


def test_what_csv_can_say_is_csv() -> None:
    assert as_table(read_problems(TABLE).problems) == TABLE


def test_a_list_takes_the_place_of_an_empty_last_cell(session: Session) -> None:
    add(session)
    assert [each.prompt for each in session.document.prompts] == ["{{prompt}}"]
    assert session.focus == cell(session).id
    assert [problem.text for problem in cell(session).problems] == ["One", "Two", "Three"]


def test_a_list_goes_after_the_cell_that_it_was_asked_for_below(session: Session) -> None:
    write(session, "First", "Last")
    before = session.document.prompts[0].id
    session.change({"action": "list", "text": TABLE, "after": before})
    assert [each.prompt for each in session.document.prompts] == ["First", "{{prompt}}", "Last"]


def test_other_problems_leave_the_prompt_and_can_be_taken_back(session: Session) -> None:
    listed = add(session)
    session.change({"action": "edit", "dirty": {listed: "Do {{prompt}}"}})
    session.change({"action": "list", "cell": listed, "text": "prompt\nFour\n"})
    assert cell(session).prompt == "Do {{prompt}}"
    assert [problem.text for problem in cell(session).problems] == ["Four"]
    session.change({"action": "undo"})
    assert len(cell(session).problems) == 3


def test_a_table_that_cannot_be_read_changes_nothing(session: Session) -> None:
    before = session.document
    with pytest.raises(BadRequest, match="Line 2"):
        session.change({"action": "list", "text": "prompt,expected\n,1\n"})
    assert session.document == before
