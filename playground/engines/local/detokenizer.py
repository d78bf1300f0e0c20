"""Token ids to text, one at a time, never half a character. Knows no model and no prompt.

A byte-level tokenizer (Qwen3, Llama 3, GPT-2) maps each id to fixed bytes: O(1) a token. Any other
one is decoded in a window that is moved on whenever its text is complete.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable
from typing import Protocol

from tokenizers import Tokenizer, decoders

REPLACEMENT = "\ufffd"
# No character and no sentencepiece byte run needs more ids than this to become complete.
WINDOW = 16


class Detokenizer(Protocol):
    """Grows one text."""

    def feed(self, token_id: int) -> str:
        """The characters that this id completes; may be none."""

    def flush(self) -> str:
        """What is left open at the end of a part: replacement characters, or nothing."""


def detokenizer_factory(tokenizer: Tokenizer) -> Callable[[], Detokenizer]:
    """What makes a fresh detokenizer for each run."""
    if _is_byte_level(tokenizer):
        table = ByteTable(tokenizer)
        return lambda: ByteDetokenizer(table)
    return lambda: WindowDetokenizer(tokenizer)


def _is_byte_level(tokenizer: Tokenizer) -> bool:
    return isinstance(tokenizer.decoder, decoders.ByteLevel)


class ByteTable:
    """The bytes of each id, looked up once; shared by all runs."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._alphabet = byte_alphabet()
        self._added = tokenizer.get_added_tokens_decoder()
        self._bytes: dict[int, bytes] = {}

    def __getitem__(self, token_id: int) -> bytes:
        known = self._bytes.get(token_id)
        if known is None:
            known = self._bytes[token_id] = self._look_up(token_id)
        return known

    def _look_up(self, token_id: int) -> bytes:
        added = self._added.get(token_id)
        if added is not None and added.special:
            return b""
        token = self._tokenizer.id_to_token(token_id)
        if token is None:  # the embedding may have more rows than the vocabulary
            return b""
        try:
            return bytes(self._alphabet[character] for character in token)
        except KeyError:
            return token.encode()


def byte_alphabet() -> dict[str, int]:
    """GPT-2's printable stand-in for each byte, the alphabet of every byte-level vocabulary."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    shifted = {chr(256 + position): byte for position, byte in enumerate(others)}
    return {chr(byte): byte for byte in printable} | shifted


class ByteDetokenizer:
    """Bytes through an incremental UTF-8 decoder."""

    def __init__(self, table: ByteTable) -> None:
        self._table = table
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def feed(self, token_id: int) -> str:
        return self._decoder.decode(self._table[token_id])

    def flush(self) -> str:
        text = self._decoder.decode(b"", True)
        self._decoder.reset()
        return text


class WindowDetokenizer:
    """Decodes the last few ids twice and emits the difference."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._ids: list[int] = []
        self._emitted = 0  # ids whose text is out; they give the window its context

    def feed(self, token_id: int) -> str:
        self._ids.append(token_id)
        text = self._new_text()
        if text.endswith(REPLACEMENT) and len(self._ids) - self._emitted < WINDOW:
            return ""
        self._move_on()
        return text

    def flush(self) -> str:
        text = self._new_text()
        self._move_on()
        return text

    def _new_text(self) -> str:
        before = self._decode(self._ids[: self._emitted])
        return self._decode(self._ids)[len(before) :]

    def _move_on(self) -> None:
        self._ids = self._ids[self._emitted :]
        self._emitted = len(self._ids)

    def _decode(self, ids: list[int]) -> str:
        return self._tokenizer.decode(ids, skip_special_tokens=True)
