"""A stand-in server for each test, and no keys or settings from outside."""

from __future__ import annotations

import ssl
from collections.abc import Iterator

import httpx2
import pytest

from playground.engines.server.connection import KEYS_VARIABLE, Timeouts, http_client, wait_for
from tests.engines.server.standin import StandIn, running

OURS = (
    KEYS_VARIABLE,
    "HF_TOKEN",
    "MODELSCOPE_API_TOKEN",
    "OPENAI_API_KEY",
    "PLAYGROUND_CONNECT_S",
    "PLAYGROUND_FIRST_TOKEN_S",
    "PLAYGROUND_BETWEEN_TOKENS_S",
)


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in OURS:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def no_certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing here speaks https, and to read them all for each client takes most of the time."""
    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", lambda *_, **__: None)


@pytest.fixture
def server() -> Iterator[StandIn]:
    yield from running()


@pytest.fixture(scope="module")
def http() -> Iterator[httpx2.AsyncClient]:
    """One for all tests of a file."""
    client = http_client(Timeouts(connect_s=2.0))
    yield client
    wait_for(client.aclose())
