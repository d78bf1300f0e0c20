"""Whether a model's weights fit on its device before they are loaded, and what would fit instead.

On a CPU the system ends a program that takes too much, so it is asked before. Weights that stay
mapped from their files take nothing that the system could not have back: those always fit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from playground.catalog import KNOWN, ModelName
from playground.catalog.checkpoint import Checkpoint, footprint
from playground.domain.errors import ModelUnusable
from playground.engines.local.checkpoint import read_checkpoint
from playground.engines.local.decoding import KEPT
from playground.engines.local.memory import free_bytes, give_back
from playground.engines.local.precision import Precision
from playground.words import size

LEANER = ("bf16", "int8", "int4")


def check_room(
    name: ModelName, folder: Path, config: Mapping[str, Any], precision: Precision, device: str
) -> None:
    """Raise ModelUnusable unless there is memory for the weights; kept caches make way."""
    checkpoint = read_checkpoint(folder)
    if checkpoint is None or (device == "cpu" and _stays_mapped(precision, config)):
        return
    needed = _weight_bytes(name, checkpoint, precision.packed)
    if needed > free_bytes(torch.device(device)):
        KEPT.give_up()
        give_back()
    if needed > free_bytes(torch.device(device)):
        raise too_large(name, folder, device)


def too_large(name: ModelName, folder: Path, device: str) -> ModelUnusable:
    """The error of weights that do not fit; it names what would."""
    free = max(0, free_bytes(torch.device(device)))
    checkpoint = read_checkpoint(folder)
    if checkpoint is None:
        needs, fits = "", []
    else:
        needed = _weight_bytes(name, checkpoint, packed=False)
        needs = f": its weights take {size(needed)}, and {size(free)} are free"
        fits = _leaner(name, checkpoint, min(needed - 1, free))
    fits += _smaller(free) if not fits else []
    instead = f"use {', '.join(fits)}, or" if fits else "use"
    return ModelUnusable(
        f"{str(name)!r} does not fit into memory{needs}. Free some, {instead} a model on a server."
    )


def _stays_mapped(precision: Precision, config: Mapping[str, Any]) -> bool:
    stored = config.get("dtype") or config.get("torch_dtype")
    same = precision.dtype is None or str(precision.dtype) == f"torch.{stored}"
    return same and precision.quantization is None and not precision.packed


def _weight_bytes(name: ModelName, checkpoint: Checkpoint, packed: bool) -> int:
    return footprint(name, checkpoint, computes_fp8=packed).weight_bytes


def _leaner(name: ModelName, checkpoint: Checkpoint, most: int) -> list[str]:
    """The same model in types of which no more than so many bytes would be taken."""
    if checkpoint.quantized is not None:
        return []
    rest = tuple(option for option in name.options if option[0] != "dtype")
    fits = []
    for dtype in LEANER:
        options = tuple(sorted((*rest, ("dtype", dtype))))
        taken = _weight_bytes(replace(name, options=options), checkpoint, packed=True)
        if taken <= most:
            fits.append(f"?dtype={dtype} ({size(taken)})")
    return fits


def _smaller(most: int) -> list[str]:
    """The largest model of the catalog that fits."""
    fits = [(known.weight_bytes or 0, name) for name, known in KNOWN.items() if "/" in name]
    best = max((pair for pair in fits if 0 < pair[0] <= most), default=None)
    return [] if best is None else [f"{best[1]} ({size(best[0])})"]
