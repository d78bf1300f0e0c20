"""Blind runs: which lane is shown as A is drawn, a vote between A and B becomes one on lanes, and
what may be told of a document is all but the runs that wait for a vote. Pure but for the drawing.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import replace
from typing import Literal, get_args

from playground.domain.errors import BadRequest
from playground.domain.request import LANES, Lane, Request
from playground.domain.text import check_text
from playground.notebook.document import Cell, Document, PromptCell, Run, Vote, VoteChoice
from playground.results.value import Result

SideChoice = Literal["a", "b", "tie", "both_bad"]
CHOICES: tuple[SideChoice, ...] = get_args(SideChoice)
LONGEST_REASON = 2000


def drawn_sides(document: Document, requests: tuple[Request, ...]) -> tuple[Lane, ...]:
    """The lanes of a run that begins now as A and B, in an order that nobody can foresee; none
    where it is not blind, or has but one lane."""
    lanes: list[Lane] = [request.lane for request in requests]
    if not document.blind or len(lanes) < len(LANES):
        return ()
    secrets.SystemRandom().shuffle(lanes)
    return tuple(lanes)


def sides_to_vote_on(sides: tuple[Lane, ...], results: tuple[Result, ...]) -> tuple[Lane, ...]:
    """The sides, if there is any answer to vote on: else nothing has to be hidden."""
    return sides if any(result.has_answer for result in results) else ()


def vote_of(run: Run, choice: object, reason: object) -> Vote:
    """The vote that a choice between A and B is. Raises BadRequest."""
    if not run.sides:
        raise BadRequest("This run is not blind any more. Run the cell again to vote anew.")
    given = check_text("reason", reason or "").strip()
    if len(given) > LONGEST_REASON:
        raise BadRequest(
            f"The reason has {len(given):,} characters, but at most {LONGEST_REASON:,} are kept."
            " Shorten it."
        )
    lanes: dict[SideChoice, VoteChoice] = {
        "a": run.sides[0],
        "b": run.sides[1],
        "tie": "tie",
        "both_bad": "both_bad",
    }
    for known, lane_choice in lanes.items():
        if known == choice:
            return Vote(lane_choice, given, blind=True)
    raise BadRequest(f"There is no choice {choice!r}. Use one of: {', '.join(CHOICES)}.")


def waiting_for_a_vote(document: Document) -> int:
    """How many blind runs nobody has voted on."""
    return sum(bool(run.sides) for cell in document.prompts for run in cell.runs)


def revealed(document: Document) -> Document:
    """The document without blind runs that wait for a vote: what a table or an export may tell."""
    if not waiting_for_a_vote(document):
        return document
    return replace(document, cells=tuple(_cells(document)))


def _cells(document: Document) -> Iterator[Cell]:
    for cell in document.cells:
        if isinstance(cell, PromptCell):
            runs = tuple(run for run in cell.runs if not run.sides)
            yield replace(cell, runs=runs, shown=max(0, min(cell.shown, len(runs) - 1)))
        else:
            yield cell
