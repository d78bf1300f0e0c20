"""A list's rows are made of the runs that its verdict counts, so that both say the same."""

from __future__ import annotations

from dataclasses import astuple, replace
from statistics import median
from typing import Any

import pytest

from playground.domain.request import RunId
from playground.notebook.document import PromptCell
from playground.notebook.history import History
from playground.ui.list_opened import opened_row
from playground.ui.list_rows import list_rows
from playground.ui.session import Session
from playground.verdict.from_document import groups_of_cell
from playground.verdict.weighing import verdict_of
from tests.judged import book, listed, run_of
from tests.ui.listed import cell, rows

AGREE, LEFT, RIGHT, COUNTS = 4, 6, 7, 8
BUDGETS = (0, 32, 64, None)


def show(session: Session, *cells: PromptCell) -> None:
    session.history = History(book(*cells))


def counted(cell: PromptCell) -> tuple[int, ...]:
    """The verdict's four counts: both right, only the left one, only the right one, neither."""
    paired = verdict_of(groups_of_cell(cell)[0]).paired
    assert paired is not None and paired.counts is not None
    return astuple(paired.counts)


def summed(found: list[list[Any]]) -> tuple[int, ...]:
    return tuple(map(sum, zip(*(row[COUNTS] for row in found), strict=True)))


def other_model(cell: PromptCell, problem: int, number: int = 99) -> PromptCell:
    """The cell, one of its problems run again with other models."""
    asked = cell.problems[problem]
    models = ("demo-instruct", "another")
    run = run_of(number, asked.text, ("**1**", "**1**"), values=asked.values, models=models)
    return replace(cell, runs=(*cell.runs, run))


@pytest.mark.parametrize(
    "ran",
    [
        listed(12),
        listed(12, budgets=BUDGETS),
        listed(12, budgets=(None, 0, 64)),
        listed(9, repeats=3),
        listed(9, repeats=2, budgets=BUDGETS),
        listed(12, stopped=2),
        listed(12, budgets=BUDGETS, stopped=2),
        other_model(listed(12), 3),
    ],
    ids=["plain", "budgets", "free first", "repeats", "both", "stopped", "both stopped", "models"],
)
def test_the_rows_counts_are_the_verdicts(session: Session, ran: PromptCell) -> None:
    show(session, ran)
    assert summed(rows(session)) == counted(ran)


def test_a_row_tells_the_largest_budget_alone(session: Session) -> None:
    ran = listed(12, budgets=BUDGETS)
    show(session, ran)
    for row, problem in zip(rows(session), ran.problems, strict=True):
        free = [run for run in ran.runs if run.values == problem.values][-1].result("right")
        assert row[RIGHT][2:6] == [row[RIGHT][1] == "right", 1, 1, free.numbers.generated_tokens]
        assert row[LEFT][2:5] == [row[LEFT][1] == "right", 1, 1]
        assert row[AGREE] == ("agree" if row[LEFT][0] == row[RIGHT][0] else "disagree")


def test_what_lanes_take_is_what_the_verdict_says(session: Session) -> None:
    ran = listed(12, budgets=BUDGETS)
    show(session, ran)
    for lane, told in zip((LEFT, RIGHT), verdict_of(groups_of_cell(ran)[0]).lanes, strict=True):
        assert told.tokens is not None
        assert median(row[lane][5] for row in rows(session)) == told.tokens.median


def test_a_problem_that_only_smaller_budgets_were_asked_of_says_nothing_yet(
    session: Session,
) -> None:
    whole = listed(12, budgets=BUDGETS)
    show(session, replace(whole, runs=whole.runs[:-1]))
    *_, last = rows(session)
    assert last[RIGHT] is None and last[AGREE] == "" and last[COUNTS] == [0, 0, 0, 0]
    assert last[LEFT] is not None


def test_runs_under_other_models_are_shown_and_not_counted(session: Session) -> None:
    ran = other_model(listed(12), 3)
    show(session, ran)
    found = rows(session)
    assert sum(map(sum, (row[COUNTS] for row in found))) == 1
    assert found[3][COUNTS] == [0, 0, 0, 1]
    assert all(row[RIGHT][3] == 1 for row in found)


def test_running_again_under_other_models_makes_all_rows_anew(session: Session) -> None:
    ran = listed(12)
    show(session, ran)
    known = list_rows(session, ran.id)
    show(session, other_model(ran, 3))
    answer = list_rows(session, ran.id, known["key"], known["last"])
    assert answer["whole"] and len(answer["rows"]) == 12


@pytest.mark.parametrize("already", [0, 1, 2, 3, 5, 46])
def test_rows_that_come_one_by_one_are_those_that_come_at_once(
    session: Session, already: int
) -> None:
    ran = listed(12, budgets=BUDGETS)
    found: dict[int, Any] = {}
    key = last = ""
    for many in (already, *range(already + 1, len(ran.runs) + 1)):
        show(session, replace(ran, runs=ran.runs[:many]))
        news = list_rows(session, ran.id, key, last)
        key, last = news["key"], news["last"]
        found = {row[0]: row for row in news["rows"]} if news["whole"] else found
        found |= {row[0]: row for row in news["rows"]}
    assert [found[at] for at in range(12)] == rows(session)


def test_of_a_list_that_goes_on_only_the_new_runs_are_looked_at(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = listed(12, budgets=BUDGETS)
    show(session, replace(ran, runs=ran.runs[:-1]))
    known = list_rows(session, ran.id)
    show(session, ran)
    looked_at: list[int] = []

    def groups(part: PromptCell, *given: Any) -> Any:
        looked_at.append(len(part.runs))
        return groups_of_cell(part, *given)

    monkeypatch.setattr("playground.ui.list_counted.groups_of_cell", groups)
    news = list_rows(session, ran.id, known["key"], known["last"])
    assert ([row[0] for row in news["rows"]], looked_at) == ([11], [len(BUDGETS)])


def test_an_opened_problem_has_all_of_its_runs_and_shows_the_one_that_counts(
    session: Session,
) -> None:
    ran = listed(12, budgets=(None, 0, 64))
    show(session, ran)
    opened = opened_row(session, cell(session).id, 4)
    assert [run["about"] for run in opened["runs"]] == [
        "no thinking budget",
        "at most 0 thinking tokens",
        "at most 64 thinking tokens",
    ]
    assert opened["shown"] == 0


def test_a_problem_that_was_run_again_says_so_as_the_verdict_does(session: Session) -> None:
    ran = listed(12)
    again = replace(ran.runs[0], id=RunId("again"), number=50)
    show(session, replace(ran, runs=(*ran.runs, again)))
    assert rows(session)[0][LEFT][3:5] == [2, 2]
    assert len(opened_row(session, ran.id, 0)["runs"]) == 2
