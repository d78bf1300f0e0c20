"""One id at a time gives the same text as decoding all at once, and never half a character."""

from __future__ import annotations

import random
from typing import Any

import pytest
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

from playground.engines.local.detokenizer import (
    REPLACEMENT,
    ByteDetokenizer,
    Detokenizer,
    WindowDetokenizer,
    byte_alphabet,
    detokenizer_factory,
)
from tests.engines.models import byte_level_tokenizer

TEXTS = (
    "Plain words, 12 × 34 = 408.\n\n  indented\tand tabbed ",
    "Olá! A equação tem raízes reais: ção, ñ, ü.",
    "你好，世界！思考需要多少时间？",
    "😀 family: 👨‍👩‍👧‍👦, flag: 🇵🇹, skin: 👍🏽",
    "mixed 中a文b😀c\u0301 \u200d end",
    "\x00\x01\x7f\x85\xa0\xad",
)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return byte_level_tokenizer()


def pieces(detokenizer: Detokenizer, ids: list[int]) -> list[str]:
    return [*(detokenizer.feed(token_id) for token_id in ids), detokenizer.flush()]


@pytest.mark.parametrize("text", TEXTS)
def test_pieces_join_to_the_text_and_none_is_broken(tokenizer: Tokenizer, text: str) -> None:
    ids = tokenizer.encode(text).ids
    assert len(ids) > 3
    for detokenizer in (detokenizer_factory(tokenizer)(), WindowDetokenizer(tokenizer)):
        got = pieces(detokenizer, ids)
        assert "".join(got) == tokenizer.decode(ids)
        assert not any(REPLACEMENT in piece for piece in got)


def test_any_ids_give_what_decoding_them_together_gives(tokenizer: Tokenizer) -> None:
    draw = random.Random(3)
    new = detokenizer_factory(tokenizer)
    for _ in range(300):
        ids = [draw.randrange(tokenizer.get_vocab_size()) for _ in range(40)]
        assert "".join(pieces(new(), ids)) == tokenizer.decode(ids, skip_special_tokens=True)


def test_every_id_of_the_real_vocabulary_decodes_to_itself(qwen3_tokenizer: Any) -> None:
    backend = qwen3_tokenizer.backend_tokenizer
    new = detokenizer_factory(backend)
    for token_id in range(backend.get_vocab_size()):
        assert "".join(pieces(new(), [token_id])) == backend.decode([token_id]), token_id


def id_of(tokenizer: Tokenizer, token: str) -> int:
    token_id = tokenizer.token_to_id(token)
    assert token_id is not None
    return token_id


def test_special_tokens_have_no_text_and_tags_have(tokenizer: Tokenizer) -> None:
    detokenizer = detokenizer_factory(tokenizer)()
    assert detokenizer.feed(id_of(tokenizer, "<|im_start|>")) == ""
    assert detokenizer.feed(id_of(tokenizer, "</tool_call>")) == "</tool_call>"


def test_a_row_without_a_token_has_no_text(tokenizer: Tokenizer) -> None:
    assert detokenizer_factory(tokenizer)().feed(tokenizer.get_vocab_size() + 3) == ""


def test_an_open_character_is_shown_as_broken_only_at_the_end(tokenizer: Tokenizer) -> None:
    first, second, *_ = tokenizer.encode("😀").ids
    detokenizer = detokenizer_factory(tokenizer)()
    assert detokenizer.feed(first) == detokenizer.feed(second) == ""
    assert detokenizer.flush() == REPLACEMENT
    assert detokenizer.flush() == ""


def test_the_alphabet_is_the_tokenizers_own() -> None:
    assert set(byte_alphabet()) == set(pre_tokenizers.ByteLevel.alphabet())
    assert sorted(byte_alphabet().values()) == list(range(256))


def sentencepiece_like() -> Tokenizer:
    words = ["▁Hello", "▁wor", "ld", "▁", "!", *(f"<0x{byte:02X}>" for byte in range(256))]
    vocabulary = {word: position for position, word in enumerate(["<unk>", *words])}
    tokenizer = Tokenizer(models.BPE(vocabulary, [], byte_fallback=True, unk_token="<unk>"))
    tokenizer.decoder = decoders.Sequence(
        [
            decoders.Replace("▁", " "),
            decoders.ByteFallback(),
            decoders.Fuse(),
            decoders.Strip(" ", 1, 0),
        ]
    )
    return tokenizer


def test_other_tokenizers_are_decoded_in_a_window() -> None:
    tokenizer = sentencepiece_like()
    words = ["▁Hello", "▁wor", "ld", "<0xF0>", "<0x9F>", "<0x98>", "<0x80>", "!", "▁wor", "ld"]
    ids = [id_of(tokenizer, word) for word in words]
    detokenizer = detokenizer_factory(tokenizer)()
    assert not isinstance(detokenizer, ByteDetokenizer)
    got = pieces(detokenizer, ids)
    assert "".join(got) == tokenizer.decode(ids) == "Hello world😀! world"
    assert got[3:7] == ["", "", "", "😀"]


def test_the_window_stays_small_whatever_comes() -> None:
    tokenizer = sentencepiece_like()
    detokenizer = WindowDetokenizer(tokenizer)
    broken = [id_of(tokenizer, "<0xFF>")] * 200
    text = "".join(pieces(detokenizer, broken))
    assert text.count(REPLACEMENT) == 200
    assert len(detokenizer._ids) <= 32
