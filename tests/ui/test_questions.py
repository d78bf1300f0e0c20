"""The page's questions answer with JSON, and with the error as a value when they cannot."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from playground.domain.request import Lane
from playground.notebook.document import Document
from playground.ui.files import carry_out
from playground.ui.questions import questions
from playground.ui.session import Session
from playground.ui.sessions import Sessions
from tests.ui.fake import first, play, write

Ask = Callable[..., dict[str, Any]]
MODELS: dict[Lane, str] = {"left": "demo-instruct", "right": "demo-thinking"}


@pytest.fixture
def ask(session: Session) -> Ask:
    sessions = Sessions(lambda: session, lambda: 0.0)
    sessions.of("visitor")
    functions = {f.__name__: f for f in questions(sessions, lambda _: ("try me",), MODELS)}

    def put(name: str, /, **data: object) -> dict[str, Any]:
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
    assert ask("count", cell=first(session), prompt="one two three")["text"] == "3 of 64 tokens"
    assert ask("view")["cells"][0]["text"] == "hello there"


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
    session._enqueue([session.document.cells[0].id])
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


def test_every_format_is_saved_under_its_name(ask: Ask, session: Session) -> None:
    session.change({"action": "retitle", "title": "My book"})
    write(session, "hello there")
    play(session)
    for form, name in {
        "ipynb": "My-book.ipynb",
        "markdown": "My-book.md",
        "html": "My-book.html",
        "csv": "My-book.csv",
        "jsonl": "My-book.jsonl",
    }.items():
        saved = ask("save", format=form)
        assert saved["name"] == name
        assert "hello there" in saved["text"]
    assert "There is no format 'exe'" in ask("save", format="exe")["error"]


def test_a_saved_notebook_opens_in_another_page(ask: Ask, session: Session) -> None:
    write(session, "hello there")
    play(session)
    before = session.document
    text = ask("save", format="ipynb")["text"]
    session.install(Document(), session.settings)
    assert ask("open", name="book.ipynb", text=text) == {}
    assert [cell.text for cell in session.document.cells] == ["hello there"]
    assert session.document.prompts[0].runs == before.prompts[0].runs
    assert session.notice == "Opened book.ipynb."


@pytest.mark.parametrize("text", ["", "no json", "{}", "[" * 100_000, None, '{"cells": 7}'])
def test_a_file_that_cannot_be_opened_leaves_the_notebook_alone(
    ask: Ask, session: Session, text: str | None
) -> None:
    write(session, "mine")
    before = session.document
    assert ask("open", name="book.ipynb", text=text)["error"]
    assert session.document is before


def test_a_cell_is_told_as_code_link_and_exact_prompt(ask: Ask, session: Session) -> None:
    write(session, "hello there")
    titles = [section["title"] for section in ask("code", cell=first(session))["sections"]]
    assert any("curl" in title for title in titles)
    exact = ask("exact", cell=first(session))["sections"]
    assert [section["title"] for section in exact] == ["Instruct", "Thinking"]
    assert exact[0]["text"] == "user: hello there"
    fragment = ask("link", cell=first(session))["fragment"]
    carry_out(session, {"action": "link", "fragment": fragment})
    assert [cell.text for cell in session.document.cells] == ["hello there"] * 2


def test_typed_text_is_in_the_notebook_that_is_left(session: Session) -> None:
    carry_out(session, {"action": "new", "dirty": {first(session): "typed"}})
    assert [cell.text for cell in session.document.cells] == [""]
    carry_out(session, {"action": "back"})
    assert [cell.text for cell in session.document.cells] == ["typed"]


def test_search_snapshot_runs_draft_and_restore_are_answered(ask: Ask, session: Session) -> None:
    write(session, "hello there")
    play(session)
    assert ask("search", query="HELLO")["hits"][0]["match"] == "hello"
    told = ask("snapshot")
    runs = ask("runs", runs=told["runs"])["runs"]
    assert list(runs) == told["runs"]
    assert ask("draft", run="", have={})["run"] == ""
    before = session.document
    session.install(Document(), session.settings)
    kept = {"structure": told["structure"], "runs": runs, "draft": None, "models": MODELS}
    assert ask("restore", **kept) == {}
    assert session.document == before
    assert "newer version" in ask("restore", **{**kept, "structure": {"schema": 99}})["error"]
