"""The decode loop: prompt ids in, generated ids out, each with the time it was known.

Its own loop rather than `generate()`: a seed of its own, a stop between tokens and inside the
prompt, no state shared with other threads. Knows no text, no parts and no stop strings.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from transformers import DynamicCache

from playground.domain.engine import StopReason, StopSignal
from playground.engines.local.choosing import Chooser
from playground.engines.local.chunks import Shape, chunk_tokens, needs_watching
from playground.engines.local.threads import Threads, threads_for


@dataclass(frozen=True, slots=True)
class PromptRead:
    """`done` prompt tokens are read."""

    done: int
    at_s: float


@dataclass(frozen=True, slots=True)
class Token:
    """One generated id."""

    id: int
    at_s: float


@dataclass(frozen=True, slots=True)
class Stopped:
    """The stop signal was seen."""

    reason: StopReason


Step = PromptRead | Token | Stopped


class Decoder:
    """One model's loop; every run has its own cache, so that threads do not meet."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._device: torch.device = model.device
        self._shape = shape_of(model)
        self._threads = Threads(threads_for(self._shape.parameters, self._device.type))
        self._watch = _Watch()
        if needs_watching(self._shape, self._device.type):
            for layer in getattr(model.base_model, "layers", ()):
                layer.register_forward_pre_hook(self._watch.check)

    def decode(
        self, prompt_ids: Sequence[int], chooser: Chooser, limit: int, stop: StopSignal
    ) -> Iterator[Step]:
        """Read the prompt in chunks, then generate until `limit` or a stop.

        The consumer ends it earlier by taking no more steps.
        """
        cache = DynamicCache(config=self._model.config)
        try:
            done = 0
            while done < len(prompt_ids):
                _raise_if_stopped(stop)
                size = chunk_tokens(self._shape, self._device.type, done)
                logits = self._forward(prompt_ids[done : done + size], cache, stop)
                done = min(done + size, len(prompt_ids))
                float(logits[0])  # wait for the device: the time and the next stop are real
                yield PromptRead(done, time.monotonic())
            for remaining in range(limit - 1, -1, -1):
                _raise_if_stopped(stop)
                with self._threads:
                    token_id = chooser.choose(logits)
                yield Token(token_id, time.monotonic())
                if remaining:
                    logits = self._forward((token_id,), cache, stop)
        except _Interrupted as interrupted:
            yield Stopped(interrupted.reason)

    # Not around the loop: a generator would leave the mode on in its consumer's code.
    @torch.inference_mode()
    def _forward(self, ids: Sequence[int], cache: DynamicCache, stop: StopSignal) -> torch.Tensor:
        self._watch.stop = stop
        try:
            with self._threads:
                output = self._model(
                    input_ids=torch.tensor((ids,), dtype=torch.long, device=self._device),
                    past_key_values=cache,
                    use_cache=True,
                    logits_to_keep=1,
                )
        finally:
            self._watch.stop = None
        logits: torch.Tensor = output.logits[0, -1]
        return logits


class _Interrupted(Exception):
    def __init__(self, reason: StopReason) -> None:
        super().__init__(reason)
        self.reason = reason


def _raise_if_stopped(stop: StopSignal) -> None:
    if reason := stop.reason():
        raise _Interrupted(reason)


class _Watch(threading.local):
    """The stop signal of the run that is inside the model on this thread."""

    stop: StopSignal | None = None

    def check(self, _module: object, _arguments: object) -> None:
        if self.stop is not None:
            _raise_if_stopped(self.stop)


def shape_of(model: Any) -> Shape:
    """What the chunks depend on, from the model's configuration."""
    config = model.config.get_text_config()
    heads = getattr(config, "num_attention_heads", 1)
    head_size = getattr(config, "head_dim", None) or getattr(config, "hidden_size", 1) // heads
    return Shape(
        parameters=model.num_parameters(exclude_embeddings=True),
        layers=max(1, getattr(config, "num_hidden_layers", 1)),
        attention_width=heads * head_size,
    )
