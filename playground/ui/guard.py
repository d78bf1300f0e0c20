"""What stands before Gradio's web server: `/healthz`, and on a public page what strangers may not.

There it refuses requests from other sites' pages (Gradio allows every site under a public name),
bodies that are too large, and Gradio's doors that the page does not use. Knows no page, no session.
"""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from starlette.middleware import Middleware

Scope = dict[str, Any]
Receive = Callable[[], Any]
Send = Callable[[Any], Any]
Health = Callable[[], Mapping[str, Any]]

LOG = logging.getLogger("playground.web")
HEALTH = "/healthz"
NOWHERE = ""
# Of a body that is too large, so many times the limit is read before the connection is cut.
MOST_PASSED_OVER = 8
# Uploads, files by their path, other servers' files, the operator's monitoring, code reloading.
CLOSED = (
    "/gradio_api/upload",
    "/gradio_api/upload_progress",
    "/gradio_api/proxy=",
    "/proxy=",
    "/gradio_api/file=http",
    "/file=http",
    "/monitoring",
    "/gradio_api/dev/",
    "/gradio_api/runs",
    "/gradio_api/deep_link",
    "/gradio_api/vibe",
)
_HEADERS = ((b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"same-origin"))


class Guard:
    """An ASGI application around another one."""

    def __init__(
        self,
        app: Any,
        health: Health,
        in_public: bool = False,
        body_bytes: int = 10**12,
        origins: Sequence[str] = (),
    ) -> None:
        """`origins` are those of other sites whose pages may call this one."""
        self._app = app
        self._health = health
        self._in_public = in_public
        self._body_bytes = body_bytes
        self._origins = {_place(origin) for origin in origins}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        if path == HEALTH:
            await _answer(send, 200, self._health())
        elif not self._in_public:
            await self._app(scope, receive, send)
        elif path.startswith(CLOSED):
            await _refuse(send, 404, "This page has no such address.")
        elif not self._may_call(scope):
            await _refuse(send, 403, "Pages of other sites may not call this one.")
        elif _length(scope) > self._body_bytes:
            await self._refuse_length(receive, send)
        else:
            await self._pass_on(scope, receive, send)

    def _may_call(self, scope: Scope) -> bool:
        headers = _headers(scope)
        if "origin" not in headers:
            return True
        origin = _place(headers["origin"])
        own = {headers.get("host", ""), *headers.get("x-forwarded-host", "").split(",")}
        known = self._origins | {_place(f"//{host.strip()}") for host in own}
        return origin in known - {NOWHERE}

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        read = 0
        begun, more = False, True

        async def counted() -> Any:
            nonlocal read, more
            message = await receive()
            read += len(message.get("body", b""))
            more = bool(message.get("more_body"))
            # A body without a length is cut off: what is left of it parses as nothing.
            if read > self._body_bytes:
                return {"type": "http.disconnect"}
            return message

        async def with_headers(message: Any) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                # Gradio calls an event that refuses what it was given a failure of the server.
                status = 400 if message["status"] == 500 else message["status"]
                headers = [*message.get("headers", ()), *_HEADERS]
                message = {**message, "status": status, "headers": headers}
            await send(message)

        try:
            await self._app(scope, counted, with_headers)
        except Exception:
            if begun:  # the stream of an event that there is not, for one
                LOG.warning("An answer of %s broke off.", scope["path"], exc_info=True)
                await send({"type": "http.response.body", "body": b""})
                return
            if read > self._body_bytes:
                await self._refuse_length(receive if more else None, send)
                return
            # What no route of Gradio could make sense of: it has no words of its own for that.
            LOG.warning("A request to %s was not understood.", scope["path"], exc_info=True)
            words = "This request was not understood. What can be asked is in {}."
            await _refuse(send, 400, words.format("/gradio_api/openapi.json"))

    async def _refuse_length(self, receive: Receive | None, send: Send) -> None:
        # A client that is still sending would not read the answer.
        passed_over = 0
        while receive is not None and passed_over < MOST_PASSED_OVER * self._body_bytes:
            message = await receive()
            passed_over += len(message.get("body", b""))
            if not message.get("more_body"):
                break
        words = f"This request is too large: {self._body_bytes:,} bytes is the most on this page."
        await _refuse(send, 413, words)


def guarded(preview: Mapping[str, str], **options: Any) -> Callable[[Any], Any]:
    """A lifespan for Gradio's application that puts the guard around all of its own layers, before
    the first request. `preview` is what a link to the page shows elsewhere, by Gradio's names."""

    @asynccontextmanager
    async def lifespan(app: Any) -> AsyncIterator[None]:
        app.get_blocks().config |= preview
        app.user_middleware.insert(0, Middleware(Guard, **options))
        app.middleware_stack = app.build_middleware_stack()
        yield

    return lifespan


def _headers(scope: Scope) -> dict[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


def _length(scope: Scope) -> int:
    given = _headers(scope).get("content-length", "0")
    return int(given) if given.isascii() and given.isdigit() else 0


def _place(origin: str) -> str:
    """Host and port of an origin, without the schemes' own ports."""
    try:
        parts = urlsplit(origin)
        port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    except ValueError:
        return NOWHERE
    return f"{parts.hostname}{port}" if parts.hostname else NOWHERE


async def _refuse(send: Send, status: int, words: str) -> None:
    await _answer(send, status, {"error": words})


async def _answer(send: Send, status: int, content: Mapping[str, Any]) -> None:
    body = json.dumps(content).encode("utf-8")
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode("ascii")),
        (b"cache-control", b"no-store"),
        *_HEADERS,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
