"""A public page on two fake engines, served on loopback, and a driver of Gradio's protocol."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playground.comparison.allowed import only
from playground.comparison.run import Comparison
from playground.domain.limits import PUBLIC
from playground.domain.request import Lane
from playground.ui.launch import launch
from playground.ui.page import Page
from tests.ui.fake import Fake

MODELS: dict[Lane, str] = {"left": "demo-instruct", "right": "demo-thinking"}
LIMITS = PUBLIC.with_values({"request_characters": 500, "cells": 5, "max_new_tokens": 6})
TIMEOUT_S = 30
GET = object()


@dataclass
class PublicPage:
    """The page, its engines and where it is."""

    page: Page
    engines: dict[str, Fake]
    url: str

    def ask(
        self, path: str, data: Any = GET, raw: bytes | None = None, **headers: str
    ) -> tuple[int, bytes]:
        """Status and body of one request; with data it is a POST."""
        body = raw if data is GET else json.dumps(data).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(
            self.url + path, body, {"Content-Type": "application/json", **named}
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as response:
                return response.status, response.read()
        except urllib.error.HTTPError as exc:
            return exc.code, exc.read()

    def events(self, path: str) -> list[tuple[str, Any]]:
        """A whole event stream, which must end."""
        status, body = self.ask(path)
        assert status == 200, (status, body)
        found, event = [], ""
        for line in body.decode().splitlines():
            name, _, value = line.partition(": ")
            if name == "event":
                event = value
            elif name == "data":
                found.append((event, json.loads(value)))
        return found

    def compare(self, body: Any, **headers: str) -> list[tuple[str, Any]] | int:
        """All events of one `/compare`, or the status that refused it."""
        status, answer = self.ask("/gradio_api/call/v2/compare", body, **headers)
        if status != 200:
            return status
        return self.events(f"/gradio_api/call/compare/{json.loads(answer)['event_id']}")

    def compared(self, body: Any, **headers: str) -> dict[str, Any]:
        """The results of one `/compare` that is answered."""
        events = self.compare(body, **headers)
        assert isinstance(events, list) and events[-1][0] == "complete", events
        results: dict[str, Any] = events[-1][1][0]
        return results

    def event(self, name: str, session: str, data: list[Any], event_data: Any = None) -> Any:
        """One of the page's own events by its function's name: a queued one to its end."""
        functions = self.page.blocks.fns.values()
        fn = next(fn for fn in functions if fn.name == name)
        body = {
            "fn_index": fn._id, "data": data, "event_data": event_data, "session_hash": session,
            "trigger_id": None,
        }  # fmt: skip
        if not fn.queue:
            return self.ask("/gradio_api/run/predict", body)
        status, answer = self.ask("/gradio_api/queue/join", body)
        if status != 200:
            return status, answer
        return 200, self.events(f"/gradio_api/queue/data?session_hash={session}")

    def question(self, name: str, data: Any) -> Any:
        """One of the notebook's questions."""
        body = {
            "component_id": self.page.layout.notebook._id, "fn_name": name, "data": data,
            "session_hash": "any",
        }  # fmt: skip
        status, answer = self.ask("/gradio_api/component_server", body)
        assert status == 200, (status, answer)
        return json.loads(answer)


@contextmanager
def public_page(limits: Any = LIMITS) -> Iterator[PublicPage]:
    """Such a page; its engines answer at once."""
    engines = {name: Fake(name) for name in MODELS.values()}
    comparison = Comparison(only(engines.__getitem__, list(engines)), limits=limits, in_public=True)
    page = Page(comparison, MODELS, lambda _: "", lambda _: (), offer=list(engines))
    url = launch(page, "127.0.0.1", None, None)
    yield PublicPage(page, engines, url.rstrip("/"))
    page.close()
