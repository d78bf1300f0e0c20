"""The attempts of exported results."""

from __future__ import annotations

import json
from typing import Any

import pytest

from playground.domain.errors import BadRequest
from playground.notebook.document import Document
from playground.notebook.exports.tables import to_jsonl
from playground.results.value import to_json
from playground.verdict.from_document import groups_of_document
from playground.verdict.from_lines import groups_of_lines
from tests.verdict.runs import answered, cell, ran


def line(name: str = "r1", **more: Any) -> str:
    return json.dumps({"run": 1, **to_json(answered("left", name)), **more})


def test_an_export_has_the_attempts_of_its_notebook() -> None:
    document = Document((cell(ran(1), ran(2)), cell(ran(3, prompt="Why?"), id="b", prompt="Why?")))
    (of_lines,) = groups_of_lines(to_jsonl(document), "results.jsonl")
    (of_document,) = groups_of_document(document)
    assert len(of_lines.attempts) == len(of_document.attempts) == 6
    assert [each.final for each in of_lines.attempts] == [
        each.final for each in of_document.attempts
    ]
    assert of_lines.asked == of_document.asked


def test_a_line_may_say_what_is_expected_and_its_tags() -> None:
    text = "\n".join([line(expected="4", tags=["sums"], repeat=2), "", line("r2", expected=5)])
    (group,) = groups_of_lines(text, "results.jsonl")
    assert [(each.grade, each.tags) for each in group.attempts] == [
        ("right", ("sums",)), ("wrong", ()),
    ]  # fmt: skip
    assert group.attempts[0].repeat == 2


def test_a_result_alone_is_a_line() -> None:
    (group,) = groups_of_lines(json.dumps(to_json(answered("right", "r1"))), "results.jsonl")
    assert group.attempts[0].final == "4"


def test_values_make_a_problem_in_their_cell() -> None:
    values = [{"x": "1"}, {"x": "2"}, {"x": "1"}]
    text = "\n".join(line(f"r{n}", cell_id="a", values=each) for n, each in enumerate(values))
    (group,) = groups_of_lines(text, "results.jsonl")
    assert len({each.problem for each in group.attempts}) == 2


def test_several_budgets_in_a_cell_are_compared() -> None:
    lines = [
        json.dumps({"cell_id": "a", **to_json(answered("right", f"r{n}", thinking_budget=budget))})
        for n, budget in enumerate((None, 64))
    ]
    (group,) = groups_of_lines("\n".join(lines), "results.jsonl")
    assert [each.budget for each in group.attempts] == [None, 64]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "'x.jsonl' has 0 results"),
        ("{", "Line 1 of 'x.jsonl'"),
        ("[]", "Line 1 of 'x.jsonl' is"),
        ('{"schema": 2}', "Line 1 of 'x.jsonl': This result has schema 2"),
        (line() + "\n" + line(expected=[1]), "Line 2 of 'x.jsonl': expected is"),
        (line(tags="sums"), "Line 1 of 'x.jsonl': tags is 'sums'"),
        (line(tags=[1]), "Line 1 of 'x.jsonl': a tag is 1"),
        (line(run=-1), "Line 1 of 'x.jsonl': run is -1"),
        (line(repeat="2"), "Line 1 of 'x.jsonl': repeat is '2'"),
        (line(values={"x": 1}), "Line 1 of 'x.jsonl': x is 1"),
    ],
)
def test_a_line_that_cannot_be_is_named(text: str, words: str) -> None:
    with pytest.raises(BadRequest) as refused:
        groups_of_lines(text, "x.jsonl")
    assert str(refused.value).startswith(words)
