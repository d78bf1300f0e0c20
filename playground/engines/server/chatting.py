"""One chat with a server in whichever dialect it speaks: a stream of `Chunk`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any

import httpx2

from playground.engines.server import ollama_stream, openai_stream
from playground.engines.server.chunks import Chunk
from playground.engines.server.connection import on_retry
from playground.engines.server.identify import ServerFacts, root_of


async def chat(
    http: httpx2.AsyncClient,
    facts: ServerFacts,
    model: str,
    messages: Sequence[Mapping[str, str]],
    body: Mapping[str, Any],
    retried: Callable[[int], None] | None = None,
) -> AsyncIterator[Chunk]:
    """One streamed answer; `retried` is told each status after which it was asked again."""
    on_retry.set(retried)
    if facts.profile.dialect == "ollama":
        source = ollama_stream.chat(http, root_of(facts.url), model, messages, body)
    else:
        client = openai_stream.make_client(facts.url, http)
        source = openai_stream.chat(client, model, messages, body)
    async for chunk in source:
        yield chunk
