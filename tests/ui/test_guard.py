"""Before Gradio's server: health; on a public page no other site, no large body, no side door."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from playground.ui.guard import Guard

HOST = "x.hf.space"


class App:
    """Answers 200 with how much it has read."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        read = 0
        while scope["method"] == "POST":
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ConnectionError
            read += len(message["body"])
            if not message.get("more_body"):
                break
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": str(read).encode()})


def ask(
    path: str = "/config", method: str = "GET", body: tuple[bytes, ...] = (b"",),
    in_public: bool = True, length: bool = True, **headers: str,
) -> tuple[int, Any, dict[str, str]]:  # fmt: skip
    """Status, body and headers of an answer."""
    given = {"host": HOST, **{name.replace("_", "-"): value for name, value in headers.items()}}
    if length and method == "POST":
        given["content-length"] = str(sum(map(len, body)))
    raw = [(name.encode(), value.encode()) for name, value in given.items()]
    scope = {"type": "http", "path": path, "method": method, "headers": raw}
    parts = [
        {"type": "http.request", "body": part, "more_body": index + 1 < len(body)}
        for index, part in enumerate(body)
    ]
    sent: list[Any] = []

    async def receive() -> Any:
        return parts.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    guard = Guard(App(), lambda: {"status": "ok"}, in_public, 100, ["https://blog.example"])
    asyncio.run(guard(scope, receive, send))
    shown = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], sent[1]["body"], shown


def test_health_is_told_on_every_page() -> None:
    for in_public in (False, True):
        status, body, _ = ask("/healthz", in_public=in_public)
        assert (status, json.loads(body)) == (200, {"status": "ok"})


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (f"https://{HOST}", 200),
        (f"https://{HOST}:443", 200),
        ("https://blog.example", 200),
        ("https://evil.example", 403),
        (f"https://{HOST}.evil.example", 403),
        (f"https://{HOST}:8443", 403),
        ("null", 403),
        ("http://[", 403),
    ],
)
def test_another_sites_page_may_not_call_this_one(origin: str, status: int) -> None:
    for method in ("GET", "POST", "OPTIONS"):
        answered, _, headers = ask(method=method, origin=origin)
        assert answered == status
        assert "access-control-allow-origin" not in headers


def test_behind_a_proxy_the_name_that_visitors_use_counts() -> None:
    assert ask(origin="https://my.example", x_forwarded_host="my.example")[0] == 200


@pytest.mark.parametrize("length", [True, False])
def test_a_body_that_is_too_large_is_refused_told_or_not(length: bool) -> None:
    status, body, _ = ask(method="POST", body=(b"x" * 60, b"x" * 41), length=length)
    assert status == 413 and b"100 bytes is the most" in body
    assert ask(method="POST", body=(b"x" * 60, b"x" * 40), length=length)[:2] == (200, b"100")


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/upload", "/gradio_api/file=http://127.0.0.1/", "/monitoring",
        "/monitoring/summary", "/gradio_api/proxy=x", "/gradio_api/dev/reload",
    ],
)  # fmt: skip
def test_side_doors_are_closed(path: str) -> None:
    assert ask(path)[0] == 404
    assert ask(path, in_public=False)[0] == 200


def test_a_page_of_ones_own_is_left_alone() -> None:
    assert ask(in_public=False, origin="https://evil.example")[0] == 200
    assert ask(in_public=False, method="POST", body=(b"x" * 200,))[0] == 200


def test_answers_say_that_they_are_what_they_are() -> None:
    assert ask()[2]["x-content-type-options"] == "nosniff"
