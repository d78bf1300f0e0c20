"""How long a model's context is, and how far its positions can be stretched (YaRN).

Reads a configuration as JSON; knows no torch, no weights and no memory.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

from playground.catalog.names import ModelName
from playground.domain.errors import BadRequest

# Qwen3's hybrids (their cards, "Processing Long Texts"): trained on 32,768 tokens and good for that
# much prompt and 8,192 of answer; with YaRN, by a factor as small as will do, for 131,072.
HYBRIDS = ("qwen3", "qwen3_moe")
HYBRID_NATIVE = 40_960
HYBRID_ORIGINAL = 32_768
HYBRID_LONGEST = 131_072


@dataclass(frozen=True, slots=True)
class Context:
    """`tokens` is the limit, null where nothing says so; `yarn` the factor, null for none."""

    tokens: int | None
    yarn: int | None = None


def context_for(name: ModelName, config: Mapping[str, Any]) -> Context:
    """The context that the name asks for, or the model's own. Raises BadRequest."""
    native = _native(config)
    asked = name.context
    if asked is None or native is None:
        return Context(asked or native)
    if asked <= native:
        return Context(asked)
    longest = HYBRID_LONGEST if _can_be_stretched(config, native) else native
    if asked > longest:
        raise BadRequest(
            f"context is {asked:,} in {str(name)!r}, but this model reads at most {longest:,}"
            f" tokens. Use context={longest} or less."
        )
    return Context(asked, ceil(asked / HYBRID_ORIGINAL))


def yarn_parameters(rope: Mapping[str, Any], factor: int) -> dict[str, Any]:
    """The rotations' parameters, as transformers 5 has them, stretched by `factor`."""
    return {
        **rope,
        "rope_type": "yarn",
        "factor": float(factor),
        "original_max_position_embeddings": HYBRID_ORIGINAL,
    }


def _can_be_stretched(config: Mapping[str, Any], native: int) -> bool:
    rope = config.get("rope_parameters") or config.get("rope_scaling") or {}
    kind = rope.get("rope_type", rope.get("type", "default"))
    return (
        config.get("model_type") in HYBRIDS
        and native == HYBRID_NATIVE
        and kind in ("default", None)
    )


def _native(config: Mapping[str, Any]) -> int | None:
    text_config = config.get("text_config")
    for part in (config, text_config if isinstance(text_config, dict) else {}):
        value = part.get("max_position_embeddings")
        if isinstance(value, int) and value > 0:
            return value
    return None
