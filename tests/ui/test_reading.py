"""Two answers word by word and a trace's outline, as the page asks for them."""

from __future__ import annotations

import json

import pytest

from playground.domain.errors import BadRequest
from playground.domain.request import Lane
from playground.notebook.document import Document, PromptCell, Run
from playground.results.paragraphs import Paragraphs
from playground.results.value import Numbers, Output, Result
from playground.ui.reading import compared, outline
from playground.ui.results_view import lane_view
from playground.ui.session import Session
from playground.words import speaking
from tests.samples import request

MODELS: dict[Lane, str] = {"left": "demo-instruct", "right": "demo-thinking"}
TRACE = "🎉 The capital…\n\nWait, of France. But yes.\n\nParis."


def holding(session: Session, answers: dict[Lane, str], marks: Paragraphs | None = None) -> Run:
    """The session's only run, with these answers."""
    results = tuple(
        Result(
            request(lane, model=MODELS[lane]),
            phase="ended",
            ending="end_of_turn",
            output=Output(TRACE if lane == "right" else None, answer),
            numbers=Numbers(thinking_tokens=20, thinking_s=3.0),
            paragraphs=marks if lane == "right" else None,
        )
        for lane, answer in answers.items()
    )
    run = Run(results[0].request.id, 1, results)
    session.install(Document((PromptCell(prompt="Why?", runs=(run,)),)), session.settings)
    return run


def test_both_answers_come_in_pieces_and_in_words(session: Session) -> None:
    answers: dict[Lane, str] = {
        "left": "The capital is Paris.",
        "right": "Well, the capital is Paris.",
    }
    run = holding(session, answers)
    found = compared(session, run.id)
    assert found["lanes"] == {
        "left": ["", "The ", "capital is Paris."],
        "right": ["", "Well, the ", "capital is Paris."],
    }
    assert found["words"] == "3 words in both · 1 only in Instruct · 2 only in Thinking"
    assert "Wait" not in json.dumps(found)  # the trace
    with speaking("pt-BR"):
        assert compared(session, run.id)["words"].startswith("3 palavras em ambas · 1 só em")


def test_of_very_long_answers_it_says_that_the_beginnings_were_compared(session: Session) -> None:
    run = holding(session, {"left": "word " * 60_000, "right": "word " * 60_000})
    assert "only the beginnings" in compared(session, run.id)["words"]


@pytest.mark.parametrize("answers", [{"left": "Paris"}, {"left": "Paris", "right": ""}])
def test_a_run_without_two_answers_cannot_be_compared(
    session: Session, answers: dict[Lane, str]
) -> None:
    run = holding(session, answers)
    with pytest.raises(BadRequest, match="no two answers"):
        compared(session, run.id)
    with pytest.raises(BadRequest, match="no result 'gone'"):
        compared(session, "gone")


def test_an_outline_has_a_browsers_offsets_seconds_tokens_and_notes(session: Session) -> None:
    marks = Paragraphs((0, 16, 43), (0, 8, 17), (0.5, 1.5, 2.25))
    run = holding(session, {"left": "Paris", "right": "Paris"}, marks)
    first, second, third = outline(session, f"{run.id}/right")
    assert first == {
        "offset": 0,
        "words": "🎉 The capital…",
        "at": "0.50 s",
        "tokens": "8",
        "note": "",
    }
    # The picture is two of a browser's units.
    assert (second["offset"], second["at"], second["tokens"]) == (17, "1.50 s", "9")
    assert second["note"] == "2 turn-backs"
    assert (third["offset"], third["tokens"]) == (44, "3")
    assert outline(session, f"{run.id}/left") == []


def test_an_old_results_outline_has_no_numbers_and_one_that_is_gone_is_refused(
    session: Session,
) -> None:
    run = holding(session, {"right": "Paris"})
    assert {(each["at"], each["tokens"]) for each in outline(session, f"{run.id}/right")} == {
        ("", "")
    }
    with pytest.raises(BadRequest, match="no result"):
        outline(session, f"{run.id}/left")


def test_the_traces_head_counts_the_turn_backs(session: Session) -> None:
    run = holding(session, {"left": "Paris", "right": "Paris"})
    summary = lane_view(session, f"{run.id}/right")["summary"]
    assert summary == "Thought for 3.00 s · 20 tokens · 2 turn-backs"
