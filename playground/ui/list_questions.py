"""What the page asks about lists beside its events. Shapes: `list_wire`; how it is asked:
`questions`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from playground.notebook.document import CellId
from playground.ui.list_opened import list_words, opened_row, problem_of_run
from playground.ui.list_rows import list_rows
from playground.ui.lists import as_table, preview
from playground.ui.session import Session

Data = dict[str, Any]


def _preview(session: Session, data: Data) -> Data:
    cell = session.document.prompt(CellId(data["cell"])) if data.get("cell") else None
    return dict(preview(data["text"], cell, session.limits))


def _listed(session: Session, data: Data) -> Data:
    return {"text": as_table(session.document.prompt(CellId(data["cell"])).problems)}


def _rows(session: Session, data: Data) -> Data:
    known, last = str(data.get("key", "")), str(data.get("last", ""))
    return dict(list_rows(session, CellId(data["cell"]), known, last))


def _row(session: Session, data: Data) -> Data:
    cell = CellId(data["cell"])
    at = problem_of_run(session, cell, str(data["run"])) if "run" in data else data["problem"]
    return dict(opened_row(session, cell, int(at)))


def _summary(session: Session, data: Data) -> Data:
    return {"words": list_words(session, CellId(data["cell"]))}


def _pause(session: Session, data: Data) -> Data:
    session.pause(str(data["cell"]))
    return {}


LIST_ANSWERS: Mapping[str, Callable[[Session, Data], Data]] = {
    "preview": _preview,
    "listed": _listed,
    "rows": _rows,
    "row": _row,
    "summary": _summary,
    "pause": _pause,
}
