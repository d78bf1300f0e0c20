"""Sessions are found by visitor or secret, outlive their tab for an hour, and stay bounded."""

from __future__ import annotations

from dataclasses import replace

import pytest

from playground.domain.errors import BadRequest
from playground.judging import PythonOutcome
from playground.ui.python_tests import PythonTests
from playground.ui.session import Session
from playground.ui.sessions import IDLE_S, Sessions
from tests.ui.fake import first


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sessions(session: Session, clock: Clock) -> Sessions:
    def create() -> Session:
        return Session(session._comparison, session.settings)

    return Sessions(create, clock)


def test_a_visitor_keeps_the_session_and_another_gets_another(sessions: Sessions) -> None:
    assert sessions.of("a") is sessions.of("a")
    assert sessions.of("a") is not sessions.of("b")


def test_answers_are_tested_for_visitors_only_where_that_is_allowed(sessions: Sessions) -> None:
    assert sessions.of("a").run_python is None
    sessions.python_tests = PythonTests(lambda code, tests: PythonOutcome("passed"))
    assert sessions.of("b").run_python is not None
    assert sessions.of("b").run_python is not sessions.of("c").run_python
    sessions.python_tests.close()


def test_only_the_secret_opens_a_session(sessions: Sessions) -> None:
    session = sessions.of("a")
    assert sessions.by_secret(session.secret) is session
    for wrong in ("", "a", None, session.secret[:-1]):
        with pytest.raises(BadRequest, match="Reload"):
            sessions.by_secret(wrong)


def test_a_tab_that_comes_back_within_the_hour_finds_its_notebook(
    sessions: Sessions, clock: Clock
) -> None:
    session = sessions.of("a")
    sessions.leave("a")
    clock.now_s = IDLE_S - 1
    assert sessions.of("a") is session
    clock.now_s = 3 * IDLE_S
    sessions.of("b")
    assert sessions.of("a") is session  # it came back: the hour counts no more


def test_after_the_hour_it_is_forgotten_with_its_secret(sessions: Sessions, clock: Clock) -> None:
    session = sessions.of("a")
    sessions.leave("a")
    clock.now_s = IDLE_S + 1
    sessions.of("b")
    with pytest.raises(BadRequest):
        sessions.by_secret(session.secret)


def test_the_least_recent_idle_session_makes_room(session: Session, clock: Clock) -> None:
    sessions = Sessions(lambda: Session(session._comparison, session.settings), clock, most=2)
    first, second = sessions.of("a"), sessions.of("b")
    sessions.of("a")
    sessions.of("c")
    assert sessions.by_secret(first.secret) is first
    with pytest.raises(BadRequest):
        sessions.by_secret(second.secret)


def test_a_closed_tab_interrupts_what_runs(sessions: Sessions) -> None:
    session = sessions.of("a")
    session.change({"action": "edit", "dirty": {first(session): "hello"}})
    updates = session.run({"cells": [first(session)]})
    while session.live is None:
        next(updates)
    sessions.leave("a")
    list(updates)
    run = session.document.cells[0].run
    assert run is not None
    assert [result.ending for result in run.results] == ["interrupted"] * 2


def test_leaving_without_a_session_is_nothing(sessions: Sessions) -> None:
    sessions.leave("nobody")


def test_the_chosen_models_are_those_of_the_open_pages(sessions: Sessions) -> None:
    one, two = sessions.of("a"), sessions.of("b")
    one.settings = replace(one.settings, models={"left": "x", "right": "y"})
    two.settings = replace(two.settings, models={"left": "y", "right": "z"})
    assert sessions.chosen_models() == {"x", "y", "z"}
    sessions.leave("b")
    assert sessions.chosen_models() == {"x", "y"}
    sessions.of("b")
    assert sessions.chosen_models() == {"x", "y", "z"}
