"""From a server's chunks to events: what is thinking, what is an answer, how many tokens of each.

Thinking may come in a field of its own, between tags, with a closing tag only, or cut off; an
answer may come in the thinking's field. No text is lost. Knows no server and no clock.
"""

from __future__ import annotations

from collections.abc import Iterator

from playground.domain.events import (
    CountBasis,
    Counts,
    Ended,
    Ending,
    Event,
    Notice,
    Part,
    Text,
    ThoughtClosed,
)
from playground.engines.server.chunks import Chunk, Usage
from playground.engines.splitter import CLOSE_TAG, Closed, Piece, TextSplitter

WRONG_PARSER = (
    "The server sent this model's answer as thinking: it was started with a reasoning parser. Start"
    " it without one for an Instruct model."
)
NO_CLOSING_TAG = (
    "The server marked no end of thinking, so that all text is shown as thinking. Start it with a"
    " reasoning parser, or check that this is a Thinking model."
)
ONLY_THINKING = (
    "The server sent thinking only: the model ended inside its thought, or a reasoning parser took"
    " its answer for thinking (then add ?thinking=off to its name)."
)
STRAY_TAG = (
    f"The answer holds {CLOSE_TAG}: this model seems to think. Add ?thinking=on to its name, and"
    " its thinking is shown apart."
)
UNTOLD = (
    "This model sent thinking, which was not known of it until now. Add ?thinking=on to its name,"
    " and it is known from the start."
)


