"""What a model on a server reads: the prompt as the server renders it, else what is sent to it.

Says what becomes of thinking that is to stay in the conversation. Knows no particular server.
"""

from __future__ import annotations

import json

from playground.domain.engine import ExactPrompt
from playground.domain.request import Message
from playground.engines.kept import size_of, thoughts_of
from playground.engines.server import tokenize
from playground.engines.server.profile import Profile
from playground.engines.server.tokenize import Chat

UNTOLD = "This server does not tell how it renders the messages; this is what is sent."


def history_note(profile: Profile, history: tuple[Message, ...]) -> str | None:
    """What becomes of earlier thinking, before a server has been asked; null where none is kept."""
    thoughts = thoughts_of(history)
    if not thoughts:
        return None
    size = size_of(thoughts)
    if profile.trace_field is None:
        return (
            f"Earlier thinking was left out ({size}): no field for it is known of {profile.label}."
        )
    return (
        f"Earlier thinking ({size}) is sent as {profile.trace_field!r}. The server's chat template"
        " decides whether the model reads it; most take it out."
    )


async def exact_prompt(chat: Chat, history: tuple[Message, ...]) -> ExactPrompt:
    """The prompt as the server renders it, else the messages as they are sent.

    `history` is what the chat's messages were made of.
    """
    notes = [f"Sent with the messages: {json.dumps(dict(chat.body))}."] if chat.body else []
    text = await tokenize.text(chat)
    if text is not None:
        return ExactPrompt(text, await tokenize.count(chat), (*notes, *_found(chat, text, history)))
    if note := history_note(chat.facts.profile, history):
        notes.append(note)
    sent = json.dumps(list(chat.messages), indent=2, ensure_ascii=False)
    return ExactPrompt(sent, None, (UNTOLD, *notes))


def _found(chat: Chat, text: str, history: tuple[Message, ...]) -> tuple[str, ...]:
    """Which thinking the server's template left in."""
    profile = chat.facts.profile
    if profile.trace_field is None:
        note = history_note(profile, history)
        return () if note is None else (note,)

    def is_in(thought: str) -> bool:
        words = thought.strip()
        return text.count(words) > sum(message["content"].count(words) for message in chat.messages)

    thoughts = thoughts_of(history)
    kept = tuple(thought for thought in thoughts if is_in(thought))
    lost = tuple(thought for thought in thoughts if not is_in(thought))
    notes = []
    if kept:
        notes.append(f"Earlier thinking is in the prompt ({size_of(kept)}).")
    if lost:
        notes.append(
            "Earlier thinking is sent, but the server's chat template takes it out"
            f" ({size_of(lost)})."
        )
    return tuple(notes)
