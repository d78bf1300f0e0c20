"""Examines a server by short generations: what it is, what it honours, what would spoil a
comparison, and the fix. Nothing is believed that can be tried.

Knows no page; each finding is yielded when it is known.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from typing import Literal

import httpx2

from playground.catalog import parse_name
from playground.domain.errors import BadRequest, PlaygroundError
from playground.domain.sampling import Sampling
from playground.engines.server.body import chat_body, to_wire
from playground.engines.server.chatting import chat
from playground.engines.server.chunks import Chunk
from playground.engines.server.connection import Timeouts, http_client, iterate, wait_for
from playground.engines.server.description import choose, describe, thinking_of
from playground.engines.server.discovery import model_names
from playground.engines.server.failures import translated, unreachable
from playground.engines.server.identify import ServedModel, ServerFacts, identify
from playground.engines.server.profile import Profile
from playground.engines.splitter import CLOSE_TAG, OPEN_TAG

Level = Literal["ok", "warning", "failed"]
IDENTIFY_S = 5.0
TOKENS = 16
LEAST_CONTEXT = 16_384
QUESTION = "Name five animals and five colours."
HOT = Sampling(temperature=2.0, max_new_tokens=TOKENS)
GREEDY = Sampling(temperature=0.0, max_new_tokens=TOKENS)
FIRST_SEED = 7
OTHER_SEEDS = range(8, 16)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found out; `fix` says what to do about a warning."""

    level: Level
    text: str
    fix: str = ""


def examine(name: str) -> Iterator[Finding]:
    """What stands behind a server's URL or a model's name on it. Raises BadRequest."""
    parsed = parse_name(name)
    if parsed.place != "server":
        raise BadRequest(f"{name!r} is no server URL. Use one such as http://127.0.0.1:8000/v1.")
    timeouts = Timeouts.from_environment()
    http = http_client(timeouts)
    try:
        try:
            facts = wait_for(identify(http, parsed.where, IDENTIFY_S))
        except (httpx2.HTTPError, TimeoutError, OSError) as exc:
            yield Finding("failed", str(unreachable(parsed.where, exc)))
            return
        version = f" {facts.version}" if facts.version else ""
        yield Finding("ok", f"{facts.profile.label}{version} at {facts.url}")
        models = [choose(facts, parsed)] if parsed.option("model") else list(facts.models)
        if not models:
            yield Finding("failed", "It lists no models.", "Load one, or name it with ?model=.")
        for model in models if len(models) <= 2 else ():
            yield from _Examination(http, facts, model, parsed.option("thinking")).findings()
        if len(models) > 2:
            shown = "\n".join(model_names(facts, parsed.where)[:20])
            yield Finding("ok", f"{len(models)} models. Examine one by its name:\n{shown}")
    except PlaygroundError as exc:
        yield Finding("failed", str(exc))
    finally:
        wait_for(http.aclose())


@dataclass(frozen=True, slots=True)
class _Heard:
    """What one generation sent."""

    thinking: str
    content: str
    usage: bool
    counted: int | None

    @property
    def text(self) -> str:
        return self.thinking + self.content


