"""Generated ids become text events; each id is counted once, as what it turned out to be.

Puts splitter, stop strings and detokenizer together. Knows neither the model nor when to end.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import assert_never

from playground.domain.events import Counts, Event, Part, Text, ThoughtClosed, ThoughtOpened
from playground.engines.local.detokenizer import Detokenizer
from playground.engines.splitter import Start, StopStrings, TokenSplitter


class WrittenOutput:
    """One run's output as it grows. `start` is what the prompt's end leaves open."""

    def __init__(
        self,
        start: Start,
        tags: tuple[int | None, int | None],
        new_detokenizer: Callable[[], Detokenizer],
        stop_strings: tuple[str, ...],
    ) -> None:
        self._splitter = TokenSplitter(start, *tags)
        self._detokenizer = new_detokenizer()
        self._stop_strings = StopStrings(stop_strings)
        self._tokens: dict[Part, int] = {"thinking": 0, "answer": 0}
        self._markers = 0
        self._forced = 0
        self._before = Counts()
        self._said = 0  # characters that are held back again, though the earlier run showed them
        # In characters of the answer: how many are decoded, how many are out, and where the text
        # of each token that is not out yet begins.
        self._decoded = 0
        self._out = 0
        self._held: deque[int] = deque()

    @property
    def stopped(self) -> bool:
        """A stop string was found."""
        return self._stop_strings.found is not None

    @property
    def thinks(self) -> bool:
        """The thought is open."""
        return self._splitter.part == "thinking"

    @property
    def thinking_tokens(self) -> int:
        """So many so far, those of earlier segments included."""
        return self._tokens["thinking"]

    def go_on_from(self, ids: Sequence[int]) -> None:
        """Take in what an earlier run wrote: it is neither said nor counted again."""
        for token_id in ids:
            for _ in self.take(token_id, 0.0):
                pass
        self._before = self._counted()
        self._said = self._stop_strings.held_characters

    def take(self, token_id: int, at_s: float) -> Iterator[Event]:
        """One generated id that does not end the turn."""
        match self._splitter.take(token_id):
            case "open":
                self._markers += 1
                yield ThoughtOpened(at_s)
            case "close":
                self._markers += 1
                yield from self._end_thought(at_s)
                yield ThoughtClosed(at_s)
            case "thinking":
                self._tokens["thinking"] += 1
                yield Text("thinking", self._detokenizer.feed(token_id), 1, at_s)
            case "answer":
                self._tokens["answer"] += 1
                self._held.append(self._decoded)
                yield Text("answer", self._answer(self._detokenizer.feed(token_id)), 1, at_s)
            case other:
                assert_never(other)

    def close(self, tokens: int, at_s: float) -> Iterator[Event]:
        """So many ids of ours were put in, and the thought is closed."""
        self._forced += tokens
        self._splitter.part = "answer"
        yield from self._end_thought(at_s)
        yield ThoughtClosed(at_s, forced=True, tokens=tokens)

    def take_end(self) -> None:
        """The end of the turn: an id without text."""
        self._markers += 1

    def flush(self, at_s: float) -> Iterator[Event]:
        """What was held back, at the end of the run."""
        if self.stopped:
            return
        tail = self._detokenizer.flush()
        if self._splitter.part == "answer":
            tail = self._answer(tail)
            tail += self._unsaid(self._stop_strings.flush())
        if tail:
            yield Text(self._splitter.part, tail, 0, at_s)

    def counts(self) -> Counts:
        """All new ids so far by what they were."""
        now, before = self._counted(), self._before
        return Counts(
            now.thinking - before.thinking,
            now.answer - before.answer,
            now.marker - before.marker,
            now.forced - before.forced,
        )

    def _unsaid(self, text: str) -> str:
        said = min(self._said, len(text))
        self._said -= said
        return text[said:]

    def _counted(self) -> Counts:
        return Counts(self._tokens["thinking"], self._tokens["answer"], self._markers, self._forced)

    def _end_thought(self, at_s: float) -> Iterator[Event]:
        if tail := self._detokenizer.flush():
            yield Text("thinking", tail, 0, at_s)

    def _answer(self, text: str) -> str:
        """The part of the answer that is certain now; a swallowed token becomes a marker."""
        self._splitter.saw_text(text)
        self._decoded += len(text)
        certain = self._stop_strings.feed(text)
        self._out += len(certain)
        certain = self._unsaid(certain)
        while self._held and self._held[0] < self._out:
            self._held.popleft()
        if self.stopped:
            self._tokens["answer"] -= len(self._held)
            self._markers += len(self._held)
        return certain
