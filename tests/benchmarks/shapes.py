"""Models of true shape with random weights, for benchmarks: `build("4b")`."""

from __future__ import annotations

import copy
from typing import Any

import torch
from transformers import Qwen3Config, Qwen3ForCausalLM

_QWEN3: dict[str, Any] = {
    "vocab_size": 151_936,
    "num_key_value_heads": 8,
    "head_dim": 128,
    "tie_word_embeddings": True,
    "eos_token_id": None,
}
SHAPES: dict[str, dict[str, Any]] = {
    "demo": {
        "vocab_size": 512,
        "hidden_size": 192,
        "intermediate_size": 512,
        "num_hidden_layers": 5,
        "num_attention_heads": 6,
        "num_key_value_heads": 2,
        "head_dim": 32,
        "max_position_embeddings": 2048,
        "tie_word_embeddings": True,
        "eos_token_id": None,
    },
    "0.6b": {
        **_QWEN3,
        "hidden_size": 1024,
        "intermediate_size": 3072,
        "num_hidden_layers": 28,
        "num_attention_heads": 16,
        "max_position_embeddings": 40_960,
    },
    "4b": {
        **_QWEN3,
        "hidden_size": 2560,
        "intermediate_size": 9728,
        "num_hidden_layers": 36,
        "num_attention_heads": 32,
        "max_position_embeddings": 262_144,
        "rope_parameters": {"rope_type": "default", "rope_theta": 5e6},
    },
}


def config_of(shape: str, layers: int | None = None) -> Qwen3Config:
    """The configuration of this shape, perhaps with fewer layers."""
    fewer = {} if layers is None else {"num_hidden_layers": layers}
    return Qwen3Config(**{**SHAPES[shape], **fewer})


def build(shape: str, device: str = "cpu", layers: int | None = None) -> Any:
    """A model of this shape with random weights: bf16, the built-in pair's fp32 as it runs."""
    torch.manual_seed(0)
    dtype = torch.float32 if shape == "demo" else torch.bfloat16
    with torch.device(device):
        return Qwen3ForCausalLM._from_config(config_of(shape, layers), dtype=dtype).eval()


def twin(model: Any) -> Any:
    """The same weights in modules of their own, in which our loop changes nothing."""
    shared = {id(part): part for part in (*model.parameters(), *model.buffers())}
    return copy.deepcopy(model, shared)


class NeverStop:
    """A stop signal that nobody raises."""

    def reason(self) -> None:
        return None

    def closes_thought(self) -> bool:
        return False
