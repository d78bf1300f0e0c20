"""Thinking budgets as they are typed."""

from __future__ import annotations

import pytest

from playground.domain.errors import BadRequest
from playground.notebook.document import CellId
from playground.ui.budgets import budget_words, budgets_from
from playground.ui.session import Session
from playground.words import speaking
from tests.ui.fake import first, play
from tests.ui.listed import add, cell


@pytest.mark.parametrize(
    ("typed", "budgets"),
    [
        ("", []),
        ("256, 1024, free", [256, 1024, None]),
        ("256,512;1024\n0", [256, 512, 1024, 0]),
        (" No limit ", [None]),
        ("64,", [64]),
    ],
)
def test_numbers_and_free_in_any_order(typed: str, budgets: list[int | None]) -> None:
    assert budgets_from(typed) == budgets


@pytest.mark.parametrize("typed", ["many", "-1", "1.5", "1,024", "256 512", "1e3"])
def test_what_is_no_budget_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(BadRequest, match="256, 1024, free"):
        budgets_from(typed)


def test_budgets_are_shown_as_they_are_typed_in_the_visitors_language() -> None:
    assert budget_words((256, None)) == "256, free"
    with speaking("pt-BR"):
        assert budget_words((256, None)) == "256, livre"
        assert budgets_from("256, livre") == [256, None]


def test_each_problem_is_asked_under_each_budget(session: Session) -> None:
    listed = add(session)
    session.change({"action": "budgets", "cell": listed, "budgets": "1, free"})
    assert cell(session).budgets == (1, None)
    play(session)
    asked = [
        (run.values[0][1], run.result("right").request.sampling.thinking_budget, len(run.lanes))
        for run in cell(session).runs
    ]
    assert asked[:3] == [("One", 1, 2), ("One", None, 1), ("Two", 1, 2)]
    session.change({"action": "undo"})
    assert cell(session).budgets == ()


def test_what_cannot_be_a_budget_leaves_the_cell(session: Session) -> None:
    with pytest.raises(BadRequest):
        session.change({"action": "budgets", "cell": CellId(first(session)), "budgets": "much"})
    assert cell(session).budgets == ()
