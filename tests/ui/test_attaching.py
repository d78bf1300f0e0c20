"""Files that a visitor attaches: in bounds, in the document, looked at, taken away, undone."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

import pytest

from playground.attachments import LIMITS
from playground.domain.attachment import Attachment
from playground.domain.errors import BadRequest
from playground.domain.limits import PUBLIC, UNLIMITED
from playground.notebook.document import CellId
from playground.ui import keeping
from playground.ui.attaching import attach, limits_under, looked_at
from playground.ui.files import link_of
from playground.ui.searching import search
from playground.ui.session import Session
from playground.ui.views import notebook_view
from tests.ui.fake import first, play, write
from tests.ui.test_keeping import MODELS, fresh, kept

TEXT = "Unmistakable words.\n" * 100


def put(session: Session, name: str = "report.txt", text: str = TEXT, **limits: Any) -> None:
    data = base64.b64encode(text.encode()).decode()
    attach(session, CellId(first(session)), name, data, replace(LIMITS, **limits))


def view(session: Session) -> Any:
    return notebook_view(session, ())["cells"][0]


def test_a_file_stands_beside_the_prompt_by_name_and_size_alone(session: Session) -> None:
    put(session)
    assert [(each["name"], each["size"]) for each in view(session)["attachments"]] == [
        ("report.txt", "2,000 characters")
    ]
    assert "Unmistakable" not in json.dumps(notebook_view(session, ()))


def test_a_public_page_takes_fewer_and_smaller_files_than_one_s_own(session: Session) -> None:
    assert limits_under(UNLIMITED) == LIMITS
    limits = limits_under(replace(PUBLIC, attachments=1, attachment_bytes=3000))
    data = base64.b64encode(TEXT.encode()).decode()
    with pytest.raises(BadRequest, match=r"larger than 0\.003 MB"):
        attach(session, CellId(first(session)), "long.txt", data * 2, limits)
    attach(session, CellId(first(session)), "report.txt", data, limits)
    with pytest.raises(BadRequest, match="1 files attached"):
        attach(session, CellId(first(session)), "more.txt", data, limits)


def test_what_was_read_can_be_looked_at(session: Session) -> None:
    put(session)
    cell, attachment = CellId(first(session)), view(session)["attachments"][0]["id"]
    assert looked_at(session, cell, attachment) == {"name": "report.txt", "text": TEXT}
    with pytest.raises(BadRequest, match="not attached any more"):
        looked_at(session, cell, "another")


def test_attaching_and_removing_are_undone_and_done_again(session: Session) -> None:
    put(session)
    put(session, "notes.md", "# Notes")
    names = lambda: [each["name"] for each in view(session)["attachments"]]  # noqa: E731
    wanted = view(session)["attachments"][0]["id"]
    session.change({"action": "detach", "cell": first(session), "attachment": wanted})
    assert names() == ["notes.md"]
    assert notebook_view(session, ())["undo"] == "Attachments changed."
    session.change({"action": "undo"})
    assert names() == ["report.txt", "notes.md"]
    session.change({"action": "undo"})
    assert names() == ["report.txt"]
    session.change({"action": "redo"})
    assert names() == ["report.txt", "notes.md"]


def test_the_same_file_twice_is_there_once(session: Session) -> None:
    put(session)
    put(session)
    assert len(view(session)["attachments"]) == 1


def test_a_run_is_asked_with_the_file_and_is_stale_without_it(session: Session) -> None:
    write(session, "hello")
    put(session)
    play(session)
    run = session.document.prompts[0].run
    assert run is not None
    assert run.result("left").request.attachments == (Attachment("report.txt", TEXT),)
    assert view(session)["stale"] == ""
    attachment = view(session)["attachments"][0]["id"]
    session.change({"action": "detach", "cell": first(session), "attachment": attachment})
    assert view(session)["stale"] == "the attached files were different"


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"files": 1}, "may have 1 files attached"),
        ({"cell_characters": 3000}, "'b.txt'.* have 4,000 characters, but 3,000 is the most"),
        ({"file_bytes": 1000}, r"'b\.txt' is larger than 0\.001 MB"),
    ],
)
def test_what_is_too_much_is_refused_with_the_numbers(
    session: Session, limits: dict[str, Any], words: str
) -> None:
    put(session)
    with pytest.raises(BadRequest, match=words):
        put(session, "b.txt", TEXT.upper(), **limits)
    assert len(view(session)["attachments"]) == 1


@pytest.mark.parametrize("data", [None, 5, "not base64!", "YQ"])
def test_what_did_not_arrive_whole_is_said(session: Session, data: Any) -> None:
    with pytest.raises(BadRequest, match="did not arrive whole"):
        attach(session, CellId(first(session)), "a.txt", data, LIMITS)


def test_search_looks_into_files(session: Session) -> None:
    put(session)
    hits, _ = search(session, "unmistakable")
    assert [(hit["part"], hit["place"]) for hit in hits] == [("attached", "attached file")]
    assert len(search(session, "report.txt")[0]) == 1


def test_a_copied_link_says_that_the_files_are_not_in_it(session: Session) -> None:
    write(session, "hello")
    cell = CellId(first(session))
    assert link_of(session, cell)["note"] == ""
    put(session)
    assert "not in it" in link_of(session, cell)["note"]


def test_a_browser_keeps_a_text_once_and_gives_it_back(session: Session) -> None:
    write(session, "hello")
    put(session)
    play(session)
    play(session)
    told = keeping.snapshot(session, MODELS)
    assert len(told["texts"]) == 1
    data = kept(session, texts=keeping.attached_texts(session, told["texts"]))
    requests = [result["request"] for run in data["runs"].values() for result in run["results"]]
    assert len(requests) == 4 and "Unmistakable" not in json.dumps([requests, data["structure"]])
    again = fresh(session)
    keeping.restore(again, data, MODELS)
    assert again.document == session.document


def test_a_run_that_was_going_on_comes_back_with_its_files(session: Session) -> None:
    write(session, "hello")
    put(session)
    engine = session._comparison.open_engine("demo-instruct")
    updates = session.run({"cells": [first(session)]})
    while session.live is None:
        next(updates)
    assert engine is not None
    draft = json.loads(json.dumps(keeping.draft(session, {})))
    assert "Unmistakable" not in json.dumps(draft)
    lanes = {
        lane: {"result": each["result"], "thinking": "", "answer": ""}
        for lane, each in draft["lanes"].items()
    }
    told = keeping.snapshot(session, MODELS)
    texts = keeping.attached_texts(session, told["texts"])
    data = kept(session, texts=texts, draft={**draft, "lanes": lanes})
    list(updates)
    again = fresh(session)
    keeping.restore(again, data, MODELS)
    run = again.document.prompts[0].run
    assert run is not None and run.results[0].ending == "interrupted"
    assert run.results[0].request.attachments == (Attachment("report.txt", TEXT),)
