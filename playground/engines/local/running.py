"""One run of a loaded model: a request in, events out.

Puts encoder, decoder, splitter, stop strings and detokenizer together and counts every id. Knows
nothing of how the model was loaded and of who listens.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator
from typing import assert_never

import torch

from playground.domain.engine import StopSignal
from playground.domain.errors import EngineFailed, PlaygroundError, PromptTooLong
from playground.domain.events import (
    Counts,
    Ended,
    Ending,
    Event,
    Notice,
    Part,
    Prefill,
    Started,
    Text,
    ThoughtClosed,
    ThoughtOpened,
)
from playground.domain.request import Request
from playground.domain.sampling import draw_seed
from playground.engines.local.choosing import Chooser, NoProbability
from playground.engines.local.decoding import PromptRead, Stopped, Token
from playground.engines.local.loading import LoadedModel
from playground.engines.local.prompt import EncodedPrompt
from playground.engines.splitter import StopStrings, TokenSplitter


def run_loaded(model: LoadedModel, request: Request, stop: StopSignal) -> Iterator[Event]:
    """`Started` … `Ended`. Raises PromptTooLong, BadRequest, EngineFailed."""
    try:
        yield from _run(model, request, stop)
    except NoProbability as exc:
        raise EngineFailed(
            f"{request.model!r} computed no usable numbers ({exc}). Try ?dtype=bf16 or"
            " ?dtype=fp32 in the model's name, or download the model again."
        ) from exc
    except PlaygroundError:
        raise
    except Exception as exc:
        if is_out_of_memory(exc):
            raise EngineFailed(
                f"{request.model!r} ran out of memory. Shorten the prompt, lower max_new_tokens,"
                " or use a smaller model."
            ) from exc
        raise EngineFailed(
            f"{request.model!r} failed while it ran: {type(exc).__name__}: {exc}. Run it again; if"
            " it fails again, restart the playground."
        ) from exc


def is_out_of_memory(exc: Exception) -> bool:
    """Whether any device's memory is used up; only CUDA has an exception of its own."""
    words = str(exc).lower()
    return (
        isinstance(exc, MemoryError | torch.OutOfMemoryError)
        or "out of memory" in words
        or "can't allocate memory" in words
    )


def _run(model: LoadedModel, request: Request, stop: StopSignal) -> Iterator[Event]:
    started_at_s = time.monotonic()
    sampling = request.sampling
    prompt = model.encoder.encode(request.prompt, request.system, request.history)
    limit = _room(model, request, prompt)
    seed = sampling.seed
    if seed is None:
        seed = draw_seed()
    yield Started(
        prompt_tokens=len(prompt.ids),
        cached_tokens=0,
        limit=limit,
        seed=seed,
        thinks=prompt.start != "answer",
        context=model.context,
        origin=model.origin,
        at_s=started_at_s,
    )
    yield from _notices(model, request, prompt, limit)
    output = _Output(model, prompt, sampling.stop)
    chooser = Chooser(sampling, seed, prompt.ids)
    ending: Ending = "limit"
    last_token_at_s: float | None = None
    for step in model.decoder.decode(prompt.ids, chooser, limit, stop):
        match step:
            case PromptRead(done, at_s):
                yield Prefill(done, len(prompt.ids), at_s)
            case Token(token_id, at_s):
                last_token_at_s = at_s
                if token_id in model.end_ids:
                    output.take_end()
                    ending = "end_of_turn"
                    break
                yield from output.take(token_id, at_s)
                if output.stopped:
                    ending = "stop_string"
                    break
            case Stopped(reason):
                ending = reason
            case _:
                assert_never(step)
    yield from output.flush(time.monotonic())
    yield Ended(ending, output.counts(), time.monotonic(), last_token_at_s)


