"""A lane that was cut short goes on beside the other one; a thought is closed on request."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from typing import Any

import pytest

from playground.domain.sampling import Sampling
from playground.notebook.document import Run
from playground.notebook.exports.tables import to_csv, to_jsonl
from playground.notebook.settings import Settings
from playground.notebook.storage import read
from playground.notebook.storage import write as written
from playground.ui import files, keeping
from playground.ui.intents import RunIntent
from playground.ui.results_view import lane_view, trace
from playground.ui.searching import search
from playground.ui.session import Session, Update
from playground.ui.summary import summary_table
from playground.ui.views import notebook_view
from tests.ui.fake import Fake, first, play, write


def shown(session: Session) -> Run:
    run = session.document.prompts[0].run
    assert run is not None
    return run


def limited(session: Session, tokens: int) -> None:
    """Both lanes' limit; the thinking lane is cut in its thought below 4."""
    sampling = {
        lane: {**values, "max_new_tokens": tokens}
        for lane, values in session.settings.sampling.items()
    }
    session.settings = replace(session.settings, sampling=sampling)


def cut(session: Session) -> Run:
    """A run whose right lane was cut in its thought."""
    write(session, "hello")
    limited(session, 2)
    play(session)
    assert shown(session).result("right").ending == "limit"
    return shown(session)


def wish(session: Session, lane: str = "right", tokens: object = "8") -> RunIntent:
    run = shown(session).id
    asked = {"action": "continue", "lane": lane, "run": run, "tokens": tokens}
    return {"cells": [first(session)], **asked}  # type: ignore[typeddict-item]


def go_on(session: Session, lane: str = "right", tokens: object = "8") -> list[Update]:
    return list(session.run(wish(session, lane, tokens)))


def test_a_lane_goes_on_and_the_other_ones_result_is_carried_over(
    session: Session, engines: dict[str, Fake]
) -> None:
    before = cut(session)
    updates = go_on(session)
    run = shown(session)
    assert (run.number, len(session.document.prompts[0].runs)) == (2, 2)
    assert run.result("left") is before.result("left")
    assert run.own == (run.result("right"),)
    result = run.result("right")
    assert result.output.thinking == "hmhm"
    assert result.output.answer == "**hello**"
    assert result.request.sampling.max_new_tokens == 8
    assert result.request.sampling.seed == before.result("right").request.sampling.seed
    assert len(engines["demo-instruct"].asked) == 1
    spoken = " ".join(update.stream.get("spoken", "") for update in updates)  # type: ignore[misc]
    assert "Thinking: ended." in spoken and "Instruct" not in spoken
    last = updates[-2].stream
    assert set(last["lanes"]) == {"left", "right"}  # type: ignore[typeddict-item]
    assert last["lanes"]["left"]["key"] == f"{before.id}/left"  # type: ignore[typeddict-item]


def test_it_can_go_on_again_and_again(session: Session) -> None:
    cut(session)
    for _ in range(2):
        go_on(session, tokens=1)
    continuing = shown(session).result("right").request.continuing
    assert continuing is not None and len(continuing.segments) == 2
    assert shown(session).result("right").output.thinking == "hmhmhm"


def test_a_continued_run_says_where_it_goes_on_and_is_not_stale(session: Session) -> None:
    cut(session)
    go_on(session)
    view = notebook_view(session, ())["cells"][0]
    assert view["kind"] == "prompt" and view["run"] is not None
    assert view["run"]["differs"] == "Unlike run 1: Thinking goes on from run 1"
    assert view["stale"] == ""
    limited(session, 2)
    session.change({"action": "edit", "dirty": {first(session): "other"}})
    view = notebook_view(session, ())["cells"][0]
    assert view["kind"] == "prompt" and view["stale"] == "the prompt was different"


