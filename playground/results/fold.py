"""The one fold from events to a Result; the live view, replay, tests and files all use it.

Mutable inside (a growing frozen string a token would be quadratic). Knows no clock of its own:
all times come from the events.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, assert_never

from playground.domain.errors import ErrorValue
from playground.domain.events import (
    Counts,
    Ended,
    Ending,
    Event,
    Failed,
    Loading,
    Notice,
    Origin,
    Part,
    Prefill,
    Started,
    Text,
    ThoughtClosed,
    ThoughtOpened,
    Tick,
    Waiting,
)
from playground.domain.request import Request
from playground.results.growing import GrowingText
from playground.results.loading import LoadProgress
from playground.results.pace import Pace
from playground.results.paragraphs import Paragraphs, ParagraphWatch
from playground.results.repetition import Repetition, RepetitionWatch, loop_notice
from playground.results.segments import earlier_text
from playground.results.value import Numbers, Output, Phase, Result, visible

Before = Literal["waiting", "loading"]


class Fold:
    """Grows one lane's result event by event; `result()` may be asked at any time."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.text: dict[Part, GrowingText] = {"thinking": GrowingText(), "answer": GrowingText()}
        self.phase: Phase = "waiting"
        self.ending: Ending | None = None
        self.place: int | None = None
        self.progress: tuple[int, int | None, str] | None = None
        self.loading = LoadProgress()
        self.pace: Pace | None = None
        self.started: Started | None = None
        self._origin: Origin | None = None
        self._notices: list[Notice] = []
        self._error: ErrorValue | None = None
        self._watches = {part: RepetitionWatch() for part in self.text}
        self._paragraphs = ParagraphWatch()
        self._tokens: dict[Part, int] = {"thinking": 0, "answer": 0}
        self._markers = 0
        self._forced = 0
        self._ended: Ended | None = None
        self._failed_counts: Counts | None = None
        self._spent_s: dict[Before, float] = {}
        self._before: tuple[Before, float] | None = None
        self._heard_at: float | None = None
        self._first_token_at: float | None = None
        self._first_chunk = 0
        self._first_answer_at: float | None = None
        self._first_thinking_at: float | None = None
        self._closed_at: float | None = None
        self._last_token_at: float | None = None
        self._end_at: float | None = None
        if request.continuing is not None:
            # A character that was cut in two comes whole now.
            for part in ("thinking", "answer"):
                earlier = earlier_text(request.continuing, part)
                self.text[part].append(earlier, 0.0)
                self._watches[part].append(earlier, 0)

    def apply(self, event: Event) -> None:
        """Take one event in. After the run has ended, nothing changes it any more."""
        if self.phase == "ended":
            return
        if not isinstance(event, Notice):
            self._heard_at = event.at_s
        match event:
            case Waiting(place, at_s):
                self._spend("waiting", at_s)
                self.phase, self.progress, self.place = "waiting", None, place
            case Loading(done, total, unit, at_s):
                self._spend("loading", at_s)
                self.phase, self.progress, self.place = "loading", (done, total, unit), None
                self.loading.see(event)
            case Started():
                self._spend(None, event.at_s)
                self.started, self._origin = event, event.origin
                self.phase, self.progress, self.place = "prompt", None, None
            case Prefill(done, total, at_s):
                self.progress = (done, total, "tokens")
                if self.pace is None:
                    self.pace = Pace(done, at_s)
                self.pace.take(done, at_s)
            case Text():
                self._take_text(event)
            case ThoughtOpened(at_s):
                self._markers += 1
                self._saw_token(at_s, 1)
                self.phase = "thinking"
            case ThoughtClosed():
                self._close_thought(event)
            case Notice():
                self._notices.append(event)
            case Tick():
                pass
            case Ended():
                self._ended = event
                self._finish(event.ending, event.at_s)
            case Failed():
                self._error, self._failed_counts = event.error, event.counts
                self._finish("error", event.at_s)
            case _:
                assert_never(event)

    def interrupt(self) -> None:
        """End a run whose events stopped coming; its end is the last thing that was heard."""
        if self.phase != "ended":
            self._finish("interrupted", self._heard_at)

    @property
    def repetition(self) -> Repetition | None:
        """How the text that grows now has been repeating itself; null while it does not."""
        match self.phase:
            case "thinking":
                return self._watches["thinking"].now
            case "answering":
                return self._watches["answer"].now
            case _:
                return None

    def result(self) -> Result:
        """The result so far."""
        thinks = self.started is not None and self.started.thinks
        thought = self.text["thinking"]  # also of a model that was not known to think
        thinking = thought.whole() if thinks or thought else None
        return Result(
            request=self.request,
            phase=self.phase,
            ending=self.ending,
            output=Output(thinking, self.text["answer"].whole()),
            numbers=self.numbers(),
            origin=self._origin,
            notices=(*self._notices, *self._loops()),
            server_numbers=() if self._ended is None else self._ended.server_numbers,
            error=self._error,
            paragraphs=self._trace_marks() if self.phase == "ended" else None,
        )

    def _trace_marks(self) -> Paragraphs | None:
        start_s, told = self._start_s(), self._counts().thinking
        if start_s is None or self.request.continuing is not None:  # another run's beginning
            return None
        return self._paragraphs.since(start_s, counted=told == self._tokens["thinking"])

    def numbers(self) -> Numbers:
        """The numbers so far; those that need the end of the run are null until then."""
        counts = self._counts()
        start = self._start_s()
        first, last = self._first_token_at, self._last_token_at
        decode_s = _between(first, last)
        chunk = self._ended.first_chunk_tokens if self._ended is not None else None
        decoded = counts.generated - (self._first_chunk if chunk is None else chunk)
        thought_end = self._closed_at if self._closed_at is not None else last
        return Numbers(
            queue_s=self._spent_s.get("waiting"),
            load_s=self._load_s(),
            first_token_s=_between(start, first),
            first_answer_s=_between(start, self._first_answer_at),
            thinking_s=_between(self._first_thinking_at, thought_end),
            last_token_s=_between(start, last),
            total_s=_between(start, self._end_at),
            prompt_tokens=self._told("prompt_tokens"),
            cached_tokens=self._told("cached_tokens"),
            thinking_tokens=None if start is None else counts.thinking,
            answer_tokens=None if start is None else counts.answer,
            marker_tokens=None if start is None else counts.marker,
            forced_tokens=None if start is None else counts.forced,
            generated_tokens=None if start is None else counts.generated,
            tokens_per_s=max(0, decoded) / decode_s if decode_s else None,
            counts=counts.basis,
        )

    def _loops(self) -> Iterator[Notice]:
        names: dict[Part, str] = {"thinking": "trace", "answer": "answer"}
        for part, watch in self._watches.items():
            if watch.found is not None:
                yield loop_notice(names[part], watch.found)

    def _start_s(self) -> float | None:
        """Every latency counts from here; what a server loaded meanwhile is taken out."""
        if self.started is None:
            return None
        loaded_s = self._ended.load_s if self._ended is not None else None
        return self.started.at_s + (loaded_s or 0.0)

    def _told(self, name: Literal["prompt_tokens", "cached_tokens"]) -> int | None:
        """A count that is known at the start, or from a server at the end."""
        last: int | None = getattr(self._ended, name, None)
        first: int | None = getattr(self.started, name, None)
        return last if last is not None else first

    def _load_s(self) -> float | None:
        """A run that started without loading took 0; a server may tell, else it is unknown."""
        if self.started is None:
            return None
        if self._ended is not None and self._ended.load_s is not None:
            return self._ended.load_s
        nothing = 0.0 if self.started.origin.in_process else None
        return self._spent_s.get("loading", nothing)

    def _spend(self, now: Before | None, at_s: float) -> None:
        """What was done before the start ends here, and `now` begins."""
        if self._before is not None:
            kind, since_s = self._before
            self._spent_s[kind] = self._spent_s.get(kind, 0.0) + max(0.0, at_s - since_s)
        self._before = None if now is None else (now, at_s)

    def _take_text(self, event: Text) -> None:
        if not event.tokens and not event.text:
            return
        if event.tokens:
            self._tokens[event.part] += event.tokens
            self._saw_token(event.at_s, event.tokens)
            if event.part == "thinking" and self._first_thinking_at is None:
                self._first_thinking_at = event.at_s
        self.phase = "thinking" if event.part == "thinking" else "answering"
        self.progress = None
        text = event.text
        if not self.text[event.part]:
            text = text.lstrip("\n")
        if event.part == "answer" and self._first_answer_at is None and visible(text):
            self._first_answer_at = event.at_s
        self.text[event.part].append(text, event.at_s)
        self._watches[event.part].append(text, event.tokens)
        if event.part == "thinking":
            self._paragraphs.take(text, event.tokens, event.at_s)

    def _close_thought(self, event: ThoughtClosed) -> None:
        if event.forced:
            self._forced += event.tokens
        else:
            self._markers += event.tokens
            self._saw_token(event.at_s)
        if self._first_thinking_at is None:
            self._first_thinking_at = event.at_s
        if self._closed_at is None:
            self._closed_at = event.at_s
        self.text["thinking"].strip_end()
        self.phase, self.progress = "answering", None

    def _saw_token(self, at_s: float, tokens: int = 1) -> None:
        if self._first_token_at is None:
            self._first_token_at, self._first_chunk = at_s, tokens
        self._last_token_at = at_s

    def _finish(self, ending: Ending, at_s: float | None) -> None:
        if self.phase == "loading" and ending != "error":
            self._notices.extend(self.loading.kept())
        self.phase, self.ending, self._end_at = "ended", ending, at_s
        self.progress = self.place = None
        if self._ended is not None and self._ended.last_token_at_s is not None:
            self._saw_token(self._ended.last_token_at_s)

    def _counts(self) -> Counts:
        if self._ended is not None:
            return self._ended.counts
        if self._failed_counts is not None:
            return self._failed_counts
        exact = self.started is None or self.started.origin.in_process
        return Counts(
            thinking=self._tokens["thinking"],
            answer=self._tokens["answer"],
            marker=self._markers,
            forced=self._forced,
            basis="exact" if exact else "estimated",
        )


def _between(start: float | None, end: float | None) -> float | None:
    return None if start is None or end is None else max(0.0, end - start)


def fold(request: Request, events: Iterable[Event]) -> Result:
    """The result of a whole run."""
    growing = Fold(request)
    for event in events:
        growing.apply(event)
    return growing.result()
