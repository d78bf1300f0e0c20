"""The session's views on the wire: results by reference, what is stale, lanes whole."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from playground.domain.errors import BadRequest
from playground.domain.request import LANES
from playground.ui.results_view import lane_view, trace
from playground.ui.session import Session
from playground.ui.views import notebook_view
from tests.ui.fake import first, play, write


def cell(session: Session, index: int = 0) -> dict[str, object]:
    return dict(notebook_view(session, ("try me",))["cells"][index])


def test_a_notebook_that_has_run_nothing_offers_examples(session: Session) -> None:
    assert notebook_view(session, ("try me",))["examples"] == ["try me"]
    write(session, "hello")
    play(session)
    assert notebook_view(session, ("try me",))["examples"] == []


def test_a_view_is_json_and_holds_no_whole_text_of_any_answer(session: Session) -> None:
    unmistakable = "unmistakable " * 100
    write(session, unmistakable)
    play(session)
    text = json.dumps(notebook_view(session, ()))
    assert text.count(unmistakable) == 1  # the prompt


def test_an_ended_lane_is_fetched_whole_by_its_key(session: Session) -> None:
    write(session, "hello")
    play(session)
    run = session.document.cells[0].run
    assert run is not None
    view = lane_view(session, f"{run.id}/right")
    assert view["blocks"] == ["<p><strong>hello</strong></p>\n"]
    assert (view["answer"], view["state"], view["running"]) == ("**hello**", "done", False)
    assert trace(session, f"{run.id}/right") == "hm"
    assert trace(session, f"{run.id}/left") == ""


@pytest.mark.parametrize("name", ["Qwen/Qwen3-4B", "no name at all"])
def test_results_of_a_model_that_may_not_be_run_here_are_read_all_the_same(
    session: Session, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    write(session, "hello")
    play(session)
    run = session.document.cells[0].run
    assert run is not None
    for result in run.results:
        object.__setattr__(result.request, "model", name)

    def refused(name: str) -> object:
        raise BadRequest(f"{name!r} is not offered on this page. Use another one.")

    monkeypatch.setattr(session, "describe", refused)
    assert lane_view(session, f"{run.id}/right")["answer"] == "**hello**"
    with pytest.raises(BadRequest):
        session.requests("hello")


@pytest.mark.parametrize("key", ["nothing/left", "", "nothing/middle", "x"])
def test_a_key_of_nothing_is_refused(session: Session, key: str) -> None:
    with pytest.raises(BadRequest, match="Reload"):
        lane_view(session, key)
    with pytest.raises(BadRequest, match="Reload"):
        trace(session, key)


def test_a_changed_prompt_makes_the_result_stale_and_the_old_one_makes_it_fresh(
    session: Session,
) -> None:
    write(session, "hello")
    play(session)
    assert cell(session)["stale"] == ""
    session.change({"action": "edit", "dirty": {first(session): "other"}})
    assert cell(session)["stale"] == "the prompt was different"
    session.change({"action": "edit", "dirty": {first(session): "hello"}})
    assert cell(session)["stale"] == ""


def test_a_setting_of_one_lane_names_the_lane_and_one_of_both_does_not(session: Session) -> None:
    write(session, "hello")
    play(session)
    settings = session.settings
    left = {**settings.sampling["left"], "top_k": 5}
    session.settings = replace(settings, sampling={**settings.sampling, "left": left})
    assert cell(session)["stale"] == "Instruct: top k was 0"
    both = {lane: {**settings.sampling[lane], "top_k": 5} for lane in LANES}
    session.settings = replace(settings, sampling=both)
    assert cell(session)["stale"] == "top k was 0"


def test_settings_that_make_no_request_mark_nothing(session: Session) -> None:
    write(session, "hello")
    play(session)
    settings = session.settings
    left = {**settings.sampling["left"], "temperature": "hot"}
    session.settings = replace(settings, sampling={**settings.sampling, "left": left})
    assert cell(session)["stale"] == ""


def test_a_deleted_cell_can_be_undone_and_the_view_says_so(session: Session) -> None:
    assert notebook_view(session, ())["undo"] == ""
    session.change({"action": "delete", "cell": first(session)})
    assert notebook_view(session, ())["undo"] == "Cell deleted."