class Reader:
    """Reads one answer; `thinks` is whether the model has a thinking part, `opens` that its
    thoughts are only known to open with a tag, `plain` that it is known to have none."""

    def __init__(self, thinks: bool, plain: bool, counts_end: bool, opens: bool = False) -> None:
        self._thinks = thinks
        self._plain = plain
        self._counts_end = counts_end
        self._splitter = TextSplitter("thinking" if thinks and not opens else "either")
        self._by_field = False  # thinking came in a field of its own
        self._began_blank = False  # with line breaks alone
        self._closed = False
        self._told: set[str] = set()
        self._tokens: dict[Part, int] = {"thinking": 0, "answer": 0}
        self._letters: dict[Part, int] = {"thinking": 0, "answer": 0}
        self._counted = 0  # tokens so far, as the server says
        self._live = True  # while every text comes with that count
        self._first_chunk: int | None = None
        self._last_at_s: float | None = None
        self._tail = ""
        self.usage = Usage()
        self.numbers: dict[str, float] = {}
        self.finish: str | None = None
        self.stop: str | None = None  # as in `Chunk`

    @property
    def started(self) -> bool:
        """Whether any token came."""
        return self._last_at_s is not None

    @property
    def closed(self) -> bool:
        """Whether the thinking ended before the answer did."""
        return self._closed

    @property
    def thought(self) -> bool:
        """Whether any thinking came."""
        return self._letters["thinking"] > 0

    def take(self, chunk: Chunk, at_s: float) -> Iterator[Event]:
        """The events of one chunk."""
        self.numbers.update(chunk.numbers)
        self.finish = chunk.finish or self.finish
        self.stop = chunk.stop if chunk.stop is not None else self.stop
        if chunk.usage is not None:
            self.usage = chunk.usage
        new = self._count(chunk)
        if new or chunk.thinking or chunk.content:
            self._last_at_s = at_s
            if self._first_chunk is None:
                self._first_chunk = max(1, new)
        if chunk.finish and chunk.finish != "length" and self._counts_end:
            new = max(0, new - 1)  # the token that ends the turn
        if chunk.thinking:
            yield from self._take_thinking(chunk.thinking, new, at_s)
            new = 0
        if chunk.content:
            yield from self._take_content(chunk.content, new, at_s)
        if self.thought and not self._thinks:
            yield from self._say("unknown_thinking", UNTOLD)

    def end(self, ending: Ending, at_s: float, stopped: bool) -> Iterator[Event]:
        """What was held back, and `Ended`."""
        for piece in self._splitter.flush():
            yield from self._take_piece(piece, 0, at_s)
        inside = self.thought and not self._closed
        if inside and not stopped and ending not in ("limit", "stop_string"):
            yield Notice("wrong_parser", ONLY_THINKING if self._by_field else NO_CLOSING_TAG)
        load_s = self.numbers.pop("load_s", None)
        cached = self.usage.cached
        if cached is None and "cached_tokens" in self.numbers:
            cached = int(self.numbers["cached_tokens"])
        yield Ended(
            ending=ending,
            counts=self.counts(),
            at_s=at_s,
            last_token_at_s=self._last_at_s,
            first_chunk_tokens=self._first_chunk,
            server_numbers=tuple(self.numbers.items()),
            prompt_tokens=self.usage.prompt,
            cached_tokens=cached,
            load_s=load_s,
        )

    def counts(self) -> Counts:
        """Tokens by what they were; estimated where the server does not tell."""
        thinking, answer = self._tokens["thinking"], self._tokens["answer"]
        total = self.usage.generated
        if total is None and self._live:
            total = self._counted or None
        if total is None:
            return Counts(thinking, answer, basis="estimated")
        told = self.usage.thinking
        if self._by_field and told and abs(told - thinking) > 1:
            return self._shared_out(total)  # its text came later than its count
        markers = total - thinking - answer
        if self._live and markers >= 0:
            return Counts(thinking, answer, markers, basis="server")
        if self._began_blank and markers < self._sure_markers:
            thinking, markers = thinking - 1, markers + 1  # that line break was the parser's own
        if 0 <= markers <= 2:
            # Whether a first line break was a token is not always to be seen.
            basis: CountBasis = "estimated" if self._began_blank else "server"
            return Counts(thinking, answer, markers, basis=basis)
        return self._shared_out(total)

    @property
    def _sure_markers(self) -> int:
        """The tokens without a text that there were: </think>, the end of the turn."""
        ended = self._counts_end and self.finish == "stop"
        return int(self._closed) + int(ended and not self.stop)

    def _shared_out(self, total: int) -> Counts:
        """The server's total, of whose parts it says little: shared out by the texts' lengths."""
        ended = self._counts_end and self.finish == "stop"
        text_tokens = max(0, total - int(self._closed) - int(ended))
        if not self.thought:
            return Counts(0, text_tokens, total - text_tokens, basis="server")
        told = self.usage.thinking
        if not self._letters["answer"]:
            thinking = min(text_tokens, told or text_tokens)
            return Counts(thinking, 0, total - thinking, basis="server")
        if told is not None and told <= text_tokens:
            return Counts(told, text_tokens - told, total - text_tokens, basis="server")
        share = self._letters["thinking"] / (self._letters["thinking"] + self._letters["answer"])
        thinking = round(text_tokens * share)
        return Counts(thinking, text_tokens - thinking, total - text_tokens, basis="estimated")

    def _count(self, chunk: Chunk) -> int:
        """Tokens that are new with this chunk: told by the server, else one a chunk."""
        some = bool(chunk.thinking or chunk.content)
        if chunk.generated is None or not self._live:
            self._live = self._live and not some
            return int(some)
        new = max(0, chunk.generated - self._counted)
        self._counted += new
        return new

    def _take_thinking(self, text: str, new: int, at_s: float) -> Iterator[Event]:
        if self._plain:
            yield from self._say("wrong_parser", WRONG_PARSER)
            yield self._text("answer", text, new, at_s)
            return
        self._by_field = True
        self._began_blank = self._began_blank or not (self.thought or text.strip("\n"))
        yield self._text("thinking", text, new, at_s)

    def _take_content(self, text: str, new: int, at_s: float) -> Iterator[Event]:
        if self._by_field:
            if not self._closed:
                self._closed = True
                new -= new > 1  # </think>, which the server swallowed
                yield ThoughtClosed(at_s)
            yield self._text("answer", text, new, at_s)
            return
        pieces = self._splitter.feed(text)
        if any(isinstance(piece, Closed) for piece in pieces) and (new > 1 or len(pieces) == 1):
            new = max(0, new - 1)
        if not any(isinstance(piece, Piece) for piece in pieces) and new:
            # Its text may become a tag and is held back; the token came all the same.
            yield self._text(self._splitter.part, "", new, at_s)
            new = 0
        for piece in pieces:
            yield from self._take_piece(piece, new, at_s)
            if isinstance(piece, Piece):
                new = 0

    def _take_piece(self, piece: Piece | Closed, new: int, at_s: float) -> Iterator[Event]:
        if isinstance(piece, Closed):
            self._closed = True
            yield ThoughtClosed(at_s)
            return
        yield self._text(piece.part, piece.text, new, at_s)
        if piece.part == "answer" and not self._closed:
            self._tail = (self._tail + piece.text)[-2 * len(CLOSE_TAG) - len(piece.text) :]
            if CLOSE_TAG in self._tail:
                yield from self._say("wrong_parser", STRAY_TAG)

    def _text(self, part: Part, text: str, new: int, at_s: float) -> Text:
        self._tokens[part] += new
        self._letters[part] += len(text)
        return Text(part, text, new, at_s)

    def _say(self, kind: str, words: str) -> Iterator[Notice]:
        if words not in self._told:
            self._told.add(words)
            yield Notice(kind, words)
