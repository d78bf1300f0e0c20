"""Qwen3 side by side: what thinking buys you, on your prompt, and what it costs.

`from playground import compare` is the script's door; importing the package alone loads nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playground.script import compare, compare_each, compare_list

__all__ = ["compare", "compare_each", "compare_list"]


def __getattr__(name: str) -> object:
    if name in __all__:
        from playground import script

        return getattr(script, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
