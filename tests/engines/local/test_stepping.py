"""One token by the weights: transformers' logits to the bit, for plain Qwen3 models only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn
from transformers import AutoModelForCausalLM, LlamaConfig, LlamaForCausalLM

from playground.engines.local import attention
from playground.engines.local.cache import GrowingCache
from playground.engines.local.stepping import step_of
from playground.engines.local.watching import Interrupted, watching
from playground.engines.local.ways import Way, by_weights, cache_argument, through_modules
from tests.engines.signals import StopAfter

PROMPT = torch.tensor([[5, 99, 240, 17, 17, 301, 8]])
SCALING = 32**-0.5


def load(folder: Path, dtype: torch.dtype, yarn: bool = False) -> Any:
    more: dict[str, Any] = {}
    if yarn:
        more["rope_parameters"] = {
            "rope_type": "yarn",
            "rope_theta": 1e6,
            "factor": 4.0,
            "original_max_position_embeddings": 512,
        }
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=dtype, **more).eval()
    assert attention.use(model)
    return model


def text(model: Any) -> GrowingCache:
    cache = GrowingCache(len(model.model.layers))
    with torch.inference_mode():
        model(input_ids=PROMPT, use_cache=True, **{cache_argument(model): cache})
    return cache


def weights_way(model: Any) -> Way:
    step = step_of(model)
    assert step is not None
    return by_weights(step, model.model.layers[0].self_attn.scaling)


@pytest.mark.parametrize("yarn", [False, True], ids=["plain", "yarn"])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16], ids=str)
@torch.inference_mode()
def test_the_logits_are_transformers_own_to_the_bit(
    instruct: Path, dtype: torch.dtype, yarn: bool
) -> None:
    model = load(instruct, dtype, yarn)
    by_modules, by_weight = text(model), text(model)
    theirs, ours = through_modules(model), weights_way(model)
    for token_id in range(40, 80):
        assert torch.equal(theirs(by_modules, token_id), ours(by_weight, token_id))
    assert by_weight.length == PROMPT.shape[1] + 40


@torch.inference_mode()
def test_it_compiles_to_nearly_the_same(instruct: Path) -> None:
    model = load(instruct, torch.float32)
    step = step_of(model)
    assert step is not None
    compiled = step.compiled("aot_eager")  # needs no compiler on the machine
    ours = by_weights(compiled, model.model.layers[0].self_attn.scaling)(text(model), 40)
    torch.testing.assert_close(ours, through_modules(model)(text(model), 40), rtol=1e-4, atol=1e-4)


def test_a_stop_is_seen_between_layers(instruct: Path) -> None:
    model = load(instruct, torch.float32)
    cache, stop = text(model), StopAfter(1)
    with torch.inference_mode(), watching(stop), pytest.raises(Interrupted):
        weights_way(model)(cache, 40)


class _Adapted(nn.Linear):
    """Stands for a layer that does more than its weight says."""


def test_an_adapted_layer_is_left_to_its_module(instruct: Path) -> None:
    model = load(instruct, torch.float32)
    model.model.layers[0].mlp.up_proj.__class__ = _Adapted
    assert step_of(model) is None


def test_a_layer_with_more_products_is_left_to_its_modules(instruct: Path) -> None:
    model = load(instruct, torch.float32)
    model.model.layers[0].mlp.more = nn.Linear(4, 4, bias=False)
    assert step_of(model) is None


def test_a_bias_is_left_to_its_module(instruct: Path) -> None:
    model = load(instruct, torch.float32)
    product = model.model.layers[1].self_attn.q_proj
    product.bias = nn.Parameter(torch.zeros(product.out_features))
    assert step_of(model) is None


def test_another_activation_is_left_to_its_module(instruct: Path) -> None:
    model = load(instruct, torch.float32)
    model.config.hidden_act = "gelu"
    assert step_of(model) is None


def test_rotations_that_change_with_the_length_are_left_to_their_modules(instruct: Path) -> None:
    model = load(instruct, torch.float32)
    model.model.rotary_emb.rope_type = "dynamic"
    assert step_of(model) is None


def test_other_architectures_are_left_to_their_modules() -> None:
    config = LlamaConfig(
        vocab_size=50,
        hidden_size=16,
        intermediate_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
    )
    assert step_of(LlamaForCausalLM(config)) is None
