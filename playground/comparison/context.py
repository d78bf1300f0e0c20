"""A stream that runs in one context of its own, whoever pulls it. Knows nothing of what streams.

A web framework may pull each step of a generator in another copy of its context; what a step has
set would be gone in the next.
"""

from __future__ import annotations

from collections.abc import Generator
from contextvars import copy_context
from typing import TypeVar

from playground.domain.visitor import Visitor, serve

T = TypeVar("T")


def in_own_context(stream: Generator[T, None, None], visitor: Visitor) -> Generator[T, None, None]:
    """`stream`, each step of it in the same context, which knows the visitor."""
    context = copy_context()
    context.run(serve, visitor)
    try:
        while True:
            try:
                item = context.run(next, stream)
            except StopIteration:
                return
            yield item
    finally:
        context.run(stream.close)
