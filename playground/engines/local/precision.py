"""In which type a model's weights are loaded: what its name asks for, as far as its files allow.

Imports torchao and bitsandbytes only where they are asked for. Knows no folder and no device but
by what it computes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any

import torch
from transformers import BitsAndBytesConfig, FineGrainedFP8Config, TorchAoConfig

from playground.catalog import ModelName
from playground.engines.local.quantizing import QUANTIZERS, check_quantization, stored_as

DTYPES = {"bf16": torch.bfloat16, "fp16": torch.float16, "fp32": torch.float32}
FP8_CAPABILITY = (8, 9)


@dataclass(frozen=True, slots=True)
class Precision:
    """How to load: `dtype` (null: as stored) and transformers' `quantization` go to it.

    `said` makes the words for what runs from the type that is computed with. `packed` are weights
    that stay quantized in memory, by `library` where one is needed.
    """

    dtype: torch.dtype | None
    quantization: Any | None
    said: Callable[[str], str]
    packed: bool = False
    library: str | None = None

    @property
    def versions(self) -> tuple[tuple[str, str], ...]:
        """The library and its version, where there is one."""
        try:
            return ((self.library, version(self.library)),) if self.library else ()
        except PackageNotFoundError:
            return ()


def precision_for(name: ModelName, config: Mapping[str, Any]) -> Precision:
    """What to load a checkpoint with this configuration as. Raises BadRequest, ModelUnusable."""
    check_quantization(name, config)
    asked = name.option("dtype") or "auto"
    dtype, method = DTYPES.get(asked), stored_as(config)
    if asked in QUANTIZERS:
        return _quantized_here(asked)
    if method == "fp8":
        return _from_fp8(dtype)
    if method is None:
        return Precision(dtype, None, lambda computed: computed)
    kind = _bits(config["quantization_config"]) if method == "bitsandbytes" else method
    return Precision(
        dtype, None, lambda computed: f"{kind} weights, {computed} ({method})", True, method
    )


def computes_fp8() -> bool:
    """Whether the device in use multiplies FP8 matrices as transformers does: its kernels too."""
    if not torch.cuda.is_available() or find_spec("kernels") is None:
        return False
    return torch.cuda.get_device_capability() >= FP8_CAPABILITY and _has_fp8_kernels()


def _has_fp8_kernels() -> bool:
    from transformers.integrations import finegrained_fp8

    try:
        finegrained_fp8.load_finegrained_fp8_kernel()
    except Exception:  # none for this torch, or not on this machine and no network
        return False
    return True


def _from_fp8(dtype: torch.dtype | None) -> Precision:
    if dtype is None and computes_fp8():
        return Precision(None, None, lambda computed: f"FP8 weights, {computed}", packed=True)
    # Said outright: transformers would do so by itself on a CPU, but not where kernels are missing.
    return Precision(
        dtype or torch.bfloat16,
        FineGrainedFP8Config(dequantize=True),
        lambda computed: f"{computed} (from FP8)",
    )


def _quantized_here(asked: str) -> Precision:
    library = QUANTIZERS[asked]
    quantization: Any
    if asked == "int8":
        from torchao.quantization import Int8WeightOnlyConfig

        kind, quantization = "int8", TorchAoConfig(Int8WeightOnlyConfig())
    else:
        kind = "nf4"
        quantization = BitsAndBytesConfig(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_compute_dtype=torch.bfloat16,
        )
    return Precision(
        None,
        quantization,
        lambda computed: f"{kind} weights, {computed} ({library})",
        True,
        library,
    )


def _bits(stored: Mapping[str, Any]) -> str:
    return str(stored.get("bnb_4bit_quant_type", "4-bit")) if stored.get("load_in_4bit") else "int8"
