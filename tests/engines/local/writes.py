"""A decoder that writes what a test tells it to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import cast

from playground.domain.engine import StopReason, StopSignal
from playground.domain.errors import EngineFailed
from playground.engines.local.decoding import Decoder, PromptRead, Put, Step, Stopped, Token
from playground.engines.local.sharing import Hold, Shared
from playground.engines.local.weights import Base, Weights


class Writes:
    """A decoder that writes given ids, one a millisecond, then perhaps stops or breaks.

    What is put in takes the place of as many of them.
    """

    def __init__(
        self,
        ids: Sequence[int],
        reason: StopReason | None = None,
        error: Exception | None = None,
    ) -> None:
        self._ids = list(ids)
        self._reason = reason
        self._error = error
        self._to_put = 0
        self.cached_tokens = 0
        self.prompt_tokens = 0

    @contextmanager
    def open(self, ids: Sequence[int], lane: str, name: str) -> Iterator[Writes]:
        self.prompt_tokens = len(ids)
        yield self

    def put(self, ids: Sequence[int]) -> None:
        self._to_put = len(ids)

    def out_of_memory(self, name: str) -> EngineFailed:
        return EngineFailed(f"{name} ran out of memory. A context of about 7 tokens would fit.")

    def steps(self, chooser: object, limit: int, stop: StopSignal) -> Iterator[Step]:
        yield PromptRead(self.prompt_tokens, 1.0)
        place = 0
        while place < min(limit, len(self._ids)):
            if self._to_put:
                put, self._to_put = self._to_put, 0
                place += put
                yield Put(put, 2.0 + place / 1000)
                continue
            yield Token(self._ids[place], 2.0 + place / 1000)
            place += 1
        if self._error is not None:
            raise self._error
        if self._reason is not None:
            yield Stopped(self._reason)


def held(writes: Writes) -> Hold[Weights]:
    """A hold on it, as on real weights."""
    shared: Shared[Weights] = Shared(lambda _: None, lambda: None)
    weights = Weights(cast(Decoder, writes), cast("Hold[Base]", None))
    return shared.hold("", lambda _: weights, lambda *_: None)
