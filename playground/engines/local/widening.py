"""Matrix products of 16-bit weights in fp32, each weight widened as it is used.

Processors without 16-bit arithmetic multiply 16-bit matrices several times slower than fp32 ones.
Widening piece by piece costs no second copy of the weights, and pays from some tens of rows on:
for reading prompts, not for writing. Knows no model.
"""

from __future__ import annotations

import platform
from functools import cache

import torch
from torch.nn import Linear
from torch.nn.functional import linear

# Below, widening costs more than it saves (measured between 32 and 64 rows).
LEAST_ROWS = 48
# A piece of the weight that stays in a processor's cache once it is widened.
PIECE_BYTES = 4_000_000


class WideningLinear(Linear):
    """A `Linear` of 16-bit weights that multiplies many rows in fp32."""

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        """`[..., in]` to `[..., out]`, in the weights' type."""
        if input.numel() < LEAST_ROWS * self.in_features:
            return linear(input, self.weight, self.bias)
        wide = input.float()
        output = input.new_empty((*input.shape[:-1], self.out_features))
        rows = max(1, PIECE_BYTES // (4 * self.in_features))
        for start in range(0, self.out_features, rows):
            piece = slice(start, start + rows)
            bias = None if self.bias is None else self.bias[piece].float()
            output[..., piece] = linear(wide, self.weight[piece].float(), bias)
        return output


def widen(module: torch.nn.Module) -> None:
    """Make every plain 16-bit `Linear` in `module` a `WideningLinear`; the weights stay."""
    for part in module.modules():
        if type(part) is Linear and _is_plain(part.weight):
            part.__class__ = WideningLinear


def _is_plain(weight: torch.Tensor) -> bool:
    # A quantized weight says that it is of the type that it stands for, too.
    plain = type(weight.data) is torch.Tensor
    return plain and weight.dtype in (torch.bfloat16, torch.float16)


@cache
def pays(device: str, dtype: torch.dtype) -> bool:
    """Whether the processor lacks arithmetic of this type."""
    # By what it can do, never by a measurement: the same seed must give the same tokens.
    if device != "cpu" or dtype not in (torch.bfloat16, torch.float16):
        return False
    if dtype == torch.float16:
        return not torch.ops.mkldnn._is_mkldnn_fp16_supported()
    emulated = platform.machine() in ("x86_64", "AMD64") and not (
        torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
    )
    return emulated or not torch.ops.mkldnn._is_mkldnn_bf16_supported()
