"""A fine-tune computes what PEFT says it does, beside its base and on the same weights."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import torch

from playground.catalog import parse_name
from playground.domain.errors import ModelNotFound, ModelUnusable
from playground.engines.local import weights
from playground.engines.local.engine import LocalEngine
from playground.engines.local.loading import LoadedModel, load_model
from tests.engines.adapters import edit_config, merged, write_adapter
from tests.engines.local.answers import answer, answers_together
from tests.engines.models import THINKING, write_model, write_tokenizer
from tests.engines.signals import Never
from tests.samples import request

IDS = torch.arange(3, 40).unsqueeze(0)
KINDS: dict[str, dict[str, Any]] = {
    "plain": {},
    "rank-stabilized": {"use_rslora": True},
    "DoRA": {"use_dora": True},
    "some layers": {"target_modules": ["q_proj", "down_proj"], "layers_to_transform": [1]},
    "ranks of their own": {"rank_pattern": {"q_proj": 2}, "alpha_pattern": {"v_proj": 32}},
    "embedding": {"target_modules": ["embed_tokens", "q_proj"]},
    "embedding alone": {"target_modules": ["embed_tokens"]},
    "whole modules": {"modules_to_save": ["embed_tokens", "lm_head"]},
}


@pytest.fixture(scope="session")
def adapter(models: Path, instruct: Path) -> Path:
    return write_adapter(models / "adapter", instruct)


def load(base: Path, adapter: Path | None) -> LoadedModel:
    return load_model(parse_name(str(base)), base, lambda *_: None, adapter)


def logits(model: Any) -> torch.Tensor:
    with torch.inference_mode():
        result: torch.Tensor = model(IDS).logits
    return result


@pytest.mark.parametrize("kind", KINDS)
def test_a_fine_tune_computes_what_peft_merges(kind: str, models: Path, tmp_path: Path) -> None:
    # Tied, a merged embedding would change the head as well, which training never saw.
    tied = not kind.startswith(("embedding", "whole"))
    base = write_model(models / f"base {tied}", spread=3, tie_word_embeddings=tied)
    folder = write_adapter(tmp_path / "lora", base, **KINDS[kind])
    loaded = load(base, folder)
    expected = merged(base, folder)
    torch.testing.assert_close(logits(loaded.decoder.model), logits(expected), atol=1e-4, rtol=1e-4)
    ids = IDS[0].tolist()
    with loaded.decoder.open(ids, "left", "") as reading:
        got = [reading._forward(part, Never()) for part in (ids[:20], ids[20:], [7], [9])]
    wanted = expected(torch.tensor([[*ids, 7, 9]])).logits[0]
    for row, place in zip(got, (19, 36, 37, 38), strict=True):
        torch.testing.assert_close(row, wanted[place], atol=1e-4, rtol=1e-4)


def test_the_base_weights_are_loaded_once_and_stay_as_they_are(
    instruct: Path, adapter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loads = []
    original = weights._load_weights
    monkeypatch.setattr(
        weights, "_load_weights", lambda *given: loads.append(1) or original(*given)
    )
    base = load(instruct, None)
    before = logits(base.decoder.model)
    tuned = load(instruct, adapter)
    assert len(loads) == 1
    assert torch.equal(logits(base.decoder.model), before)
    assert not torch.allclose(logits(tuned.decoder.model), before, atol=0.1)
    own = {parameter.data_ptr() for parameter in base.decoder.model.parameters()}
    lora = {
        name: parameter
        for name, parameter in tuned.decoder.model.named_parameters()
        if parameter.data_ptr() not in own
    }
    assert lora and all(".lora_" in name for name in lora)


def test_a_base_and_its_fine_tune_run_at_the_same_time(instruct: Path, adapter: Path) -> None:
    engines = [LocalEngine(parse_name(name)) for name in (f"{instruct}", f"{instruct}+{adapter}")]
    alone = [answer(engine) for engine in engines]
    assert alone[0] != alone[1]
    assert answers_together(engines) == alone


def test_a_fine_tune_says_what_it_is(instruct: Path, adapter: Path) -> None:
    engine = LocalEngine(parse_name(f"{instruct}+{adapter}"))
    list(engine.load())
    assert engine.card.label == "instruct + adapter"
    assert "peft" in dict(engine.card.origin.versions)


def test_an_adapters_own_tokenizer_and_template_are_used(
    instruct: Path, adapter: Path, tmp_path: Path
) -> None:
    own = Path(shutil.copytree(adapter, tmp_path / "own"))
    write_tokenizer(own, THINKING)
    engine = LocalEngine(parse_name(f"{instruct}+{own}"))
    assert engine.card.thinks
    prompt = engine.exact_prompt(request(prompt="Why?"))
    assert prompt.text is not None and prompt.text.endswith("<think>\n")
    list(engine.load())
    assert engine.card.thinks
    assert engine.exact_prompt(request(prompt="Why?")) == prompt


def test_an_adapters_tokenizer_without_a_template_keeps_its_bases(
    thinking: Path, tmp_path: Path
) -> None:
    own = write_adapter(tmp_path / "own", thinking)
    write_tokenizer(own, None)
    engine = LocalEngine(parse_name(f"{thinking}+{own}"))
    list(engine.load())
    assert engine.card.thinks


def test_an_adapter_of_a_wider_model_is_refused_with_its_base(
    instruct: Path, adapter: Path, tmp_path: Path
) -> None:
    other = write_model(tmp_path / "other", hidden_size=96)
    with pytest.raises(
        ModelUnusable, match=r"does not fit .*: it is for 64 \w+ of '.*', which has 96"
    ):
        load(other, adapter)
    with pytest.raises(ModelUnusable, match=r"trained on 'unsloth/some-base-bnb-4bit'; name that"):
        load(other, adapter)


def test_an_adapter_of_a_deeper_model_is_refused(adapter: Path, tmp_path: Path) -> None:
    shallow = write_model(tmp_path / "shallow", num_hidden_layers=1)
    with pytest.raises(ModelUnusable, match=r"it has no matrix 'model\.layers\.1\."):
        load(shallow, adapter)


def test_a_refused_adapter_leaves_nothing_in_memory(adapter: Path, tmp_path: Path) -> None:
    shallow = write_model(tmp_path / "shallow", num_hidden_layers=1)
    with pytest.raises(ModelUnusable):
        load(shallow, adapter)
    assert not weights.BASES._entries and not weights.WEIGHTS._entries


def test_what_is_no_lora_is_refused(instruct: Path, adapter: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match=r"'.*nowhere' does not exist.*behind the '\+'"):
        load(instruct, tmp_path / "nowhere")
    with pytest.raises(ModelUnusable, match=r"not an adapter\. It is a whole model"):
        load(instruct, instruct)
    copy = Path(shutil.copytree(adapter, tmp_path / "copy"))
    edit_config(copy, peft_type="IA3")
    with pytest.raises(ModelUnusable, match=r"is a 'IA3', not a LoRA\. Merge it"):
        load(instruct, copy)
    edit_config(copy, peft_type="LORA")
    (copy / "adapter_model.safetensors").write_bytes(b"short")
    with pytest.raises(ModelUnusable, match=r"not a safetensors file"):
        load(instruct, copy)
    (copy / "adapter_model.safetensors").unlink()
    with pytest.raises(ModelUnusable, match=r"has no adapter_model\.safetensors"):
        load(instruct, copy)
