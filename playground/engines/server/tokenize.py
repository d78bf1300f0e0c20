"""A chat as the server's own template writes it, without sending it to the model: how many tokens
that is and, where the server shows it, the text.

Knows four servers' routes; the others have none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

import httpx2

from playground.engines.server.identify import ServerFacts, root_of

ANSWER_S = 5.0
# What of a chat's body its template reads.
TEMPLATE_FIELDS = ("chat_template_kwargs",)


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat that is not sent: to which server and model, and what its template reads."""

    http: httpx2.AsyncClient
    facts: ServerFacts
    model: str
    messages: Sequence[Mapping[str, str]]
    body: Mapping[str, Any]

    def sent(self, **more: Any) -> dict[str, Any]:
        template = {name: self.body[name] for name in TEMPLATE_FIELDS if name in self.body}
        return {"model": self.model, "messages": list(self.messages), **template, **more}

    async def ask(self, route: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """What the server answers to this; empty where it does not."""
        url = root_of(self.facts.url) + route
        try:
            try:
                response = await self.http.post(url, json=body, timeout=ANSWER_S)
            except (httpx2.NetworkError, httpx2.RemoteProtocolError):
                # The server may have closed the connection that was kept.
                response = await self.http.post(url, json=body, timeout=ANSWER_S)
            said = response.json() if response.status_code == 200 else None
        except (httpx2.HTTPError, ValueError):
            return {}
        return said if isinstance(said, Mapping) else {}


async def count(chat: Chat) -> int | None:
    """Tokens of the rendered chat; null where the server cannot tell or does not answer."""
    match chat.facts.profile.tokenizing:
        case None:
            return None
        case "vllm":
            return _integer(await chat.ask("/tokenize", chat.sent(add_generation_prompt=True)))
        case "sglang":
            # Rendered as for an answer; an older one takes no messages and refuses.
            return _integer(await chat.ask("/tokenize", chat.sent()))
        case "llamacpp":
            said = await chat.ask("/v1/chat/completions/input_tokens", chat.sent())
            return _integer(said, "input_tokens")
        case "tgi":
            tokens = (await chat.ask("/chat_tokenize", chat.sent())).get("tokenize_response")
            return len(tokens) if isinstance(tokens, list) else None
        case other:
            assert_never(other)


async def text(chat: Chat) -> str | None:
    """The rendered chat, control tokens and all; null where the server does not show it."""
    match chat.facts.profile.tokenizing:
        case None:
            return None
        case "vllm":
            said = await chat.ask("/tokenize", chat.sent(add_generation_prompt=True))
            return await _detokenized(chat, said, "prompt")
        case "sglang":
            return await _detokenized(chat, await chat.ask("/tokenize", chat.sent()), "text")
        case "llamacpp":
            return _string(await chat.ask("/apply-template", chat.sent()), "prompt")
        case "tgi":
            return _string(await chat.ask("/chat_tokenize", chat.sent()), "templated_text")
        case other:
            assert_never(other)


async def _detokenized(chat: Chat, said: Mapping[str, Any], key: str) -> str | None:
    ids = said.get("tokens")
    if not isinstance(ids, list):
        return None
    body = {"model": chat.model, "tokens": ids, "skip_special_tokens": False}
    return _string(await chat.ask("/detokenize", body), key)


def _integer(said: Mapping[str, Any], key: str = "count") -> int | None:
    value = said.get(key)
    return value if isinstance(value, int) else None


def _string(said: Mapping[str, Any], key: str) -> str | None:
    value = said.get(key)
    return value if isinstance(value, str) else None
