"""What a column is shows in its name, however it is written; what cannot be told is refused."""

from __future__ import annotations

import pytest

from playground.domain.errors import BadRequest
from playground.domain.expected import EXPECTED_KINDS, Expected
from playground.notebook.problem_columns import kind_of
from playground.notebook.problem_tables import read_problems
from tests.notebook.test_problem_tables import uses


def expectations(text: str) -> list[Expected | None]:
    return [problem.expected for problem in read_problems(text).problems]


@pytest.mark.parametrize(
    "head",
    [
        " Prompt , EXPECTED ",
        "Prompt (text),Expected answer",
        "Prompt*,Answer [number]:",
        "\u00a0prompt,expected\u200b",
        "Pergunta,Resposta correta",
        "Enunciado,Gabarito",
    ],
)
def test_a_name_is_known_however_it_is_written(head: str) -> None:
    (problem,) = read_problems(f"{head}\na,4\n").problems
    assert (problem.values, problem.expected) == ((("prompt", "a"),), Expected("value", ("4",)))


def test_names_that_only_remarks_tell_apart_are_variables() -> None:
    table = read_problems("Prompt (en),Prompt (pt),expected\nOne,Um,1\n")
    assert [column.variable for column in table.columns] == ["Prompt_en", "Prompt_pt", ""]
    table = read_problems("prompt,Prompt (pt)\nOne,Um\n")
    assert [column.variable for column in table.columns] == ["prompt", "Prompt_pt"]


def test_a_tag_keeps_its_columns_accents() -> None:
    text = "prompt,Nível (1 a 3)\na,2\n"
    assert read_problems(text).problems[0].tags == ("nível 2",)


@pytest.mark.parametrize(
    "text",
    [
        "prompt,expected,expected\na,4,5\n",
        "prompt,Expected,expected\na,4,5\n",
        "prompt\texpected\texpected\na\t4\t5\n",
        "| prompt | expected | expected |\n|---|---|---|\n| a | 4 | 5 |\n",
        '{"prompt": "a", "Expected": "4", "expected": "5"}',
    ],
)
def test_two_columns_of_one_name_are_refused(text: str) -> None:
    with pytest.raises(BadRequest, match="Two columns are called 'expected'"):
        read_problems(text)


def test_kinds_are_known_in_capitals_and_in_portuguese() -> None:
    text = "prompt,answer,kind\na,4,Number\nb,x,PATTERN\nc,4,\nd,4, One of several \n"
    found = expectations(text)
    assert [each and each.kind for each in found] == ["number", "pattern", "value", "one_of"]
    text = "prompt;resposta;tolerância;tipo\na;3,14;0,5;número\nb;x;;Padrão\n"
    assert expectations(text) == [
        Expected("number", ("3,14",), 0.5),
        Expected("pattern", ("x",)),
    ]


def test_a_name_is_known_without_its_accents_and_decomposed_as_a_mac_writes_it() -> None:
    for name in ("Tolerância", "tolerancia", "tolera\u0302ncia"):
        assert uses(read_problems(f"prompt,expected,{name}\na,4,1\n"))[name] == "tolerance"


def test_a_kind_that_nobody_knows_is_refused_among_known_ones() -> None:
    text = "prompt,expected,kind\na,4,number\nb,4,nmber\n"
    with pytest.raises(BadRequest, match=r"Line 3: the kind is 'nmber', .* one of: value, exact"):
        read_problems(text)


@pytest.mark.parametrize("words", [("sums", "products"), ("number", "letters", "words")])
def test_kinds_of_something_else_are_a_variable(words: tuple[str, ...]) -> None:
    table = read_problems("prompt,expected,kind\n" + "".join(f"a,4,{each}\n" for each in words))
    assert uses(table)["kind"] == "variable"
    assert {problem.expected for problem in table.problems} == {Expected("value", ("4",))}


@pytest.mark.parametrize("kind", EXPECTED_KINDS)
def test_a_kind_is_known_by_its_own_name(kind: str) -> None:
    assert kind_of(kind) == kind_of(kind.upper()) == kind


@pytest.mark.parametrize(
    ("typed", "tolerance"), [("0,5", 0.5), ("0,001", 0.001), (" 0.5 ", 0.5), ("12,5", 12.5)]
)
def test_a_tolerance_may_have_a_decimal_comma(typed: str, tolerance: float) -> None:
    text = f"prompt;expected;tolerance\na;3,14;{typed}\n"
    assert expectations(text) == [Expected("number", ("3,14",), tolerance)]


@pytest.mark.parametrize("typed", ["1,000", "10%", "nan", "1,2,3"])
def test_a_tolerance_that_is_no_number_or_two_is_refused(typed: str) -> None:
    with pytest.raises(BadRequest, match=r"Line 2: expected\.tolerance"):
        read_problems(f"prompt;expected;tolerance\na;3,14;{typed}\n")
