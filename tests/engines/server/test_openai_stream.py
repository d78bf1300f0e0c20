"""Messages of /v1/chat/completions, by every field in which servers put things."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import openai
import pytest

from playground.engines.server.chunks import Chunk, Usage
from playground.engines.server.connection import Timeouts, http_client, iterate, wait_for
from playground.engines.server.openai_stream import chat, make_client, read_chunk
from tests.engines.server.standin import (
    StandIn,
    delta,
    events,
    json_reply,
    messages,
    recorded,
    stream,
    usage,
)

PATH = "/v1/chat/completions"
MESSAGES = [{"role": "user", "content": "Hi"}]


def chunks(server: StandIn, http: httpx2.AsyncClient, **body: Any) -> list[Chunk]:
    source = chat(make_client(server.url, http), "model", MESSAGES, body)
    return [chunk for chunk in iterate(source) if chunk is not None]


@pytest.mark.parametrize("field", ["reasoning", "reasoning_content", "thinking"])
def test_thinking_is_read_from_every_field(field: str) -> None:
    assert read_chunk(delta(**{field: "Hm"})) == Chunk(thinking="Hm")
    assert read_chunk(delta(**{field: None, "content": "4"})) == Chunk(content="4")


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"choices": []},
        {"choices": None, "usage": None},
        {"choices": [{"delta": None, "finish_reason": None}]},
        {"choices": [{}], "timings": None, "metrics": None},
        delta(role="assistant", content=""),
        delta(role="assistant", content=None, reasoning_content=None),
    ],
)
def test_a_message_without_text_is_an_empty_chunk(message: dict[str, Any]) -> None:
    assert read_chunk(message) == Chunk()


def test_usage_is_read_with_its_details() -> None:
    details = {
        "completion_tokens_details": {"reasoning_tokens": 5},
        "prompt_tokens_details": {"cached_tokens": 3},
    }
    found = read_chunk(usage(12, 9, **details))
    assert found.usage == Usage(prompt=12, generated=9, thinking=5, cached=3)
    assert found.generated == 9


def test_sglangs_own_place_for_reasoning_tokens_is_read() -> None:
    assert read_chunk(usage(12, 9, reasoning_tokens=4)).usage == Usage(12, 9, 4)


@pytest.mark.parametrize("count", [None, "7", -1, 1.5])
def test_a_count_that_is_none_is_unknown(count: object) -> None:
    found = read_chunk({"choices": [], "usage": {"completion_tokens": count}})
    assert found.usage == Usage() and found.generated is None


def test_llama_cpp_counts_and_times_in_its_timings() -> None:
    first = read_chunk(messages("llamacpp-b11434.sse")[1])
    assert (first.content, first.generated) == ("Hello", 1)
    last = dict(read_chunk(messages("llamacpp-b11434.sse")[-1]).numbers)
    assert last["prompt_s"] == pytest.approx(0.045195)
    assert last["decode_s"] == pytest.approx(0.132853)
    assert last["tokens_per_s"] == pytest.approx(67.744, abs=1e-3)
    assert last["cached_tokens"] == 24


def test_vllms_metrics_and_lm_studios_stats_are_read_in_seconds() -> None:
    metrics = {"time_to_first_token_ms": 50, "queue_time_ms": 5.0, "other": 1, "mean_itl_ms": None}
    assert dict(read_chunk({**usage(1, 1), "metrics": metrics}).numbers) == {
        "first_token_s": 0.05,
        "queue_s": 0.005,
    }
    stats = {"tokens_per_second": 40, "time_to_first_token": 0.1, "stop_reason": "eosFound"}
    assert dict(read_chunk({**usage(1, 1), "stats": stats}).numbers) == {
        "tokens_per_s": 40,
        "first_token_s": 0.1,
    }


@pytest.mark.parametrize("field", ["stop_reason", "matched_stop"])
def test_a_stop_string_is_told_from_the_end_of_the_turn(field: str) -> None:
    """vLLM and SGLang name the string; for an ending token they say nothing, or its id."""
    for told, stop in (("END", "END"), (151645, ""), (None, "")):
        message = delta("stop", content="x")
        message["choices"][0][field] = told
        assert (read_chunk(message).finish, read_chunk(message).stop) == ("stop", stop)


def test_a_field_that_is_there_before_the_end_tells_nothing_yet() -> None:
    """SGLang's is in every message."""
    message = delta(content="x")
    message["choices"][0]["matched_stop"] = None
    assert read_chunk(message).stop is None
    assert read_chunk(delta("stop")).stop is None


