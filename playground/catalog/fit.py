"""Does a model or a pair fit a machine: weights, a context and a margin against free memory.

Pure arithmetic; who measures a machine is in the engine room. The margin is the one that a run
keeps, too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from playground.catalog.checkpoint import Checkpoint, Footprint, footprint
from playground.catalog.names import parse_name

# Left free for everything else: activations of one chunk, the page, other programs' ups and downs.
MARGIN_BYTES = 512 * 2**20
# torch and transformers in memory, on a GPU its context and work space: until they are loaded.
LIBRARIES_BYTES = 512 * 2**20
# With less, a thinking model rarely comes to its answer.
LEAST_CONTEXT = 8192
# Contexts are told in steps of this many tokens.
STEP_TOKENS = 1024

Device = Literal["cuda", "mps", "cpu"]
Verdict = Literal["fits", "shorter", "too_large"]


@dataclass(frozen=True, slots=True)
class Machine:
    """Where models run: its memory in bytes, `held_bytes` of it by models that are loaded now."""

    device: Device
    label: str
    free_bytes: int
    total_bytes: int
    held_bytes: int = 0
    computes_fp8: bool = False
    libraries_loaded: bool = False

    @property
    def available_bytes(self) -> int:
        """What other models could have: loaded ones make way."""
        return max(0, min(self.free_bytes + self.held_bytes, self.total_bytes))


@dataclass(frozen=True, slots=True)
class Fit:
    """The outcome, with all that it was reckoned from.

    `context` is the one that the sum is made for, in tokens: the models' own where it fits, the
    longest that does, or the least that is of use where nothing fits. One lane at a time has it.
    """

    verdict: Verdict
    weight_bytes: int
    token_bytes: int
    context: int
    spare_bytes: int
    machine: Machine

    @property
    def context_bytes(self) -> int:
        """The KV cache of that context."""
        return self.context * self.token_bytes

    @property
    def needed_bytes(self) -> int:
        """All of it."""
        return self.weight_bytes + self.context_bytes + self.spare_bytes


def fit(models: Sequence[Footprint], machine: Machine) -> Fit | None:
    """Whether these models fit together; null when none runs on this machine.

    Weights that are shared count once. Lanes run in turn, so the context counts once, too.
    """
    if not models:
        return None
    weight_bytes = sum({model.weights: model.weight_bytes for model in models}.values())
    spare_bytes = MARGIN_BYTES + (0 if machine.libraries_loaded else LIBRARIES_BYTES)
    wanted = max(model.context for model in models)
    token_bytes = max(1, *(model.token_bytes for model in models))
    most = (machine.available_bytes - weight_bytes - spare_bytes) // token_bytes
    least = min(LEAST_CONTEXT, wanted)
    verdict: Verdict
    if most >= wanted:
        verdict, context = "fits", wanted
    elif most >= least:
        verdict, context = "shorter", max(least, most // STEP_TOKENS * STEP_TOKENS)
    else:
        verdict, context = "too_large", least
    return Fit(verdict, weight_bytes, token_bytes, context, spare_bytes, machine)


def fit_of(
    names: Sequence[str], checkpoint: Callable[[str], Checkpoint | None], machine: Machine
) -> Fit | None:
    """Whether the models of these names fit together; one on a server takes nothing here.

    Null when none runs on this machine, or of one nothing is known.
    """
    models = []
    for name in names:
        parsed = parse_name(name)
        if parsed.place == "server":
            continue
        found = checkpoint(name)
        if found is None:
            return None
        models.append(footprint(parsed, found, machine.computes_fp8))
    return fit(models, machine)
