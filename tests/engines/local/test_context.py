"""A context is what the name asks for, as far as the model goes; YaRN is what its card says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoModelForCausalLM

from playground.catalog import parse_name
from playground.domain.errors import BadRequest
from playground.domain.events import Started
from playground.engines.local.context import Context, context_for
from playground.engines.local.description import describe
from playground.engines.local.engine import LocalEngine
from playground.engines.local.loading import load_model
from tests.engines.models import HYBRID, write_json, write_model
from tests.engines.signals import Never
from tests.samples import request

OWN: dict[str, Any] = {"model_type": "qwen3", "max_position_embeddings": 40_960}
IDS = torch.arange(3, 40).unsqueeze(0)


def context(asked: int, **config: Any) -> Context:
    return context_for(parse_name(f"a/b?context={asked}"), OWN | config)


@pytest.fixture(scope="session")
def real_hybrid(models: Path) -> Path:
    """A model with the positions of Qwen3's hybrids."""
    rope = {"rope_type": "default", "rope_theta": 1_000_000.0}
    return write_model(
        models / "real-hybrid",
        HYBRID,
        spread=3,
        max_position_embeddings=40_960,
        rope_parameters=rope,
    )


def test_without_a_wish_a_model_has_its_own() -> None:
    assert context_for(parse_name("a/b"), OWN) == Context(40_960)
    assert context_for(parse_name("a/b"), {"text_config": OWN}) == Context(40_960)
    assert context_for(parse_name("a/b"), {}) == Context(None)


def test_less_is_a_limit_and_nothing_else() -> None:
    assert context(8_192) == context(8_192, max_position_embeddings=262_144) == Context(8_192)
    assert context(40_960) == Context(40_960)


@pytest.mark.parametrize(
    ("asked", "factor"), [(40_961, 2), (65_536, 2), (65_537, 3), (98_304, 3), (131_072, 4)]
)
def test_a_hybrid_is_stretched_by_the_smallest_factor_that_will_do(asked: int, factor: int) -> None:
    assert context(asked) == Context(asked, factor)


@pytest.mark.parametrize(
    ("config", "most"),
    [
        ({}, "131,072"),
        ({"max_position_embeddings": 262_144}, "262,144"),
        ({"model_type": "llama"}, "40,960"),
        ({"rope_scaling": {"type": "linear", "factor": 2.0}}, "40,960"),
        ({"rope_parameters": {"rope_type": "yarn", "factor": 4.0}}, "40,960"),
    ],
)
def test_more_than_can_be_is_refused_with_what_can(config: dict[str, Any], most: str) -> None:
    with pytest.raises(BadRequest, match=rf"context is 300,000 .* at most {most} tokens\. Use"):
        context(300_000, **config)


def test_the_card_says_the_context_before_and_after_loading(real_hybrid: Path) -> None:
    engine = LocalEngine(parse_name(f"{real_hybrid}?context=65536"))
    assert engine.card.context == 65_536
    list(engine.load())
    assert engine.card.context == 65_536
    start = next(event for event in engine.run(request(), Never()) if isinstance(event, Started))
    assert start.context == 65_536


def test_a_short_context_leaves_room_for_the_prompt() -> None:
    card = describe(parse_name("Qwen/Qwen3-0.6B?context=1000"), None)
    assert (card.context, card.defaults.max_new_tokens) == (1000, 800)


def test_a_context_that_cannot_be_is_said_before_anything_is_loaded(real_hybrid: Path) -> None:
    with pytest.raises(BadRequest, match="at most 131,072 tokens"):
        LocalEngine(parse_name(f"{real_hybrid}?context=200000"))


def test_stretched_positions_are_those_of_the_cards_configuration(
    real_hybrid: Path, tmp_path: Path
) -> None:
    loaded = load_model(parse_name(f"{real_hybrid}?context=131072"), real_hybrid, lambda *_: None)
    native = load_model(parse_name(str(real_hybrid)), real_hybrid, lambda *_: None)
    config = json.loads((real_hybrid / "config.json").read_text(encoding="utf-8"))
    theta = config.pop("rope_parameters")["rope_theta"]
    config["rope_theta"] = theta
    config["rope_scaling"] = {
        "rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32_768,
    }  # fmt: skip
    for path in real_hybrid.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    write_json(tmp_path / "config.json", config)
    by_card = AutoModelForCausalLM.from_pretrained(tmp_path).eval()
    with torch.inference_mode():
        ours, theirs = loaded.decoder.model(IDS).logits, by_card(IDS).logits
        unstretched = native.decoder.model(IDS).logits
    assert torch.equal(ours, theirs)
    assert not torch.allclose(ours, unstretched, atol=1e-3)
    pointers = [
        [parameter.data_ptr() for parameter in each.decoder.model.parameters()]
        for each in (loaded, native)
    ]
    assert pointers[0] == pointers[1]


def test_a_limit_alone_shares_the_whole_model(real_hybrid: Path) -> None:
    models = [
        load_model(parse_name(f"{real_hybrid}{query}"), real_hybrid, lambda *_: None)
        for query in ("", "?context=4096", "?thinking=off", "?context=2048&thinking=off")
    ]
    assert len({id(each.decoder) for each in models}) == 1
    assert [each.context for each in models] == [40_960, 4_096, 40_960, 2_048]
    assert [each.thinks for each in models] == [True, True, False, False]
