"""How many tokens a chat has, by the server's own count, without sending it to the model.

Knows three servers' routes; the others have none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, assert_never

import httpx2

from playground.engines.server.identify import ServerFacts, root_of

COUNT_S = 5.0


async def count(
    http: httpx2.AsyncClient, facts: ServerFacts, model: str, messages: Sequence[Mapping[str, str]]
) -> int | None:
    """Tokens of the rendered chat; null where the server cannot tell or does not answer."""
    root = root_of(facts.url)
    try:
        match facts.profile.tokenizing:
            case None:
                return None
            case "vllm" | "sglang":
                body = {"model": model, "messages": list(messages), "add_generation_prompt": True}
                return _count(await _post(http, f"{root}/tokenize", body), "count")
            case "llamacpp":
                route = f"{root}/v1/chat/completions/input_tokens"
                body = {"model": model, "messages": list(messages)}
                return _count(await _post(http, route, body), "input_tokens")
            case other:
                assert_never(other)
    except (httpx2.HTTPError, ValueError):
        return None


async def _post(http: httpx2.AsyncClient, url: str, body: Mapping[str, Any]) -> Any:
    response = await http.post(url, json=body, timeout=COUNT_S)
    return response.json() if response.status_code == 200 else None


def _count(data: Any, key: str) -> int | None:
    value = data.get(key) if isinstance(data, Mapping) else None
    return value if isinstance(value, int) else None
