"""A cache for what is found in texts, without the long ones: those would fill the memory.

Knows nothing of what is looked for.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

MOST_KEPT = 4096
LONGEST_KEPT = 20_000

P = ParamSpec("P")
T = TypeVar("T")


def kept_for_short_texts(find: Callable[P, T]) -> Callable[P, T]:
    """The function with a cache; calls with a longer text are made anew each time."""
    cached = lru_cache(maxsize=MOST_KEPT)(find)

    @wraps(find)
    def found(*arguments: P.args, **named: P.kwargs) -> T:
        texts = (each for each in arguments if isinstance(each, str))
        if any(len(text) > LONGEST_KEPT for text in texts):
            return find(*arguments, **named)
        return cached(*arguments, **named)  # type: ignore[arg-type]

    return found
