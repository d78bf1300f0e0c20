"""Ollama's own /api/chat: lines of JSON, durations in nanoseconds, errors as strings."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from playground.domain.errors import (
    Busy,
    EngineFailed,
    ModelNotFound,
    PlaygroundError,
    PromptTooLong,
)
from playground.engines.server import ollama_stream
from playground.engines.server.chunks import Chunk, Usage
from playground.engines.server.connection import iterate
from playground.engines.server.ollama_stream import chat, read_chunk
from tests.engines.server.standin import Reply, StandIn, json_reply, recorded, stream

PATH = "/api/chat"
MESSAGES = [{"role": "user", "content": "Hi"}]


def chunks(server: StandIn, http: httpx2.AsyncClient, **body: Any) -> list[Chunk]:
    source = chat(http, server.root, "qwen3:4b", MESSAGES, body)
    return [chunk for chunk in iterate(source) if chunk is not None]


def test_a_stream_is_read_line_by_line(server: StandIn, http: httpx2.AsyncClient) -> None:
    server.on(PATH, stream(recorded("ollama-fb30760-thinking.ndjson")))
    *texts, last = chunks(server, http)
    assert "".join(chunk.thinking for chunk in texts) == "Two and two."
    assert "".join(chunk.content for chunk in texts) == "It is 4."
    assert all(chunk.usage is None and chunk.finish is None for chunk in texts)
    assert last.usage == Usage(prompt=12, generated=8)
    assert last.finish == "stop"


def test_the_request_has_options_and_never_asks_to_think(
    server: StandIn, http: httpx2.AsyncClient
) -> None:
    server.on(PATH, stream(recorded("ollama-fb30760-thinking.ndjson")))
    chunks(server, http, options={"top_k": 20}, truncate=False)
    (asked,) = server.asked(PATH)
    assert asked.body == {
        "model": "qwen3:4b",
        "messages": MESSAGES,
        "stream": True,
        "options": {"top_k": 20},
        "truncate": False,
    }


def test_durations_are_seconds_and_the_load_is_apart() -> None:
    done = {"done": True, "load_duration": 2_500_000_000, "eval_duration": 500_000_000}
    numbers = dict(read_chunk({**done, "eval_count": 10}).numbers)
    assert numbers == {"load_s": 2.5, "decode_s": 0.5, "tokens_per_s": 20.0}


def test_what_was_cached_is_told_by_newer_versions_only() -> None:
    newer = {"done": True, "prompt_eval_count": 12, "prompt_eval_cached_count": 8, "eval_count": 3}
    assert read_chunk(newer).usage == Usage(12, 3, cached=8)
    assert read_chunk({**newer, "prompt_eval_cached_count": 0}).usage == Usage(12, 3, cached=0)


def test_it_never_tells_what_ended_the_answer() -> None:
    assert read_chunk({"done": True, "done_reason": "stop"}).stop is None


def test_a_cached_prompt_may_have_no_count() -> None:
    assert read_chunk({"done": True, "eval_count": 3}).usage == Usage(None, 3)


@pytest.mark.parametrize(
    ("reason", "finish"),
    [("stop", "stop"), ("length", "length"), ("load", "stop"), (None, "stop"), ("new", "stop")],
)
def test_every_reason_for_the_end_is_an_end(reason: str | None, finish: str) -> None:
    assert read_chunk({"done": True, "done_reason": reason}).finish == finish
    assert read_chunk({"done": False, "done_reason": reason}).finish is None


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        (json_reply({"error": 'model "nope" not found'}, 404), ModelNotFound, 'model "nope" not'),
        (
            json_reply({"error": "the input length exceeds the context length"}, 400),
            PromptTooLong,
            "exceeds the context length",
        ),
        (Reply((b"<html>oops",), 502, "text/plain"), EngineFailed, "<html>oops"),
    ],
)
def test_a_refusal_is_said_in_the_servers_words(
    server: StandIn,
    http: httpx2.AsyncClient,
    reply: Reply,
    kind: type[PlaygroundError],
    words: str,
) -> None:
    server.on(PATH, reply)
    with pytest.raises(kind, match=words):
        chunks(server, http)


def test_an_error_in_mid_stream_is_no_end(server: StandIn, http: httpx2.AsyncClient) -> None:
    server.on(PATH, stream(recorded("ollama-fb30760-error-in-stream.ndjson")))
    got: list[Chunk] = []
    with pytest.raises(EngineFailed, match="CUDA error"):
        for chunk in iterate(chat(http, server.root, "qwen3:4b", MESSAGES, {})):
            got += [chunk] if chunk is not None else []
    assert [chunk.content for chunk in got] == ["It"]


def test_a_chat_that_is_dropped_hangs_up(server: StandIn, http: httpx2.AsyncClient) -> None:
    line = recorded("ollama-fb30760-thinking.ndjson").splitlines()[0]
    server.on(PATH, stream(line, then="hold"))
    source = iterate(chat(http, server.root, "qwen3:4b", MESSAGES, {}))
    assert next(chunk for chunk in source if chunk is not None).thinking == "Two"
    source.close()  # type: ignore[attr-defined]
    assert server.left.wait(10)


def test_a_busy_server_is_asked_again_and_then_answers(
    server: StandIn, http: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ollama_stream, "FIRST_PAUSE_S", 0.001)
    busy = json_reply({"error": "server busy"}, 503)
    server.on(PATH, busy, busy, stream(recorded("ollama-fb30760-thinking.ndjson")))
    assert "".join(chunk.content for chunk in chunks(server, http)) == "It is 4."
    assert len(server.asked(PATH)) == 3


def test_a_server_that_stays_busy_is_said_to_be(
    server: StandIn, http: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ollama_stream, "FIRST_PAUSE_S", 0.001)
    server.on(PATH, json_reply({"error": "server busy"}, 429))
    with pytest.raises(Busy, match="server busy"):
        chunks(server, http)
    assert len(server.asked(PATH)) == 5
