"""What the page asks beside its events: stop, lanes whole, a trace, a token count.

Gradio calls these as the notebook component's server functions, outside its queue: they answer
while a run goes on. Each takes and returns one JSON object; an error is `{"error": message}`, with
`"gone": true` where this server has no such notebook.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import wraps
from typing import Any

from playground.domain.errors import BadRequest, PlaygroundError
from playground.domain.request import Lane
from playground.domain.text import check_text
from playground.ui import views
from playground.ui.session import Session
from playground.ui.sessions import Sessions

Question = Callable[[dict[str, Any]], dict[str, Any]]
Examples = Callable[[Mapping[Lane, str]], tuple[str, ...]]


def questions(sessions: Sessions, examples: Examples) -> list[Question]:
    """The server functions `stop`, `fetch`, `trace`, `count` and `view` over these sessions."""

    def stop(session: Session, data: dict[str, Any]) -> dict[str, Any]:
        session.stop(str(data["cell"]), data.get("lane"))
        return {}

    def fetch(session: Session, data: dict[str, Any]) -> dict[str, Any]:
        lanes = {}
        for key in data["keys"]:
            # A cell may have been deleted while its results were asked for: the others still come.
            with suppress(BadRequest):
                lanes[key] = views.lane_view(session, key)
        return {"lanes": lanes}

    def trace(session: Session, data: dict[str, Any]) -> dict[str, Any]:
        return {"text": views.trace(session, data["key"])}

    def count(session: Session, data: dict[str, Any]) -> dict[str, Any]:
        return dict(views.count_view(session, check_text("prompt", data["prompt"])))

    def view(session: Session, data: dict[str, Any]) -> dict[str, Any]:
        return dict(views.notebook_view(session, examples(session.settings.models)))

    return [_answered(sessions, function) for function in (stop, fetch, trace, count, view)]


def _answered(
    sessions: Sessions, function: Callable[[Session, dict[str, Any]], dict[str, Any]]
) -> Question:
    """`function` with the session looked up, and errors as values."""

    @wraps(function)
    def answer(data: dict[str, Any]) -> dict[str, Any]:
        try:
            session = sessions.by_secret(data["session"])
        except BadRequest as exc:
            return {"error": str(exc), "gone": True}
        try:
            return function(session, data)
        except PlaygroundError as exc:
            return {"error": str(exc)}
        except (KeyError, TypeError) as exc:
            return {"error": str(BadRequest(f"This question lacks {exc}. Reload the page."))}

    # Gradio reads the signature: it must see the one argument.
    del answer.__wrapped__
    return answer
