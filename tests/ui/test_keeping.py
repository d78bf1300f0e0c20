"""What a browser keeps of a notebook comes back whole; a run that was cut off as interrupted."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest

from playground.domain.errors import BadRequest
from playground.domain.request import Lane
from playground.notebook.settings import Settings
from playground.ui import keeping
from playground.ui.files import carry_out
from playground.ui.session import Session
from tests.ui.fake import Fake, first, play, write

MODELS: dict[Lane, str] = {"left": "demo-instruct", "right": "demo-thinking"}


def kept(session: Session, **more: Any) -> dict[str, Any]:
    """What a browser has after a while, once through JSON."""
    told = keeping.snapshot(session, MODELS)
    runs = keeping.ended_runs(session, told["runs"])
    data = {name: told[name] for name in ("structure", "before", "models")}  # type: ignore[literal-required]
    data = {**data, "runs": runs, **more}
    loaded: dict[str, Any] = json.loads(json.dumps(data))
    return loaded


def fresh(session: Session) -> Session:
    return Session(
        session._comparison, Settings(session.settings.models, session.settings.sampling)
    )


def test_text_runs_settings_and_title_come_back(session: Session) -> None:
    write(session, "one", "two")
    play(session)
    session.change({"action": "retitle", "title": "Mine"})
    session.settings = Settings(
        session.settings.models, session.settings.sampling, "together", "fixed", 7, "brief"
    )
    again = fresh(session)
    keeping.restore(again, kept(session), MODELS)
    assert again.document == session.document
    assert again.settings == session.settings
    assert again.notice == ""
    assert again.before is None


def test_a_page_with_other_models_keeps_them_and_says_so(session: Session) -> None:
    write(session, "one")
    again = fresh(session)
    again.settings = Settings(
        {"left": "demo-thinking", "right": "demo-thinking"}, session.settings.sampling
    )
    keeping.restore(again, kept(session), {**MODELS, "left": "demo-thinking"})
    assert again.document == session.document
    assert again.settings.models["left"] == "demo-thinking"
    assert "other models" in again.notice


def test_a_model_that_is_not_there_leaves_the_lane_as_it_was(session: Session) -> None:
    data = kept(session)
    data["structure"]["settings"]["models"] = {"left": "./gone", "right": "demo-thinking"}
    again = fresh(session)
    keeping.restore(again, data, MODELS)
    assert again.settings.models == MODELS


def test_the_run_that_was_going_on_comes_back_as_interrupted(
    session: Session, engines: dict[str, Fake]
) -> None:
    engines["demo-thinking"].gate = gate = threading.Event()
    write(session, "long 𝔘 one")
    running = threading.Thread(target=play, args=(session,))
    running.start()
    assert engines["demo-thinking"].answering.wait(10)
    while True:  # until the answer's text has been folded
        told = keeping.draft(session, {})
        if told["lanes"]["right"]["answer"]["text"]:
            break
    more = keeping.draft(session, {"right": {"thinking": 1, "answer": 0}})
    lanes = {
        lane: {
            "result": drafted["result"],
            "thinking": drafted["thinking"]["text"],
            "answer": drafted["answer"]["text"],
        }
        for lane, drafted in told["lanes"].items()
    }
    draft = {"run": told["run"], "cell": told["cell"], "values": told["values"], "lanes": lanes}
    before = kept(session, draft=draft)
    gate.set()
    running.join(10)
    assert more["lanes"]["right"]["thinking"]["text"] == "hm"
    assert told["lanes"]["right"]["result"]["output"] == {"thinking": "", "answer": ""}
    again = fresh(session)
    keeping.restore(again, before, MODELS)
    run = again.document.prompts[0].runs[0]
    assert run.result("left").ending == "end_of_turn"
    right = run.result("right")
    assert (right.phase, right.ending) == ("ended", "interrupted")
    assert (right.output.thinking, right.output.answer) == ("hm", "**long 𝔘 one**")
    assert right.numbers.first_token_s is not None


def test_a_draft_of_a_run_that_ended_is_not_kept_twice(session: Session) -> None:
    write(session, "one")
    play(session)
    run = session.document.prompts[0].runs[0]
    data = kept(session)
    lanes = {"left": {"result": data["runs"][run.id]["results"][0], "thinking": "", "answer": ""}}
    data["draft"] = {"run": run.id, "cell": first(session), "values": {}, "lanes": lanes}
    again = fresh(session)
    keeping.restore(again, data, MODELS)
    assert len(again.document.prompts[0].runs) == 1


@pytest.mark.parametrize(
    "broken",
    [
        {"structure": None},
        {"structure": {"schema": 99}},
    ],
)
def test_what_cannot_be_read_is_refused_and_changes_nothing(
    session: Session, broken: dict[str, Any]
) -> None:
    write(session, "here")
    before = session.document
    with pytest.raises(BadRequest):
        keeping.restore(session, {**kept(session), **broken}, MODELS)
    assert session.document is before


@pytest.mark.parametrize(
    "draft",
    [
        {"run": "r", "lanes": 7},
        {"run": "r", "cell": "c", "lanes": {"left": {"result": {"schema": 1}}}},
    ],
)
def test_a_draft_that_cannot_be_read_is_said_and_all_the_rest_comes_back(
    session: Session, draft: dict[str, Any]
) -> None:
    write(session, "here")
    again = fresh(session)
    keeping.restore(again, kept(session, draft=draft), MODELS)
    assert again.document == session.document
    assert again.notice


def test_nothing_is_drafted_while_nothing_runs(session: Session) -> None:
    assert keeping.draft(session, {}) == {"run": "", "cell": "", "values": {}, "lanes": {}}


def test_the_notebook_before_this_one_comes_back_too_with_its_runs(session: Session) -> None:
    write(session, "old")
    play(session)
    old = session.document
    carry_out(session, {"action": "new"})
    again = fresh(session)
    keeping.restore(again, kept(session), MODELS)
    assert [cell.text for cell in again.document.cells] == [""]
    again.go_back()
    assert again.document == old


def test_a_notebook_before_that_cannot_be_read_keeps_nothing_back(session: Session) -> None:
    write(session, "here")
    again = fresh(session)
    keeping.restore(again, kept(session, before={"schema": 99}), MODELS)
    assert again.document == session.document
    assert again.before is None


def test_cells_that_a_page_had_and_its_structure_had_not_yet_come_back_in_their_places(
    session: Session,
) -> None:
    write(session, "one", "three")
    before, after = (cell.id for cell in session.document.cells)
    added: list[Any] = [
        {"id": "new", "kind": "prompt", "text": "two", "after": before},
        {"id": "newer", "kind": "note", "text": "two and a half", "after": "new"},
        {"id": "top", "kind": "prompt", "text": "zero", "after": ""},
        {"id": after, "kind": "prompt", "text": "there already", "after": ""},
        {"id": "<script>", "kind": "prompt", "text": "", "after": ""},
        {"id": "alien", "kind": "foreign", "text": "", "after": ""},
        {"id": "bad", "kind": "prompt", "text": "\ud800", "after": ""},
        "no cell",
    ]
    again = fresh(session)
    keeping.restore(again, {**kept(session), "added": added}, MODELS)
    texts = [cell.text for cell in again.document.cells]
    assert texts == ["zero", "one", "two", "two and a half", "three"]


def test_a_run_of_a_cell_that_was_only_just_added_comes_back_into_it(session: Session) -> None:
    write(session, "one")
    data = kept(session)
    session.change({"action": "add", "text": "two"})
    play(session, session.document.cells[1].id)
    run = session.document.prompts[1].runs[0]
    results = keeping.ended_runs(session, [run.id])[run.id]["results"]
    lanes = {
        result["request"]["lane"]: {"result": result, "thinking": "", "answer": "so far"}
        for result in results
    }
    cell = session.document.cells[1].id
    data["added"] = [{"id": cell, "kind": "prompt", "text": "two", "after": ""}]
    data["draft"] = {"run": run.id, "cell": cell, "values": {}, "lanes": lanes}
    again = fresh(session)
    keeping.restore(again, data, MODELS)
    assert again.document.prompt(cell).runs[0].result("left").output.answer == "so far"


def test_a_run_whose_notebook_was_replaced_is_kept_in_that_one(
    session: Session, engines: dict[str, Fake]
) -> None:
    engines["demo-thinking"].gate = threading.Event()
    write(session, "long")
    running = threading.Thread(target=play, args=(session,))
    running.start()
    assert engines["demo-thinking"].answering.wait(10)
    carry_out(session, {"action": "new"})
    running.join(10)
    assert session.document.runs_made == 0
    session.go_back()
    assert session.document.prompts[0].runs[0].result("right").ending == "user"