def _room(model: LoadedModel, request: Request, prompt: EncodedPrompt) -> int:
    """How many tokens may be generated. Raises PromptTooLong."""
    wanted, tokens = request.sampling.max_new_tokens, len(prompt.ids)
    if model.context is None:
        return wanted
    if tokens >= model.context:
        raise PromptTooLong(
            f"The prompt has {tokens:,} tokens, but {request.model!r} has a context of"
            f" {model.context:,}, answer included. Shorten the prompt by at least"
            f" {tokens - model.context + 1:,} tokens."
        )
    return min(wanted, model.context - tokens)


def _notices(
    model: LoadedModel, request: Request, prompt: EncodedPrompt, limit: int
) -> Iterator[Notice]:
    if limit < request.sampling.max_new_tokens:
        yield Notice(
            "clamped",
            f"max_new_tokens is {request.sampling.max_new_tokens:,}, but after a prompt of"
            f" {len(prompt.ids):,} tokens the context of {model.context:,} leaves {limit:,}.",
        )
    for note in prompt.notes:
        yield Notice("history", note)
    if request.sampling.thinking_budget is not None:
        yield Notice("unsupported", "thinking_budget is not supported by this version; ignored.")
    if model.asked_not_to_think and prompt.start == "thinking":
        yield Notice("unsupported", "This model always thinks; thinking=off has no effect on it.")


class _Output:
    """Generated ids become text events; each id is counted once, as what it turned out to be."""

    def __init__(
        self, model: LoadedModel, prompt: EncodedPrompt, stop_strings: tuple[str, ...]
    ) -> None:
        encoder = model.encoder
        self._splitter = TokenSplitter(prompt.start, encoder.open_id, encoder.close_id)
        self._detokenizer = model.new_detokenizer()
        self._stop_strings = StopStrings(stop_strings)
        self._tokens: dict[Part, int] = {"thinking": 0, "answer": 0}
        self._markers = 0
        # In characters of the answer: how many are decoded, how many are out, and where the text
        # of each token that is not out yet begins.
        self._decoded = 0
        self._out = 0
        self._held: deque[int] = deque()

    @property
    def stopped(self) -> bool:
        """A stop string was found."""
        return self._stop_strings.found is not None

    def take(self, token_id: int, at_s: float) -> Iterator[Event]:
        """One generated id that does not end the turn."""
        match self._splitter.take(token_id):
            case "open":
                self._markers += 1
                yield ThoughtOpened(at_s)
            case "close":
                self._markers += 1
                if tail := self._detokenizer.flush():
                    yield Text("thinking", tail, 0, at_s)
                yield ThoughtClosed(at_s)
            case "thinking":
                self._tokens["thinking"] += 1
                yield Text("thinking", self._detokenizer.feed(token_id), 1, at_s)
            case "answer":
                self._tokens["answer"] += 1
                self._held.append(self._decoded)
                yield Text("answer", self._answer(self._detokenizer.feed(token_id)), 1, at_s)
            case other:
                assert_never(other)

    def take_end(self) -> None:
        """The end of the turn: an id without text."""
        self._markers += 1

    def flush(self, at_s: float) -> Iterator[Event]:
        """What was held back, at the end of the run."""
        if self.stopped:
            return
        tail = self._detokenizer.flush()
        if self._splitter.part == "answer":
            tail = self._answer(tail)
            tail += self._stop_strings.flush()
        if tail:
            yield Text(self._splitter.part, tail, 0, at_s)

    def counts(self) -> Counts:
        """All ids so far by what they were."""
        return Counts(self._tokens["thinking"], self._tokens["answer"], self._markers)

    def _answer(self, text: str) -> str:
        """The part of the answer that is certain now; a swallowed token becomes a marker."""
        self._splitter.saw_text(text)
        self._decoded += len(text)
        certain = self._stop_strings.feed(text)
        self._out += len(certain)
        while self._held and self._held[0] < self._out:
            self._held.popleft()
        if self.stopped:
            self._tokens["answer"] -= len(self._held)
            self._markers += len(self._held)
        return certain
