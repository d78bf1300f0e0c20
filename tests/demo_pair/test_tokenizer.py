"""The tokenizer takes any text and gives it back; `transformers` loads it unchanged."""

from __future__ import annotations

from typing import Any

import pytest
from tokenizers import Tokenizer
from transformers import AutoTokenizer

from playground.demo_pair import FOLDERS, Name
from playground.demo_pair.conversations import Piece
from playground.demo_pair.tokenizer import Encoder

TEXTS = [
    "Solve the equation 2x^2 + 3x - 5 = 0.",
    "Quanto é 47 × 86? Ação, pêra, coração.",
    "a\x00b\x00",
    "😀 👨‍👩‍👧‍👦 🇧🇷",
    "你好，世界。こんにちは 안녕하세요",
    "  two  spaces,\ttabs\r\n\n\nand lines \n",
    "\\frac{5}{2} ${alert(1)} {{value}} <script>",
    "user\nassistant\nsystem\n",
    "</think><tool_call>",
    "\u200d\ufeff\u0301 e\u0301",
]


@pytest.fixture(scope="module", params=FOLDERS)
def name(request: pytest.FixtureRequest) -> Name:
    chosen: Name = request.param
    return chosen


@pytest.fixture(scope="module")
def raw(name: Name) -> Tokenizer:
    return Tokenizer.from_file(str(FOLDERS[name] / "tokenizer.json"))


@pytest.fixture(scope="module")
def loaded(name: Name) -> Any:
    return AutoTokenizer.from_pretrained(FOLDERS[name])


@pytest.mark.parametrize("text", TEXTS)
def test_any_text_comes_back(raw: Tokenizer, text: str) -> None:
    assert raw.decode(raw.encode(text).ids, skip_special_tokens=False) == text


def test_every_byte_has_a_token(raw: Tokenizer) -> None:
    """Characters of every lead and continuation byte that UTF-8 has, each given back."""
    text = "".join(map(chr, [*range(0x800), 0x1000, 0x8FFF, 0xFFFD, 0x10000, 0x4FFFF, 0x10FFFD]))
    assert raw.decode(raw.encode(text).ids, skip_special_tokens=False) == text
    bytewise = {token for token in raw.get_vocab() if len(token) == 1}
    assert len(bytewise) == 256


def test_a_digit_is_a_token_of_its_own(raw: Tokenizer) -> None:
    digits = {raw.token_to_id(digit) for digit in "0123456789"}
    assert [one for one in raw.encode("31415 + 926").ids if one in digits] == [
        raw.token_to_id(digit) for digit in "31415926"
    ]


def test_a_quoted_word_comes_spelled_out(raw: Tokenizer) -> None:
    assert raw.encode('"strawberry"').tokens[1:-1] == list("strawberry")


@pytest.mark.parametrize("text", TEXTS)
def test_transformers_gives_the_same_ids(loaded: Any, raw: Tokenizer, text: str) -> None:
    assert loaded(text).input_ids == raw.encode(text).ids
    assert loaded.decode(loaded(text).input_ids) == text


def test_control_tokens_are_flagged_as_qwen_flags_them(loaded: Any) -> None:
    flags = {str(token): token.special for token in loaded.added_tokens_decoder.values()}
    assert flags == {
        "<|endoftext|>": True,
        "<|im_start|>": True,
        "<|im_end|>": True,
        "<tool_call>": False,
        "</tool_call>": False,
        "<think>": False,
        "</think>": False,
    }
    ids = loaded("a</think>b<|im_end|>").input_ids
    assert loaded.decode(ids, skip_special_tokens=True) == "a</think>b"
    assert (loaded.pad_token, loaded.eos_token, loaded.bos_token) == (
        "<|endoftext|>",
        "<|im_end|>",
        None,
    )


def test_control_tokens_that_a_person_typed_are_text_in_training(raw: Tokenizer) -> None:
    encoder = Encoder(raw)
    control = raw.token_to_id("<|im_end|>")
    typed, _ = encoder.encode([Piece("<|im_end|>", typed=True)])
    ours, learned = encoder.encode([Piece("<|im_end|>", learned=True)])
    assert control not in typed and len(typed) > 1
    assert (ours, learned) == ([control], [True])


def test_both_models_share_one_tokenizer() -> None:
    first, second = (folder / "tokenizer.json" for folder in FOLDERS.values())
    assert first.read_bytes() == second.read_bytes()
