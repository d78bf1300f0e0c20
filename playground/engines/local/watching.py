"""Sees a stop inside a long step of a model: between its layers' matrix products.

Knows stop signals and modules, not what they compute.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from torch.nn import Linear, Module

from playground.domain.engine import StopReason, StopSignal


class Interrupted(Exception):
    """The stop signal was seen."""

    def __init__(self, reason: StopReason) -> None:
        super().__init__(reason)
        self.reason = reason


def raise_if_stopped(stop: StopSignal) -> None:
    """Raise Interrupted with the signal's reason, if it has one."""
    if reason := stop.reason():
        raise Interrupted(reason)


class _Current(threading.local):
    stop: StopSignal | None = None


_current = _Current()


@contextmanager
def watching(stop: StopSignal | None) -> Iterator[None]:
    """Let `check` see this signal, on this thread; null: there is nothing to check."""
    _current.stop = stop
    try:
        yield
    finally:
        _current.stop = None


def check(*_: object) -> None:
    """Raise Interrupted if the run that is inside a model on this thread must stop."""
    if _current.stop is not None:
        raise_if_stopped(_current.stop)


def follow(model: Any) -> None:
    """Check before each layer and each matrix product of `model`."""
    for layer in getattr(model.base_model, "layers", ()):
        _check_before(layer)
        for part in layer.modules():
            if isinstance(part, Linear):
                _check_before(part)


def _check_before(module: Module) -> None:
    if check not in module._forward_pre_hooks.values():  # a twin of a followed model has it
        module.register_forward_pre_hook(check)
