"""What helps to read results: two answers word by word, the outline of a trace.

Asked for when a reader wants it, sent as plain text in pieces. Reads sessions under their lock.
No Gradio.
"""

from __future__ import annotations

from typing import TypedDict

from playground.domain.errors import BadRequest
from playground.domain.request import LANES, Lane
from playground.rendering.word_diff import Side, word_diff
from playground.results import outline as outlines
from playground.results import wording
from playground.results.outline import Passage
from playground.results.turn_backs import turns_in_words
from playground.results.value import Result
from playground.ui.results_view import find_run, labels_of, result_of
from playground.ui.session import Session
from playground.ui.wire import LaneKey
from playground.words import number, say


class Compared(TypedDict):
    """Both answers of a run in pieces, by lane: those at even positions are in both answers, those
    at odd ones only in this. `words` says how much that is."""

    lanes: dict[Lane, list[str]]
    words: str


class OutlineEntry(TypedDict):
    """A passage of a trace: where it begins (in UTF-16 units, a browser's), its first words, when
    it began and how long it is ("" where that is not known), and a note on what is in it."""

    offset: int
    words: str
    at: str
    tokens: str
    note: str


def compared(session: Session, run_id: str) -> Compared:
    """The two answers of a run word by word, never their traces. Raises BadRequest."""
    with session.lock:
        run = find_run(session, run_id)
        labels = labels_of(session, run)
    answers = {result.request.lane: result.output.answer for result in run.results}
    if any(not answers.get(lane) for lane in LANES):
        raise BadRequest("This run has no two answers to compare. Run both lanes first.")
    found = word_diff(answers["left"], answers["right"])
    sides: dict[Lane, Side] = {"left": found.left, "right": found.right}
    parts = [
        say("{count} words in both", count=_count(found.left.words_in_both)),
        *(
            say("{count} only in {name}", count=_count(side.words_only_here), name=labels[lane])
            for lane, side in sides.items()
        ),
    ]
    words = " · ".join(parts)
    if not found.whole:
        words = f"{words} · {say('only the beginnings were compared: the answers are very long')}"
    return Compared(lanes={lane: list(side.pieces) for lane, side in sides.items()}, words=words)


def outline(session: Session, key: LaneKey) -> list[OutlineEntry]:
    """The passages of an ended lane's trace. Raises BadRequest."""
    with session.lock:
        result = result_of(session, key)
    text = result.output.thinking or ""
    entries, at, units = [], 0, 0
    for passage in outlines.outline(result):
        units += len(text[at : passage.offset].encode("utf-16-le", "surrogatepass")) // 2
        at = passage.offset
        entries.append(_entry(passage, units, result))
    return entries


def _entry(passage: Passage, offset: int, result: Result) -> OutlineEntry:
    notes = []
    if passage.paragraphs > 1:
        notes.append(say("{count} paragraphs", count=_count(passage.paragraphs)))
    if passage.turns:
        notes.append(turns_in_words(passage.turns))
    counts = result.numbers.counts
    return OutlineEntry(
        offset=offset,
        words=passage.words,
        at="" if passage.at_s is None else wording.seconds(passage.at_s),
        tokens="" if passage.tokens is None else wording.count(passage.tokens, counts),
        note=" · ".join(notes),
    )


def _count(value: int) -> str:
    return number(f"{value:,}")
