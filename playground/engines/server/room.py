"""Does a chat fit the server's context, and what is left for the answer.

Knows no stream; asks the server to count only where a guess does not settle it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from playground.domain.errors import PromptTooLong
from playground.domain.events import Notice
from playground.domain.request import Message
from playground.engines.kept import thought_of
from playground.engines.server import tokenize
from playground.engines.server.chunks import Usage
from playground.engines.server.connection import wait_for
from playground.engines.server.profile import Profile
from playground.engines.server.tokenize import Chat

# Prose has 3 to 5 characters a token, code fewer.
MOST_LETTERS_A_TOKEN = 8
# All but digits and rare signs have at least as many.
CAUTIOUS_BYTES_A_TOKEN = 2
Notes = tuple[tuple[str, str], ...]
Messages = Sequence[Mapping[str, str]]


def chat_messages(
    prompt: str, system: str, history: tuple[Message, ...], trace_field: str | None = None
) -> list[dict[str, str]]:
    """Plain strings: these templates drop content that is a list of parts."""
    messages = [{"role": "system", "content": system}] if system else []
    for message in history:
        messages.append({"role": message.role, "content": message.content})
        if trace_field is not None and (thought := thought_of(message)):
            messages[-1][trace_field] = thought
    return [*messages, {"role": "user", "content": prompt}]


def room(chat: Chat, context: int | None, wanted: int) -> tuple[int, Notes]:
    """How much of `wanted` new tokens fits, and a note if it is less. Raises PromptTooLong."""
    if context is None:
        return wanted, ()
    # No tokenizer makes more tokens than there are bytes, but for what a template adds.
    at_most = sum(len("".join(m.values()).encode()) + 32 for m in chat.messages) + 64
    if at_most + wanted <= context:
        return wanted, ()
    tokens = wait_for(tokenize.count(chat))
    if tokens is None:
        return _uncounted(chat.facts.profile, context, at_most, wanted)
    if tokens >= context:
        raise PromptTooLong(
            f"The prompt has {tokens:,} tokens, but {chat.model!r} has a context of"
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


def _uncounted(profile: Profile, context: int, at_most: int, wanted: int) -> tuple[int, Notes]:
    """The limit where nobody counts: just below the context for a server that lowers it by itself,
    a cautious estimate for one that refuses what does not fit."""
    how = "the prompt included"
    limit = min(wanted, context - 1)
    if not profile.clamps:
        left = context - at_most // CAUTIOUS_BYTES_A_TOKEN
        limit = min(limit, max(left, context // 8))
        how = "the prompt included, whose tokens it does not count beforehand. By estimate"
    limit = max(1, limit)
    if limit == wanted:
        return limit, ()
    words = f"max_new_tokens is {wanted:,}, but the server's context is {context:,}, {how}"
    return limit, (("clamped", f"{words}; {limit:,} was sent."),)


def shortened(
    messages: Messages, usage: Usage, profile: Profile, context_now: Callable[[], int | None]
) -> Notice | None:
    """A note where the server read far fewer tokens than such a text has: some drop the rest.

    A count that may leave out what was cached says nothing by itself: then only if no such text
    fits the context, or if the count nearly fills it.
    """
    read = usage.prompt
    letters = sum(len(message["content"]) for message in messages)
    if read is None or letters < MOST_LETTERS_A_TOKEN * (read + 32):
        return None
    if not profile.counts_cached and usage.cached is None:
        context = context_now()
        if context is None:
            return None
        if 10 * read < 9 * context and letters <= MOST_LETTERS_A_TOKEN * context:
            return None
    return Notice(
        "truncated",
        f"The server read {read:,} tokens of {letters:,} characters: it seems to have cut the"
        f" prompt. Shorten it, or give the server more context. {profile.fixes.context}",
    )
