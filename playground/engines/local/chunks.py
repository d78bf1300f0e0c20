"""How many prompt tokens are read at once, so that a stop is seen within half a second.

Computed from the model's shape and the kind of device, never measured: another chunking rounds
differently, and the same seed must give the same tokens however busy the machine is. Knows no model
object.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, sqrt

# A slow machine of each kind; a faster one only sees a stop sooner.
CPU_FLOPS_PER_S = 64e9  # 16-bit weights are widened where it has no arithmetic for them
MPS_FLOPS_PER_S = 1e12
CUDA_FLOPS_PER_S = 0.5e12  # by multiprocessor
BUDGET_S = 0.4
MINIMUM, MAXIMUM = 8, 512
# A layer is seven matrix products, the largest of them a quarter of it, and attention, which is
# computed in at least so many pieces: a stop is seen between them on a CPU.
PIECES = 4
# Reading less than this again is not worth a number that depends on what ran before.
WORTH_S = 1.0


@dataclass(frozen=True, slots=True)
class Shape:
    """What reading a token costs: all parameters once, and attention over what came before.

    `flops_per_s` is what the device surely does; `watched` that a stop is seen inside a layer.
    """

    parameters: int
    layers: int
    attention_width: int  # query heads times their size
    flops_per_s: float = CPU_FLOPS_PER_S
    watched: bool = True

    def layer_flops(self, position: int) -> float:
        """Operations in one layer for the token at `position`."""
        return 2 * self.parameters / self.layers + 4 * self.attention_width * position

    def step_flops(self, position: int) -> float:
        """Operations for that token until a stop is seen next."""
        if not self.watched:  # the work of all layers is queued ahead
            return self.layers * self.layer_flops(position)
        products = 2 * self.parameters / self.layers
        return max(products, self.layer_flops(position) - products) / PIECES


def chunk_tokens(shape: Shape, position: int) -> int:
    """Tokens to read at once from `position` on; a power of two."""
    affordable = int(shape.flops_per_s * BUDGET_S / shape.step_flops(position))
    return min(MAXIMUM, max(MINIMUM, 1 << max(0, affordable.bit_length() - 1)))


def needs_watching(shape: Shape) -> bool:
    """Whether a whole chunk may take so long that a stop must be seen inside it."""
    flops = shape.layer_flops(0) * shape.layers * chunk_tokens(shape, 0)
    return shape.watched and flops > shape.flops_per_s * BUDGET_S


def least_reuse(shape: Shape) -> int:
    """How many tokens must be known already for it to be worth their reuse."""
    each, budget = shape.layers * shape.layer_flops(0), shape.flops_per_s * WORTH_S
    growth = shape.layers * (shape.layer_flops(1) - shape.layer_flops(0))
    # The least n for which all n cost so much: n·each + growth·n·(n - 1)/2, attention included.
    linear = each - growth / 2
    return ceil((sqrt(linear**2 + 2 * growth * budget) - linear) / growth)
