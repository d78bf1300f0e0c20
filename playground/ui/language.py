"""One language for all of the page: what the server chose is told to the page before it begins.

Gradio takes the browser's first language for its own texts and for the page's `lang`; ours may be
another, and a page in two languages is read out wrongly. Knows no text and no component.
"""

from __future__ import annotations

import json

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playground.words import preferred

_HEAD = b"<head>"


class OneLanguage:
    """Middleware that puts the language into each HTML page, where both sides look for it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        language = preferred(Headers(scope=scope).get("accept-language", ""))
        start: Message | None = None
        page = b""

        async def told(message: Message) -> None:
            nonlocal start, page
            if message["type"] == "http.response.start" and _is_page(message):
                start = message  # its length is not known yet
            elif start is None:
                await send(message)
            else:
                page += message.get("body", b"")
                if not message.get("more_body"):
                    page = with_language(page, language)
                    await send(_with_length(start, len(page)))
                    await send({"type": "http.response.body", "body": page})

        await self._app(scope, receive, told)


def with_language(page: bytes, language: str) -> bytes:
    """The HTML with the language as the browser's own, before any other script."""
    script = f'Object.defineProperty(navigator, "language", {{value: {json.dumps(language)}}});'
    return page.replace(_HEAD, _HEAD + f"<script>{script}</script>".encode(), 1)


def _is_page(start: Message) -> bool:
    headers = {name.lower(): value for name, value in start["headers"]}
    is_html = headers.get(b"content-type", b"").startswith(b"text/html")
    return is_html and b"content-encoding" not in headers


def _with_length(start: Message, length: int) -> Message:
    others = [pair for pair in start["headers"] if pair[0].lower() != b"content-length"]
    return {**start, "headers": [*others, (b"content-length", str(length).encode())]}
