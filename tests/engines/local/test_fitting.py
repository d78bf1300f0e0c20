"""Weights that would not fit are refused before they are loaded, with what would."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from playground.catalog import parse_name
from playground.domain.errors import ModelUnusable
from playground.engines.local import fitting, weights
from playground.engines.local.loading import load_model
from tests.engines.models import write_json, write_model


@pytest.fixture(scope="session")
def sixteen(models: Path) -> Path:
    return write_model(models / "sixteen-bits", dtype=torch.bfloat16)


def load(folder: Path, query: str = "") -> None:
    load_model(parse_name(f"{folder}{query}"), folder, lambda *_: None)


def have(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setattr(fitting, "free_bytes", lambda _: count)


def test_what_stays_mapped_from_its_file_always_fits(
    sixteen: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    have(monkeypatch, 0)
    load(sixteen)
    load(sixteen, "?dtype=bf16")


def test_what_must_be_converted_needs_memory_of_its_own(
    sixteen: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loads: list[object] = []
    monkeypatch.setattr(weights, "_load_weights", lambda *given: loads.append(given))
    have(monkeypatch, 200_000)
    said = (
        r"'.*\?dtype=fp32' does not fit into memory: its weights take 398 kB, and 200 kB are free\."
        r" Free some, use \?dtype=bf16 \(199 kB\), \?dtype=int8 \(125 kB\), \?dtype=int4"
        r" \(90 kB\), or a model on a server\."
    )
    with pytest.raises(ModelUnusable, match=said):
        load(sixteen, "?dtype=fp32")
    assert not loads


def test_kept_caches_make_way(sixteen: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    free = [0]
    monkeypatch.setattr(fitting, "free_bytes", lambda _: free[0])

    class Kept:
        def give_up(self) -> None:
            free[0] = 10**9

    monkeypatch.setattr(fitting, "KEPT", Kept())
    load(sixteen, "?dtype=fp32")


def test_a_smaller_model_is_named_where_the_same_cannot_fit(
    sixteen: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = json.loads((sixteen / "config.json").read_text(encoding="utf-8"))
    config["quantization_config"] = {"quant_method": "fp8"}
    name = parse_name("Qwen/Qwen3-4B-Instruct-2507-FP8")
    have(monkeypatch, 2 * 10**9)
    folder = sixteen.parent / "said-to-be-fp8"
    folder.mkdir()
    for path in sixteen.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    write_json(folder / "config.json", config)
    error = fitting.too_large(name, folder, "cpu")
    assert "use Qwen/Qwen3-0.6B (1.2 GB), or a model on a server." in str(error)
    have(monkeypatch, 10**6)
    assert "Free some, use a model on a server." in str(fitting.too_large(name, folder, "cpu"))
