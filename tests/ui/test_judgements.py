"""Badges on the wire: grades and agreement of the run that is shown, made anew with every view."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest

from playground.judging import PythonOutcome
from playground.ui.judgements import LONGEST
from playground.ui.python_tests import PythonTests, VisitorsTests
from playground.ui.session import Session
from playground.ui.views import notebook_view
from tests.ui.fake import Fake, first, play, write

PYTHON = "Here:\n```python\ndef f(x):\n    return 2 * x\n```\n"
TESTS = {"kind": "python", "value": "assert f(2) == 4", "tolerance": ""}


def shown(session: Session) -> dict[str, Any]:
    cell: Any = notebook_view(session, ())["cells"][0]
    return dict(cell)


def expect(session: Session, value: str, kind: str = "value") -> None:
    form = {"kind": kind, "value": value, "tolerance": ""}
    session.change({"action": "judge", "cell": first(session), "expected": form})  # type: ignore[typeddict-item]


def test_two_ended_answers_have_a_badge_though_nothing_is_expected(session: Session) -> None:
    write(session, "4042")
    play(session)
    run = shown(session)["run"]
    badge = run["agreement"]
    assert (badge["kind"], badge["title"], badge["reason"]) == ("agree", "Same answer", "4042")
    assert [(fact["label"], fact["text"]) for fact in badge["facts"][:2]] == [
        ("Instruct", "4042"),
        ("Thinking", "4042"),
    ]
    assert run["grades"] == {}


def test_a_lane_alone_agrees_with_nobody(session: Session) -> None:
    write(session, "4042 /no_think")
    play(session)
    assert shown(session)["run"]["agreement"] is None


def test_a_changed_expected_answer_judges_at_once_and_nothing_runs_again(
    session: Session, engines: dict[str, Fake]
) -> None:
    write(session, "4042")
    play(session)
    expect(session, "4,042")
    grades = shown(session)["run"]["grades"]
    assert {lane: badge["kind"] for lane, badge in grades.items()} == {
        "left": "right",
        "right": "right",
    }
    assert grades["left"]["reason"] == "4042 = 4,042"
    expect(session, "666")
    badge = shown(session)["run"]["grades"]["right"]
    assert (badge["kind"], badge["reason"]) == ("wrong", "expected 666, got 4042")
    assert len(engines["demo-instruct"].asked) == 1
    assert shown(session)["expected"] == {"kind": "value", "value": "666", "tolerance": ""}
    assert "Expected: 666" in shown(session)["chips"]


def test_a_badge_never_carries_a_whole_long_answer(session: Session) -> None:
    write(session, "unmistakable " * 100)
    play(session)
    view = json.dumps(shown(session)["run"])
    assert len(view) < 10 * LONGEST


def wait_for(session: Session, outcome: threading.Event) -> None:
    assert outcome.wait(10)
    tests = session.run_python
    assert tests is not None
    for future in tests._tests._outcomes.values():
        future.result(10)


@pytest.fixture
def tested() -> Any:
    """Tests that pass once they are let go."""
    go, ran = threading.Event(), []

    def run(code: str, tests: str) -> PythonOutcome:
        ran.append((code, tests))
        go.wait(10)
        return PythonOutcome("passed")

    made = PythonTests(run)
    yield made, go, ran
    go.set()
    made.close()


def test_a_view_does_not_wait_for_python_tests(session: Session, tested: Any) -> None:
    tests, go, ran = tested
    session.run_python = VisitorsTests(tests)
    write(session, PYTHON)
    play(session)
    session.change({"action": "judge", "cell": first(session), "expected": TESTS})  # type: ignore[typeddict-item]
    assert shown(session)["run"]["grades"]["left"]["kind"] == "waiting"
    go.set()
    wait_for(session, go)
    assert shown(session)["run"]["grades"]["left"]["kind"] == "right"
    shown(session)
    assert len(set(ran)) == len(ran), "nothing is tested twice"


def test_tests_that_a_file_brings_are_not_run_until_their_cell_is(
    session: Session, tested: Any
) -> None:
    tests, go, ran = tested
    go.set()
    write(session, PYTHON)
    play(session)
    session.change({"action": "judge", "cell": first(session), "expected": TESTS})  # type: ignore[typeddict-item]
    session.run_python = VisitorsTests(tests)  # as if the document had been opened
    badge = shown(session)["run"]["grades"]["left"]
    assert (badge["kind"], ran) == ("not_judged", [])
    assert "run the cell" in badge["facts"][-1]["text"]
    play(session)
    assert shown(session)["run"]["grades"]["left"]["kind"] in ("waiting", "right")
    assert ran


def test_a_notebook_that_is_opened_runs_nothing_although_its_tests_were_trusted_before(
    session: Session, tested: Any
) -> None:
    tests, go, ran = tested
    go.set()
    session.run_python = VisitorsTests(tests)
    write(session, PYTHON)
    session.change({"action": "judge", "cell": first(session), "expected": TESTS})  # type: ignore[typeddict-item]
    play(session)
    before = list(ran)
    session.install(session.document, session.settings)
    assert shown(session)["run"]["grades"]["left"]["kind"] == "not_judged"
    assert ran == before


def test_where_tests_are_not_allowed_the_grade_says_so(session: Session) -> None:
    write(session, PYTHON)
    play(session)
    session.change({"action": "judge", "cell": first(session), "expected": TESTS})  # type: ignore[typeddict-item]
    badge = shown(session)["run"]["grades"]["left"]
    assert (badge["kind"], badge["reason"]) == (
        "not_judged",
        "Python tests are not allowed here.",
    )
    assert notebook_view(session, ())["tests_python"] is False
