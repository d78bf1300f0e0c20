"""Loading: true progress, silence, and each failure in our words."""

from __future__ import annotations

import json
import logging as standard_logging
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from playground.catalog import parse_name
from playground.domain.errors import BadRequest, ModelUnusable
from playground.engines.local import weights
from playground.engines.local.loading import LoadedModel, end_ids, load_model
from tests.engines.models import THINKING, write_json, write_model

Progress = list[tuple[int, int | None, str]]


def load(folder: Path, query: str = "") -> tuple[LoadedModel, Progress]:
    seen: Progress = []
    name = parse_name(f"{folder}{query}")
    return load_model(name, folder, lambda *progress: seen.append(progress[:3])), seen


@pytest.fixture
def copy(instruct: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(instruct, tmp_path / "copy"))


def test_progress_counts_the_tensors_up_to_all_of_them(instruct: Path) -> None:
    _, seen = load(instruct)
    tensors = [(done, total) for done, total, unit in seen if unit == "tensors"]
    total = len(load_file(instruct / "model.safetensors"))
    assert tensors == [(done, total) for done in range(1, total + 1)]
    assert seen[-1] == (0, None, "warm-up")


def test_nothing_is_printed_or_warned(
    instruct: Path, capfd: pytest.CaptureFixture[str], recwarn: pytest.WarningsRecorder
) -> None:
    logger = standard_logging.getLogger("transformers")
    logger.setLevel(standard_logging.WARNING)
    load(instruct)
    assert capfd.readouterr() == ("", "")
    assert not recwarn.list
    assert logger.level == standard_logging.WARNING


def test_what_was_loaded_says_where_it_runs(thinking: Path) -> None:
    loaded, _ = load(thinking)
    assert loaded.thinks
    assert loaded.origin.engine == "local"
    assert (loaded.origin.device, loaded.origin.dtype) == ("cpu", "float32")
    assert dict(loaded.origin.versions).keys() == {"torch", "transformers"}
    assert loaded.context == 512


@pytest.mark.parametrize(
    ("query", "dtype"),
    [("?dtype=bf16", "bfloat16"), ("?dtype=fp16", "float16"), ("?dtype=fp32", "float32")],
)
def test_a_dtype_may_be_asked_for(instruct: Path, query: str, dtype: str) -> None:
    assert load(instruct, query)[0].origin.dtype == dtype


def test_an_unknown_dtype_is_a_bad_request(instruct: Path) -> None:
    with pytest.raises(
        BadRequest, match=r"dtype is 'int3'.*Use one of: auto, bf16, fp16, fp32, int8, int4"
    ):
        load(instruct, "?dtype=int3")


def test_a_small_sixteen_bit_model_is_widened_on_a_processor(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "small", THINKING, dtype=torch.bfloat16)
    assert load(folder)[0].origin.dtype == "float32"


def test_a_large_sixteen_bit_model_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weights, "SMALL_PARAMETERS", 10)
    folder = write_model(tmp_path / "large", THINKING, dtype=torch.bfloat16)
    assert load(folder)[0].origin.dtype == "bfloat16"


def test_missing_tensors_are_refused_not_invented(copy: Path) -> None:
    path = copy / "model.safetensors"
    tensors = load_file(path)
    removed = "model.layers.1.mlp.up_proj.weight"
    del tensors[removed]
    save_file(tensors, path, metadata={"format": "pt"})
    with pytest.raises(ModelUnusable, match=rf"lack 1 tensors \(first: '{removed}'\)"):
        load(copy)


def test_tensors_of_the_wrong_shape_are_refused(copy: Path) -> None:
    config = json.loads((copy / "config.json").read_text(encoding="utf-8"))
    write_json(copy / "config.json", {**config, "intermediate_size": 96})
    with pytest.raises(ModelUnusable, match=r"cannot be loaded: .*again\."):
        load(copy)


def test_an_unknown_kind_of_model_is_refused(copy: Path) -> None:
    config = json.loads((copy / "config.json").read_text(encoding="utf-8"))
    write_json(copy / "config.json", {**config, "model_type": "qwen99"})
    with pytest.raises(ModelUnusable, match=r"cannot be loaded: .*qwen99"):
        load(copy)


def test_a_damaged_tokenizer_is_refused(copy: Path) -> None:
    (copy / "tokenizer.json").write_text('{"version": "1.0"}', encoding="utf-8")
    with pytest.raises(ModelUnusable, match=r"cannot be loaded: .*again\."):
        load(copy)


def test_memory_that_is_too_small_is_said(instruct: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(weights, "_load_weights", full)
    with pytest.raises(
        ModelUnusable, match=r"does not fit into memory: .* or a model on a server\."
    ):
        load(instruct)


def test_a_tokenizers_own_truncation_is_taken_off(copy: Path) -> None:
    path = copy / "tokenizer.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    data["truncation"] = {
        "max_length": 4, "strategy": "LongestFirst", "stride": 0, "direction": "Right",
    }  # fmt: skip
    write_json(path, data)
    assert load(copy)[0].encoder.count("many words here", "", ()) > 10


def test_the_ends_of_a_turn_are_the_first_that_are_named() -> None:
    assert end_ids([1, 2], 3) == {1, 2}
    assert end_ids(None, 3) == {3}
    assert end_ids(None, None) == frozenset()


def test_the_revision_of_a_snapshot_is_its_folders_name(instruct: Path, tmp_path: Path) -> None:
    snapshot = Path(shutil.copytree(instruct, tmp_path / "snapshots" / "abc123"))
    assert load(snapshot)[0].origin.revision == "abc123"
    assert load(instruct)[0].origin.revision is None
