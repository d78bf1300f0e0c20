"""In public a hosted service is asked in the visitor's name or not at all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextvars import copy_context
from typing import Any

import pytest

from playground.catalog import parse_name
from playground.domain.errors import BadRequest
from playground.domain.visitor import OPERATOR, Visitor, current_visitor, serve
from playground.engines.server.connection import (
    check_who_pays,
    iterate,
    key_for,
    wait_for,
    without_keys,
)
from playground.engines.server.engine import ServerEngine

ROUTER = "https://router.huggingface.co/v1"
MODELSCOPE = "https://api-inference.modelscope.cn/v1"
OWN = "http://127.0.0.1:8000/v1"


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "operators")
    monkeypatch.setenv("MODELSCOPE_API_TOKEN", "operators-too")
    monkeypatch.setenv("PLAYGROUND_SERVER_KEYS", "http://127.0.0.1:8000=own")


def for_visitor(visitor: Visitor, function: Any, *arguments: Any) -> Any:
    context = copy_context()
    context.run(serve, visitor)
    return context.run(function, *arguments)


@pytest.mark.parametrize(
    ("visitor", "url", "key"),
    [
        (OPERATOR, ROUTER, "operators"),
        (Visitor("a", pays=True, token="hers"), ROUTER, "hers"),
        (Visitor("a", pays=True), ROUTER, None),
        (Visitor("a", pays=True, token="hers"), MODELSCOPE, None),
        (Visitor("a", pays=True, token="hers"), ROUTER.replace("https", "http"), None),
        (Visitor("a", pays=True, token="hers"), OWN, "own"),
        (Visitor("a", pays=True, token="hers"), "https://evil.example/v1", None),
    ],
)
def test_whose_key_goes_where(visitor: Visitor, url: str, key: str | None) -> None:
    assert for_visitor(visitor, key_for, url) == key


def test_who_is_not_signed_in_is_asked_to() -> None:
    for_visitor(Visitor("a", pays=True, token="hers"), check_who_pays, ROUTER)
    for_visitor(Visitor("a", pays=True), check_who_pays, OWN)
    for_visitor(OPERATOR, check_who_pays, ROUTER)
    with pytest.raises(BadRequest, match=r"your own quota.*Sign in with Hugging Face"):
        for_visitor(Visitor("a", pays=True), check_who_pays, ROUTER)


def test_a_visitors_token_is_blotted_out_of_what_a_service_says() -> None:
    visitor = Visitor("a", pays=True, token="hers")
    assert for_visitor(visitor, without_keys, "bad token hers") == "bad token …"


def test_what_is_sent_on_the_servers_own_thread_knows_the_visitor() -> None:
    visitor = Visitor("a", pays=True, token="hers")

    async def seen() -> Visitor:
        return current_visitor()

    async def stream() -> AsyncIterator[Visitor]:
        yield current_visitor()

    assert for_visitor(visitor, lambda: wait_for(seen())) == visitor
    came = for_visitor(visitor, lambda: [each for each in iterate(stream()) if each])
    assert came == [visitor]
    assert wait_for(seen()) == OPERATOR


def test_a_hosted_model_is_not_even_asked_for_without_a_login() -> None:
    engine = ServerEngine(parse_name(f"{ROUTER}?model=Qwen/Qwen3-4B-Thinking-2507"))
    with pytest.raises(BadRequest, match="Sign in"):
        for_visitor(Visitor("a", pays=True), lambda: list(engine.load()))
