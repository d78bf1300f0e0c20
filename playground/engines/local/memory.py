"""How much memory a longer context would need, and whether a device has it.

On a CPU nothing refuses memory in time (the system ends the program), so it is asked before.
Knows devices and bytes; no model, no cache.
"""

from __future__ import annotations

import ctypes
import gc
import os
import sys
from functools import cache

import torch

from playground.catalog.fit import MARGIN_BYTES
from playground.domain.errors import EngineFailed
from playground.engines.local.machine import free_memory_bytes, total_memory_bytes
from playground.words import size

GIB = 2**30


def kept_budget_bytes(device: torch.device) -> int:
    """How much the caches of ended runs may take: PLAYGROUND_KEPT_GIB, else a quarter of it all."""
    asked = os.environ.get("PLAYGROUND_KEPT_GIB", "")
    try:
        return int(max(0.0, float(asked)) * GIB)
    except ValueError:
        return total_bytes(device) // 4


def total_bytes(device: torch.device) -> int:
    """The device's memory."""
    if device.type == "cuda":
        return int(torch.cuda.mem_get_info(device)[1])
    return total_memory_bytes()


def give_back() -> None:
    """Return what was let go of to the system: objects, the devices' stocks, the heap's."""
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    if torch.backends.mps.is_available():
        torch.mps.empty_cache()
    if trim := getattr(_c_library(), "malloc_trim", None):  # glibc's
        trim(0)


@cache
def _c_library() -> ctypes.CDLL | None:
    return ctypes.CDLL(None) if sys.platform == "linux" else None


def is_out_of_memory(exc: Exception) -> bool:
    """Whether any device's memory is used up; only CUDA has an exception of its own."""
    words = str(exc).lower()
    return (
        isinstance(exc, MemoryError | torch.OutOfMemoryError)
        or "out of memory" in words
        or "can't allocate memory" in words
    )


class OutOfMemory(EngineFailed):
    """The context does not fit any more; the message names one that would."""


def free_bytes(device: torch.device) -> int:
    """What can be taken on this device now, the margin left out."""
    if device.type == "cuda":
        free, _ = torch.cuda.mem_get_info(device)
        reserved = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
        return int(free + reserved - MARGIN_BYTES)
    return free_memory_bytes() - MARGIN_BYTES


def does_not_fit(model: str, wanted: int, fits: int, token_bytes: int) -> OutOfMemory:
    """The error of a context of `wanted` tokens where only `fits` fit."""
    needs = f"{size(wanted * token_bytes)} of memory"
    return OutOfMemory(f"A context of {wanted:,} tokens needs {needs} in {model!r}. {advice(fits)}")


def advice(fits: int) -> str:
    """What to do where a context of `fits` tokens fits."""
    if fits <= 0:
        return "Close other programs, or use a smaller model."
    return (
        f"A context of about {fits:,} tokens would fit: shorten the prompt, or lower"
        " max_new_tokens."
    )
