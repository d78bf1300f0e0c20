"""Does a chat fit the server's context, and what is left for the answer.

Knows no stream; asks the server to count only where a guess does not settle it.
"""

from __future__ import annotations

import httpx2

from playground.domain.errors import PromptTooLong
from playground.domain.events import Notice
from playground.domain.request import Message, Request
from playground.engines.server import tokenize
from playground.engines.server.connection import wait_for
from playground.engines.server.identify import ServedModel, ServerFacts

# Prose has 3 to 5 characters a token, code fewer.
MOST_LETTERS_A_TOKEN = 8


def chat_messages(prompt: str, system: str, history: tuple[Message, ...]) -> list[dict[str, str]]:
    """Plain strings: these templates drop content that is a list of parts."""
    messages = [{"role": "system", "content": system}] if system else []
    messages += [{"role": message.role, "content": message.content} for message in history]
    return [*messages, {"role": "user", "content": prompt}]


def room(
    http: httpx2.AsyncClient, facts: ServerFacts, model: ServedModel, request: Request
) -> tuple[int, tuple[tuple[str, str], ...]]:
    """max_new_tokens that fits, and a note if it is less than asked. Raises PromptTooLong."""
    wanted, context = request.sampling.max_new_tokens, model.context
    if context is None:
        return wanted, ()
    messages = chat_messages(request.prompt, request.system, request.history)
    # No tokenizer makes more tokens than there are bytes, but for what a template adds.
    at_most = sum(len(m["content"].encode()) + 32 for m in messages) + 64
    if at_most + wanted <= context:
        return wanted, ()
    tokens = wait_for(tokenize.count(http, facts, model.id, messages))
    if tokens is None:
        limit = max(1, min(wanted, context - 1))
        return limit, () if limit == wanted else (
            (
                "clamped",
                f"max_new_tokens is {wanted:,}, but the server's context is {context:,}, the"
                f" prompt included; {limit:,} was sent.",
            ),
        )
    if tokens >= context:
        raise PromptTooLong(
            f"The prompt has {tokens:,} tokens, but {model.id!r} has a context of"
            f" {context:,} on this server, answer included. Shorten the prompt by at least"
            f" {tokens - context + 1:,} tokens, or start the server with a larger context."
        )
    limit = min(wanted, context - tokens)
    if limit == wanted:
        return limit, ()
    return limit, (
        (
            "clamped",
            f"max_new_tokens is {wanted:,}, but after a prompt of {tokens:,} tokens the"
            f" server's context of {context:,} leaves {limit:,}.",
        ),
    )


def shortened(letters: int, prompt_tokens: int | None) -> Notice | None:
    """A note where far fewer tokens were read than such a text has: some servers drop the rest."""
    if prompt_tokens is None or letters < MOST_LETTERS_A_TOKEN * (prompt_tokens + 32):
        return None
    return Notice(
        "truncated",
        f"The server read {prompt_tokens:,} tokens of {letters:,} characters: it seems to have cut"
        " the prompt. Raise its context (Ollama: OLLAMA_CONTEXT_LENGTH).",
    )
