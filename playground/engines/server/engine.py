"""The server engine: a model behind HTTP, described by what its server says of itself.

Knows neither the page nor any other engine; every difference between servers is a profile's.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import httpx2

from playground.catalog import ModelName
from playground.domain.engine import ModelCard, StopSignal
from playground.domain.errors import BadRequest, PlaygroundError, PromptTooLong
from playground.domain.events import Ending, Event, Notice, Started, Tick
from playground.domain.request import Message, Request
from playground.engines.server import tokenize
from playground.engines.server.chatting import chat
from playground.engines.server.chunks import Chunk
from playground.engines.server.connection import (
    Timeouts,
    http_client,
    iterate,
    wait_for,
)
from playground.engines.server.description import choose, describe, is_plain
from playground.engines.server.failures import Silent, translated, unreachable
from playground.engines.server.identify import ServedModel, ServerFacts, identify
from playground.engines.server.profile import chat_body, to_wire
from playground.engines.server.reader import Reader
from playground.engines.server.room import chat_messages, room, shortened

IDENTIFY_S = 5.0
FRESH_S = 30.0
NOT_LOADED = (
    "The server had not loaded this model: the wait for the first token includes that. Run it again"
    " for the model's own figures."
)
ENDINGS: Mapping[str, Ending] = {
    "length": "limit",
    "abort": "interrupted",
    "stop_string": "stop_string",
}
CUT_OFF = "The server's stream stopped before it said that the answer had ended. What came is kept."


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

    @property
    def card(self) -> ModelCard:
        """What is known now; asks nobody."""
        known = self._known
        if known is None:
            return describe(self._name, None, None)
        return describe(self._name, known.facts, known.model)

    def load(self) -> Iterator[Event]:
        """Find out what stands there, unless that is known. Raises PlaygroundError."""
        self._identify()
        yield from ()

    def count_tokens(self, prompt: str, system: str, history: tuple[Message, ...]) -> int | None:
        """Tokens of the rendered prompt by the server's own count; null where it has none."""
        known = self._known
        if known is None:
            return None
        messages = chat_messages(prompt, system, history)
        return wait_for(tokenize.count(self._http, known.facts, known.model.id, messages))

    def run(self, request: Request, stop: StopSignal) -> Iterator[Event]:
        """Answer: `Started` … `Ended`. Raises PlaygroundError."""
        known = self._identify()
        facts, card = known.facts, self.card
        limit, notes = room(self._http, facts, known.model, request)
        sent = to_wire(facts.profile, request.sampling, limit)
        yield Started(
            prompt_tokens=None,
            cached_tokens=None,
            limit=limit,
            seed=request.sampling.seed if "seed" in facts.profile.parameters else None,
            thinks=card.thinks,
            context=card.context,
            origin=card.origin,
            at_s=time.monotonic(),
        )
        if not known.model.loaded and not facts.profile.tells_load:
            yield Notice("loading", NOT_LOADED)
        if card.thinks and request.sampling.stop:
            yield Notice("doubtful", "stop: a server looks for it in the trace, too.")
        for kind, text in (*notes, *sent.notes):
            yield Notice(kind, text)
        plain = is_plain(self._name, known.model)
        reader = Reader(card.thinks, plain, facts.profile.counts_end)
        retries: list[int] = []
        messages = chat_messages(request.prompt, request.system, request.history)
        body = chat_body(facts.profile, sent, plain)
        source = chat(self._http, facts, known.model.id, messages, body, retries.append)
        chunks = iterate(source)
        try:
            letters = sum(len(message["content"]) for message in messages)
            yield from self._read(chunks, reader, stop, retries, letters)
        except Exception as exc:
            if not reader.started:
                self._forget()
            if isinstance(exc, PlaygroundError):
                raise
            raise translated(exc, facts.url, reader.started) from exc
        finally:
            chunks.close()  # type: ignore[attr-defined]

    def _read(
        self,
        chunks: Iterator[Chunk | None],
        reader: Reader,
        stop: StopSignal,
        retries: list[int],
        letters: int,
    ) -> Iterator[Event]:
        asked_s = heard_s = time.monotonic()
        for chunk in chunks:
            now_s = time.monotonic()
            while retries:
                status = retries.pop(0)
                yield Notice("retried", f"The server answered {status}; it was asked again.")
            if reason := stop.reason():
                yield from reader.end(reason, time.monotonic(), stopped=True)
                return
            if chunk is not None:
                heard_s = now_s
                yield from reader.take(chunk, now_s)
                continue
            yield Tick(now_s)
            self._check_silence(reader.started, now_s - asked_s, now_s - heard_s)
        ending = ENDINGS.get(reader.finish or "", "end_of_turn")
        if reader.finish is None and reader.started and reader.usage.generated is None:
            yield Notice("cut_off", CUT_OFF)
            ending = "interrupted"
        if reader.finish is None and not reader.started:
            raise PromptTooLong(
                f"{self._name.where} ended without a word, which some servers do when the prompt"
                " does not fit. Shorten the prompt, or look at the server's log."
            )
        if notice := shortened(letters, reader.usage.prompt):
            yield notice
        yield from reader.end(ending, time.monotonic(), stopped=False)

    def _check_silence(self, started: bool, asked_s: float, heard_s: float) -> None:
        limit_s = self._timeouts.between_tokens_s if started else self._timeouts.first_token_s
        if (heard_s if started else asked_s) > limit_s:
            raise Silent(limit_s, "BETWEEN_TOKENS" if started else "FIRST_TOKEN")

    def _identify(self) -> _Known:
        known = self._known
        if known is not None and time.monotonic() - known.at_s < FRESH_S:
            return known
        try:
            facts = wait_for(identify(self._http, self._name.where, IDENTIFY_S))
        except (httpx2.HTTPError, TimeoutError, OSError) as exc:
            self._forget()
            raise unreachable(self._name.where, exc) from exc
        self._known = _Known(facts, choose(facts, self._name), time.monotonic())
        return self._known

    def _forget(self) -> None:
        self._known = None
