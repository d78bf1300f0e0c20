"""Keys go only where they belong, timeouts are the environment's, a dropped stream is closed."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator

import httpx2
import pytest

from playground.engines.server import connection
from playground.engines.server.connection import (
    Timeouts,
    http_client,
    iterate,
    key_for,
    on_retry,
    wait_for,
    without_keys,
)
from tests.engines.server.standin import StandIn, json_reply, redirect

KEYS = connection.KEYS_VARIABLE


def test_a_hosted_services_key_goes_to_its_own_host_by_https_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_1")
    monkeypatch.setenv("MODELSCOPE_API_TOKEN", "ms_1")
    assert key_for("https://router.huggingface.co/v1") == "hf_1"
    assert key_for("https://api-inference.modelscope.cn/v1") == "ms_1"
    assert key_for("https://api-inference.modelscope.ai/v1") == "ms_1"
    for url in (
        "http://router.huggingface.co/v1",
        "https://router.huggingface.co.example.org/v1",
        "https://example.org/router.huggingface.co/v1",
        "http://127.0.0.1:8000/v1",
    ):
        assert key_for(url) is None


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://127.0.0.1:8000/v1", "one"),
        ("http://127.0.0.1:8000", "one"),
        ("https://gpu.example.org/v1/chat/completions", "two=2"),
        ("https://GPU.example.org:443/v1", "two=2"),
        ("http://127.0.0.1:8001/v1", None),
        ("https://127.0.0.1:8000/v1", None),
        ("http://gpu.example.org/v1", None),
        ("https://gpu.example.org:444/v1", None),
        ("https://gpu.example.org.evil.org/v1", None),
        ("http://localhost:8000/v1", None),
    ],
)
def test_any_other_key_is_bound_to_one_address(
    url: str, key: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEYS, " http://127.0.0.1:8000/v1=one, https://gpu.example.org=two=2 ")
    assert key_for(url) == key


@pytest.mark.parametrize("value", ["", "nonsense", "=", "http://a:port=x", "http://[::1=x", ",,"])
def test_nonsense_in_the_keys_is_no_key(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEYS, f"{value},http://127.0.0.1:8000=one")
    assert key_for("http://127.0.0.1:8000/v1") == "one"
    assert key_for("http://127.0.0.1:9000/v1") is None


def test_keys_are_blotted_out_of_any_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEYS, "http://a=one1, http://b=two2")
    monkeypatch.setenv("HF_TOKEN", "hf_1")
    assert without_keys("one1 two2 hf_1 rest") == "… … … rest"


def get(http: httpx2.AsyncClient, url: str, **headers: str) -> httpx2.Response:
    return wait_for(http.get(url, headers=headers))


def test_one_client_sends_each_server_its_own_key(
    server: StandIn, http: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    get(http, f"{server.root}/a", Authorization="Bearer another's")
    monkeypatch.setenv(KEYS, f"{server.root}=mine")
    get(http, f"{server.root}/b", Authorization="Bearer another's")
    assert "Authorization" not in server.asked("/a")[0].headers
    assert server.asked("/b")[0].headers["Authorization"] == "Bearer mine"


def test_a_redirect_is_not_followed(server: StandIn, http: httpx2.AsyncClient) -> None:
    server.on("/from", redirect("/to"))
    assert get(http, f"{server.root}/from").status_code == 307
    assert server.asked("/to") == []


def test_an_answer_after_which_it_is_asked_again_is_told(
    server: StandIn, http: httpx2.AsyncClient
) -> None:
    told: list[int] = []

    async def ask(path: str) -> None:
        on_retry.set(told.append)
        await http.get(server.root + path)

    server.on("/busy", json_reply({}, 429)).on("/fine", json_reply({})).on(
        "/no", json_reply({}, 400)
    )
    for path in ("/busy", "/fine", "/no"):
        wait_for(ask(path))
    assert told == [429]
    get(http, f"{server.root}/busy")
    assert told == [429]  # whoever does not listen is not told


def test_timeouts_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Timeouts.from_environment() == Timeouts(5.0, 600.0, 120.0)
    monkeypatch.setenv("PLAYGROUND_CONNECT_S", "1.5")
    monkeypatch.setenv("PLAYGROUND_FIRST_TOKEN_S", "30")
    monkeypatch.setenv("PLAYGROUND_BETWEEN_TOKENS_S", "7")
    assert Timeouts.from_environment() == Timeouts(1.5, 30.0, 7.0)


@pytest.mark.parametrize("value", ["", "soon", "0", "-1", "inf", "nan"])
def test_a_timeout_that_is_none_is_left_at_its_default(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYGROUND_CONNECT_S", value)
    assert Timeouts.from_environment() == Timeouts()


def test_a_connection_has_a_time_limit_and_reading_has_none() -> None:
    http = http_client(Timeouts(connect_s=3.0))
    assert (http.timeout.connect, http.timeout.read) == (3.0, None)
    assert not http.follow_redirects
    wait_for(http.aclose())


class Source:
    """Yields numbers, then waits for ever; tells when it was closed."""

    def __init__(self, items: int = 2, error: BaseException | None = None) -> None:
        self.items, self.error = items, error
        self.closed = threading.Event()

    async def numbers(self) -> AsyncIterator[int]:
        try:
            for number in range(self.items):
                yield number
            if self.error is not None:
                raise self.error
            await asyncio.Event().wait()
        finally:
            self.closed.set()


def came(stream: Iterator[int | None]) -> int:
    """The next number, however long it takes."""
    return next(number for number in stream if number is not None)


def test_what_comes_is_yielded_and_idle_time_is_null() -> None:
    source = Source()
    stream = iterate(source.numbers())
    assert [came(stream), came(stream), next(stream), next(stream)] == [0, 1, None, None]
    stream.close()  # type: ignore[attr-defined]


def test_closing_cancels_the_source_before_it_returns() -> None:
    source = Source()
    stream = iterate(source.numbers())
    assert came(stream) == 0 and not source.closed.is_set()
    stream.close()  # type: ignore[attr-defined]
    assert source.closed.is_set()


def test_an_error_comes_after_what_came_before_it() -> None:
    source = Source(error=ValueError("broken"))
    got: list[int | None] = []
    with pytest.raises(ValueError, match="broken"):
        got.extend(iterate(source.numbers()))
    got = [n for n in got if n is not None]
    assert source.closed.is_set()


def test_an_end_is_an_end() -> None:
    async def three() -> AsyncIterator[int]:
        for number in range(3):
            yield number

    assert [n for n in iterate(three()) if n is not None] == [0, 1, 2]


def test_a_stream_that_was_never_read_can_be_closed() -> None:
    source = Source()
    stream = iterate(source.numbers())
    stream.close()  # type: ignore[attr-defined]
    assert not source.closed.is_set()  # a generator that is not asked has not begun


def test_many_threads_share_one_loop() -> None:
    async def which() -> int:
        return id(asyncio.get_running_loop())

    loops: list[int] = []
    threads = [threading.Thread(target=lambda: loops.append(wait_for(which()))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(loops) == 4 and len(set(loops)) == 1
