"""Tiny models in a session's temporary folder, and stop signals that count instead of waiting."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoTokenizer
from transformers.utils import logging

from playground.engines.local import weights
from playground.engines.local.sharing import Shared
from tests.engines.models import HYBRID, INSTRUCT, THINKING, write_model

logging.disable_progress_bar()
# Tiny operations; handing them to more threads only makes the tests wait on a busy machine.
torch.set_num_threads(1)


@pytest.fixture(autouse=True)
def nothing_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test finds what another one has loaded."""
    monkeypatch.setattr(weights, "BASES", Shared(lambda _: None, weights.give_back))
    monkeypatch.setattr(weights, "WEIGHTS", Shared(weights._let_go, weights.give_back))


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the tiny models are in."""
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="session")
def instruct(models: Path) -> Path:
    return write_model(models / "instruct", INSTRUCT, seed=1, spread=3)


@pytest.fixture(scope="session")
def thinking(models: Path) -> Path:
    return write_model(models / "thinking", THINKING, seed=2, spread=3)


@pytest.fixture(scope="session")
def hybrid(models: Path) -> Path:
    return write_model(models / "hybrid", HYBRID, seed=3, spread=3)


@pytest.fixture(scope="session")
def thinking_tokenizer(thinking: Path) -> Any:
    return AutoTokenizer.from_pretrained(thinking)


@pytest.fixture(scope="session")
def qwen3_tokenizer() -> Any:
    """The real one, from the folder that PLAYGROUND_QWEN3_TOKENIZER names."""
    folder = os.environ.get("PLAYGROUND_QWEN3_TOKENIZER")
    if not folder:
        pytest.skip("PLAYGROUND_QWEN3_TOKENIZER names no folder with Qwen3's tokenizer")
    return AutoTokenizer.from_pretrained(folder)
