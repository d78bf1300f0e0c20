"""A blind run on the wire: nothing that the page is given tells whose answer is whose."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from playground.domain.events import Event
from playground.domain.request import Lane
from playground.notebook.document import Run, Vote
from playground.ui import keeping
from playground.ui.files import saved
from playground.ui.questions import questions
from playground.ui.searching import search
from playground.ui.session import Session
from playground.ui.sessions import Sessions
from playground.ui.summary import all_results, results_below
from playground.ui.views import notebook_view
from playground.words import speaking
from tests.samples import answer, started, thought
from tests.ui.fake import Fake, first, play, write

MODELS: dict[Lane, str] = {"left": "demo-instruct", "right": "demo-thinking"}
# Whatever could tell in a value of the page: a lane, a model, a trace, a number of a result.
TELLING = re.compile(r"left|right|Instruct|Thinking|demo-|\bhm\b|token|_s\"|\d s\b", re.IGNORECASE)


@pytest.fixture
def blind(session: Session) -> Session:
    session.change({"action": "blind", "on": True})
    write(session, "hello there")
    return session


def run_of(session: Session) -> Run:
    run = session.document.prompts[0].run
    assert run is not None
    return run


def view(session: Session) -> dict[str, Any]:
    (cell,) = notebook_view(session, ())["cells"]
    return dict(cell)


def ask(session: Session, name: str, **data: object) -> dict[str, Any]:
    sessions = Sessions(lambda: session, lambda: 0.0)
    sessions.of("visitor")
    functions = {f.__name__: f for f in questions(sessions, lambda _: (), MODELS)}
    return dict(functions[name]({"session": session.secret, **data}))


def vote(session: Session, choice: str, reason: str = "") -> None:
    run = run_of(session)
    session.change(
        {
            "action": "vote",
            "cell": first(session),
            "run": run.id,
            "choice": choice,
            "reason": reason,
        }  # type: ignore[typeddict-item]
    )


def test_no_tick_tells_anything_and_each_is_like_the_other(blind: Session) -> None:
    ticks = [dict(update.stream) for update in play(blind) if update.stream["cell"]]
    assert ticks
    for tick in ticks:
        assert not TELLING.search(json.dumps({**tick, "timeline": None}))
        assert (tick["lanes"], tick["title"], tick["progress"]) == ({}, "▶ blind run", "")
        assert tick["timeline"]["bars"] == [] and tick["timeline"]["sentence"] == []
    spoken = [tick["spoken"] for tick in ticks]
    assert spoken == ["Both answers are being written."] + [""] * (len(ticks) - 1)


def test_while_it_runs_no_question_tells_either(blind: Session) -> None:
    running = blind.run({"cells": [first(blind)]})
    while blind.live is None:
        next(running)
    live = blind.live
    for event in (started(), thought("hm", 1.0), answer("Hello", 2.0)):
        live.apply("right", event)
    key = f"{live.id}/right"
    assert ask(blind, "fetch", keys=[key]) == {"lanes": {}}
    assert "blind until you vote" in ask(blind, "trace", key=key)["error"]
    assert "no result" in ask(blind, "outline", key=key)["error"]
    assert "no result" in ask(blind, "compare", run=live.id)["error"]
    assert "Reload" in ask(blind, "blind", run=live.id)["error"]
    assert view(blind)["run"] is None
    assert list(running)


def test_a_run_that_waits_has_two_answers_and_nothing_else(blind: Session) -> None:
    play(blind)
    run = run_of(blind)
    assert set(run.sides) == {"left", "right"}
    shown = view(blind)["run"]
    assert shown["vote"] == {"waits": True, "words": "", "reason": ""}
    assert not TELLING.search(json.dumps({**shown, "timeline": None}))
    answers = ask(blind, "blind", run=run.id)
    assert [len(each["blocks"]) for each in answers["answers"]] == [1, 1]
    assert not TELLING.search(json.dumps(answers))
    for lane in ("left", "right"):
        key = f"{run.id}/{lane}"
        assert ask(blind, "fetch", keys=[key]) == {"lanes": {}}
        for name in ("trace", "outline"):
            assert "blind until you vote" in ask(blind, name, key=key)["error"]
    assert "blind until you vote" in ask(blind, "compare", run=run.id)["error"]


def test_a_run_that_waits_is_in_no_table_search_or_export(blind: Session) -> None:
    play(blind)
    assert len(all_results(blind)) == 0
    assert results_below(blind)[0]["visible"] is False
    assert [hit["part"] for hit in search(blind, "hello")[0]] == ["text"]
    for form in ("markdown", "html", "csv", "jsonl"):
        file = saved(blind, form)
        assert "**hello" not in file["text"] and "<strong>hello" not in file["text"]
        assert file["note"] == "Blind runs without a vote are left out: 1."
    assert list(saved(blind, "ipynb")) == ["asked"]
    assert "hello" in saved(blind, "ipynb", reveals=True)["text"]
    assert "asked" in ask(blind, "save", format="ipynb")
    assert "text" in ask(blind, "save", format="ipynb", reveals=True)


@pytest.mark.parametrize("choice", ["a", "b"])
def test_a_vote_falls_on_the_lane_that_was_shown_and_reveals_all(
    blind: Session, choice: str
) -> None:
    play(blind)
    chosen = run_of(blind).sides[0 if choice == "a" else 1]
    vote(blind, choice, "clear")
    run = run_of(blind)
    assert run.vote is not None and (run.vote.choice, run.vote.blind) == (chosen, True)
    label = {"left": "Instruct", "right": "Thinking"}[chosen]
    shown = view(blind)["run"]
    assert shown["vote"] == {
        "waits": False,
        "words": f"Blind vote: {label} is better",
        "reason": "clear",
    }
    assert set(shown["lanes"]) == {"left", "right"}
    assert len(all_results(blind)) == 2
    assert saved(blind, "ipynb")["note"] == ""
    assert "not blind any more" in ask(blind, "blind", run=run.id)["error"]
    vote(blind, "tie")  # the second of two clicks
    assert run_of(blind).vote == run.vote
    with speaking("pt-BR"):
        assert view(blind)["run"]["vote"]["words"] == f"Voto às cegas: {label} é melhor"


def test_it_may_be_revealed_without_a_vote_and_a_vote_may_be_taken_back(blind: Session) -> None:
    play(blind)
    vote(blind, "")
    assert (run_of(blind).vote, run_of(blind).sides) == (None, ())
    assert view(blind)["run"]["vote"] is None
    play(blind)
    vote(blind, "tie")
    assert notebook_view(blind, ())["undo"] == "Vote changed."
    blind.change({"action": "undo"})
    assert (run_of(blind).vote, run_of(blind).sides) == (None, ())


def test_a_side_without_an_answer_has_no_blocks(blind: Session, engines: dict[str, Fake]) -> None:
    sampling = {**blind.settings.sampling, "right": {**blind.settings.sampling["right"]}}
    sampling["right"]["max_new_tokens"] = 3  # it ends in its thought
    blind.settings = blind.settings.__class__(blind.settings.models, sampling)
    play(blind)
    run = run_of(blind)
    answers = ask(blind, "blind", run=run.id)["answers"]
    assert answers[run.sides.index("right")] == {"blocks": []}
    assert answers[run.sides.index("left")]["blocks"]
    vote(blind, "a")
    assert run_of(blind).vote is not None


def test_one_lane_alone_is_not_blind(blind: Session) -> None:
    write(blind, "hello /no_think")
    play(blind)
    assert run_of(blind).sides == ()
    assert set(view(blind)["run"]["lanes"]) == {"left"}


def test_what_a_browser_kept_comes_back_blind(blind: Session) -> None:
    play(blind)
    run = run_of(blind)
    kept = {
        "structure": keeping.snapshot(blind, MODELS)["structure"],
        "runs": keeping.ended_runs(blind, [run.id]),
        "models": MODELS,
    }
    write(blind, "something else")
    blind.change({"action": "blind", "on": False})
    keeping.restore(blind, json.loads(json.dumps(kept)), MODELS)
    assert run_of(blind) == run
    assert view(blind)["run"]["vote"]["waits"]
    assert notebook_view(blind, ())["blind"]["on"]


def cut_off(session: Session, *events: Event) -> Session:
    """A page that opens after one that went when its left lane had come so far."""
    running = session.run({"cells": [first(session)]})
    while session.live is None:
        next(running)
    for event in events:
        session.live.apply("left", event)
    draft = ask(session, "draft")
    for lane in draft["lanes"].values():
        for part in ("thinking", "answer"):
            lane[part] = lane[part]["text"]
    structure = keeping.snapshot(session, MODELS)["structure"]
    kept = {"structure": structure, "runs": {}, "models": MODELS, "draft": draft}
    again = Session(session._comparison, session.settings)
    keeping.restore(again, json.loads(json.dumps(kept)), MODELS)
    return again


def test_a_run_that_was_cut_off_comes_back_blind_and_says_so(blind: Session) -> None:
    again = cut_off(blind, started(), answer("Hello", 2.0))
    run = run_of(again)
    assert set(run.sides) == {"left", "right"}
    assert [result.ending for result in run.results] == ["interrupted"] * 2
    shown = view(again)["run"]
    assert shown["vote"] == {
        "waits": True,
        "words": "This run was cut off: an answer may be missing or not whole.",
        "reason": "",
    }
    assert not TELLING.search(json.dumps({**shown, "timeline": None}))
    answers = ask(again, "blind", run=run.id)["answers"]
    assert answers[run.sides.index("left")]["blocks"]
    assert answers[run.sides.index("right")] == {"blocks": []}


def test_a_run_that_was_cut_off_before_any_answer_hides_nothing(blind: Session) -> None:
    again = cut_off(blind, started())
    assert run_of(again).sides == ()
    assert view(again)["run"]["vote"] is None


def test_a_lane_of_a_run_that_waits_does_not_go_on(blind: Session) -> None:
    play(blind)
    run = run_of(blind)
    play(blind, action="continue", lane="right", run=run.id, tokens="9")
    assert "blind until you vote" in blind.notice
    assert len(blind.document.prompts[0].runs) == 1


def test_the_tally_tells_votes_by_model(blind: Session) -> None:
    assert notebook_view(blind, ())["blind"]["tally"] == []
    play(blind)
    assert notebook_view(blind, ())["blind"]["tally"] == []
    vote(blind, "both_bad")
    (words,) = notebook_view(blind, ())["blind"]["tally"]
    assert words == "demo-instruct 0, demo-thinking 0, tie 0, both bad 1."
    for form in ("markdown", "html"):
        assert "Blind votes" in saved(blind, form)["text"] and words in saved(blind, form)["text"]


def test_a_vote_holds_although_the_browser_kept_the_run_before_it(blind: Session) -> None:
    play(blind)
    run = run_of(blind)
    as_it_ended = keeping.ended_runs(blind, [run.id])
    vote(blind, "a", "clear")
    kept = {
        "structure": keeping.snapshot(blind, MODELS)["structure"],
        "runs": as_it_ended,
        "models": MODELS,
    }
    keeping.restore(blind, json.loads(json.dumps(kept)), MODELS)
    assert run_of(blind).sides == ()
    assert run_of(blind).vote == Vote(run.sides[0], "clear", blind=True)
