"""The server engine: a model behind HTTP, described by what its server says of itself.

Knows neither the page nor any other engine; every difference between servers is a profile's.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import httpx2

from playground.catalog import ModelName
from playground.domain.engine import ExactPrompt, ModelCard, StopSignal
from playground.domain.errors import BadRequest, EngineFailed, PlaygroundError
from playground.domain.events import Event, Notice, Started
from playground.domain.request import Message, Request
from playground.engines.server import rendering, tokenize
from playground.engines.server.answer import Answer
from playground.engines.server.body import chat_body, to_wire
from playground.engines.server.chatting import chat
from playground.engines.server.connection import (
    Timeouts,
    check_who_pays,
    http_client,
    iterate,
    wait_for,
)
from playground.engines.server.description import Thinking, choose, describe, thinking_of
from playground.engines.server.failures import BrokenOff, translated, unreachable
from playground.engines.server.identify import ServedModel, ServerFacts, identify
from playground.engines.server.reader import Reader
from playground.engines.server.room import chat_messages, room
from playground.engines.server.tokenize import Chat

IDENTIFY_S = 5.0
FRESH_S = 30.0
NOT_LOADED = (
    "The server had not loaded this model: the wait for the first token includes that. Run it again"
    " for the model's own figures."
)


@dataclass(frozen=True, slots=True)
class _Known:
    """What was found out, and when."""

    facts: ServerFacts
    model: ServedModel
    at_s: float


class ServerEngine:
    """One model on one server, for many threads at once."""

    def __init__(self, name: ModelName, timeouts: Timeouts | None = None) -> None:
        if name.revision is not None or name.adapter is not None:
            raise BadRequest(f"A server's model has no revision or adapter here: {str(name)!r}.")
        self._name = name
        self._timeouts = timeouts or Timeouts.from_environment()
        self._http = http_client(self._timeouts)
        self._known: _Known | None = None
        self._lock = threading.Lock()
        self._thinkers: frozenset[str] = frozenset()  # models that thought without being known to

    @property
    def card(self) -> ModelCard:
        """What is known now; asks nobody."""
        known = self._known
        if known is None:
            return describe(self._name, None, None)
        return describe(self._name, known.facts, known.model)

    def load(self, download: bool = False) -> Iterator[Event]:
        """Find out what stands there, unless that is known. Raises PlaygroundError."""
        self._identify()
        yield from ()

    def cancel_load(self) -> bool:
        """Nothing to give up: the server loads its models itself."""
        return False

    def unload(self) -> None:
        """Nothing to free here: the server keeps its models as it likes."""

    def count_tokens(self, prompt: str, system: str, history: tuple[Message, ...]) -> int | None:
        """Tokens of the rendered prompt by the server's own count; null where it has none."""
        known = self._known
        if known is None:
            return None
        return wait_for(tokenize.count(self._chat(known, prompt, system, history)))

    def exact_prompt(self, request: Request) -> ExactPrompt:
        """The prompt as the server renders it, else the messages. Raises PlaygroundError."""
        asked = self._chat(self._identify(), request.prompt, request.system, request.history)
        return wait_for(rendering.exact_prompt(asked, request.history))

    def run(self, request: Request, stop: StopSignal) -> Iterator[Event]:
        """Answer: `Started` … `Ended`. Raises PlaygroundError."""
        known = self._identify()
        facts, sampling = known.facts, request.sampling
        card = describe(self._name, facts, known.model)
        thinking = self._thinking(known)
        asked = self._chat(known, request.prompt, request.system, request.history)
        limit, notes = room(asked, known.model.context, sampling.max_new_tokens)
        sent = to_wire(facts.profile, sampling, limit, card.thinks)
        yield Started(
            prompt_tokens=None,
            cached_tokens=None,
            limit=limit,
            seed=sampling.seed if "seed" in facts.profile.parameters else None,
            thinks=card.thinks,
            context=card.context,
            origin=card.origin,
            at_s=time.monotonic(),
        )
        if not known.model.loaded and not facts.profile.tells_load:
            yield Notice("loading", NOT_LOADED)
        if thinking.stays:
            yield Notice("unsupported", f"thinking=off was not sent: {thinking.stays}")
        if card.thinks and sampling.stop:
            yield Notice("doubtful", "stop: a server looks for it in the trace, too.")
        if note := rendering.history_note(facts.profile, request.history):
            yield Notice("history", note)
        for kind, text in (*notes, *sent.notes):
            yield Notice(kind, text)
        opens = known.model.id in self._thinkers
        reader = Reader(card.thinks, thinking.plain, facts.profile.counts_end, opens)
        takes_budget = card.thinks and "thinking_budget" in facts.profile.parameters
        budget = sampling.thinking_budget if takes_budget else None
        answer = Answer(asked, sampling.stop, budget, reader, self._timeouts, self._context_now)
        body = chat_body(
            facts.profile, sent, thinking.plain, thinking.off, stops=bool(sampling.stop)
        )
        source = chat(self._http, facts, known.model.id, asked.messages, body, answer.retried)
        chunks = iterate(source)
        try:
            yield from answer.read(chunks, stop)
        except Exception as exc:
            if not reader.started:
                self._forget()
            error = translated(exc, facts.url, reader.started)
            if reader.started and type(error) is EngineFailed:
                error = BrokenOff(str(error), reader.counts())
            if error is exc:
                raise
            raise error from exc
        finally:
            chunks.close()  # type: ignore[attr-defined]
            self._learn(known.model, card, reader)

    def _chat(self, known: _Known, prompt: str, system: str, history: tuple[Message, ...]) -> Chat:
        """The chat that would be sent, for whoever only wants to look at it."""
        thinking = self._thinking(known)
        body: dict[str, Any] = {}
        if thinking.plain:
            body |= known.facts.profile.plain_body
        if thinking.off:
            body |= known.facts.profile.off_body
        messages = chat_messages(prompt, system, history, known.facts.profile.trace_field)
        return Chat(self._http, known.facts, known.model.id, messages, body)

    def _thinking(self, known: _Known) -> Thinking:
        return thinking_of(self._name, known.model, known.facts.profile)

    def _learn(self, model: ServedModel, card: ModelCard, reader: Reader) -> None:
        """A model that thought although its card says that it does not: the card mends."""
        if not reader.thought or card.thinks:
            return
        with self._lock:
            self._thinkers |= {model.id}
            known = self._known
            if known is not None:
                self._known = replace(known, model=self._learned(known.model))

    def _learned(self, model: ServedModel) -> ServedModel:
        return replace(model, thinks=True) if model.id in self._thinkers else model

    def _context_now(self) -> int | None:
        """The context that is loaded now, which a server may not have told before it loaded."""
        if self._known is None or self._known.model.context is None:
            self._forget()
        try:
            return self._identify().model.context
        except PlaygroundError:
            return None

    def _identify(self) -> _Known:
        check_who_pays(self._name.where)
        known = self._known
        if known is not None and time.monotonic() - known.at_s < FRESH_S:
            return known
        try:
            facts = wait_for(identify(self._http, self._name.where, IDENTIFY_S))
        except (httpx2.HTTPError, TimeoutError, OSError) as exc:
            self._forget()
            raise unreachable(self._name.where, exc) from exc
        with self._lock:
            model = self._learned(choose(facts, self._name))
            self._known = known = _Known(facts, model, time.monotonic())
        return known

    def _forget(self) -> None:
        self._known = None
