"""Results on the wire: one lane whole, a trace; and what the lanes of a run are called.

Reads sessions under their lock; changes nothing. No Gradio.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from playground.comparison.options import describe_or_guess, guessed
from playground.domain.engine import ModelCard
from playground.domain.errors import BadRequest
from playground.domain.request import LANES, Lane
from playground.notebook.document import Run
from playground.rendering.markdown import render
from playground.results.value import Result
from playground.ui.present import lane_head, lane_labels
from playground.ui.session import Session
from playground.ui.wire import LaneKey, LaneView

rendered = lru_cache(maxsize=512)(render)


def _card_of(session: Session, result: Result) -> ModelCard:
    """A result's model; results stay readable where it may not be run (any more)."""
    try:
        return describe_or_guess(result.request.model, session.describe)
    except BadRequest:
        return guessed(result.request.model)


def labels_of(session: Session, run: Run) -> Mapping[Lane, str]:
    """What the lanes of a run are called."""
    return lane_labels({r.request.lane: _card_of(session, r) for r in run.results})


def lane_view(session: Session, key: LaneKey) -> LaneView:
    """One lane whole, but for its trace. Raises BadRequest when it is not there."""
    with session.lock:
        run_id, _, lane = key.partition("/")
        live = session.live
        if live is not None and live.id == run_id and lane in live.folds:
            _check_revealed(live.sides)
            return live.lane_view(_lane(lane), session.now())
        run = find_run(session, key)
        result = run.result(_lane(lane))
        label = labels_of(session, run)[_lane(lane)]
        head = lane_head(result, _card_of(session, result), label, None, None)
    answer = result.output.answer
    return LaneView(**head, blocks=list(rendered(answer)), answer=answer)


def trace(session: Session, key: LaneKey) -> str:
    """A lane's thinking so far. Raises BadRequest when it is not there."""
    with session.lock:
        run_id, _, lane = key.partition("/")
        if session.live is not None and session.live.id == run_id:
            _check_revealed(session.live.sides)
            return session.live.folds[_lane(lane)].text["thinking"].whole()
        return result_of(session, key).output.thinking or ""


def result_of(session: Session, key: LaneKey) -> Result:
    """The ended result of that key. Raises BadRequest."""
    run, lane = find_run(session, key), _lane(key.partition("/")[2])
    if lane not in run.lanes:
        raise BadRequest(f"There is no result {key!r} any more. Reload the page.")
    return run.result(lane)


def find_run(session: Session, key: LaneKey) -> Run:
    """The ended run that a lane's key names, unless it is blind. Raises BadRequest."""
    run_id = key.partition("/")[0]
    for cell in session.document.prompts:
        for run in cell.runs:
            if run.id == run_id:
                _check_revealed(run.sides)
                return run
    raise BadRequest(f"There is no result {key!r} any more. Reload the page.")


def _check_revealed(sides: tuple[Lane, ...]) -> None:
    if sides:
        raise BadRequest("This run is blind until you vote on it. Vote first.")


def _lane(text: str) -> Lane:
    for lane in LANES:
        if lane == text:
            return lane
    raise BadRequest(f"There is no lane {text!r}. Use one of: {', '.join(LANES)}.")
