"""The way to servers: one event loop in the background for all streams, keys, timeouts, retries.

A redirect is never followed (it could lead a key, or a prompt, elsewhere). Knows no server's
bodies.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import Future
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx2

from playground.domain.errors import BadRequest
from playground.domain.visitor import current_visitor
from playground.engines.server.profiles import BY_HOST

T = TypeVar("T")
# Told the status of an answer after which the client library tries again.
on_retry: ContextVar[Callable[[int], None] | None] = ContextVar("on_retry", default=None)
RETRIED = (408, 409, 429, 500, 502, 503, 504)
IDLE_S = 0.05
CLOSE_S = 2.0
KEYS_VARIABLE = "PLAYGROUND_SERVER_KEYS"
# The service whose key a login with Hugging Face is.
LOGIN_VARIABLE = "HF_TOKEN"


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to wait: for a connection, for the first token, between two tokens."""

    connect_s: float = 5.0
    first_token_s: float = 600.0
    between_tokens_s: float = 120.0

    @classmethod
    def from_environment(cls) -> Timeouts:
        """PLAYGROUND_CONNECT_S, PLAYGROUND_FIRST_TOKEN_S, PLAYGROUND_BETWEEN_TOKENS_S."""
        given = {
            name: value
            for name in cls.__slots__
            if (value := _seconds(os.environ.get(f"PLAYGROUND_{name.upper()}", "")))
        }
        return cls(**given)


def _seconds(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 < value < float("inf") else None


def key_for(url: str) -> str | None:
    """The key for a server: of the visitor who pays, else from the environment; null without one.

    A hosted service has its own variable; any other server's key is bound to its address in
    PLAYGROUND_SERVER_KEYS ("http://127.0.0.1:8000=KEY, https://…=KEY"), so that no other gets it.
    """
    parts = urlsplit(url)
    hosted = BY_HOST.get(parts.hostname or "")
    if hosted is not None and hosted.key_variable and parts.scheme == "https":
        visitor = current_visitor()
        if visitor.pays:
            return visitor.token if hosted.key_variable == LOGIN_VARIABLE else None
        return os.environ.get(hosted.key_variable) or None
    for entry in os.environ.get(KEYS_VARIABLE, "").split(","):
        address, _, key = entry.strip().partition("=")
        with suppress(ValueError):  # no port
            if key and _origin(address) == _origin(url):
                return key
    return None


def check_who_pays(url: str) -> None:
    """Refuse a hosted service to a visitor who would have to pay and cannot. Raises BadRequest."""
    hosted = BY_HOST.get(urlsplit(url).hostname or "")
    if hosted is None or hosted.key_variable is None or not current_visitor().pays:
        return
    if key_for(url) is None:
        raise BadRequest(
            f"{hosted.label} runs on your own quota. Sign in with Hugging Face (in the sidebar) and"
            " run it again, or choose another model."
        )


def _origin(url: str) -> tuple[str, str, int | None]:
    parts = urlsplit(url)
    default = {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, (parts.hostname or "").lower(), parts.port or default


def without_keys(text: str) -> str:
    """`text` with every key that this process knows blotted out."""
    keys = [
        entry.partition("=")[2].strip() for entry in os.environ.get(KEYS_VARIABLE, "").split(",")
    ]
    keys += [os.environ.get(p.key_variable or "", "") for p in BY_HOST.values()]
    keys.append(current_visitor().token or "")
    for key in filter(None, keys):
        text = text.replace(key, "…")
    return text


async def _add_key(request: httpx2.Request) -> None:
    """A key goes only where it belongs, whoever shares the client."""
    request.headers.pop("Authorization", None)
    if key := key_for(str(request.url)):
        request.headers["Authorization"] = f"Bearer {key}"


async def _tell_retry(response: httpx2.Response) -> None:
    tell = on_retry.get()
    if tell is not None and response.status_code in RETRIED:
        tell(response.status_code)


def http_client(timeouts: Timeouts) -> httpx2.AsyncClient:
    """A client for any server; reads wait as long as the caller does."""
    return httpx2.AsyncClient(
        timeout=httpx2.Timeout(None, connect=timeouts.connect_s),
        follow_redirects=False,
        event_hooks={"request": [_add_key], "response": [_tell_retry]},
        mounts=dict.fromkeys(("all://127.0.0.1", "all://localhost", "all://[::1]")),  # no proxy
        limits=httpx2.Limits(max_connections=None, max_keepalive_connections=32),
    )


class _Loop:
    """The event loop of this process, in a daemon thread, started when first needed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None

    def submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=self._loop.run_forever, name="servers", daemon=True).start()
        return asyncio.run_coroutine_threadsafe(work, self._loop)


_loop = _Loop()


def wait_for(work: Coroutine[Any, Any, T]) -> T:
    """Run `work` on the loop; its outcome. Not from the loop itself."""
    return _loop.submit(work).result()


class _End:
    pass


def iterate(source: AsyncIterator[T]) -> Iterator[T | None]:
    """What `source` yields, and null about every 50 ms in which nothing came.

    Closing the generator cancels `source`, which closes its connection.
    """
    came: SimpleQueue[T | BaseException | _End] = SimpleQueue()

    begun, ended = threading.Event(), threading.Event()

    async def pump() -> None:
        begun.set()
        try:
            async for item in source:
                came.put(item)
            came.put(_End())
        except BaseException as exc:
            came.put(exc)
            if isinstance(exc, asyncio.CancelledError):
                raise
        finally:
            ended.set()

    future = _loop.submit(pump())
    try:
        while True:
            try:
                item = came.get(timeout=IDLE_S)
            except Empty:
                yield None
                continue
            if isinstance(item, _End):
                return
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        if not future.done():
            future.cancel()  # this future is done at once, its task when the source is closed
            if begun.is_set():
                ended.wait(CLOSE_S)
