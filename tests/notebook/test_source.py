"""Calls as source: exactly the text they came from, in a form that a person can read and edit."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.domain.expected import Expected
from playground.notebook.call import Call
from playground.notebook.literals import WIDTH, literal, prompt_literal
from playground.notebook.source import parse, source
from tests.listed import problems
from tests.notebook.random_documents import BUDGETS, EXPECTED, PROBLEMS, SAMPLING, TEXT, VARIABLES

OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "system": TEXT,
        "sampling": SAMPLING.map(
            lambda given: {k: list(v) if isinstance(v, tuple) else v for k, v in given.items()}
        ),
        "right": st.sampled_from(["./own", {"sampling": {"top_k": 3}}]),
        "schedule": st.just("together"),
    },
)
ANY_TEXT = TEXT | st.text(st.sampled_from("\"'\\\n\r\t {}é🧠\u2028\x00#"), max_size=30)
CALLS = st.builds(
    Call,
    ANY_TEXT,
    VARIABLES,
    OPTIONS,
    st.booleans(),
    expected=st.none() | EXPECTED,
    repeats=st.integers(1, 9),
    problems=PROBLEMS,
    budgets=BUDGETS,
)


@given(ANY_TEXT)
def test_a_prompt_is_exactly_its_text_again(text: str) -> None:
    assert ast.literal_eval(f"({prompt_literal(text, 4)})") == text


@given(CALLS)
def test_a_call_is_exactly_itself_again(call: Call) -> None:
    text = source(call, ["# note"])
    compile(text, "cell", "exec")
    assert parse(text) == (call, ("# note",))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('Say "hi"', r'"Say \"hi\""'),
        ("It's 1 < 2 in {{language}}", '''"It's 1 < 2 in {{language}}"'''),
        ("One\n  two\n", '"""One\n  two\n"""'),
        (r"Solve \frac{x}{2} = 1", r'r"Solve \frac{x}{2} = 1"'),
        ("Solve\n\\[x^2\\]\nnow", 'r"""Solve\n\\[x^2\\]\nnow"""'),
        ("a\\", r'"a\\"'),
        ('A """doc\\""" string\n"', '"""A \\"\\"\\"doc\\\\\\"\\"\\" string\n\\""""'),
        ("👩\u200d🔬 می\u200cشود　全角", '"👩\u200d🔬 می\u200cشود　全角"'),
        ("\u202ereversed\x00\r\n", '"""\\u202ereversed\\x00\\r\n"""'),
        ("", '""'),
    ],
)
def test_a_prompt_is_written_for_people(text: str, written: str) -> None:
    assert prompt_literal(text, 4) == written
    assert ast.literal_eval(written) == text


def test_a_long_line_is_broken_between_words() -> None:
    lines = prompt_literal("every word whole " * 20, 4).split("\n")
    assert len(lines) == 5
    assert all(len(line) <= WIDTH and line.strip().endswith(' "') for line in lines)


def test_a_short_value_stands_on_one_line_and_a_long_one_on_many() -> None:
    assert literal({"a": [1, None, True, 0.5]}) == '{"a": [1, None, True, 0.5]}'
    assert literal({"a": ["x" * 50, "y" * 50]}, 4) == (
        '{\n        "a": [\n            "' + "x" * 50 + '",\n            "' + "y" * 50 + '",\n'
        "        ],\n    }"
    )


def test_a_cell_is_laid_out_as_people_do() -> None:
    options = {"sampling": {"temperature": 0.6}, "right": "./own"}
    assert source(Call("Why?", (), options)) == (
        "from playground import compare\n\n"
        'compare("Why?", sampling={"temperature": 0.6}, right="./own")'
    )
    variables = (("language", ("French", "German")),)
    assert source(Call("Say\n{{language}}", variables, options, True)) == (
        "from playground import compare_each\n\n"
        'compare_each(\n    """Say\n{{language}}""",\n    {"language": ["French", "German"]},\n'
        '    sampling={"temperature": 0.6},\n    right="./own",\n    continues=True,\n)'
    )


def test_what_is_expected_and_how_often_it_is_asked_stand_in_the_call() -> None:
    call = Call("2 + 2?", expected=Expected("value", ("4",)), repeats=5, budgets=(0, None))
    assert source(call) == (
        "from playground import compare\n\n"
        'compare("2 + 2?", expected="4", repeats=5, budgets=[0, None])'
    )
    near = Call("Pi?", expected=Expected("number", ("3.14",), 0.01))
    assert 'expected={"kind": "number", "value": "3.14", "tolerance": 0.01}' in source(near)
    for each in (call, near):
        assert parse(source(each)) == (each, ())


def test_a_short_list_stands_as_rows_and_a_long_one_as_lines_of_json() -> None:
    short = Call("{{prompt}}", problems=problems(2))
    assert source(short) == (
        "from playground import compare_list\n\n"
        "compare_list(\n"
        '    "{{prompt}}",\n'
        "    [\n"
        '        {"prompt": "0 + 0", "expected": "0", "tags": ["sum"]},\n'
        '        {"prompt": "1 + 1", "expected": "2", "tags": ["sum"]},\n'
        "    ],\n"
        ")"
    )
    long = Call("{{prompt}}", (("tone", ("dry",)),), problems=problems(21))
    lines = source(long).split("\n")
    assert lines[4:6] == ['    """', '{"prompt": "0 + 0", "expected": "0", "tags": ["sum"]}']
    assert lines[-2:] == ['    values={"tone": ["dry"]},', ")"]
    for each in (short, long):
        assert parse(source(each)) == (each, ())


@pytest.mark.parametrize(
    "text",
    [
        "compare('a', repeats=0)",
        "compare('a', budgets=[-1])",
        "compare('a', expected={'kind': 'vibes', 'value': 'x'})",
        "compare_list('{{prompt}}', [])",
        "compare_list('{{prompt}}', 'problems.csv')",
        "compare_list('{{prompt}}')",
        "compare_list('{{prompt}}', [7])",
    ],
)
def test_a_list_that_no_cell_can_be_is_no_call(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize("deep", ["(", "[", "{", "-", "not ", "1+", "lambda:", "a.", "f("])
def test_source_that_is_nested_without_end_is_no_call(deep: str) -> None:
    assert parse(f"compare({deep * 100_000}1)") is None


def test_source_with_an_escape_that_python_warns_of_is_still_a_call() -> None:
    parsed = parse(r"compare('\d+')")
    assert parsed is not None and parsed[0].prompt == r"\d+"
