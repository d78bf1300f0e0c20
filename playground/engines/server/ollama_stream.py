"""A chat over Ollama's own /api/chat: a stream of `Chunk`.

Its /v1 drops top_k, min_p, penalties and the context, and tells no timings.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, aclosing
from typing import Any

import httpx2

from playground.engines.server.chunks import Chunk, Usage
from playground.engines.server.failures import refused

_DURATIONS = {
    "total_duration": "total_s",
    "load_duration": "load_s",
    "prompt_eval_duration": "prompt_s",
    "eval_duration": "decode_s",
}
# As OpenAI's client does for the others: half a second at first, twice as long each time.
RETRIES, FIRST_PAUSE_S = 4, 0.5
_BUSY = (429, 503)
_FINISH = {"stop": "stop", "length": "length", "load": "stop"}


async def chat(
    http: httpx2.AsyncClient,
    root: str,
    model: str,
    messages: Sequence[Mapping[str, str]],
    body: Mapping[str, Any],
) -> AsyncIterator[Chunk]:
    """One streamed answer. Raises PlaygroundError for a refusal, else what httpx2 raises."""
    url = f"{root}/api/chat"
    sent = {"model": model, "messages": list(messages), "stream": True, **body}
    async with await _answer(http, url, sent) as response:
        if response.status_code != 200:
            body = _json(await response.aread())
            raise refused(url, response.status_code, body, response.headers)
        async for line in response.aiter_lines():
            if line.strip():
                message = json.loads(line)
                if message.get("error"):
                    raise refused(url, 500, message)
                yield read_chunk(message)


async def _answer(
    http: httpx2.AsyncClient, url: str, sent: Mapping[str, Any]
) -> AbstractAsyncContextManager[httpx2.Response]:
    """The answer, asked for again while the server is busy; the caller closes it."""
    for attempt in range(RETRIES + 1):
        request = http.build_request("POST", url, json=sent)
        response = await http.send(request, stream=True)
        if response.status_code not in _BUSY or attempt == RETRIES:
            break
        await response.aclose()
        await asyncio.sleep(FIRST_PAUSE_S * 2**attempt)
    return aclosing(response)


def read_chunk(message: Mapping[str, Any]) -> Chunk:
    """One line of the stream."""
    inner = message.get("message") or {}
    done = bool(message.get("done"))
    return Chunk(
        thinking=str(inner.get("thinking") or ""),
        content=str(inner.get("content") or ""),
        finish=_FINISH.get(message.get("done_reason") or "stop", "stop") if done else None,
        usage=_usage(message) if done else None,
        numbers=_numbers(message) if done else (),
    )


def _usage(message: Mapping[str, Any]) -> Usage:
    """Only newer versions tell what was cached; there the prompt's count includes it."""
    return Usage(
        prompt=message.get("prompt_eval_count"),
        generated=message.get("eval_count"),
        cached=message.get("prompt_eval_cached_count"),
    )


def _numbers(message: Mapping[str, Any]) -> tuple[tuple[str, float], ...]:
    found = {
        ours: message[name] / 1e9
        for name, ours in _DURATIONS.items()
        if isinstance(message.get(name), int)
    }
    if message.get("eval_count") and found.get("decode_s"):
        found["tokens_per_s"] = message["eval_count"] / found["decode_s"]
    return tuple(found.items())


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")
