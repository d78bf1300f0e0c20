"""Long text in pieces has the very ids of the whole."""

from __future__ import annotations

import random
from typing import Any

import pytest
from tokenizers import Tokenizer

from playground.demo_pair import FOLDERS
from playground.engines.local import pieces as module
from playground.engines.local.pieces import LONG, PieceEncoder, pieces

SIGNS = "ab 1.]\n\n\r\t é\u00a0\u2028\x85'sS日\u0301user{}"


def built_in() -> Tokenizer:
    return Tokenizer.from_file(str(FOLDERS["demo-instruct"] / "tokenizer.json"))


def noise(seed: int, length: int) -> str:
    chance = random.Random(seed)
    return "".join(chance.choice(SIGNS) for _ in range(length))


def whole(tokenizer: Tokenizer, text: str) -> list[int]:
    ids: list[int] = tokenizer.encode(text, add_special_tokens=False).ids
    return ids


def test_the_pieces_are_the_text() -> None:
    text = noise(1, 60_000)
    cut = list(pieces(text))
    assert "".join(cut) == text and len(cut) > 5


@pytest.mark.parametrize("seed", range(20))
def test_pieces_of_the_built_in_tokenizer_are_the_whole(seed: int) -> None:
    tokenizer = built_in()
    text = noise(seed, LONG + 5000)
    assert PieceEncoder(tokenizer).encode(text) == whole(tokenizer, text)


@pytest.mark.parametrize("seed", range(20))
def test_pieces_of_the_real_tokenizer_are_the_whole(qwen3_tokenizer: Any, seed: int) -> None:
    tokenizer = qwen3_tokenizer.backend_tokenizer
    text = noise(seed, LONG + 5000)
    assert PieceEncoder(tokenizer).encode(text) == whole(tokenizer, text)


class Counting:
    """A tokenizer that counts the characters it is given."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.pre_tokenizer, self.normalizer = tokenizer.pre_tokenizer, tokenizer.normalizer
        self._tokenizer = tokenizer
        self.characters = 0

    def encode_batch_fast(self, texts: list[str], add_special_tokens: bool) -> Any:
        self.characters += sum(map(len, texts))
        return self._tokenizer.encode_batch_fast(texts, add_special_tokens=add_special_tokens)


def test_a_document_that_stays_is_encoded_once() -> None:
    counting = Counting(built_in())
    encoder = PieceEncoder(counting)
    document = "".join(f"Line {number} of a document.\n" for number in range(4000))
    encoder.encode(document + "What?")
    before = counting.characters
    assert encoder.encode("system\n" + document + "And why?") == whole(
        built_in(), "system\n" + document + "And why?"
    )
    assert counting.characters - before < 20_000


def test_what_is_kept_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_KEPT_TOKENS", 1000)
    encoder = PieceEncoder(built_in())
    encoder.encode(noise(3, 2 * LONG))
    assert encoder._kept_tokens <= 1000
    assert sum(map(len, encoder._kept.values())) == encoder._kept_tokens


def test_a_tokenizer_that_is_not_known_to_cut_at_lines_gets_the_whole() -> None:
    counting = Counting(built_in())
    counting.pre_tokenizer = None
    assert not PieceEncoder(counting)._cuts
