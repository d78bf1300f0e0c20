"""One answer of a server as it comes: its events, silences, retries, and how it ended.

Knows no body and no route; reads chunks from whoever has them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from playground.domain.engine import StopSignal
from playground.domain.errors import PromptTooLong
from playground.domain.events import Event, Notice, Tick
from playground.engines.server.chunks import Chunk
from playground.engines.server.connection import Timeouts
from playground.engines.server.endings import ending_of, kept_to_budget
from playground.engines.server.failures import Silent
from playground.engines.server.reader import Reader
from playground.engines.server.room import shortened
from playground.engines.server.tokenize import Chat


class Answer:
    """The answer to one chat. `stops` and the thinking `budget` were sent with it (null: none);
    `context_now` finds out what context the server has loaded."""

    def __init__(
        self,
        chat: Chat,
        stops: tuple[str, ...],
        budget: int | None,
        reader: Reader,
        timeouts: Timeouts,
        context_now: Callable[[], int | None],
    ) -> None:
        self._chat = chat
        self._stops = stops
        self._budget = budget
        self._reader = reader
        self._timeouts = timeouts
        self._context_now = context_now
        self._retries: list[int] = []

    def retried(self, status: int) -> None:
        """The server answered this, and was asked again."""
        self._retries.append(status)

    def read(self, chunks: Iterator[Chunk | None], stop: StopSignal) -> Iterator[Event]:
        """The events, `Ended` last; null is a chunk that did not come yet."""
        reader = self._reader
        asked_s = heard_s = time.monotonic()
        for chunk in chunks:
            now_s = time.monotonic()
            while self._retries:
                status = self._retries.pop(0)
                yield Notice("retried", f"The server answered {status}; it was asked again.")
            if reason := stop.reason():
                yield from reader.end(reason, time.monotonic(), stopped=True)
                return
            if chunk is not None:
                heard_s = now_s
                yield from reader.take(chunk, now_s)
                continue
            yield Tick(now_s)
            self._check_silence(now_s - asked_s, now_s - heard_s)
        if reader.finish is None and not reader.started:
            raise PromptTooLong(
                f"{self._chat.facts.url} ended without a word, which some servers do when the"
                " prompt does not fit. Shorten the prompt, or look at the server's log."
            )
        yield from self._end()

    def _end(self) -> Iterator[Event]:
        reader, profile = self._reader, self._chat.facts.profile
        ended_s = time.monotonic()
        ending, untold = ending_of(reader, profile, self._stops)
        cut = shortened(self._chat.messages, reader.usage, profile, self._context_now)
        yield from (notice for notice in (untold, cut) if notice is not None)
        if self._budget is not None:
            yield from kept_to_budget(self._budget, reader.counts(), reader.closed)
        yield from reader.end(ending, ended_s, stopped=False)

    def _check_silence(self, asked_s: float, heard_s: float) -> None:
        started = self._reader.started
        limit_s = self._timeouts.between_tokens_s if started else self._timeouts.first_token_s
        if (heard_s if started else asked_s) > limit_s:
            raise Silent(limit_s, "BETWEEN_TOKENS" if started else "FIRST_TOKEN")
