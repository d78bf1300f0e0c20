"""How one more token is read: through transformers' modules, by the weights, or as a recording.

On a GPU the fastest that computes the same is found by measuring; a way that fails there is left
out. On any other device by the weights, where the model is plain. Knows no prompt and no choice.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from inspect import signature
from typing import Any

import torch

from playground.engines.local.attention import attend_last
from playground.engines.local.cache import GrowingCache
from playground.engines.local.emulation import cuda_is_promised
from playground.engines.local.recording import RecordedStep
from playground.engines.local.stepping import Step, step_of

# From a cache with room, and an id, to the logits `[vocabulary]` after it; the cache then holds it.
Way = Callable[[GrowingCache, int], torch.Tensor]

PROMPT_TOKENS = 16
TOKENS = 8
ROUNDS = 3
# A way that comes first is kept unless another one is clearly faster: noise decides nothing.
CLEARLY = 1.1
# Of the largest logit: 16-bit arithmetic in another order differs by less, nonsense by more.
TOLERANCE = 0.05


def way_for(model: Any) -> Way:
    """The way for a model that attends to its whole `GrowingCache` (`attention.use`)."""
    plain, step = through_modules(model), step_of(model)
    if step is None:
        return plain
    scaling: float = model.model.layers[0].self_attn.scaling
    # On ZeroGPU there is nothing to measure on yet, and its workers are too short-lived to compile.
    if model.device.type != "cuda" or cuda_is_promised():
        return by_weights(step, scaling)
    others = (RecordedStep(step.compiled(), scaling).run, RecordedStep(step, scaling).run)
    return fastest(plain, others, lambda: _short_text(model), _cuda_clock)


def reader(model: Any) -> Callable[[Any, Sequence[int]], torch.Tensor]:
    """transformers' own way for any number of ids, with a cache of any kind."""
    argument = cache_argument(model)

    def read(cache: Any, ids: Sequence[int]) -> torch.Tensor:
        output = model(
            input_ids=torch.tensor((ids,), dtype=torch.long, device=model.device),
            use_cache=True,
            logits_to_keep=1,
            **{argument: cache},
        )
        logits: torch.Tensor = output.logits[0, -1]
        return logits

    return read


def through_modules(model: Any) -> Way:
    """transformers' own way for one token."""
    read = reader(model)
    return lambda cache, token_id: read(cache, (token_id,))


def by_weights(step: Step, scaling: float) -> Way:
    """The step as it is, without recording."""

    def read(cache: GrowingCache, token_id: int) -> torch.Tensor:
        def attend(
            number: int, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor
        ) -> torch.Tensor:
            keys, values = cache.update(key, value, number)
            return attend_last(query, keys, values, scaling)

        ids = torch.tensor(((token_id,),), device=step.head.device)
        return step.run(ids, torch.full_like(ids, cache.length), attend)

    return read


@torch.inference_mode()
def fastest(
    plain: Way,
    others: Sequence[Way],
    new_text: Callable[[], GrowingCache],
    clock: Callable[[], float],
) -> Way:
    """The fastest way that comes to the logits of `plain`; among equals the first of `others`."""
    expected, plain_s = _measured(plain, new_text, clock)
    right: list[tuple[float, Way]] = []
    for way in others:
        try:
            logits, seconds = _measured(way, new_text, clock)
        except Exception:  # no compiler, no memory, an operation that cannot be recorded
            continue
        if (logits - expected).abs().max() <= TOLERANCE * expected.abs().max():
            right.append((seconds, way))
    right.append((plain_s, plain))
    best_s = min(seconds for seconds, _ in right)
    return next(way for seconds, way in right if seconds <= CLEARLY * best_s)


def _measured(
    way: Way, new_text: Callable[[], GrowingCache], clock: Callable[[], float]
) -> tuple[torch.Tensor, float]:
    """The logits after some tokens, and the seconds that they took."""
    cache = new_text()
    rounds = []  # the first compiles and records: the median leaves it out
    for _ in range(ROUNDS):
        began_s = clock()
        for token_id in range(TOKENS):
            logits = way(cache, token_id)
        rounds.append(clock() - began_s)
    return logits.float().clone(), statistics.median(rounds)


def _short_text(model: Any) -> GrowingCache:
    """A cache with a short text in it and room for more."""
    cache = GrowingCache(len(model.model.layers), zeroed=True)
    cache.reserve(PROMPT_TOKENS + ROUNDS * TOKENS)
    reader(model)(cache, range(PROMPT_TOKENS))
    return cache


def _cuda_clock() -> float:
    torch.cuda.synchronize()
    return time.perf_counter()


def cache_argument(model: Any) -> str:
    """How `model` calls its cache: transformers 5.24 renamed it, architecture by architecture."""
    return "cache" if "cache" in signature(model.forward).parameters else "past_key_values"
