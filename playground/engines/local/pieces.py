"""Long text encoded in pieces, cut where its tokenizer would cut it anyway; known pieces are kept.

So a document that stays is encoded once, however often what stands after it is typed on, and a long
one on all processors. Knows one tokenizer and no prompt.
"""

from __future__ import annotations

import json
import re
import threading
import zlib
from array import array
from collections import OrderedDict
from collections.abc import Iterator

from tokenizers import Tokenizer

from playground.engines.forking import free_after_fork

LONG = 20_000
LEAST, MOST = 1_000, 16_000
MOST_KEPT_TOKENS = 4_000_000
# Qwen's, and the built-in pair's: no match goes on from a line's end into what is no white space.
_AT_LINES = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+",
    r"(?:system|user|assistant)(?=\n)|\\[a-z]+| \p{L}+|\p{Lu}\p{Ll}+|\p{L}|\p{N}"
    r"| ?[^\s\p{L}\p{N}]+(?: (?=\p{N}))?|\n+|\s",
)
_CUT = re.compile(r"(?<=\n)(?=[!-~\w])")


class PieceEncoder:
    """Encodes texts with one tokenizer, without its special tokens. Safe for many threads."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._cuts = _cuts_at_lines(tokenizer)
        self._lock = free_after_fork(threading.Lock())
        self._kept: OrderedDict[str, array[int]] = OrderedDict()
        self._kept_tokens = 0

    def encode(self, text: str) -> list[int]:
        """The text's ids, as the tokenizer gives them for the whole."""
        if len(text) < LONG or not self._cuts:
            return self._batch([text])[0]
        cut = list(pieces(text))
        with self._lock:
            known = {piece: self._kept[piece] for piece in cut if piece in self._kept}
        missing = [piece for piece in dict.fromkeys(cut) if piece not in known]
        known |= {
            piece: array("I", ids) for piece, ids in zip(missing, self._batch(missing), strict=True)
        }
        self._keep(cut, known)
        return [token_id for piece in cut for token_id in known[piece]]

    def _batch(self, texts: list[str]) -> list[list[int]]:
        # The batch call lets other threads run meanwhile; `encode` would hold the interpreter lock.
        encoded = self._tokenizer.encode_batch_fast(texts, add_special_tokens=False)
        return [each.ids for each in encoded]

    def _keep(self, cut: list[str], known: dict[str, array[int]]) -> None:
        with self._lock:
            for piece in cut:
                if piece not in self._kept:
                    self._kept[piece] = known[piece]
                    self._kept_tokens += len(known[piece])
                self._kept.move_to_end(piece)
            while self._kept_tokens > MOST_KEPT_TOKENS:
                self._kept_tokens -= len(self._kept.popitem(last=False)[1])


def pieces(text: str) -> Iterator[str]:
    """The text in whole lines; where it is cut is told by the lines there, so that a change
    elsewhere leaves a piece as it was."""
    start = 0
    for found in _CUT.finditer(text):
        at = found.start()
        size = at - start
        due = size >= LEAST and zlib.crc32(text[at : at + 40].encode()) % 8 == 0
        if due or size >= MOST:
            yield text[start:at]
            start = at
    yield text[start:]


def _cuts_at_lines(tokenizer: Tokenizer) -> bool:
    """Whether the whole's ids are those of its lines, one after another."""
    if tokenizer.pre_tokenizer is None:
        return False
    normalizer = tokenizer.normalizer
    if normalizer is not None and json.loads(normalizer.__getstate__()) != {"type": "NFC"}:
        return False
    written = json.loads(tokenizer.pre_tokenizer.__getstate__())
    first = (written.get("pretokenizers") or [written])[0]
    pattern = first.get("pattern") or {}
    return first.get("type") == "Split" and pattern.get("Regex") in _AT_LINES
