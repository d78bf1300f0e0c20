"""Local models that nobody has run for a while are unloaded; the next run loads them again.

Knows clocks and engines, nothing of who runs them.
"""

from __future__ import annotations

import threading
import time

from playground.engines import local_engines

CHECK_S = 15.0


def unload_when_idle(idle_s: float, ended: threading.Event) -> None:
    """Look now and then, in the background, until `ended` is set."""

    def look() -> None:
        while not ended.wait(min(CHECK_S, idle_s)):
            unload_idle(idle_s, time.monotonic())

    threading.Thread(target=look, daemon=True, name="unload").start()


def unload_idle(idle_s: float, now_s: float) -> None:
    """Free the memory of what has not run for so long, by the monotonic clock."""
    for engine in local_engines().values():
        since_s = engine.unused_since_s()
        if since_s is not None and now_s - since_s >= idle_s:
            engine.unload()
