"""Which generated token or text is thinking, which is answer, and where a stop string ends it.

Three pure machines: `TokenSplitter` by token id (in process), `TextSplitter` by text (servers that
send tags), `StopStrings` for the answer's text. They know no tokenizer, no model and no clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from playground.domain.events import Part

OPEN_TAG, CLOSE_TAG = "<think>", "</think>"

TokenKind = Literal["thinking", "answer", "open", "close"]
Start = Literal["thinking", "answer", "either"]


class TokenSplitter:
    """A token's kind by its id.

    `start` is what the rendered prompt left open: "thinking" when it ends in `<think>`, "either"
    when the model may open a thought itself, "answer" when it cannot. A tag anywhere else is text.
    """

    def __init__(self, start: Start, open_id: int | None, close_id: int | None) -> None:
        self.part: Part = "thinking" if start == "thinking" else "answer"
        self._may_open = start == "either"
        self._open_id = open_id
        self._close_id = close_id

    def take(self, token_id: int) -> TokenKind:
        """The kind of the next token; a marker moves on to the next part."""
        if self.part == "thinking":
            if token_id == self._close_id:
                self.part = "answer"
                return "close"
        elif self._may_open and token_id == self._open_id:
            self.part, self._may_open = "thinking", False
            return "open"
        return self.part

    def saw_text(self, text: str) -> None:
        """Visible answer text came: from here on an opening tag is only text."""
        if self._may_open and text.strip():
            self._may_open = False


@dataclass(frozen=True, slots=True)
class Piece:
    """Text of one part."""

    part: Part
    text: str


@dataclass(frozen=True, slots=True)
class Closed:
    """The thought ended here."""


class TextSplitter:
    """Splits a stream of text at the thinking tags, however its chunks are cut.

    Holds back only what may still become a tag. The opening tag may be missing when `start` is
    "thinking", and the closing one when the text is cut off.
    """

    def __init__(self, start: Start) -> None:
        self._part: Part = "thinking" if start == "thinking" else "answer"
        self._may_open = start != "answer"
        self._held = ""

    @property
    def part(self) -> Part:
        """What the next text is, as far as is known."""
        return self._part

    def feed(self, chunk: str) -> list[Piece | Closed]:
        """What is certain after this chunk."""
        self._held += chunk
        pieces: list[Piece | Closed] = []
        if self._may_open and not self._settle_start():
            return pieces
        if self._part == "thinking":
            before, found, after = self._held.partition(CLOSE_TAG)
            if not found:
                certain = len(self._held) - partial_length(self._held, CLOSE_TAG)
                self._emit(pieces, self._held[:certain])
                self._held = self._held[certain:]
                return pieces
            self._emit(pieces, before)
            pieces.append(Closed())
            self._part, self._held = "answer", after
        self._emit(pieces, self._held)
        self._held = ""
        return pieces

    def flush(self) -> list[Piece | Closed]:
        """What was held back, at the end of the stream."""
        pieces: list[Piece | Closed] = []
        self._emit(pieces, self._held)
        self._held = ""
        return pieces

    def _settle_start(self) -> bool:
        visible = self._held.lstrip()
        if len(visible) < len(OPEN_TAG) and OPEN_TAG.startswith(visible):
            return False
        if visible.startswith(OPEN_TAG):
            self._part, self._held = "thinking", visible[len(OPEN_TAG) :]
        self._may_open = False
        return True

    def _emit(self, pieces: list[Piece | Closed], text: str) -> None:
        if text:
            pieces.append(Piece(self._part, text))


class StopStrings:
    """Finds the first stop string in a growing text; holds back only what may become one.

    The one that is complete first wins (of two at once, the longer), so that the outcome does not
    depend on how the text is cut.
    """

    def __init__(self, strings: tuple[str, ...]) -> None:
        self._strings = strings
        self._held = ""
        self.found: str | None = None

    def feed(self, text: str) -> str:
        """The text that is certainly before any stop string; sets `found` at one."""
        if not self._strings:
            return text
        self._held += text
        ends = [(at + len(s), at, s) for s in self._strings if (at := self._held.find(s)) >= 0]
        if ends:
            _, at, self.found = min(ends)
            certain, self._held = self._held[:at], ""
            return certain
        held = max(partial_length(self._held, string) for string in self._strings)
        split = len(self._held) - held
        certain, self._held = self._held[:split], self._held[split:]
        return certain

    @property
    def held_characters(self) -> int:
        """How much text is held back now."""
        return len(self._held)

    def flush(self) -> str:
        """What was held back, when no stop string came."""
        held, self._held = self._held, ""
        return held


def partial_length(text: str, target: str) -> int:
    """Length of the longest end of `text` that is a beginning of `target`, but not all of it."""
    for length in range(min(len(text), len(target) - 1), 0, -1):
        if target.startswith(text[-length:]):
            return length
    return 0
