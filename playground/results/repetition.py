"""Notices that a growing text repeats itself exactly, over and over: a model that runs in circles.

Looks at the text alone, a little at a time, so that a long one costs no more per token than a short
one. Counting up ("Step 1, step 2, …") is no repetition. Knows no model and never stops a run.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from playground.domain.events import Notice

ALARM_TOKENS = 300  # a matrix of zeros or a table of empty rows is shorter, as a rule
LOOK_TOKENS = 32  # between two looks
_TAIL = 24_000  # characters that are looked at: three times the longest period, and its tokens
_NEEDLE = 24
_MOST_TRIES = 200


@dataclass(frozen=True, slots=True)
class Repetition:
    """The text has repeated its last `characters` since token `since`, for so many `tokens`."""

    characters: int
    since: int
    tokens: int


class RepetitionWatch:
    """Watches one text; `found` is its longest repetition, `now` the one that still goes on."""

    def __init__(self) -> None:
        self.found: Repetition | None = None
        self.now: Repetition | None = None
        self._tail = ""
        self._fresh: list[str] = []
        self._length = 0  # characters of the whole text
        self._tokens = 0
        self._looked_at = 0  # in tokens
        # Of each piece in the tail: where it ends, and how many tokens there are until then.
        self._ends: list[int] = [0]
        self._counts: list[int] = [0]

    def append(self, text: str, tokens: int) -> None:
        """Take the next piece in, which came from so many tokens."""
        self._fresh.append(text)
        self._length += len(text)
        self._tokens += tokens
        self._ends.append(self._length)
        self._counts.append(self._tokens)
        if self._tokens - self._looked_at >= LOOK_TOKENS:
            self._look()

    def _look(self) -> None:
        self._looked_at = self._tokens
        self._tail = (self._tail + "".join(self._fresh))[-_TAIL:]
        self._fresh.clear()
        begin = self._length - len(self._tail)
        old = bisect_right(self._ends, begin) - 1
        if old > 0:
            del self._ends[:old], self._counts[:old]
        if self.now is not None:
            self._follow(self.now)
        if self.now is None:
            self._search()

    def _search(self) -> None:
        """Find the shortest period of a tail that is long enough in tokens."""
        tail = self._tail
        least = self._length - self._start_of(self._tokens - ALARM_TOKENS)
        if self._tokens < ALARM_TOKENS or least > len(tail):
            return
        needle = tail[-_NEEDLE:]
        at = len(tail) - len(needle)
        for _ in range(_MOST_TRIES):
            at = tail.rfind(needle, 0, at + len(needle) - 1)
            if at < 0:
                return
            period = len(tail) - len(needle) - at
            # The first copy and two more, and enough tokens after the first.
            repeated = max(least, 2 * period)
            if repeated + period > len(tail):
                return
            if tail[-repeated:] == tail[-repeated - period : -period]:
                self._begin(period, repeated)
                return

    def _begin(self, period: int, repeated: int) -> None:
        tail = self._tail
        at = len(tail) - repeated
        while at > period and tail[at - 1] == tail[at - 1 - period]:
            at -= 1
        since = self._tokens_at(self._length - len(tail) + at)
        self._keep(Repetition(period, since, self._tokens - since))

    def _follow(self, known: Repetition) -> None:
        """Whether what came since then goes on in the same way."""
        tail, period = self._tail, known.characters
        fresh = self._length - self._start_of(known.since + known.tokens)
        fresh = min(fresh, len(tail) - period)
        if tail[len(tail) - fresh :] == tail[len(tail) - fresh - period : len(tail) - period]:
            self._keep(Repetition(period, known.since, self._tokens - known.since))
        else:
            self.now = None

    def _keep(self, repetition: Repetition) -> None:
        self.now = repetition
        if self.found is None or repetition.tokens >= self.found.tokens:
            self.found = repetition

    def _tokens_at(self, offset: int) -> int:
        """How many tokens the text has until there."""
        return self._counts[max(0, bisect_right(self._ends, offset) - 1)]

    def _start_of(self, tokens: int) -> int:
        """Where in the text the token after so many begins."""
        return self._ends[max(0, bisect_right(self._counts, tokens) - 1)]


def loop_notice(name: str, found: Repetition) -> Notice:
    """What a result says of it; `name` is what repeated itself."""
    count = found.characters
    same = "the same character" if count == 1 else f"the same {count:,} characters"
    return Notice(
        "loop",
        f"The {name} repeats itself after {found.since:,} tokens, for {found.tokens:,} tokens:"
        f" {same} over and over. A presence_penalty above 0 (at most 2) works against it; a higher"
        " one may mix languages and cost some quality.",
    )
