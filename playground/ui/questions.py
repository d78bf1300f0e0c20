"""What the page asks beside its events: stop, results, files, what a browser keeps.

Gradio calls these as the notebook component's server functions, outside its queue: they answer
while a run goes on. Each takes and returns one JSON object (shapes: `intents`); an error is
`{"error": message}`, with `"gone": true` where this server has no such notebook.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from playground.attachments import LIMITS, Limits
from playground.domain.errors import BadRequest, PlaygroundError
from playground.domain.request import Lane
from playground.domain.text import check_text
from playground.notebook.document import CellId
from playground.said_errors import said
from playground.ui import attaching, files, keeping, reading, results_view, views
from playground.ui.blind import blind_answers
from playground.ui.counting import token_count
from playground.ui.intents import MALFORMED
from playground.ui.judging_form import faults
from playground.ui.list_questions import LIST_ANSWERS
from playground.ui.lists import rows_as_table
from playground.ui.searching import search
from playground.ui.session import Session
from playground.ui.sessions import Sessions
from playground.words import speaking

Data = dict[str, Any]
Question = Callable[[Data], Data]
Builtin = Callable[[], Sequence[Mapping[str, Any]]]
Examples = Callable[[Mapping[Lane, str]], tuple[str, ...]]


def questions(
    sessions: Sessions,
    examples: Examples,
    started_with: Mapping[Lane, str],
    limits: Limits = LIMITS,
    builtin: Builtin = tuple,
) -> list[Question]:
    """The server functions over these sessions, each under its name on the page; `limits` are those
    of attached files, `builtin` gives the built-in problems as rows."""

    def attach(session: Session, data: Data) -> Data:
        cell = CellId(data["cell"])
        name = attaching.attach(session, cell, str(data["name"]), data["data"], limits).name
        return {"name": name}

    def restore(session: Session, data: Data) -> Data:
        keeping.restore(session, data, started_with)
        return {}

    def snapshot(session: Session, data: Data) -> Data:
        return dict(keeping.snapshot(session, started_with))

    def view(session: Session, data: Data) -> Data:
        return dict(views.notebook_view(session, examples(session.settings.models)))

    def problems(session: Session, data: Data) -> Data:
        return {"text": rows_as_table(builtin())}

    own = {"attach": attach, "builtin": problems, "restore": restore, "snapshot": snapshot}
    answers = {**_ANSWERS, **LIST_ANSWERS, **own, "view": view}
    return [_answered(sessions, name, answer) for name, answer in answers.items()]


def _stop(session: Session, data: Data) -> Data:
    session.stop(str(data["cell"]), data.get("lane"))
    return {}


def _news(session: Session, data: Data) -> Data:
    return {"revision": session.revision}


def _close(session: Session, data: Data) -> Data:
    return {"closing": session.close_thought(str(data["cell"]), data["lane"])}


def _fetch(session: Session, data: Data) -> Data:
    lanes = {}
    for key in data["keys"]:
        # A cell may have been deleted while its results were asked for: the others still come.
        with suppress(BadRequest):
            lanes[key] = results_view.lane_view(session, key)
    return {"lanes": lanes}


def _trace(session: Session, data: Data) -> Data:
    return {"text": results_view.trace(session, data["key"])}


def _compare(session: Session, data: Data) -> Data:
    return dict(reading.compared(session, str(data["run"])))


def _blind(session: Session, data: Data) -> Data:
    return {"answers": blind_answers(session, str(data["run"]))}


def _outline(session: Session, data: Data) -> Data:
    return {"entries": reading.outline(session, str(data["key"]))}


def _count(session: Session, data: Data) -> Data:
    typed = check_text("prompt", data["prompt"])
    session.limits.check_text("prompt", typed)
    return dict(token_count(session, CellId(data["cell"]), typed))


def _attached(session: Session, data: Data) -> Data:
    return dict(attaching.looked_at(session, CellId(data["cell"]), str(data["attachment"])))


def _exact(session: Session, data: Data) -> Data:
    return {"sections": files.exact_prompts(session, CellId(data["cell"]))}


def _code(session: Session, data: Data) -> Data:
    return {"sections": files.code_of(session, CellId(data["cell"]))}


def _link(session: Session, data: Data) -> Data:
    return files.link_of(session, CellId(data["cell"]))


def _faults(session: Session, data: Data) -> Data:
    return dict(faults(data))


def _search(session: Session, data: Data) -> Data:
    hits, more = search(session, check_text("query", data["query"]))
    return {"hits": hits, "more": more}


def _save(session: Session, data: Data) -> Data:
    return dict(files.saved(session, data["format"], bool(data.get("reveals"))))


def _open(session: Session, data: Data) -> Data:
    files.open_file(session, data["text"], str(data["name"]))
    return {}


def _runs(session: Session, data: Data) -> Data:
    return {"runs": keeping.ended_runs(session, data["runs"])}


def _texts(session: Session, data: Data) -> Data:
    return {"texts": keeping.attached_texts(session, data["texts"])}


def _draft(session: Session, data: Data) -> Data:
    return dict(keeping.draft(session, data.get("have") or {}))


_ANSWERS: Mapping[str, Callable[[Session, Data], Data]] = {
    "stop": _stop,
    "news": _news,
    "close": _close,
    "fetch": _fetch,
    "trace": _trace,
    "compare": _compare,
    "outline": _outline,
    "blind": _blind,
    "count": _count,
    "exact": _exact,
    "code": _code,
    "link": _link,
    "faults": _faults,
    "search": _search,
    "save": _save,
    "open": _open,
    "runs": _runs,
    "texts": _texts,
    "attached": _attached,
    "draft": _draft,
}


def _answered(sessions: Sessions, name: str, function: Callable[[Session, Data], Data]) -> Question:
    """`function` with the session looked up, and errors as values."""

    def answer(data: Data) -> Data:
        if not isinstance(data, dict):  # whoever calls this by hand
            return {"error": str(BadRequest("This question is no object. Reload the page."))}
        try:
            session = sessions.by_secret(data.get("session"))
        except BadRequest as exc:
            return {"error": str(exc), "gone": True}
        with speaking(session.language):
            try:
                return function(session, data)
            except PlaygroundError as exc:
                return {"error": said(exc)}
            except MALFORMED as exc:
                return {"error": said(BadRequest(f"This question lacks {exc}. Reload the page."))}

    answer.__name__ = name  # the page calls it by this name
    return answer
