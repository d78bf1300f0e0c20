"""Blind runs in a document: sides are drawn, votes fall on lanes, and what waits is left out."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from playground.domain.errors import BadRequest
from playground.domain.request import LANES, Lane, RunId
from playground.notebook.asking import conversation
from playground.notebook.blind import (
    LONGEST_REASON,
    drawn_sides,
    revealed,
    sides_to_vote_on,
    vote_of,
    waiting_for_a_vote,
)
from playground.notebook.changes import AddRun, CastVote, SwitchBlind, apply
from playground.notebook.document import CellId, Document, PromptCell, Run, Vote
from playground.notebook.history import History
from playground.notebook.packing import document_from, run_data, run_from, structure
from playground.notebook.settings import Settings
from playground.notebook.storage import read, write
from playground.results.value import Output, Result
from tests.samples import request

CELL = CellId("cell")
SIDES: tuple[Lane, ...] = ("right", "left")
SETTINGS = Settings({"left": "demo-instruct", "right": "demo-thinking"})
REQUESTS = tuple(request(lane, model=SETTINGS.models[lane]) for lane in LANES)


def results(*answers: str) -> tuple[Result, ...]:
    return tuple(
        Result(asked, phase="ended", ending="end_of_turn", output=Output(None, answer))
        for asked, answer in zip(REQUESTS, answers, strict=False)
    )


def blind_run(name: str = "run") -> AddRun:
    return AddRun(CELL, RunId(name), results("Left.", "Right."), sides=SIDES)


@pytest.fixture
def document() -> Document:
    """A cell with a run that waits for its vote."""
    begun = Document((PromptCell(CELL, "Why?"),))
    return apply(apply(begun, SwitchBlind(True)), blind_run())


def run_in(document: Document) -> Run:
    (run,) = document.prompts[0].runs
    return run


def test_sides_are_drawn_both_ways_and_only_for_two_lanes_of_a_blind_notebook() -> None:
    blind = Document(blind=True)
    assert {drawn_sides(blind, REQUESTS) for _ in range(100)} == {LANES, LANES[::-1]}
    assert drawn_sides(blind, REQUESTS[:1]) == ()
    assert drawn_sides(Document(), REQUESTS) == ()


def test_without_any_answer_there_is_nothing_to_vote_on() -> None:
    assert sides_to_vote_on(SIDES, results("", "")) == ()
    assert sides_to_vote_on(SIDES, results("", "Right.")) == SIDES


@pytest.mark.parametrize(
    ("choice", "expected"),
    [("a", "right"), ("b", "left"), ("tie", "tie"), ("both_bad", "both_bad")],
)
def test_a_choice_between_a_and_b_falls_on_the_lane_behind_it(
    document: Document, choice: str, expected: str
) -> None:
    assert vote_of(run_in(document), choice, " short ") == Vote(expected, "short", True)  # type: ignore[arg-type]


def test_a_vote_that_cannot_be_is_refused(document: Document) -> None:
    run = run_in(document)
    with pytest.raises(BadRequest, match="no choice 'left'"):
        vote_of(run, "left", "")
    with pytest.raises(BadRequest, match="at most 2,000"):
        vote_of(run, "a", "x" * (LONGEST_REASON + 1))
    with pytest.raises(BadRequest):
        vote_of(run, "a", 7)
    with pytest.raises(BadRequest, match="not blind any more"):
        vote_of(replace(run, sides=()), "a", "")


def test_a_vote_reveals_the_run_and_undo_takes_the_vote_back_but_hides_nothing(
    document: Document,
) -> None:
    vote = Vote("left", "", True)
    voted = History(document).change(CastVote(CELL, RunId("run"), vote))
    assert (run_in(voted.document).vote, run_in(voted.document).sides) == (vote, ())
    undone = voted.undo()
    assert (run_in(undone.document).vote, run_in(undone.document).sides) == (None, ())
    assert run_in(undone.redo().document).vote == vote


def test_revealing_without_a_vote_is_no_step_to_undo(document: Document) -> None:
    shown = History(document).change(CastVote(CELL, RunId("run"), None))
    assert run_in(shown.document).sides == ()
    assert shown.undo() == shown


def test_switching_is_no_step_to_undo_and_holds() -> None:
    switched = History(Document()).change(SwitchBlind(True))
    assert switched.document.blind and not switched.back


def test_what_waits_for_a_vote_is_left_out_of_what_is_told(document: Document) -> None:
    both = apply(document, AddRun(CELL, RunId("open"), results("Left.", "Right.")))
    assert waiting_for_a_vote(both) == 1
    told = revealed(both)
    assert [run.id for run in told.prompts[0].runs] == ["open"]
    assert told.prompts[0].run is not None
    assert revealed(told) is told
    assert revealed(document).prompts[0].run is None


def test_a_conversation_does_not_go_on_from_a_run_that_waits(document: Document) -> None:
    below = PromptCell(CellId("below"), "And?", continues=True)
    longer = replace(document, cells=(*document.cells, below))
    with pytest.raises(BadRequest, match="blind until you vote"):
        conversation(longer, below.id, "left", False)
    voted = apply(longer, CastVote(CELL, RunId("run"), None))
    assert len(conversation(voted, below.id, "left", False)) == 2


def test_a_waiting_run_and_the_switch_are_kept_and_read_again(document: Document) -> None:
    run = run_in(document)
    data = json.loads(json.dumps(run_data(run)))
    assert data["sides"] == ["right", "left"]
    assert run_from(data) == run
    kept = structure(document, SETTINGS)
    assert kept["blind"] is True
    assert document_from(kept, {run.id: data})[0] == document
    assert read(write(document, SETTINGS), "book.ipynb")[0] == document


def test_what_is_not_blind_is_packed_as_before() -> None:
    plain = apply(
        Document((PromptCell(CELL, "Why?"),)), AddRun(CELL, RunId("run"), results("Left."))
    )
    assert "blind" not in structure(plain, SETTINGS)
    assert "sides" not in run_data(run_in(plain))
    assert '"blind"' not in write(plain, SETTINGS)


@pytest.mark.parametrize("sides", [["left"], ["left", "left"], ["up", "left"], "left", [1, 2]])
def test_sides_that_are_not_both_lanes_are_refused(document: Document, sides: Any) -> None:
    data = {**run_data(run_in(document)), "sides": sides}
    with pytest.raises(BadRequest, match="sides"):
        run_from(data)
