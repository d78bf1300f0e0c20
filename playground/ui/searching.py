"""Search over a notebook's prompts, notes, answers and traces: every run, letters of any case.

Reads a session under its lock. Knows no page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from playground.notebook.document import Cell, PromptCell, Run
from playground.ui.intents import Hit
from playground.ui.session import Session
from playground.words import say

MOST_HITS = 100
AROUND = 40
Part = Literal["text", "attached", "answer", "thinking"]


def search(session: Session, query: str) -> tuple[list[Hit], bool]:
    """The first places that hold the query, one a text; and whether there are more."""
    if not query.strip():
        return [], False
    wanted = re.compile(re.escape(query.strip()).replace(r"\ ", r"\s+"), re.IGNORECASE)
    with session.lock:
        cells = session.document.cells
    hits = []
    for place, cell in enumerate(cells, 1):
        for run, lane, part, text in _texts(cell):
            found = wanted.search(text)
            if found is not None:
                hits.append(_hit(cell, place, run, lane, part, text, found))
                if len(hits) > MOST_HITS:
                    return hits[:MOST_HITS], True
    return hits, False


def _texts(cell: Cell) -> Iterator[tuple[Run | None, str, Part, str]]:
    yield None, "", "text", cell.text
    for each in cell.attachments if isinstance(cell, PromptCell) else ():
        yield None, "", "attached", f"{each.name}\n{each.text}"
    for run in cell.runs if isinstance(cell, PromptCell) else ():
        if run.sides:  # a place would tell whose answer holds the words
            continue
        for result in run.own:
            lane = result.request.lane
            yield run, lane, "answer", result.output.answer
            yield run, lane, "thinking", result.output.thinking or ""


def _hit(
    cell: Cell,
    place: int,
    run: Run | None,
    lane: str,
    part: Part,
    text: str,
    found: re.Match[str],
) -> Hit:
    places = {
        "answer": say("answer"),
        "thinking": say("thinking"),
        "attached": say("attached file"),
    }
    own = say("prompt") if isinstance(cell, PromptCell) else say("note")
    where = [say("cell {place}", place=place)]
    where += [say("run {number}", number=run.number)] if run else []
    start, end = found.span()
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    return Hit(
        cell=cell.id,
        run=run.id if run else "",
        lane=lane,
        part=part,
        where=" · ".join(where),
        place=places.get(part, own),
        before=("…" if start > AROUND else "") + before,
        match=found[0],
        after=after + ("…" if end + AROUND < len(text) else ""),
    )
