"""Blind runs on the page: two answers as A and B until the vote, then the vote, and the tally.

While a run waits for its vote, this is all that the page is told of it: whose answer is whose, and
every number that could tell, stays here. (What the browser keeps of the notebook holds the results,
those of a run that goes on too, or a reload would lose them; it comes back to Python, and the page
never draws from it.)
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from playground.catalog import parse_name
from playground.domain.errors import BadRequest
from playground.domain.request import Lane
from playground.notebook.document import Document, Run
from playground.rendering.markdown import render
from playground.ui.blind_wire import BlindAnswer, BlindState, VoteView
from playground.ui.session import Session
from playground.verdict.votes import tallies, tally_in_words
from playground.words import say

# How the whole run ends, whichever lane is at work: nothing of the lanes is in it.
CUT_OFF = ("user", "interrupted", "deadline")
rendered = lru_cache(maxsize=64)(render)


def blind_answers(session: Session, run_id: str) -> list[BlindAnswer]:
    """The answers of a run that waits for its vote: A, then B. Raises BadRequest."""
    with session.lock:
        for cell in session.document.prompts:
            for run in cell.runs:
                if run.id == run_id and run.sides:
                    return [_answer(run, lane) for lane in run.sides]
    raise BadRequest("This run is not blind any more. Reload the page.")


def _answer(run: Run, lane: Lane) -> BlindAnswer:
    result = run.result(lane)
    return BlindAnswer(blocks=list(rendered(result.output.answer)) if result.has_answer else [])


def blind_state(document: Document) -> BlindState:
    """Whether runs from now on are blind, and the votes so far."""
    return BlindState(on=document.blind, tally=votes_in_words(document))


def votes_in_words(document: Document) -> list[str]:
    """What the blind votes come to, a paragraph for each two models."""
    return [tally_in_words(each, _label) for each in tallies(document)]


def _label(model: str) -> str:
    return parse_name(model).label


def vote_view(run: Run, labels: Mapping[Lane, str]) -> VoteView | None:
    """What a run's vote was, or that it waits for one; null for any other run."""
    if run.sides:
        cut_off = any(result.ending in CUT_OFF for result in run.results)
        words = say("This run was cut off: an answer may be missing or not whole.")
        return VoteView(waits=True, words=words if cut_off else "", reason="")
    if run.vote is None:
        return None
    match run.vote.choice:
        case "tie":
            words = say("tie")
        case "both_bad":
            words = say("both bad")
        case lane:
            words = say("{name} is better", name=labels[lane])
    kind = say("Blind vote") if run.vote.blind else say("Vote")
    return VoteView(waits=False, words=f"{kind}: {words}", reason=run.vote.reason)
