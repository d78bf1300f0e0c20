"""The decode loop: prompt ids in, generated ids out, each with the time it was known.

Its own loop rather than `generate()`: a seed of its own, a stop between tokens and inside the
prompt, ids put in by us, a cache that outlives the run, no state shared with other threads.
Knows no text, no parts and no stop strings.
"""

from __future__ import annotations

import time
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

import torch

from playground.domain.engine import StopReason, StopSignal
from playground.engines.local import attention, chunks, widening
from playground.engines.local.cache import (
    CUDA_GROWTH,
    LEAST_GROWTH,
    GrowingCache,
    bytes_per_token,
    grown,
)
from playground.engines.local.choosing import Chooser
from playground.engines.local.chunks import Shape, chunk_tokens, least_reuse, needs_watching
from playground.engines.local.memory import (
    OutOfMemory,
    advice,
    does_not_fit,
    free_bytes,
    kept_budget_bytes,
)
from playground.engines.local.prefixes import KeptPrefixes
from playground.engines.local.threads import Threads, threads_for
from playground.engines.local.watching import Interrupted, follow, raise_if_stopped, watching
from playground.engines.local.ways import reader, through_modules, way_for

# The caches of ended runs, of all models together.
KEPT = KeptPrefixes(0)


@dataclass(frozen=True, slots=True)
class PromptRead:
    """`done` prompt tokens are read, those that were known already included."""

    done: int
    at_s: float


@dataclass(frozen=True, slots=True)
class Token:
    """One generated id."""

    id: int
    at_s: float


@dataclass(frozen=True, slots=True)
class Put:
    """So many ids of ours were put in."""

    tokens: int
    at_s: float


@dataclass(frozen=True, slots=True)
class Stopped:
    """The stop signal was seen."""

    reason: StopReason


Step = PromptRead | Token | Put | Stopped


class Decoder:
    """One model's loop; every run has a cache to itself, so that threads do not meet."""

    def __init__(self, model: Any) -> None:
        self.model = model
        self.device: torch.device = model.device
        self.read = reader(model)
        self.shape = shape_of(model)
        self.threads = Threads(threads_for(self.shape.parameters, self.device.type))
        self.key = object()
        weakref.finalize(self, KEPT.forget, self.key)
        KEPT.budget_bytes = kept_budget_bytes(self.device)
        self._config = model.config.get_text_config()
        self.token_bytes = bytes_per_token(self._config, model.dtype.itemsize)
        self.grouped = attention.use(model)
        if widening.pays(self.device.type, model.dtype):
            widening.widen(model)
        self.watched = needs_watching(self.shape)
        if self.watched:
            follow(model)
        self.read_one = way_for(model) if self.grouped else through_modules(model)

    @contextmanager
    def open(self, ids: Sequence[int], lane: str, name: str) -> Iterator[Reading]:
        """A prompt to be read and answered; its cache is kept afterwards for the next one.

        `name` is the model's, for errors.
        """
        least = least_reuse(self.shape)
        cache, known = KEPT.take(self.key, lane, ids, least) if self.grouped else (None, 0)
        reading = Reading(self, list(ids), cast(GrowingCache | None, cache), known, name)
        try:
            yield reading
        except Exception:  # perhaps there is no memory left
            reading.finish()
            raise
        kept = reading.finish()
        if kept is not None and len(reading.known) >= least:
            KEPT.keep(self.key, lane, tuple(reading.known), kept)

    def out_of_memory(self, name: str) -> OutOfMemory:
        """The error of a run for which the device had no memory; frees what is kept."""
        KEPT.give_up()
        fits = max(0, free_bytes(self.device)) // self.token_bytes
        return OutOfMemory(f"{name!r} ran out of memory. {advice(fits)}")

    def new_cache(self) -> GrowingCache:
        """An empty cache of this model's kind."""
        if not self.grouped:
            from transformers import DynamicCache

            return cast(GrowingCache, DynamicCache(config=self._config))
        return GrowingCache(self._config.num_hidden_layers, zeroed=self.device.type == "cuda")