@pytest.mark.parametrize(
    ("verbose", "stop"),
    [
        ({"stop_type": "word", "stopping_word": "END"}, "END"),
        ({"stop_type": "eos", "stopping_word": ""}, ""),
        ({"stop_type": "limit", "stopping_word": ""}, ""),
        ({"stop_type": "word"}, ""),
        ({}, None),
        (None, None),
        ("loud", None),
    ],
)
def test_llama_cpp_names_the_stop_string_where_it_was_asked_to_say_more(
    verbose: Any, stop: str | None
) -> None:
    assert read_chunk({**delta("stop"), "__verbose": verbose}).stop == stop


def test_what_llama_cpp_says_more_comes_through_the_client(
    server: StandIn, http: httpx2.AsyncClient
) -> None:
    server.on(PATH, stream(recorded("llamacpp-b11434-stop-string.sse")))
    got = chunks(server, http, stop=[" help"])
    assert [chunk.stop for chunk in got if chunk.stop is not None] == [" help"]
    assert "".join(chunk.content for chunk in got) == "Hello! How can I"


def test_a_recorded_stream_arrives_as_it_was_sent(
    server: StandIn, http: httpx2.AsyncClient
) -> None:
    server.on(PATH, stream(recorded("vllm-0.32-thinking.sse")))
    got = chunks(server, http)
    assert got == [read_chunk(message) for message in messages("vllm-0.32-thinking.sse")]
    assert got[-1].usage == Usage(19, 142, 127)


def test_comments_that_keep_a_connection_open_are_no_messages(
    server: StandIn, http: httpx2.AsyncClient
) -> None:
    server.on(PATH, stream(": ping\n\n" + events(delta(content="a")) + ": ping\n\n"))
    assert chunks(server, http) == [Chunk(content="a")]


def test_a_finish_that_openai_does_not_know_is_no_trouble(
    server: StandIn, http: httpx2.AsyncClient
) -> None:
    """SGLang says "abort"; warnings are errors here."""
    server.on(PATH, stream(events(delta(content="a"), delta("abort"))))
    assert chunks(server, http) == [Chunk(content="a"), Chunk(finish="abort")]


def test_the_request_has_the_model_the_messages_and_every_extra(
    server: StandIn, http: httpx2.AsyncClient
) -> None:
    server.on(PATH, stream(events(delta("stop", content="a"))))
    chunks(server, http, top_k=20, chat_template_kwargs={"enable_thinking": False})
    (asked,) = server.asked(PATH)
    assert asked.body == {
        "model": "model",
        "messages": MESSAGES,
        "stream": True,
        "top_k": 20,
        "chat_template_kwargs": {"enable_thinking": False},
    }
    assert "Authorization" not in asked.headers


def test_what_the_environment_has_for_openai_goes_to_no_other_server(
    server: StandIn, http: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("API_KEY", "ADMIN_KEY", "ORG_ID", "PROJECT_ID"):
        monkeypatch.setenv(f"OPENAI_{name}", "geheim")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Mine: geheim")
    server.on(PATH, stream(events(delta("stop", content="a"))))
    chunks(server, http)
    assert "geheim" not in str(server.asked(PATH)[0].headers)


def test_a_busy_server_is_asked_again_at_most_four_times(
    server: StandIn, http: httpx2.AsyncClient
) -> None:
    busy = json_reply({"error": "busy"}, 429, [("retry-after-ms", "1")])
    server.on(PATH, busy, busy, stream(events(delta("stop", content="a"))))
    assert [chunk.content for chunk in chunks(server, http)] == ["a"]
    server.on(PATH, busy)
    before = len(server.asked(PATH))
    with pytest.raises(openai.RateLimitError):
        chunks(server, http)
    assert len(server.asked(PATH)) - before == 5


def test_a_connection_is_not_waited_for_longer_than_asked(server: StandIn) -> None:
    """openai's own timeout must not replace ours; reads wait as long as the caller does."""
    http = http_client(Timeouts(connect_s=1.5))
    seen: list[Any] = []

    async def see(request: httpx2.Request) -> None:
        seen.append(request.extensions["timeout"])

    http.event_hooks = {"request": [see], "response": []}
    server.on(PATH, stream(events(delta("stop", content="a"))))
    chunks(server, http)
    wait_for(http.aclose())
    assert seen[0]["connect"] == 1.5 and seen[0]["read"] is None


def test_a_chat_that_is_dropped_hangs_up(server: StandIn, http: httpx2.AsyncClient) -> None:
    server.on(PATH, stream(events(delta(content="a"))[: -len("data: [DONE]\n\n")], then="hold"))

    async def first() -> Chunk:
        source = chat(make_client(server.url, http), "model", MESSAGES, {})
        try:
            return await anext(source)
        finally:
            await asyncio.shield(source.aclose())

    assert wait_for(first()) == Chunk(content="a")
    assert server.left.wait(10)