def test_a_continued_lane_says_where_its_segment_begins_and_the_sums(session: Session) -> None:
    cut(session)
    go_on(session)
    head = lane_view(session, f"{shown(session).id}/right")
    assert head["continued"] == {"thinking": 2, "block": -1}
    assert head["numbers"][-1]["label"].startswith("2 segments: 1 + 4 = 5 tokens")
    assert head["summary"].endswith("2 tokens")
    assert trace(session, f"{shown(session).id}/right") == "hmhm"


@pytest.mark.parametrize(
    ("tokens", "said"),
    [("0", "max_new_tokens is 0"), ("many", "max_new_tokens is 'many'"), ("", "empty")],
)
def test_a_bad_number_of_tokens_is_a_notice_and_no_run(
    session: Session, tokens: str, said: str
) -> None:
    cut(session)
    go_on(session, tokens=tokens)
    assert said in session.notice
    assert len(session.document.prompts[0].runs) == 1


def test_what_came_to_its_end_does_not_go_on(session: Session) -> None:
    cut(session)
    go_on(session, lane="left")
    assert "nothing to continue" in session.notice
    play(session, action="continue", lane="right", run="gone", tokens=5)
    assert "no run 'gone'" in session.notice


def test_an_engine_that_cannot_go_on_is_not_asked_to(
    session: Session, engines: dict[str, Fake]
) -> None:
    cut(session)
    engines["demo-thinking"].card = replace(engines["demo-thinking"].card, abilities=())
    go_on(session)
    assert "cannot go on" in session.notice
    head = lane_view(session, f"{shown(session).id}/right")
    assert head["outcome"] is not None
    assert [action["action"] for action in head["outcome"]["actions"]] == ["raise_limit"]


def test_a_carried_result_is_in_no_table_twice_and_found_once(session: Session) -> None:
    cut(session)
    go_on(session)
    lines = [json.loads(line) for line in to_jsonl(session.document).splitlines()]
    assert [(line["run"], line["request"]["lane"]) for line in lines] == [
        (1, "left"),
        (1, "right"),
        (2, "right"),
    ]
    assert lines[2]["request"]["continuing"]["segments"][0]["generated_tokens"] == 1
    assert len(to_csv(session.document).splitlines()) == 1 + 3
    table = summary_table(session).data
    assert list(table["Segment"]) == [1, 1, 2]
    hits, _ = search(session, "**hello**")
    assert [(hit["run"], hit["lane"]) for hit in hits] == [
        (shown_id, lane)
        for shown_id, lane in [
            (session.document.prompts[0].runs[0].id, "left"),
            (session.document.prompts[0].runs[1].id, "right"),
        ]
    ]


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_exports_say_that_it_goes_on_and_how_many_segments_there_are(
    session: Session, form: str
) -> None:
    cut(session)
    go_on(session)
    text = files.saved(session, form)["text"]
    assert "Thinking goes on from run 1" in text
    assert "2 segments: 1" in text


def test_a_saved_notebook_is_opened_and_its_run_goes_on(session: Session) -> None:
    cut(session)
    text = written(session.document, session.settings, session.describe)
    document, _ = read(text, "book.ipynb", session.describe)
    session.install(document, session.settings)
    go_on(session)
    assert session.notice == ""
    assert shown(session).result("right").output.thinking == "hmhm"
    again, _ = read(
        written(session.document, session.settings, session.describe), "b.ipynb", session.describe
    )
    assert again.prompts[0].runs == session.document.prompts[0].runs


def test_what_a_file_says_is_checked_before_it_runs(session: Session) -> None:
    run = cut(session)
    result = run.result("right")
    forged = replace(result.request, sampling=replace(result.request.sampling, temperature=-3.0))
    bad = replace(run, results=(run.results[0], replace(result, request=forged)))
    cell = replace(session.document.prompts[0], runs=(bad,))
    session.install(replace(session.document, cells=(cell,)), session.settings)
    go_on(session)
    assert "temperature is -3.0" in session.notice


