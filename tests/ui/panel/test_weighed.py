"""Weighing is done once for the same runs, and anew when a run or a choice changes."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from playground.domain.expected import expected_from
from playground.domain.request import RunId
from playground.judging import PythonOutcome
from playground.notebook.document import PromptCell
from playground.ui.panel import weighed as room
from playground.ui.panel.weighed import Weighing
from playground.ui.python_tests import PythonTests, VisitorsTests
from playground.ui.session import Session
from tests.judged import book, listed, plain, run_of

OTHERS = ("Qwen/Qwen3-4B-Instruct-2507", "Qwen/Qwen3-4B-Thinking-2507")
OLD = run_of(1, "What is 1 + 1?", ("**2**", "**2**"), models=OTHERS)
BOTH = run_of(900, "What is 2 + 2?", ("**4**", "**4**"))


def show(session: Session, *cells: PromptCell) -> None:
    session.install(book(*cells), session.settings)


def test_a_verdict_is_of_its_scope_alone(session: Session) -> None:
    show(session, plain("one", BOTH), listed(10))
    whole, part = (Weighing(False).weigh(session, scope) for scope in ("", "list"))
    assert whole.verdict is not None and part.verdict is not None
    assert (whole.verdict.problems, part.verdict.problems) == (11, 10)
    assert part.scope == "list"


def test_the_same_runs_are_weighed_once_also_when_another_cell_is_edited(session: Session) -> None:
    show(session, listed(10), PromptCell(id="other", prompt="x"))  # type: ignore[arg-type]
    weighing = Weighing(False)
    before = weighing.weigh(session, "list")
    session.change({"action": "edit", "dirty": {"other": "y"}})
    assert weighing.weigh(session, "list") is before
    assert weighing.last(session) is before


def test_a_new_run_is_weighed(session: Session) -> None:
    weighing = Weighing(False)
    cell = listed(10)
    show(session, replace(cell, runs=cell.runs[:-1]))
    assert weighing.weigh(session).verdict.problems == 9  # type: ignore[union-attr]
    show(session, cell)
    assert weighing.weigh(session).verdict.problems == 10  # type: ignore[union-attr]


def test_other_models_are_another_group_the_newest_first(session: Session) -> None:
    show(session, plain("old", OLD), plain("new", BOTH))
    weighing = Weighing(False)
    newest, older = weighing.weigh(session), weighing.weigh(session, place=1)
    assert [group.models["left"] for group in newest.groups] == ["demo-instruct", OTHERS[0]]
    assert newest.group is newest.groups[0] and older.group is newest.groups[1]
    assert weighing.weigh(session, place=7).place == 0


def test_a_cell_that_is_gone_gives_way_to_the_whole_notebook(session: Session) -> None:
    show(session, plain("one", BOTH))
    assert Weighing(False).weigh(session, "gone").scope == ""


def test_an_empty_notebook_has_no_verdict(session: Session) -> None:
    weighed = Weighing(False).weigh(session)
    assert weighed.verdict is None and weighed.group is None and weighed.curves == ()


@pytest.mark.parametrize("in_public", [True, False])
def test_a_public_page_weighs_only_the_newest_runs(
    session: Session, in_public: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "MOST_PUBLIC_RUNS", 4)
    show(session, listed(10))
    weighed = Weighing(in_public).weigh(session)
    assert weighed.verdict is not None
    assert weighed.verdict.problems == (4 if in_public else 10)
    assert weighed.unweighed == (6 if in_public else 0)


def test_a_blind_run_is_not_weighed_before_its_vote(session: Session) -> None:
    waiting = replace(BOTH, id=RunId("blind"), number=901, sides=("right", "left"))
    show(session, plain("one", BOTH, waiting))
    verdict = Weighing(False).weigh(session).verdict
    assert verdict is not None
    assert [lane.runs for lane in verdict.lanes] == [1, 1]


def test_python_tests_that_still_run_are_not_judged_yet_and_asked_for_again(
    session: Session,
) -> None:
    ended = threading.Event()

    def run_python(code: str, tests: str) -> PythonOutcome:
        ended.wait()
        return PythonOutcome("passed")

    tests = PythonTests(run_python)
    session.run_python = VisitorsTests(tests)
    expected = expected_from({"kind": "python", "value": "assert f() == 1"})
    code = "```python\ndef f():\n    return 1\n```"
    show(session, plain("one", run_of(1, "Write f.", (code, code)), expected=expected))
    session.run_python.trust([expected])
    weighing = Weighing(False)
    assert weighing.weigh(session).verdict.not_judged == 2  # type: ignore[union-attr]
    ended.set()
    tests.close()
    tests._pool.shutdown(wait=True)
    assert weighing.weigh(session).verdict.not_judged == 0  # type: ignore[union-attr]
