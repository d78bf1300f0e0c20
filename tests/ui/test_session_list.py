"""Lists on a page: run with progress, paused, gone on with, kept by the browser and by a file."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from playground.domain.errors import BadRequest
from playground.domain.expected import Expected
from playground.domain.limits import PUBLIC
from playground.notebook import journal
from playground.notebook.changes import CastVote, Judge
from playground.notebook.document import PromptCell, Vote
from playground.notebook.settings import Settings
from playground.ui import keeping
from playground.ui.bound import BoundFile
from playground.ui.session import Session
from playground.ui.views import notebook_view, run_view
from tests.listed import problems, table
from tests.ui.fake import Fake, first, play, write
from tests.ui.test_keeping import MODELS, fresh, kept


def listed(session: Session, count: int, **measures: int) -> None:
    write(session, "{{prompt}}")
    cell = session.document.prompts[0].id
    session.judge(Judge(cell, problems=problems(count), **measures))  # type: ignore[arg-type]


def cell_of(session: Session) -> PromptCell:
    return session.document.prompts[0]


def paused_at(session: Session, engines: dict[str, Fake], stop: bool = False) -> None:
    """Run the list, and pause (or stop) it while its first run answers."""
    engine = engines["demo-instruct"]
    engine.answering.clear()
    gate = engine.gate = threading.Event()
    pump = threading.Thread(target=play, args=(session,))
    pump.start()
    assert engine.answering.wait(10)
    if stop:
        session.stop(first(session))
    else:
        session.pause(first(session))
    gate.set()
    pump.join(10)
    assert not pump.is_alive()
    engine.gate = None


def test_a_list_runs_with_its_progress(session: Session) -> None:
    listed(session, 3)
    said = [str(update.stream.get("progress", "")) for update in play(session)]
    assert any(words.startswith("run 1 of 3") for words in said)
    assert any(words.startswith("run 3 of 3") for words in said)
    assert [run.results[0].request.prompt for run in cell_of(session).runs] == [
        "0 + 0",
        "1 + 1",
        "2 + 2",
    ]
    assert (session.progress(cell_of(session)).done, session.notice) == (3, "")


def test_a_run_of_a_list_differs_from_the_one_before_by_its_problem_and_says_nothing_of_it(
    session: Session,
) -> None:
    listed(session, 2)
    play(session)
    cell = cell_of(session)
    view = run_view(session, cell, cell.runs[1])
    assert (view["values"], view["differs"]) == ("prompt = 1 + 1", "")


def test_pause_lets_the_run_that_goes_on_end_and_run_goes_on_with_the_rest(
    session: Session, engines: dict[str, Fake]
) -> None:
    listed(session, 4)
    paused_at(session, engines)
    (run,) = cell_of(session).runs
    assert [result.ending for result in run.results] == ["end_of_turn"] * 2
    progress = session.progress(cell_of(session))
    assert (progress.done, len(progress.planned)) == (1, 4)
    play(session)
    assert len(cell_of(session).runs) == 4
    assert {r.request.sampling.seed for run in cell_of(session).runs for r in run.results} == {
        run.results[0].request.sampling.seed
    }


def test_a_run_that_was_stopped_is_asked_again(session: Session, engines: dict[str, Fake]) -> None:
    listed(session, 2)
    paused_at(session, engines, stop=True)
    assert session.progress(cell_of(session)).done == 0
    play(session)
    assert session.progress(cell_of(session)).left == ()
    assert len(cell_of(session).runs) == 3


def test_a_whole_list_runs_anew_and_one_in_the_middle_where_that_is_asked_for(
    session: Session, engines: dict[str, Fake]
) -> None:
    listed(session, 2)
    play(session)
    play(session)
    assert len(cell_of(session).runs) == 4
    paused_at(session, engines)
    play(session, action="anew")
    assert len(cell_of(session).runs) == 7


def test_repeats_run_under_successive_seeds(session: Session) -> None:
    write(session, "hello")
    session.judge(Judge(cell_of(session).id, Expected("value", ("4",)), repeats=3))
    play(session)
    runs = cell_of(session).runs
    seeds = [run.results[0].request.sampling.seed or 0 for run in runs]
    assert [run.repeat for run in runs] == [0, 1, 2]
    assert [seed - seeds[0] for seed in seeds] == [0, 1, 2]


def test_a_run_of_a_list_that_still_asks_the_same_is_not_stale(session: Session) -> None:
    listed(session, 2, repeats=2)
    session.settings = Settings(
        session.settings.models, session.settings.sampling, seed_mode="fixed", seed=7
    )
    play(session)
    view = notebook_view(session, ())["cells"][0]
    assert view["kind"] == "prompt" and view["stale"] == ""


def test_a_browser_keeps_a_list_once_under_its_digest(session: Session) -> None:
    listed(session, 50, repeats=2)
    told = keeping.snapshot(session, MODELS)
    data = kept(session, texts=keeping.attached_texts(session, told["texts"]))
    structure = json.dumps(data["structure"])
    assert "0 + 0" not in structure and len(structure) < 2000
    again = fresh(session)
    keeping.restore(again, data, MODELS)
    assert cell_of(again).problems == problems(50)
    assert cell_of(again).repeats == 2


def test_a_draft_knows_which_repeat_it_was(session: Session, engines: dict[str, Fake]) -> None:
    write(session, "hello")
    session.judge(Judge(cell_of(session).id, repeats=2))
    play(session)
    data = kept(session)
    cell = cell_of(session)
    run = cell.runs[1]
    data["runs"].pop(run.id)
    results = {
        result.request.lane: {
            "result": keeping._without_texts(result),
            "thinking": "",
            "answer": "x",
        }
        for result in run.results
    }
    data["draft"] = {"run": run.id, "cell": cell.id, "values": {}, "repeat": 1, "lanes": results}
    again = fresh(session)
    keeping.restore(again, data, MODELS)
    assert [each.repeat for each in cell_of(again).runs] == [0, 1]


def test_a_file_gets_runs_beside_it_while_a_list_goes_on(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "CHEAP_S", -1.0)
    monkeypatch.setattr(journal, "SHARE", 10**9)
    path = tmp_path / "book.ipynb"
    file = BoundFile(path)
    try:
        file.attach(session)
        session.changed = lambda: None  # this test is the only one that writes
        listed(session, 3)
        file.flush()
        written = path.read_bytes()
        updates = session.run({"cells": [first(session)]})
        while len(cell_of(session).runs) < 2:
            next(updates)
            file.flush()
        assert path.read_bytes() == written
        died = BoundFile(path)
        opened = died.open()[0]
        died.close()
        assert [run.id for run in opened.prompts[0].runs[:2]] == [
            run.id for run in cell_of(session).runs
        ]
        for _ in updates:
            pass
        file.flush()
        assert path.read_bytes() != written
        assert not file._journal.path.exists()
        again = BoundFile(path)
        assert table(again.open()[0]) == table(session.document)
        again.close()
    finally:
        file.close()


def test_a_public_page_takes_no_longer_list_than_it_runs(session: Session) -> None:
    session.limits = PUBLIC
    with pytest.raises(BadRequest, match="asks for 11 runs, but 10 is the most"):
        listed(session, 11)


def test_a_vote_is_kept_and_can_be_taken_back(session: Session) -> None:
    write(session, "hello")
    play(session)
    cell = cell_of(session)
    session.vote(CastVote(cell.id, cell.runs[0].id, Vote("left", "shorter", blind=True)))
    assert cell_of(session).runs[0].vote == Vote("left", "shorter", True)
    again = fresh(session)
    keeping.restore(again, kept(session), MODELS)
    assert cell_of(again).runs[0].vote == Vote("left", "shorter", True)
    before_the_vote = {**kept(session)["runs"]}
    session.change({"action": "undo"})
    assert cell_of(session).runs[0].vote is None
    after = fresh(session)
    keeping.restore(after, {**kept(session), "runs": before_the_vote}, MODELS)
    assert cell_of(after).runs[0].vote is None, "a browser has the run as it was"


def test_undo_takes_a_list_out_and_its_runs_stay(session: Session) -> None:
    listed(session, 2)
    play(session)
    session.change({"action": "undo"})
    assert cell_of(session).problems == ()
    assert len(cell_of(session).runs) == 2
