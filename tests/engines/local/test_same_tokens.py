"""Greedy tokens are the same whatever the way to them: in one run or continued, read at once, in
small chunks or known before, with a budget or forced to the same words; with Qwen3's own tokenizer.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from transformers import Qwen3Config, Qwen3ForCausalLM

from playground.catalog import parse_name
from playground.domain.request import RunId
from playground.domain.sampling import Sampling
from playground.engines.local import decoding
from playground.engines.local.continuing import WRITTEN
from playground.engines.local.loading import LoadedModel, load_model
from playground.engines.local.running import run_loaded
from playground.results.fold import fold
from playground.results.segments import continuation
from playground.results.value import Result
from tests.engines.models import THINKING, write_json
from tests.engines.signals import Never
from tests.samples import request

DOCUMENT = "".join(
    f"Paragraph {n}: the sum of {n} and {n + 1} is {2 * n + 1}. 数学 😀\n" for n in range(60)
)
QUESTION = DOCUMENT + "\nWhat is in paragraph 7?"
LIMIT = 48


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tokenizer = os.environ.get("PLAYGROUND_QWEN3_TOKENIZER")
    if not tokenizer:
        pytest.skip("PLAYGROUND_QWEN3_TOKENIZER names no folder with Qwen3's tokenizer")
    folder = tmp_path_factory.mktemp("qwen3")
    torch.manual_seed(11)
    config = Qwen3Config(
        vocab_size=151_936,
        hidden_size=64,
        intermediate_size=96,
        num_hidden_layers=3,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=16,
        max_position_embeddings=8192,
        tie_word_embeddings=False,  # or it would only repeat what it wrote last
        eos_token_id=[151_645, 151_643],
    )
    model = Qwen3ForCausalLM(config)
    for weights in model.parameters():  # so that the next token depends on what was read
        if weights.dim() > 1:
            weights.data.mul_(15)
    model.save_pretrained(folder)
    shutil.copy(Path(tokenizer) / "tokenizer.json", folder)
    write_json(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "Qwen2Tokenizer",
            "eos_token": "<|im_end|>",
            "pad_token": "<|endoftext|>",
            "chat_template": THINKING,
        },
    )
    return folder


@pytest.fixture
def model(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LoadedModel]:
    monkeypatch.setattr(decoding, "least_reuse", lambda _: 1)
    loaded = load_model(parse_name(f"{folder}?dtype=fp32"), folder, lambda *_: None)
    decoding.KEPT.give_up()
    yield loaded
    decoding.KEPT.give_up()
    loaded.release()


def ran(model: LoadedModel, run: str, limit: int = LIMIT, after: Result | None = None) -> Result:
    asked = request(
        id=RunId(run),
        model="m",
        prompt=QUESTION,
        sampling=Sampling(temperature=0.0, seed=1, max_new_tokens=limit),
    )
    if after is not None:
        asked = replace(asked, continuing=continuation(after))
    return fold(asked, run_loaded(model, asked, Never()))


def ids(run: str) -> list[int]:
    """The ids after the prompt that a run wrote."""
    written = WRITTEN.of("m", RunId(run), "left")
    assert written is not None
    return list(written.ids)


@pytest.fixture
def plain(model: LoadedModel) -> list[int]:
    """What a run writes that knows nothing and reads in its own chunks."""
    result = ran(model, "plain")
    assert result.numbers.cached_tokens == 0
    assert (result.numbers.prompt_tokens or 0) > 1000
    decoding.KEPT.give_up()
    written = ids("plain")
    assert len(written) == LIMIT and len(set(written)) > LIMIT // 4  # not the same few again
    return written


@pytest.mark.parametrize("size", [8, 100, 4096])
def test_in_any_chunks(
    model: LoadedModel, plain: list[int], monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(decoding, "chunk_tokens", lambda *_: size)
    ran(model, "chunks")
    assert ids("chunks") == plain


def test_with_the_document_read_before(model: LoadedModel, plain: list[int]) -> None:
    other = request(prompt=DOCUMENT + "\nAnd in 30?", sampling=Sampling(max_new_tokens=9, seed=4))
    fold(other, run_loaded(model, other, Never()))
    result = ran(model, "again")
    assert (result.numbers.cached_tokens or 0) > 1000
    assert ids("again") == plain


def test_continued_again_and_again(model: LoadedModel, plain: list[int]) -> None:
    result = ran(model, "one", limit=7)
    for run, limit in (("two", 1), ("three", 23), ("four", LIMIT - 31)):
        result = ran(model, run, limit, after=result)
        assert (result.numbers.cached_tokens or 0) > 1000
    assert ids("four") == plain


def test_with_a_budget_that_is_not_reached(model: LoadedModel, plain: list[int]) -> None:
    asked = request(
        id=RunId("budget"),
        model="m",
        prompt=QUESTION,
        sampling=Sampling(temperature=0.0, seed=1, max_new_tokens=LIMIT, thinking_budget=1000),
    )
    fold(asked, run_loaded(model, asked, Never()))
    assert ids("budget") == plain


def test_until_a_budget_closes_the_thought_and_from_there_in_one_run_or_two(
    model: LoadedModel, plain: list[int]
) -> None:
    def closed(run: str, limit: int, after: Result | None = None) -> Result:
        sampling = Sampling(temperature=0.0, seed=1, max_new_tokens=limit, thinking_budget=10)
        asked = request(id=RunId(run), model="m", prompt=QUESTION, sampling=sampling)
        if after is not None:
            asked = replace(asked, continuing=continuation(after))
        return fold(asked, run_loaded(model, asked, Never()))

    whole = closed("whole", LIMIT)
    forced = whole.numbers.forced_tokens or 0
    assert ids("whole")[:10] == plain[:10] and forced > 2
    decoding.KEPT.give_up()
    first = closed("first", 10 + forced + 3)
    closed("rest", LIMIT - (10 + forced + 3), after=first)
    assert ids("rest") == ids("whole")
