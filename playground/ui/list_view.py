"""How far a list has come, as its cell shows it.

Reads sessions under their lock; changes nothing. Its rows are in `list_rows`, one of its problems
whole in `list_opened`.
"""

from __future__ import annotations

from playground.domain.errors import BadRequest
from playground.notebook.document import PromptCell
from playground.notebook.plan import plan
from playground.said_errors import said
from playground.ui.list_rows import Problems, rows_key
from playground.ui.list_wire import ListView
from playground.ui.session import Session


def list_view(session: Session, cell: PromptCell) -> ListView | None:
    """How far the cell's list has come; null for a cell that is none."""
    if not cell.problems:
        return None
    live = session.live if session.live is not None and session.live.cell == cell.id else None
    waiting = sum(queued.cell == cell.id for queued in session.queue)
    problems = Problems(cell)
    planned, done, error = 0, 0, ""
    try:
        if waiting:  # what is left is in the queue: nothing has to be compared
            planned = len(plan(cell))
            done = max(0, planned - waiting - (live is not None))
        else:
            batch = session.progress(cell)
            planned, done = len(batch.planned), batch.done
    except BadRequest as exc:
        error = said(exc)
    return ListView(
        problems=len(problems.first),
        planned=planned,
        done=done,
        waiting=waiting,
        running=problems.index(live.kept()) + 1 if live is not None else 0,
        pausing=live is not None and not waiting and done + 1 < planned,
        error=error,
        kept=len(cell.runs),
        key=rows_key(session, cell),
    )
