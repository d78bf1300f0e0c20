"""How far a list has come, one problem whole, and what the list says, as the page asks for them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from playground.notebook.changes import Judge
from playground.ui.questions import questions
from playground.ui.session import Session
from playground.ui.sessions import Sessions
from playground.ui.views import notebook_view
from tests.ui.fake import Fake, play, write
from tests.ui.listed import TABLE, add, cell

Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def ask(session: Session) -> Ask:
    sessions = Sessions(lambda: session, lambda: 0.0)
    sessions.of("visitor")
    rows = [{"prompt": "One", "expected": "1", "tags": ["a"]}]
    models = session.settings.models
    listed = questions(sessions, lambda _: (), models, builtin=lambda: rows)
    functions = {f.__name__: f for f in listed}

    def put(name: str, /, **data: object) -> dict[str, Any]:
        return functions[name]({"session": session.secret, "cell": cell(session).id, **data})

    return put


def view(session: Session) -> dict[str, Any]:
    return dict(notebook_view(session, ())["cells"][0])


def test_a_plain_cell_is_no_list(session: Session) -> None:
    write(session, "hello")
    assert view(session)["list"] is None


def test_a_list_tells_how_far_it_is_and_shows_no_run(session: Session) -> None:
    add(session)
    assert view(session)["list"] | {"key": ""} == {
        "problems": 3,
        "planned": 3,
        "done": 0,
        "waiting": 0,
        "running": 0,
        "pausing": False,
        "error": "",
        "kept": 0,
        "key": "",
    }
    play(session)
    now = view(session)
    assert (now["list"]["done"], now["list"]["kept"]) == (3, 3)
    assert (now["run"], now["stale"]) == (None, "")


def test_the_columns_of_a_list_are_no_variables_to_be_filled(session: Session) -> None:
    listed = add(session)
    session.change({"action": "edit", "dirty": {listed: "{{prompt}} in {{language}}"}})
    now = view(session)
    assert now["names"] == ["language"]
    assert not any("prompt" in chip for chip in now["chips"])


def test_a_pause_lets_the_run_that_goes_on_end_and_the_rest_wait(
    session: Session, ask: Ask, engines: dict[str, Fake]
) -> None:
    add(session)
    gate = engines["demo-instruct"].gate = threading.Event()
    playing = threading.Thread(target=play, args=(session,))
    playing.start()
    try:
        assert engines["demo-instruct"].answering.wait(5)
        now = view(session)["list"]
        assert (now["done"], now["waiting"], now["running"]) == (0, 2, 1)
        assert ask("pause") == {}
        assert view(session)["list"]["pausing"]
    finally:
        gate.set()
        playing.join()
    assert view(session)["list"]["done"] == 1
    assert cell(session).runs[0].result("left").ending == "end_of_turn"
    play(session)
    assert [run.values[0][1] for run in cell(session).runs] == ["One", "Two", "Three"]
    assert view(session)["list"]["done"] == 3


def test_a_list_that_cannot_be_run_says_why(session: Session) -> None:
    listed = add(session)
    session.change({"action": "edit", "dirty": {listed: "What is it?"}})
    assert "none of the list's columns" in view(session)["list"]["error"]


def test_a_problem_comes_whole_with_its_runs(session: Session, ask: Ask) -> None:
    listed = add(session)
    session.judge(Judge(listed, None, 2, cell(session).problems))
    assert ask("row", problem=1)["runs"] == []
    play(session)
    answer = ask("row", problem=1)
    assert (answer["number"], answer["prompt"], answer["expected"]) == (2, "Two", "Ten")
    assert [run["about"] for run in answer["runs"]] == ["repeat 1", "repeat 2"]
    newest = answer["runs"][-1]["run"]
    assert newest["lanes"] == {lane: f"{newest['run']}/{lane}" for lane in ("left", "right")}


def test_a_run_that_was_found_leads_to_its_problem(session: Session, ask: Ask) -> None:
    add(session)
    play(session)
    run = cell(session).runs[2]
    assert ask("row", run=run.id)["prompt"] == "Three"
    assert "Reload the page" in ask("row", run="gone")["error"]


def test_a_problem_that_is_not_there_is_refused(session: Session, ask: Ask) -> None:
    add(session)
    for problem in (-1, 3):
        assert "Reload the page" in ask("row", problem=problem)["error"]


def test_a_list_says_what_it_shows_in_words(session: Session, ask: Ask) -> None:
    add(session)
    assert ask("summary") == {"words": ""}
    play(session)
    assert "Too few to say, with n = 2" in ask("summary")["words"]


def test_tables_are_looked_at_and_given_back(session: Session, ask: Ask) -> None:
    add(session)
    assert ask("listed") == {"text": TABLE}
    assert ask("builtin") == {"text": "prompt,expected,tags\nOne,1,a\n"}
    assert ask("preview", text=TABLE)["count"] == "3 problems"
    assert len(ask("rows")["rows"]) == 3


def test_whatever_changes_the_rows_changes_the_view(session: Session) -> None:
    listed = add(session)
    play(session)
    before = view(session)["list"]
    changed = TABLE.replace("Ten", "Two")
    session.change({"action": "list", "cell": listed, "text": changed})
    assert view(session)["list"] == before | {"key": view(session)["list"]["key"]}
    assert view(session)["list"]["key"] != before["key"]
