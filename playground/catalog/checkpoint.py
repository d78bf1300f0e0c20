"""What a model takes in memory, by how its checkpoint is stored and what it is loaded as.

Pure arithmetic over numbers of weights; knows no disk, no device and no torch.
"""

from __future__ import annotations

from dataclasses import dataclass

from playground.catalog.data import KnownModel, Quantized
from playground.catalog.names import ModelName

HALF_BYTES = 2
# Bytes of one number by the name's option `dtype`. Quantizers keep the embedding at 16 bits.
DTYPE_BYTES = {"bf16": 2.0, "fp16": 2.0, "fp32": 4.0}
QUANTIZED_BYTES = {"int8": 1.0, "int4": 0.5 + 4 / 128}  # and a scale for each 128 numbers


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A model's files in numbers.

    `weight_bytes` as stored, each tensor once; `embedding` numbers stay at 16 bits when others are
    quantized; `token_numbers` are the keys and values of one token in all layers; `item_bytes` is
    the width that it is computed with, `context` in tokens.
    """

    parameters: int
    embedding: int
    weight_bytes: int
    token_numbers: int
    context: int
    item_bytes: float = HALF_BYTES
    quantized: Quantized | None = None


@dataclass(frozen=True, slots=True)
class Footprint:
    """What a model takes on one machine. Models with the same `weights` share them."""

    weights: str
    weight_bytes: int
    token_bytes: int
    context: int


def checkpoint_of(entry: KnownModel) -> Checkpoint | None:
    """The checkpoint of a model of the catalog; null where the entry has no sizes."""
    if entry.shape is None or not (entry.parameters and entry.weight_bytes and entry.token_bytes):
        return None
    return Checkpoint(
        parameters=entry.parameters,
        embedding=entry.shape.vocabulary * entry.shape.hidden,
        weight_bytes=entry.weight_bytes,
        token_numbers=entry.token_bytes // HALF_BYTES,
        context=entry.context or 0,
        quantized=entry.quantized,
    )


def footprint(name: ModelName, checkpoint: Checkpoint, computes_fp8: bool) -> Footprint:
    """What the model of this name takes where FP8 is computed, or else dequantized to 16 bits."""
    asked = name.option("dtype")
    width = DTYPE_BYTES.get(asked or "", checkpoint.item_bytes)
    weight_bytes = float(checkpoint.weight_bytes)
    if asked in QUANTIZED_BYTES:
        rest = checkpoint.parameters - checkpoint.embedding
        weight_bytes = rest * QUANTIZED_BYTES[asked] + checkpoint.embedding * HALF_BYTES
    elif checkpoint.quantized is None or (checkpoint.quantized == "fp8" and not computes_fp8):
        weight_bytes = checkpoint.parameters * width
    context = checkpoint.context if name.context is None else name.context
    return Footprint(
        weights=_weights(name),
        weight_bytes=round(weight_bytes),
        token_bytes=round(checkpoint.token_numbers * width),
        context=context,
    )


def _weights(name: ModelName) -> str:
    """What names the weights: not the thinking, which is the template's, nor the context."""
    options = tuple(option for option in name.options if option[0] in ("dtype", "hub"))
    return str(ModelName(name.where, name.place, name.revision, options=options))
