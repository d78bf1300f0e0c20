"""The two models that a pair's name means on this machine: `auto` is Qwen3-4B where that is here.

Wires the catalog to what is on disk and what fits. Downloads nothing, imports no torch.
"""

from __future__ import annotations

from playground.catalog import AUTO, DEFAULT_PAIR, PAIRS, pair
from playground.catalog.judging import ModelTools, judged
from playground.domain.errors import BadRequest
from playground.domain.request import Lane
from playground.engines import checkpoint, machine, obstacle, on_disk

PAIR_CHOICES = (AUTO, *PAIRS)
BEST = "qwen3-4b"
MODEL_TOOLS = ModelTools(machine, checkpoint, on_disk, obstacle)


def models_of(name: str, tools: ModelTools = MODEL_TOOLS) -> dict[Lane, str]:
    """The two model names of a pair, or of what `auto` means here. Raises BadRequest."""
    if name == AUTO:
        return pair(BEST if best_is_ready(tools) else DEFAULT_PAIR)
    if name not in PAIRS:
        raise BadRequest(f"Unknown pair {name!r}. Use one of: {', '.join(PAIR_CHOICES)}.")
    return pair(name)


def best_is_ready(tools: ModelTools) -> bool:
    """Whether both models of Qwen3-4B are on disk, whole, and fit what is free now."""
    names = PAIRS[BEST]
    if any(tools.on_disk(name).state != "whole" for name in names):
        return False  # the usual case, without a look at the machine
    found = judged(names, tools, tools.machine()).fit
    return found is not None and found.verdict != "too_large"
