"""The growing cache holds what transformers' own holds, without copying it at each token."""

from __future__ import annotations

from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, DynamicCache

from playground.engines.local.cache import GrowingCache, bytes_per_token, grown
from playground.engines.local.ways import cache_argument


def states(tokens: int, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return (
        torch.rand((1, 2, tokens, 4), generator=generator),
        torch.rand((1, 2, tokens, 4), generator=generator),
    )


def test_it_returns_what_transformers_own_cache_returns() -> None:
    ours, theirs = GrowingCache(2), DynamicCache()
    for step, tokens in enumerate((5, 1, 1, 300, 1)):
        for layer in range(2):
            keys, values = states(tokens, step * 2 + layer)
            mine, yours = ours.update(keys, values, layer), theirs.update(keys, values, layer)
            assert all(torch.equal(a, b) for a, b in zip(mine, yours, strict=True))
        assert ours.length == ours.get_seq_length() == theirs.get_seq_length()
        assert ours.get_mask_sizes(3, 0) == theirs.get_mask_sizes(3, 0)


def test_what_is_cut_off_is_written_anew() -> None:
    cache = GrowingCache(1)
    first, second = states(8, 1), states(2, 2)
    cache.update(*first, 0)
    cache.cut(5)
    assert cache.length == 5
    keys, _ = cache.update(*second, 0)
    assert torch.equal(keys, torch.cat((first[0][:, :, :5], second[0]), dim=-2))
    cache.crop(-3)
    assert cache.length == 4
    cache.cut(9)
    assert cache.length == 4


def test_it_takes_what_was_reserved_and_copies_nothing_until_that_is_full() -> None:
    cache = GrowingCache(1)
    cache.reserve(100)
    cache.update(*states(10, 0), 0)
    place = cache.layers[0].keys.data_ptr()
    for step in range(90):
        cache.update(*states(1, step), 0)
    assert (cache.capacity, cache.length) == (100, 100)
    assert cache.layers[0].keys.data_ptr() == place
    cache.update(*states(1, 0), 0)
    assert cache.capacity == grown(101)


def test_it_grows_by_an_eighth() -> None:
    assert grown(80_000) == 90_000
    assert grown(1) == 257


def test_bytes_are_those_of_the_buffers(instruct: Path) -> None:
    model = AutoModelForCausalLM.from_pretrained(instruct).eval()
    cache = GrowingCache(2)
    cache.reserve(50)
    with torch.inference_mode():
        model(input_ids=torch.tensor([[1, 2, 3]]), **{cache_argument(model): cache})
    assert cache.buffer_bytes == 50 * bytes_per_token(model.config, 4)


def test_qwen3_4b_takes_144_kib_a_token() -> None:
    class Config:
        num_hidden_layers = 36
        num_attention_heads = 32
        num_key_value_heads = 8
        hidden_size = 2560
        head_dim = 128

    assert bytes_per_token(Config, 2) == 147_456
