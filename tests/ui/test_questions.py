"""The page's questions answer with JSON, and with the error as a value when they cannot."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from playground.ui.questions import questions
from playground.ui.session import Session
from playground.ui.sessions import Sessions
from tests.ui.fake import first, play, write

Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def ask(session: Session) -> Ask:
    sessions = Sessions(lambda: session, lambda: 0.0)
    sessions.of("visitor")
    functions = {f.__name__: f for f in questions(sessions, lambda _: ("try me",))}

    def put(name: str, **data: object) -> dict[str, Any]:
        answer = functions[name]({"session": session.secret, **data})
        json.dumps(answer)
        return answer

    return put


def test_a_lane_its_trace_the_count_and_the_view_are_answered(ask: Ask, session: Session) -> None:
    write(session, "hello there")
    play(session)
    run = session.document.cells[0].run
    assert run is not None
    key = f"{run.id}/right"
    assert ask("fetch", keys=[key])["lanes"][key]["answer"] == "**hello there**"
    assert ask("trace", key=key) == {"text": "hm"}
    assert ask("count", prompt="one two three")["text"] == "3 tokens"
    assert ask("view")["cells"][0]["prompt"] == "hello there"


def test_lanes_that_are_gone_are_left_out_and_the_others_still_come(
    ask: Ask, session: Session
) -> None:
    write(session, "hello")
    play(session)
    run = session.document.cells[0].run
    assert run is not None
    keys = ["nothing/left", f"{run.id}/left"]
    assert list(ask("fetch", keys=keys)["lanes"]) == keys[1:]


def test_stop_takes_a_waiting_cell_out_of_the_queue(ask: Ask, session: Session) -> None:
    session.queue.append(session.document.cells[0].id)
    assert ask("stop", cell=first(session), lane=None) == {}
    assert session.queue == []


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("fetch", {"session": "wrong", "keys": []}),
        ("fetch", {}),
        ("trace", {"key": "nothing/left"}),
        ("stop", {}),
        ("count", {}),
        ("view", {"session": None}),
    ],
)
def test_what_cannot_be_answered_is_an_error_with_the_next_step(
    ask: Ask, name: str, data: dict[str, Any]
) -> None:
    assert "Reload the page" in ask(name, **data)["error"]


def test_a_notebook_that_this_server_does_not_have_is_said_to_be_gone(ask: Ask) -> None:
    answer = ask("view", session="of another server")
    assert answer["gone"] is True and "Reload" in answer["error"]