class _Examination:
    """One model of one server."""

    def __init__(
        self, http: httpx2.AsyncClient, facts: ServerFacts, model: ServedModel, thinking: str | None
    ) -> None:
        self._http, self._facts, self._model = http, facts, model
        option = f"&thinking={thinking}" if thinking else ""
        name = parse_name(model_names(replace(facts, models=(model,)), facts.url)[0] + option)
        self._card = describe(name, facts, model)
        self._asked_to = thinking_of(name, model, facts.profile)

    @property
    def _profile(self) -> Profile:
        return self._facts.profile

    def findings(self) -> Iterator[Finding]:
        """Everything about this model, the cheap first."""
        name = repr(self._model.id)
        thinks, plain = f"Model {name}: a Thinking model", f"Model {name}: no thinking part"
        yield Finding("ok", thinks if self._card.thinks else plain)
        if self._asked_to.stays:
            yield Finding(
                "warning",
                f"thinking=off cannot be asked for: {self._asked_to.stays}",
                "Leave it out of the name.",
            )
        yield from self._context()
        try:
            heard = self._ask(GREEDY)
            yield from self._thinking(heard)
            yield from self._usage(heard)
            other = yield from self._seed()
            yield from self._narrowing(other)
            yield from self._presence()
        except Exception as exc:
            yield Finding("failed", str(translated(exc, self._facts.url, started=False)))
        yield Finding("ok", self._profile.samplers)
        for field, reason in self._profile.missing.items():
            if field != "thinking_budget" or self._card.thinks:
                yield Finding("warning", f"{field} cannot be set: {reason}")

    def _context(self) -> Iterator[Finding]:
        context = self._model.context
        if context is None:
            yield Finding("ok", "It does not tell how much context is loaded.")
        elif context >= LEAST_CONTEXT:
            yield Finding("ok", f"Context {context:,} tokens")
        else:
            yield Finding(
                "warning",
                f"Context {context:,} tokens: little for a Thinking model's trace.",
                self._profile.fixes.context,
            )

    def _thinking(self, heard: _Heard) -> Iterator[Finding]:
        tags = OPEN_TAG in heard.content or CLOSE_TAG in heard.content
        plain = self._asked_to.plain
        if plain and self._profile.plain_body:
            heard = self._ask(GREEDY, unsteered=True)
        if heard.thinking and plain:
            yield Finding(
                "warning",
                "A reasoning parser takes this model's answer for thinking (it is asked not to,"
                " here; other programs are misled).",
                "Start the server without a reasoning parser for an Instruct model.",
            )
        elif heard.thinking:
            yield Finding("ok", "Thinking arrives in a field of its own.")
        elif self._card.thinks:
            yield Finding(
                "warning",
                "Thinking arrives inside the answer; it is split at the tags.",
                self._profile.fixes.parser,
            )
        elif tags:
            yield Finding(
                "warning",
                "The answer holds thinking tags: this model seems to think.",
                "Add ?thinking=on to its name.",
            )
        else:
            yield Finding("ok", "The answer arrives as an answer.")

    def _usage(self, heard: _Heard) -> Iterator[Finding]:
        if heard.counted is not None:
            yield Finding("ok", "It counts tokens while it writes: counts are the server's.")
        elif heard.usage:
            yield Finding("ok", "It counts tokens at the end; the trace's share is estimated.")
        else:
            yield Finding("warning", "It counts no tokens: all counts are estimates (≈).")

    def _seed(self) -> Generator[Finding, None, int | None]:
        """Returns a seed whose tokens differ from those of FIRST_SEED, or None.

        A model that is sure of its words writes them under most seeds: one other is not enough.
        """
        first, again = (self._ask(replace(HOT, seed=FIRST_SEED)).text for _ in range(2))
        if first != again:
            yield Finding(
                "warning", "The same seed gave different tokens.", self._profile.fixes.seed
            )
            return FIRST_SEED
        for seed in OTHER_SEEDS:
            if self._ask(replace(HOT, seed=seed)).text != first:
                yield Finding("ok", "seed works: the same one repeats a run, another one does not.")
                return seed
        yield Finding(
            "warning",
            f"{len(OTHER_SEEDS)} other seeds gave the same tokens: no sampling seems on.",
        )
        return None

    def _narrowing(self, other: int | None) -> Iterator[Finding]:
        """top_k 1 and min_p 1 leave one candidate: then the seed cannot matter, which did."""
        for field, value in (("top_k", 1), ("min_p", 1.0)):
            if field not in self._profile.parameters:
                continue
            if other is None:
                yield Finding("ok", f"{field} is taken; no sampling showed its effect.")
                continue
            narrow = replace(HOT, **{field: value})  # type: ignore[arg-type]
            one, two = (self._ask(replace(narrow, seed=seed)).text for seed in (FIRST_SEED, other))
            if one == two:
                yield Finding("ok", f"{field} works.")
            else:
                yield Finding("warning", f"{field} is ignored.", "Update the server.")

    def _presence(self) -> Iterator[Finding]:
        if "presence_penalty" not in self._profile.parameters:
            return
        question = "Say yes, yes, yes, yes, yes, yes, yes, yes."
        hot = replace(HOT, seed=FIRST_SEED, max_new_tokens=3 * TOKENS)
        plain, fined = (
            self._ask(replace(hot, presence_penalty=value), question).text for value in (0, 2)
        )
        if plain != fined:
            yield Finding("ok", "presence_penalty works.")
        else:
            # A model that is sure of its words hides it.
            yield Finding("ok", "presence_penalty is taken; a short answer showed no effect.")

    def _ask(self, sampling: Sampling, question: str = QUESTION, unsteered: bool = False) -> _Heard:
        """One short answer; `unsteered` as a program asks that knows nothing of thinking."""
        sent = to_wire(self._profile, sampling, sampling.max_new_tokens)
        plain = self._asked_to.plain and not unsteered
        body = chat_body(self._profile, sent, plain, self._asked_to.off)
        messages = [{"role": "user", "content": question}]
        source = chat(self._http, self._facts, self._model.id, messages, body)
        chunks: list[Chunk] = [chunk for chunk in iterate(source) if chunk is not None]
        live = [chunk.generated for chunk in chunks if chunk.finish is None and chunk.generated]
        return _Heard(
            thinking="".join(chunk.thinking for chunk in chunks),
            content="".join(chunk.content for chunk in chunks),
            usage=any(chunk.usage and chunk.usage.generated for chunk in chunks),
            counted=live[0] if len(live) > 1 else None,
        )
