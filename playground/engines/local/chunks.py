"""How many prompt tokens are read at once, so that a stop is seen within half a second.

Computed from the model's shape and never measured: another chunking rounds differently, and the
same seed must give the same tokens however busy the machine is. Knows no model object.
"""

from __future__ import annotations

from dataclasses import dataclass

# A slow machine of each kind; a faster one only sees a stop sooner.
FLOPS_PER_S = {"cpu": 20e9, "mps": 1e12, "cuda": 10e12}
BUDGET_S = 0.4
MINIMUM, MAXIMUM = 8, 512


@dataclass(frozen=True, slots=True)
class Shape:
    """What reading a token costs: all parameters once, and attention over what came before."""

    parameters: int
    layers: int
    attention_width: int  # query heads times their size

    def layer_flops(self, position: int) -> float:
        """Operations in one layer for the token at `position`."""
        return 2 * self.parameters / self.layers + 4 * self.attention_width * position


def chunk_tokens(shape: Shape, device: str, position: int) -> int:
    """Tokens to read at once from `position` on; a power of two.

    On a CPU a stop is also seen between layers, so the budget is one layer's; elsewhere the work
    is queued ahead and the budget is the whole chunk's.
    """
    steps = 1 if device == "cpu" else shape.layers
    flops = FLOPS_PER_S.get(device, FLOPS_PER_S["cpu"]) * BUDGET_S
    affordable = int(flops / (shape.layer_flops(position) * steps))
    return min(MAXIMUM, max(MINIMUM, 1 << max(0, affordable.bit_length() - 1)))


def needs_watching(shape: Shape, device: str) -> bool:
    """Whether a whole chunk may take so long that a stop must be seen inside it."""
    flops = shape.layer_flops(0) * shape.layers * chunk_tokens(shape, device, 0)
    return device == "cpu" and flops > FLOPS_PER_S["cpu"] * BUDGET_S
