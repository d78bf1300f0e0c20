"""How many processor threads a model's arithmetic uses, set around each step of a run.

A small model's operations are so short that handing them to a second thread costs more than it
saves: tenfold when another program or the other lane is busy. Knows no model object.
"""

from __future__ import annotations

from types import TracebackType

import torch

# What the machine and the user's environment allow, read before anything changes it.
ALL = torch.get_num_threads()
SMALL_PARAMETERS = 20_000_000


class Threads:
    """`with Threads(n):` limits this thread's arithmetic to `n` threads; holds no state, so that
    any number of runs may share one."""

    def __init__(self, count: int) -> None:
        self._count = count

    def __enter__(self) -> None:
        # PyTorch keeps the count per thread; a run sets its own before each step.
        torch.set_num_threads(self._count)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        torch.set_num_threads(ALL)


def threads_for(parameters: int, device: str) -> int:
    """One for a small model on a CPU, all otherwise."""
    return 1 if device == "cpu" and parameters < SMALL_PARAMETERS else ALL
