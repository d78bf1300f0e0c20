"""Locks that are free in a forked worker, whoever held them in the parent at that moment.

ZeroGPU forks the process out of a thread while others go on; a lock that one of these holds would
stay locked for ever in the worker. Knows nothing of what is locked.
"""

from __future__ import annotations

import os
from typing import Any, TypeVar
from weakref import WeakSet

T = TypeVar("T")
_locks: WeakSet[Any] = WeakSet()


def free_after_fork(lock: T) -> T:
    """This lock (or condition), made anew in every forked child."""
    _locks.add(lock)
    return lock


def _free_all() -> None:
    for lock in _locks:
        lock._at_fork_reinit()  # as the standard library does with its own


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_free_all)
