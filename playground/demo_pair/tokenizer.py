"""The pair's tokenizer: byte-level BPE over single digits, trained on the recipe's own text.

Byte-complete: any text goes in and comes back. Knows nothing of networks.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from playground.demo_pair.conversations import MODES, Piece, sample_conversation

END_OF_TEXT, TURN_START, TURN_END = "<|endoftext|>", "<|im_start|>", "<|im_end|>"
SPECIAL = (END_OF_TEXT, TURN_START, TURN_END)
# As in Qwen3, these are tokens but not "special": decoding keeps them.
NOT_SPECIAL = ("<tool_call>", "</tool_call>", "<think>", "</think>")

VOCABULARY = 1024

# A digit is always a token of its own, and so is a letter of a word that follows no space: a
# quoted word comes spelled out. Signs take the space before a number with them (" + 7").
_PATTERN = "|".join(
    (
        r"(?:system|user|assistant)(?=\n)",
        r"\\[a-z]+",
        r" \p{L}+",
        r"\p{Lu}\p{Ll}+",
        r"\p{L}",
        r"\p{N}",
        r" ?[^\s\p{L}\p{N}]+(?: (?=\p{N}))?",
        r"\n+",
        r"\s",
    )
)


def _texts(count: int) -> Iterator[str]:
    rng = random.Random(2507)
    for index in range(count):
        for piece in sample_conversation(rng, MODES[index % 2]):
            for name in (*SPECIAL, *NOT_SPECIAL):
                piece = Piece(piece.text.replace(name, "\n"))
            yield piece.text


def train_tokenizer(conversations: int = 30_000) -> Tokenizer:
    """The same tokenizer on every machine: text, seed and order are fixed."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_PATTERN), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    added = len(SPECIAL) + len(NOT_SPECIAL)
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY - added,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(_texts(conversations), trainer)
    tokenizer.add_special_tokens([AddedToken(name, special=True) for name in SPECIAL])
    tokenizer.add_tokens([AddedToken(name, special=False) for name in NOT_SPECIAL])
    return tokenizer


def token_id(tokenizer: Tokenizer, name: str) -> int:
    """The id of a token that must be there."""
    found: int | None = tokenizer.token_to_id(name)
    if found is None:
        raise KeyError(name)
    return found


class Encoder:
    """Encodes rendered conversations: token ids, and which of them are learned."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._controls = tokenizer
        # The same merges without the added tokens, for what a person typed.
        self._typed = Tokenizer(models.BPE())
        self._typed.model = tokenizer.model
        self._typed.pre_tokenizer = tokenizer.pre_tokenizer

    def encode(self, pieces: list[Piece]) -> tuple[list[int], list[bool]]:
        """One conversation; the marks are as long as the ids."""
        ids: list[int] = []
        learned: list[bool] = []
        for piece in pieces:
            one = (self._typed if piece.typed else self._controls).encode(piece.text).ids
            ids += one
            learned += [piece.learned] * len(one)
        return ids, learned
