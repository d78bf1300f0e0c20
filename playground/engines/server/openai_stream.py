"""A chat over /v1/chat/completions, through OpenAI's client: a stream of `Chunk`.

Reads every field that servers put thinking, counts, timings and stop strings in. Decides nothing
about what is thinking and what is an answer, nor how it ended.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import httpx2
import openai

from playground.engines.server.chunks import Chunk, Usage

RETRIES = 4
_THINKING_FIELDS = ("reasoning", "reasoning_content", "thinking")


@lru_cache(maxsize=64)
def make_client(url: str, http: httpx2.AsyncClient) -> openai.AsyncOpenAI:
    """OpenAI's client on our connection, which adds keys; it retries 429 and 5xx with back-off.

    One a connection: making one takes longer than sending a request.
    """
    client = openai.AsyncOpenAI(
        base_url=url,
        api_key="none",
        http_client=http,
        max_retries=RETRIES,
        timeout=http.timeout,  # null would be none at all, not the connection's own
    )
    # The environment's are for OpenAI's own service, and may be secret.
    client.organization = client.project = None
    client._custom_headers = {}
    return client


async def chat(
    client: openai.AsyncOpenAI,
    model: str,
    messages: Sequence[Mapping[str, str]],
    body: Mapping[str, Any],
) -> AsyncIterator[Chunk]:
    """One streamed answer. Raises what openai raises."""
    stream: Any = await client.chat.completions.create(
        model=model,
        messages=list(messages),  # type: ignore[arg-type]  # plain dicts do
        stream=True,
        extra_body=dict(body),
    )
    try:
        async for message in stream:
            yield read_chunk(message.model_dump())
    finally:
        await stream.close()


def read_chunk(message: Mapping[str, Any]) -> Chunk:
    """One message of the stream."""
    choices = message.get("choices") or [{}]
    delta = choices[0].get("delta") or {}
    thinking = next((text for name in _THINKING_FIELDS if (text := delta.get(name))), "")
    usage = _usage(message)
    timings = message.get("timings") or {}
    generated = usage.generated if usage else None
    if generated is None and isinstance(timings.get("predicted_n"), int):
        generated = timings["predicted_n"]
    return Chunk(
        thinking=str(thinking),
        content=str(delta.get("content") or ""),
        finish=choices[0].get("finish_reason"),
        stop=_stop(message, choices[0]),
        generated=generated,
        usage=usage,
        numbers=_numbers(message, timings),
    )


def _stop(message: Mapping[str, Any], choice: Mapping[str, Any]) -> str | None:
    """vLLM and SGLang name the stop string that was met with the end; for an ending token, its id
    or nothing. llama.cpp does so where it was asked to say more."""
    verbose = message.get("__verbose")
    if isinstance(verbose, Mapping) and "stop_type" in verbose:
        return str(verbose.get("stopping_word") or "") if verbose["stop_type"] == "word" else ""
    for name in ("stop_reason", "matched_stop"):
        if choice.get("finish_reason") and name in choice:
            return named if isinstance(named := choice[name], str) else ""
    return None


def _usage(message: Mapping[str, Any]) -> Usage | None:
    usage = message.get("usage")
    if not isinstance(usage, Mapping):
        return None
    inner = usage.get("completion_tokens_details") or {}
    prompt = usage.get("prompt_tokens_details") or {}
    thinking = inner.get("reasoning_tokens")
    return Usage(
        prompt=_count(usage.get("prompt_tokens")),
        generated=_count(usage.get("completion_tokens")),
        thinking=_count(thinking if thinking is not None else usage.get("reasoning_tokens")),
        cached=_count(prompt.get("cached_tokens")),
    )


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and value >= 0 else None


# Server's name → ours, and what to multiply by.
_TIMINGS: Mapping[str, tuple[str, float]] = {
    "prompt_ms": ("prompt_s", 1e-3),
    "predicted_ms": ("decode_s", 1e-3),
    "prompt_per_second": ("prompt_tokens_per_s", 1),
    "predicted_per_second": ("tokens_per_s", 1),
    "cache_n": ("cached_tokens", 1),
    "time_to_first_token_ms": ("first_token_s", 1e-3),
    "generation_time_ms": ("decode_s", 1e-3),
    "queue_time_ms": ("queue_s", 1e-3),
    "tokens_per_second": ("tokens_per_s", 1),
    "time_to_first_token": ("first_token_s", 1),
    "generation_time": ("decode_s", 1),
}


def _numbers(
    message: Mapping[str, Any], timings: Mapping[str, Any]
) -> tuple[tuple[str, float], ...]:
    sources = (timings, message.get("metrics") or {}, message.get("stats") or {})
    found = {
        _TIMINGS[name][0]: float(value) * _TIMINGS[name][1]
        for source in sources
        for name, value in source.items()
        if name in _TIMINGS and isinstance(value, int | float)
    }
    return tuple(found.items())
