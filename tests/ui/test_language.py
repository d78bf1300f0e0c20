"""One language for all of the page: told in each HTML page, and nowhere else."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from playground.ui.language import OneLanguage, with_language

HTML = [(b"Content-Type", b"text/html; charset=utf-8"), (b"Content-Length", b"21")]
PAGE = [b"<html><head>", b"</head>ok"]


def answered(
    headers: list[tuple[bytes, bytes]], pieces: list[bytes], accept: str, method: str = "GET"
) -> list[dict[str, Any]]:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for index, piece in enumerate(pieces):
            more = index + 1 < len(pieces)
            await send({"type": "http.response.body", "body": piece, "more_body": more})

    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        raise AssertionError("nothing is received")

    given = [(b"accept-language", accept.encode())]
    scope = {"type": "http", "method": method, "path": "/", "headers": given}
    asyncio.run(OneLanguage(app)(scope, receive, send))
    return sent


@pytest.mark.parametrize(
    ("accept", "language"), [("de-DE,pt;q=0.5", "pt-BR"), ("de-DE", "en"), ("", "en")]
)
def test_a_page_is_told_the_language_that_the_server_chose(accept: str, language: str) -> None:
    start, body = answered(HTML, PAGE, accept)
    assert f'"language", {{value: "{language}"}}' in body["body"].decode()
    assert body["body"].startswith(b"<html><head><script>") and body["body"].endswith(b"ok")
    assert dict(start["headers"])[b"content-length"] == str(len(body["body"])).encode()


@pytest.mark.parametrize(
    ("headers", "method"),
    [
        ([(b"content-type", b"application/json")], "GET"),
        ([*HTML, (b"content-encoding", b"gzip")], "GET"),
        (HTML, "POST"),
    ],
)
def test_everything_else_passes_as_it_is(headers: list[tuple[bytes, bytes]], method: str) -> None:
    sent = answered(headers, PAGE, "pt", method)
    assert [message.get("body") for message in sent[1:]] == PAGE
    assert sent[0]["headers"] == headers


def test_only_the_first_head_takes_it() -> None:
    assert with_language(b"<head><head>", "en").count(b"<script>") == 1
