"""Grouped attention gives transformers' logits, for whole prompts, chunks and single tokens."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from torch.nn import Linear
from transformers import AutoModelForCausalLM

from playground.engines.local import attention, widening
from playground.engines.local.cache import GrowingCache
from playground.engines.local.ways import cache_argument
from playground.engines.local.widening import LEAST_ROWS, WideningLinear, pays, widen

IDS = torch.tensor([[(7 * n) % 390 for n in range(90)]])


def load(folder: Path, dtype: torch.dtype = torch.float32) -> Any:
    return AutoModelForCausalLM.from_pretrained(folder, dtype=dtype).eval()


def chunked(model: Any, sizes: tuple[int, ...]) -> torch.Tensor:
    """The logits of all ids, read in chunks of these sizes."""
    cache, start, parts = GrowingCache(2), 0, []
    with torch.inference_mode():
        for size in sizes:
            ids = IDS[:, start : start + size]
            parts.append(
                model(input_ids=ids, use_cache=True, **{cache_argument(model): cache}).logits
            )
            start += size
    assert start == IDS.shape[1]
    return torch.cat(parts, dim=1)


@pytest.mark.parametrize("sizes", [(90,), (40, 50), (64, 1, 1, 24)], ids=str)
def test_logits_are_transformers_own(instruct: Path, sizes: tuple[int, ...]) -> None:
    theirs = load(instruct)(input_ids=IDS).logits
    model = load(instruct)
    assert attention.use(model)
    torch.testing.assert_close(chunked(model, sizes), theirs, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("sizes", [(90,), (40, 50), (88, 1, 1)], ids=str)
def test_a_processor_without_16_bit_arithmetic_computes_in_fp32(
    instruct: Path, sizes: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    exact = load(instruct)(input_ids=IDS).logits
    plain = load(instruct, torch.bfloat16)(input_ids=IDS).logits.float()
    model = load(instruct, torch.bfloat16)
    monkeypatch.setattr(attention, "pays", lambda *_: True)
    attention.use(model)
    widen(model)
    ours = chunked(model, sizes).float()
    error, their_error = ((logits - exact).abs().mean() for logits in (ours, plain))
    assert error < 1.1 * their_error


def test_other_architectures_keep_their_own_attention(instruct: Path) -> None:
    model = load(instruct)
    model.config.layer_types = ["full_attention", "sliding_attention"]
    assert not attention.use(model)
    model.config.layer_types = ["full_attention"] * 2
    model.config.model_type = "gpt_oss"
    assert not attention.use(model)
    assert model.config._attn_implementation == "sdpa"


def test_many_rows_are_multiplied_in_fp32_and_few_in_the_weights_type() -> None:
    torch.manual_seed(0)
    plain = Linear(70, 50).to(torch.bfloat16)
    wide = Linear(70, 50).to(torch.bfloat16)
    wide.load_state_dict(plain.state_dict())
    widen(wide)
    assert type(wide) is WideningLinear
    few, many = (torch.randn(1, rows, 70).to(torch.bfloat16) for rows in (2, LEAST_ROWS))
    with torch.inference_mode():
        assert torch.equal(wide(few), plain(few))
        exact = torch.nn.functional.linear(many.float(), plain.weight.float(), plain.bias.float())
        assert torch.equal(wide(many), exact.to(torch.bfloat16))


def test_weights_that_are_cut_in_pieces_give_the_same_product(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wide = Linear(70, 50, bias=False).to(torch.bfloat16)
    widen(wide)
    rows = torch.randn(LEAST_ROWS, 70).to(torch.bfloat16)
    with torch.inference_mode():
        whole = wide(rows)
        monkeypatch.setattr(widening, "PIECE_BYTES", 4 * 70 * 7)
        torch.testing.assert_close(wide(rows), whole)


def test_only_plain_16_bit_layers_are_widened_and_their_weights_stay() -> None:
    model = torch.nn.Sequential(Linear(4, 4).to(torch.bfloat16), Linear(4, 4))
    before = [parameter.data_ptr() for parameter in model.parameters()]
    widen(model)
    assert [type(part) for part in model] == [WideningLinear, Linear]
    assert [parameter.data_ptr() for parameter in model.parameters()] == before


def test_fp32_and_graphics_processors_never_widen() -> None:
    assert not pays("cpu", torch.float32)
    assert not pays("cuda", torch.bfloat16)