class Reading:
    """One run's way through the model: `known` are the ids whose states are in its cache."""

    def __init__(
        self,
        decoder: Decoder,
        prompt_ids: list[int],
        cache: GrowingCache | None,
        known: int,
        name: str,
    ) -> None:
        self._decoder = decoder
        self._prompt_ids = prompt_ids
        self._cache: GrowingCache | None = cache or decoder.new_cache()
        self._name = name
        self.prompt_tokens = len(prompt_ids)
        self.cached_tokens = known
        self.known = prompt_ids[:known]
        self._to_put: list[int] = []
        self._reserved = 0

    def put(self, ids: Sequence[int]) -> None:
        """Put these ids in before the next one is chosen."""
        self._to_put += ids

    def steps(self, chooser: Chooser, limit: int, stop: StopSignal) -> Iterator[Step]:
        """Read the prompt in chunks, then generate until `limit` or a stop.

        The consumer ends it earlier by taking no more steps. Raises OutOfMemory.
        """
        decoder = self._decoder
        try:
            self._make_room(len(self._prompt_ids), exactly=True)
            while len(self.known) < len(self._prompt_ids):
                raise_if_stopped(stop)
                done = len(self.known)
                size = chunk_tokens(decoder.shape, done)
                logits = self._forward(self._prompt_ids[done : done + size], stop)
                float(logits[0])  # wait for the device: the time and the next stop are real
                yield PromptRead(len(self.known), time.monotonic())
            unread: list[int] = []
            while limit > 0:
                raise_if_stopped(stop)
                if self._to_put:
                    ours, self._to_put = self._to_put[:limit], []
                    chooser.saw(ours)
                    unread += ours
                    limit -= len(ours)
                    yield Put(len(ours), time.monotonic())
                    continue
                if unread:
                    logits = self._forward(unread, stop)
                with decoder.threads:
                    token_id = chooser.choose(logits)
                yield Token(token_id, time.monotonic())
                unread = [token_id]
                limit -= 1
        except Interrupted as interrupted:
            yield Stopped(interrupted.reason)

    def finish(self) -> GrowingCache | None:
        """Let go of the cache; null if it is of no use to anyone else."""
        cache, self._cache = self._cache, None
        if cache is None or not isinstance(cache, GrowingCache) or not self.known:
            return None
        cache.cut(len(self.known))  # what a stop left half done
        return cache

    # Not around the loop: a generator would leave the mode on in its consumer's code.
    @torch.inference_mode()
    def _forward(self, ids: Sequence[int], stop: StopSignal) -> torch.Tensor:
        decoder = self._decoder
        self._make_room(len(self.known) + len(ids))
        logits: torch.Tensor
        with watching(stop if decoder.watched else None), decoder.threads:
            cache = self._cache
            if len(ids) == 1 and self.known and isinstance(cache, GrowingCache):
                logits = decoder.read_one(cache, ids[0])
            else:
                logits = decoder.read(cache, ids)
        self.known += ids
        return logits

    def _make_room(self, tokens: int, exactly: bool = False) -> None:
        """See that so many tokens fit, others' kept caches being given up. Raises OutOfMemory."""
        cache, decoder = self._cache, self._decoder
        if not isinstance(cache, GrowingCache) or tokens <= max(cache.capacity, self._reserved):
            return
        least = CUDA_GROWTH if decoder.device.type == "cuda" else LEAST_GROWTH
        capacity = tokens + least if exactly else grown(tokens, least)
        needed_bytes = (capacity - cache.capacity) * decoder.token_bytes
        if (missing := needed_bytes - free_bytes(decoder.device)) > 0:
            KEPT.give_up(missing)
            fits = cache.capacity + free_bytes(decoder.device) // decoder.token_bytes
            if tokens > fits:
                raise does_not_fit(self._name, tokens, fits, decoder.token_bytes)
            capacity = min(capacity, fits)  # the room ahead need not
        cache.reserve(capacity)
        self._reserved = capacity


def shape_of(model: Any) -> Shape:
    """What the chunks depend on, from the model's configuration and its device."""
    config = model.config.get_text_config()
    heads = getattr(config, "num_attention_heads", 1)
    head_size = getattr(config, "head_dim", None) or getattr(config, "hidden_size", 1) // heads
    return Shape(
        parameters=model.num_parameters(exclude_embeddings=True),
        layers=max(1, getattr(config, "num_hidden_layers", 1)),
        attention_width=heads * head_size,
        flops_per_s=flops_per_s(model.device),
        watched=model.device.type == "cpu",
    )


def flops_per_s(device: torch.device) -> float:
    """What a slow device of this kind does."""
    if device.type == "cuda":
        processors = torch.cuda.get_device_properties(device).multi_processor_count
        return chunks.CUDA_FLOPS_PER_S * int(processors)
    if device.type == "mps":
        return chunks.MPS_FLOPS_PER_S
    return chunks.CPU_FLOPS_PER_S
