"""A tiny real model in three shards, stand-ins that serve it, and caches of their own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from safetensors.torch import load_file, save

from playground.engines.local.hubs import transfer
from tests.engines.local.hubs.hub_standins import HubStandIn, ModelScopeStandIn
from tests.engines.local.hubs.standin import StandIn

SHARDS = tuple(f"model-0000{number}-of-00003.safetensors" for number in (1, 2, 3))


@pytest.fixture(scope="session")
def sharded(instruct: Path) -> dict[str, bytes]:
    """A model repository's files by name, beside such as nobody needs."""
    tensors = load_file(instruct / "model.safetensors")
    parts: list[dict[str, object]] = [{}, {}, {}]
    index = {}
    for number, (name, tensor) in enumerate(tensors.items()):
        parts[number % 3][name] = tensor
        index[name] = SHARDS[number % 3]
    files = {
        path.name: path.read_bytes()
        for path in instruct.iterdir()
        if path.name != "model.safetensors"
    }
    files |= {
        shard: save(part, {"format": "pt"})  # type: ignore[arg-type]
        for shard, part in zip(SHARDS, parts, strict=True)
    }
    listed = {"metadata": {}, "weight_map": index}
    files["model.safetensors.index.json"] = json.dumps(listed).encode()
    return files | {"README.md": b"# Tiny", "onnx/model.safetensors": b"x", "x.gguf": b"GGUF"}


@pytest.fixture
def server(sharded: dict[str, bytes]) -> Iterator[StandIn]:
    with StandIn(sharded).running() as running:
        yield running


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """An empty cache."""
    return tmp_path / "cache"


@pytest.fixture
def hub(
    sharded: dict[str, bytes], cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[HubStandIn]:
    standin = HubStandIn(sharded)
    for name, value in {
        "HF_HUB_OFFLINE": False,
        "HF_HUB_CACHE": str(cache),
        "ENDPOINT": standin.url,
        "HUGGINGFACE_CO_URL_TEMPLATE": standin.url + "/{repo_id}/resolve/{revision}/{filename}",
    }.items():
        monkeypatch.setattr(f"huggingface_hub.constants.{name}", value)
    monkeypatch.delenv("HF_TOKEN", raising=False)
    monkeypatch.setattr("huggingface_hub.constants.HF_TOKEN_PATH", str(tmp_path / "token"))
    with standin.running():
        yield standin


@pytest.fixture
def modelscope(
    sharded: dict[str, bytes], cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ModelScopeStandIn]:
    pytest.importorskip("modelscope_hub")
    standin = ModelScopeStandIn(sharded)
    monkeypatch.setenv("MODELSCOPE_ENDPOINT", standin.url)
    monkeypatch.setenv("MODELSCOPE_CACHE", str(cache))
    monkeypatch.setenv("MODELSCOPE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("MODELSCOPE_API_TOKEN", raising=False)
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    with standin.running():
        yield standin


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that were asked for between two tries, none of them made."""
    asked: list[float] = []

    async def pause(seconds: float) -> None:
        asked.append(seconds)
        await asyncio.sleep(0)

    monkeypatch.setattr(transfer, "sleep", pause)
    return asked
