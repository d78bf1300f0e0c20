"""A fake engine that answers the prompt back, and what tests do with a session."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from playground.domain.engine import ExactPrompt, ModelCard, StopSignal
from playground.domain.errors import EngineFailed
from playground.domain.events import Counts, Ended, Event, Origin, Started, Text, ThoughtClosed
from playground.domain.request import Message, Request
from playground.domain.sampling import Sampling
from playground.ui.session import Session, Update

ORIGIN = Origin("fake", device="cpu")
DEFAULTS = Sampling(temperature=0.5, max_new_tokens=8)


class Fake:
    """An engine that thinks (or not) and answers the prompt back; `gate` holds it in mid-answer,
    `thinks_on` in its thought until that is to be closed."""

    def __init__(self, name: str) -> None:
        self.thinks = "thinking" in name
        self.card = ModelCard(
            name, name, self.thinks, 64, DEFAULTS, ORIGIN, abilities=("close_thought", "continue")
        )
        self.asked: list[Request] = []
        self.gate: threading.Event | None = None
        self.answering = threading.Event()
        self.thinks_on = False
        self.fails = False

    def load(self, download: bool = False) -> Iterator[Event]:
        return iter(())

    def cancel_load(self) -> bool:
        return False

    def unload(self) -> None: ...

    def count_tokens(self, prompt: str, system: str, history: tuple[Message, ...]) -> int:
        return len(prompt.split())

    def exact_prompt(self, request: Request) -> ExactPrompt:
        return ExactPrompt(f"user: {request.prompt}", self.count_tokens(request.prompt, "", ()))

    def run(self, request: Request, stop: StopSignal) -> Iterator[Event]:
        self.asked.append(request)
        limit = request.sampling.max_new_tokens
        yield Started(3, 0, limit, request.sampling.seed, self.thinks, 64, ORIGIN, 1.0)
        if self.thinks:
            yield Text("thinking", "hm", 1, 1.1)
            while self.thinks_on and not (stop.reason() or stop.closes_thought()):
                yield Text("thinking", "", 0, 1.1)
            if limit < 4:
                yield Ended("limit", Counts(thinking=1), 1.2, 1.1)
                return
            yield ThoughtClosed(1.2)
        yield Text("answer", f"**{request.prompt}**", 1, 1.3)
        self.answering.set()
        if self.gate is not None:
            while not (self.gate.wait(0.01) or stop.reason()):
                yield Text("answer", "", 0, 1.3)
        if self.fails:
            raise EngineFailed("It broke. Run it again.")
        thinking, marker = (1, 2) if self.thinks else (0, 1)
        counts = Counts(thinking=thinking, answer=1, marker=marker)
        yield Ended(stop.reason() or "end_of_turn", counts, 1.5, 1.4)


def first(session: Session) -> str:
    return session.document.cells[0].id


def play(session: Session, *cells: str, **intent: object) -> list[Update]:
    return list(session.run({"cells": list(cells or [first(session)]), **intent}))  # type: ignore[typeddict-item]


def write(session: Session, *prompts: str) -> None:
    session.change({"action": "edit", "dirty": {first(session): prompts[0]}})
    for prompt in prompts[1:]:
        session.change({"action": "add", "text": prompt})