def test_a_run_that_goes_on_and_is_cut_off_comes_back_with_both_lanes(
    session: Session, engines: dict[str, Fake]
) -> None:
    before = cut(session)
    gate = engines["demo-thinking"].gate = threading.Event()
    draft: dict[str, Any] = {}
    for update in session.run(wish(session)):
        lanes = update.stream.get("lanes")
        if not draft and lanes and lanes["right"]["state"].startswith("answering"):  # type: ignore[index]
            draft = dict(keeping.draft(session, {}))
            have = {lane: {"thinking": 2, "answer": 9} for lane in ("left", "right")}
            assert keeping.draft(session, have)["lanes"]["left"]["answer"]["text"] == ""
            gate.set()
    lanes = {
        lane: {
            "result": kept["result"],
            "thinking": kept["thinking"]["text"],
            "answer": kept["answer"]["text"],
        }
        for lane, kept in draft["lanes"].items()
    }
    record = json.loads(json.dumps({**draft, "lanes": lanes}))
    document = replace(
        session.document, cells=(replace(session.document.prompts[0], runs=(before,)),)
    )
    restored = keeping.with_draft(document, record).prompts[0].run
    assert restored is not None
    assert restored.result("left").output == before.result("left").output
    assert restored.result("left").ending == "end_of_turn"
    assert restored.result("right").ending == "interrupted"
    assert restored.result("right").output.thinking == "hmhm"


def test_a_cell_deleted_while_its_lane_goes_on_comes_back_with_the_run(session: Session) -> None:
    cut(session)
    cell = first(session)
    events = session.run(wish(session))
    next(events), next(events)
    session.change({"action": "delete", "cell": cell})
    list(events)
    session.change({"action": "undo"})
    assert [run.number for run in session.document.prompts[0].runs] == [1, 2]
    assert shown(session).lanes == ("left", "right")


def test_a_thought_is_closed_on_request(session: Session, engines: dict[str, Fake]) -> None:
    write(session, "hello")
    engines["demo-thinking"].thinks_on = True
    asked = False
    for update in session.run({"cells": [first(session)]}):
        lanes = update.stream.get("lanes", {})
        if not asked and lanes and lanes["right"]["closes_thought"]:  # type: ignore[index]
            assert not session.close_thought("another", "right")
            assert not session.close_thought(first(session), "left"), "it has ended"
            asked = session.close_thought(first(session), "right")
    assert asked
    assert shown(session).result("right").output.answer == "**hello**"
    assert not session.close_thought(first(session), "right")


def test_a_lane_whose_engine_cannot_is_not_offered_to_close_its_thought(
    session: Session, engines: dict[str, Fake]
) -> None:
    engine = engines["demo-thinking"]
    engine.card = replace(engine.card, abilities=("continue",))
    engine.thinks_on = True
    write(session, "hello")
    seen = 0
    for update in session.run({"cells": [first(session)]}):
        lanes = update.stream.get("lanes", {})
        if lanes and lanes["right"]["state"].startswith("thinking"):  # type: ignore[index]
            seen += 1
            assert not lanes["right"]["closes_thought"]  # type: ignore[index]
            assert not session.close_thought(first(session), "right")
            session.stop("")
    assert seen


def test_a_raised_penalty_goes_into_the_lanes_settings(session: Session) -> None:
    write(session, "hello")
    play(session)
    updates = play(session, action="penalty", lane="right")
    assert updates[0].adjusted == (("right", "presence_penalty", 1.0),)
    assert session.settings.sampling["right"]["presence_penalty"] == 1.0
    sampling = shown(session).result("right").request.sampling
    assert isinstance(sampling, Sampling) and sampling.presence_penalty == 1.0


def test_settings_stay_settings(session: Session) -> None:
    cut(session)
    before = session.settings
    go_on(session)
    assert isinstance(session.settings, Settings) and session.settings == before
