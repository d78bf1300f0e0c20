"""A model's folder in numbers: parameters, bytes, what a token takes, read from its small files.

Of the weights only the headers are read. Knows neither torch nor the Hub.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import Any

from playground.catalog.checkpoint import HALF_BYTES, Checkpoint
from playground.domain.errors import ModelUnusable
from playground.engines.local.folder import read_json, weight_files

# Packed weights: of these kinds the tensors' shapes are not the numbers that they stand for.
_PACKED_NUMBERS = {"U8": 2}
_WIDE = {"F32": 4.0, "F64": 4.0}
_HEADS = ("lm_head.weight",)


def read_checkpoint(folder: Path) -> Checkpoint | None:
    """The numbers of the model in `folder`; null where its files do not tell them."""
    try:
        config = read_json(folder / "config.json")
        tensors = _tensors(weight_files(folder))
    except (ModelUnusable, OSError, ValueError, struct.error):
        return None
    text = config.get("text_config")
    measures = {**config, **text} if isinstance(text, dict) else config
    token_numbers = _token_numbers(measures)
    if token_numbers is None or not tensors:
        return None
    if config.get("tie_word_embeddings"):
        tensors = {name: entry for name, entry in tensors.items() if name not in _HEADS}
    quantized = _quantized(config)
    kinds = [entry["dtype"] for entry in tensors.values()]
    return Checkpoint(
        parameters=sum(_numbers(name, entry, quantized) for name, entry in tensors.items()),
        embedding=int(measures.get("vocab_size", 0)) * int(measures.get("hidden_size", 0)),
        weight_bytes=sum(_bytes(entry) for entry in tensors.values()),
        token_numbers=token_numbers,
        context=int(measures.get("max_position_embeddings") or 0),
        item_bytes=HALF_BYTES if quantized else _WIDE.get(max(kinds, key=kinds.count), HALF_BYTES),
        quantized=quantized,
    )


def _tensors(files: list[Path]) -> dict[str, dict[str, Any]]:
    """Every tensor's name with its type, shape and place, from the heads of the files."""
    found: dict[str, dict[str, Any]] = {}
    for path in files:
        if path.suffix != ".safetensors":
            raise ValueError(f"{path.name!r} has no header to read")
        with path.open("rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            found |= json.loads(file.read(min(length, path.stat().st_size)))
    found.pop("__metadata__", None)
    return found


def _token_numbers(measures: Mapping[str, Any]) -> int | None:
    """Keys and values of one token in all layers."""
    try:
        heads = measures["num_attention_heads"]
        kv_heads = measures.get("num_key_value_heads") or heads
        head_size = measures.get("head_dim") or measures["hidden_size"] // heads
        return int(2 * measures["num_hidden_layers"] * kv_heads * head_size)
    except (KeyError, TypeError, ZeroDivisionError):
        return None


def _quantized(config: Mapping[str, Any]) -> Any:
    """How the weights are quantized: fp8, 4bit, or null."""
    found = config.get("quantization_config")
    if not isinstance(found, dict):
        return None
    if found.get("quant_method") == "fp8":
        return "fp8"
    return "4bit" if found.get("load_in_4bit") or found.get("quant_method") == "awq" else None


def _numbers(name: str, entry: Mapping[str, Any], quantized: Any) -> int:
    """The weights that a tensor stands for; scales of quantized ones are none."""
    if quantized and not name.endswith((".weight", ".bias")):
        return 0
    return int(prod(entry["shape"])) * _PACKED_NUMBERS.get(entry["dtype"], 1)


def _bytes(entry: Mapping[str, Any]) -> int:
    start, end = entry["data_offsets"]
    return int(end) - int(start)
