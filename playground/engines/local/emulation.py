"""Where CUDA is only promised: on ZeroGPU models are placed on "cuda" in a process that has none.

Workers forked later have it. Until then nothing may be computed there, and each thread must be told
of the stand-in before it places a model. Knows no model; who tells threads is set from outside.
"""

from __future__ import annotations

import os
from collections.abc import Callable


def _nothing() -> None:
    pass


tell_thread: Callable[[], None] = _nothing
_placing_process = os.getpid()


def cuda_is_promised() -> bool:
    """Whether "cuda" is a stand-in in this process."""
    zero = os.environ.get("SPACES_ZERO_GPU", "").lower() in ("1", "t", "true")
    return zero and os.getpid() == _placing_process


def tell_threads_by(tell: Callable[[], None]) -> None:
    """Call this first in every thread that loads a model."""
    global tell_thread
    tell_thread = tell
