"""A request's messages as data, and as Python that names the prompt first. Knows no model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from playground.domain.request import Message, Request
from playground.notebook.literals import WIDTH, literal, prompt_literal

Messages = Sequence[Mapping[str, str]]


def messages(request: Request) -> list[dict[str, str]]:
    """The conversation without earlier thoughts, the prompt last."""
    said = [{"role": "system", "content": request.system}] if request.system else []
    said += [{"role": turn.role, "content": turn.content} for turn in request.history]
    return [*said, {"role": "user", "content": request.prompt}]


def thought_of(turn: Message) -> str:
    """The earlier thought that is to stay with this turn; empty for none."""
    return (turn.thinking or "").strip("\n") if turn.role == "assistant" else ""


def keeps_thinking(request: Request) -> bool:
    """Whether earlier thoughts are to stay in the conversation."""
    return any(map(thought_of, request.history))


def assigned(said: Messages) -> str:
    """`prompt = …` and `messages = …` as Python."""
    *before, last = said
    text = last["content"]
    long = "\n" not in text and len(text) > WIDTH - len("prompt = ") - 4
    prompt = f"(\n    {prompt_literal(text, 4)}\n)" if long else prompt_literal(text, 0)
    turns = [f"    {literal(turn, 4)},\n" for turn in before]
    turns.append(f'    {{"role": {literal(last["role"])}, "content": prompt}},\n')
    return f"prompt = {prompt}\nmessages = [\n{''.join(turns)}]\n"
