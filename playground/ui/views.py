"""A session's views on the wire: the notebook, one lane whole, a trace, the token count.

Reads sessions under their lock; changes nothing. No Gradio.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from playground.comparison.options import describe_or_guess
from playground.domain.engine import ModelCard
from playground.domain.errors import BadRequest, PlaygroundError
from playground.domain.request import LANES, Lane, Request
from playground.notebook.document import Cell, Run
from playground.notebook.settings import differences
from playground.results.value import Result
from playground.ui.markdown import render
from playground.ui.present import lane_head, lane_key, lane_labels
from playground.ui.session import Session
from playground.ui.timeline import timeline
from playground.ui.wire import CellView, LaneKey, LaneView, NotebookView, RunView

TITLE = "Qwen3 side by side"
_ANY_PROMPT = "?"

_blocks = lru_cache(maxsize=512)(render)


def notebook_view(session: Session, examples: tuple[str, ...]) -> NotebookView:
    """The document as the page needs it now."""
    with session.lock:
        labels = lane_labels(session.cards())
        now = _current_requests(session)
        cells = [_cell_view(session, cell, now) for cell in session.document.cells]
        fresh = all(not cell.runs for cell in session.document.cells)
        return NotebookView(
            session=session.secret,
            revision=session.revision,
            cells=cells,
            lanes=labels,
            examples=list(examples) if fresh else [],
            undo="Cell deleted." if session.deleted else "",
            title=TITLE,
            notice=session.notice,
            focus=session.focus,
        )


def _current_requests(session: Session) -> tuple[Request, ...]:
    try:
        return session.requests(_ANY_PROMPT)
    except PlaygroundError:
        return ()  # the settings do not make a request now; running says why


def _cell_view(session: Session, cell: Cell, now: tuple[Request, ...]) -> CellView:
    live = session.live if session.live is not None and session.live.cell == cell.id else None
    run = cell.run
    return CellView(
        id=cell.id,
        prompt=cell.prompt,
        number="•" if live else (str(run.number) if run else ""),
        state="running" if live else ("queued" if cell.id in session.queue else "idle"),
        shown=cell.shown,
        runs=len(cell.runs),
        stale="" if live or run is None else _stale(session, cell, run, now),
        run=_run_view(session, run) if run and not live else None,
    )


def _stale(session: Session, cell: Cell, run: Run, now: tuple[Request, ...]) -> str:
    fixed = session.settings.seed_mode == "fixed"
    found: list[str] = []
    labels = _labels_of(session, run)
    for request in now:
        then = run.result(request.lane).request
        for difference in differences(then, replace(request, prompt=cell.prompt), seed=fixed):
            found.append(f"{labels[request.lane]}: {difference}")
    plain = [item.split(": ", 1)[1] for item in found]
    # What holds for both lanes is said once, without their names.
    shared = [item for item in dict.fromkeys(plain) if plain.count(item) == len(LANES)]
    own = [item for item, text in zip(found, plain, strict=True) if text not in shared]
    return ", ".join(shared + own)


def _run_view(session: Session, run: Run) -> RunView:
    results = {lane: run.result(lane) for lane in LANES}
    return RunView(
        run=run.id,
        lanes={lane: lane_key(results[lane]) for lane in LANES},
        timeline=timeline(results, _labels_of(session, run), {}),
    )


def _card_of(session: Session, result: Result) -> ModelCard:
    return describe_or_guess(result.request.model, session.describe)


def _labels_of(session: Session, run: Run) -> Mapping[Lane, str]:
    return lane_labels({lane: _card_of(session, run.result(lane)) for lane in LANES})


def lane_view(session: Session, key: LaneKey) -> LaneView:
    """One lane whole, but for its trace. Raises BadRequest when it is not there."""
    with session.lock:
        run_id, _, lane = key.partition("/")
        live = session.live
        if live is not None and live.id == run_id and lane in live.folds:
            return live.lane_view(_lane(lane), session.now())
        run = find_run(session, key)
        result = run.result(_lane(lane))
        label = _labels_of(session, run)[_lane(lane)]
        head = lane_head(result, _card_of(session, result), label, None, None)
    answer = result.output.answer
    return LaneView(**head, blocks=list(_blocks(answer)), answer=answer)


def trace(session: Session, key: LaneKey) -> str:
    """A lane's thinking so far. Raises BadRequest when it is not there."""
    with session.lock:
        run_id, _, lane = key.partition("/")
        if session.live is not None and session.live.id == run_id:
            return session.live.folds[_lane(lane)].text["thinking"].whole()
        return find_run(session, key).result(_lane(lane)).output.thinking or ""


def find_run(session: Session, key: LaneKey) -> Run:
    """The ended run that a lane's key names. Raises BadRequest."""
    run_id = key.partition("/")[0]
    for cell in session.document.cells:
        for run in cell.runs:
            if run.id == run_id:
                return run
    raise BadRequest(f"There is no result {key!r} any more. Reload the page.")


def _lane(text: str) -> Lane:
    for lane in LANES:
        if lane == text:
            return lane
    raise BadRequest(f"There is no lane {text!r}. Use one of: {', '.join(LANES)}.")


def count_view(session: Session, prompt: str) -> dict[str, str]:
    """How long the rendered prompt is, in words; `tone` warns when it does not fit."""
    try:
        counts = session.count_tokens(prompt)
        cards = session.cards()
    except PlaygroundError:
        return {"text": "", "tone": "plain"}
    known = {lane: count for lane, count in counts.items() if count is not None}
    if not known or not prompt.strip():
        return {"text": "", "tone": "plain"}
    distinct = list(dict.fromkeys(known.values()))
    words = " / ".join(f"{count:,}" for count in distinct) + " tokens"
    for lane, count in known.items():
        context = cards[lane].context
        if context is not None and count >= context:
            return {"text": f"{words}: over the context of {context:,}", "tone": "warn"}
    return {"text": words, "tone": "plain"}
