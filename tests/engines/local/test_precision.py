"""Weights run in the type that was asked for or stored, and what really runs is said."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import torch

from playground.catalog import parse_name
from playground.catalog.names import DTYPES
from playground.domain.errors import BadRequest, ModelUnusable
from playground.domain.events import Ended
from playground.domain.sampling import Sampling
from playground.engines.local import precision, quantizing
from playground.engines.local.engine import LocalEngine
from playground.engines.local.loading import LoadedModel, load_model
from playground.engines.local.precision import precision_for
from tests.engines.adapters import write_adapter
from tests.engines.fp8 import MEASURES, write_fp8
from tests.engines.models import INSTRUCT, write_model
from tests.engines.signals import Never
from tests.samples import request

IDS = torch.arange(3, 40).unsqueeze(0)
FP8 = {"quantization_config": {"quant_method": "fp8"}}


def load(folder: Path, query: str = "", adapter: Path | None = None) -> LoadedModel:
    name = parse_name(f"{folder}{query}")
    return load_model(name, folder, lambda *_: None, adapter)


def logits(loaded: LoadedModel) -> torch.Tensor:
    with torch.inference_mode():
        result: torch.Tensor = loaded.decoder.model(IDS).logits
    return result


def needs(library: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(find_spec(library) is None, reason=f"{library} is not installed")


@pytest.fixture(scope="session")
def sixteen(models: Path, fp8: Path) -> Path:
    """The weights that the FP8 checkpoint stands for, in bf16."""
    return models / "sixteen"


@pytest.fixture(scope="session")
def fp8(models: Path) -> Path:
    return write_fp8(models / "sixteen", models / "fp8")


def test_an_fp8_checkpoint_is_dequantized_where_fp8_is_not_computed(
    fp8: Path, sixteen: Path
) -> None:
    loaded = load(fp8)
    assert loaded.origin.dtype == "bfloat16 (from FP8)"
    assert torch.equal(logits(loaded), logits(load(sixteen, "?dtype=bf16")))


def test_an_fp8_checkpoint_is_dequantized_to_what_was_asked(fp8: Path) -> None:
    loaded = load(fp8, "?dtype=fp32")
    assert loaded.origin.dtype == "float32 (from FP8)"
    assert loaded.decoder.model.dtype == torch.float32


def test_an_fp8_checkpoint_answers_and_takes_an_adapter(
    fp8: Path, sixteen: Path, tmp_path: Path
) -> None:
    adapter = write_adapter(tmp_path / "lora", sixteen)
    name = parse_name(f"{fp8}+{adapter}")
    asked = request(prompt="Why?", sampling=Sampling(max_new_tokens=4, seed=1))
    assert isinstance(list(LocalEngine(name).run(asked, Never()))[-1], Ended)


def test_fp8_stays_fp8_where_it_is_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precision, "computes_fp8", lambda: True)
    kept = precision_for(parse_name("a/b"), FP8)
    assert (kept.dtype, kept.quantization, kept.packed) == (None, None, True)
    assert kept.said("bfloat16") == "FP8 weights, bfloat16"
    wide = precision_for(parse_name("a/b?dtype=bf16"), FP8)
    assert wide.quantization.dequantize and not wide.packed


@pytest.mark.parametrize(
    ("capability", "kernels", "expected"),
    [((8, 9), True, True), ((9, 0), True, True), ((8, 0), True, False), ((9, 0), False, False)],
)
def test_fp8_is_computed_by_new_gpus_with_their_kernels(
    capability: tuple[int, int], kernels: bool, expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda: capability)
    monkeypatch.setattr(precision, "find_spec", lambda _: object())
    monkeypatch.setattr(precision, "_has_fp8_kernels", lambda: kernels)
    assert precision.computes_fp8() is expected


def test_without_a_gpu_nothing_is_computed_in_fp8() -> None:
    if torch.cuda.is_available():
        pytest.skip("there is a GPU")
    assert not precision.computes_fp8()


@pytest.mark.parametrize("asked", DTYPES)
def test_every_type_that_a_name_may_ask_for_is_known_here(asked: str) -> None:
    kinds = ("auto", *precision.DTYPES, *quantizing.QUANTIZERS)
    assert asked in kinds and len(kinds) == len(DTYPES)


@pytest.mark.parametrize("method", ["fp8", "bitsandbytes", "gptq"])
def test_what_is_quantized_already_is_not_quantized_again(method: str) -> None:
    config = {"quantization_config": {"quant_method": method}}
    with pytest.raises(BadRequest, match=f"stored as {method} already, so dtype=int4 cannot"):
        precision_for(parse_name("a/b?dtype=int4"), config)


@pytest.mark.parametrize(
    ("name", "config", "said"),
    [
        ("a/b?dtype=int8", {}, r"dtype=int8 in 'a/b\?dtype=int8' .*pip install torchao`"),
        ("a/b?dtype=int4", {}, r"dtype=int4 .*pip install bitsandbytes`"),
        ("a/b", {"load_in_4bit": True}, r"'a/b' is stored as bitsandbytes.*install bitsandbytes`"),
        ("a/b", {"quant_method": "gptq"}, r"stored as gptq.*pip install gptqmodel optimum`"),
        ("a/b", {"quant_method": "compressed-tensors"}, r"pip install compressed-tensors`"),
    ],
)
def test_a_library_that_is_missing_is_named_with_its_command(
    name: str, config: dict[str, Any], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quantizing, "find_spec", lambda _: None)
    with pytest.raises(ModelUnusable, match=said):
        precision_for(parse_name(name), {"quantization_config": config} if config else {})


@pytest.mark.parametrize(
    ("query", "said"),
    [
        pytest.param("?dtype=int8", "int8 weights, bfloat16 (torchao)", marks=needs("torchao")),
        pytest.param(
            "?dtype=int4", "nf4 weights, bfloat16 (bitsandbytes)", marks=needs("bitsandbytes")
        ),
    ],
)
def test_a_model_is_quantized_while_it_loads(query: str, said: str, sixteen: Path) -> None:
    whole, small = load(sixteen, "?dtype=bf16"), load(sixteen, query)
    assert small.origin.dtype == said
    assert dict(small.origin.versions).keys() - dict(whole.origin.versions).keys()
    difference = (logits(small) - logits(whole)).abs().max()
    assert 0 < difference < logits(whole).abs().max()
    asked = request(prompt="Why?", sampling=Sampling(max_new_tokens=4, seed=1))
    engine = LocalEngine(parse_name(f"{sixteen}{query}"))
    assert isinstance(list(engine.run(asked, Never()))[-1], Ended)


@needs("bitsandbytes")
def test_a_bitsandbytes_checkpoint_is_loaded_as_it_is(sixteen: Path, tmp_path: Path) -> None:
    folder = write_model(tmp_path / "four", INSTRUCT, spread=3, **MEASURES)
    load(sixteen, "?dtype=int4").decoder.model.save_pretrained(folder)
    loaded = load(folder)
    assert loaded.origin.dtype == "nf4 weights, bfloat16 (bitsandbytes)"
    assert torch.equal(logits(loaded), logits(load(sixteen, "?dtype=int4")))


@needs("bitsandbytes")
def test_an_adapter_runs_on_quantized_weights(sixteen: Path, tmp_path: Path) -> None:
    adapter = write_adapter(tmp_path / "lora", sixteen)
    base = load(sixteen, "?dtype=int4")
    tuned = load(sixteen, "?dtype=int4", adapter)
    assert not torch.allclose(logits(tuned), logits(base), atol=0.1)
