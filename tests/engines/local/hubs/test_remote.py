"""Which of a repository's files it takes to run a model."""

from __future__ import annotations

import pytest

from playground.engines.local.hubs.remote import needed


@pytest.mark.parametrize(
    ("there", "taken"),
    [
        (
            ["README.md", "config.json", "model.safetensors", "onnx/model.safetensors"],
            ["config.json", "model.safetensors"],
        ),
        (
            ["config.json", "consolidated.safetensors", "model-00001-of-00001.safetensors"],
            ["config.json", "model-00001-of-00001.safetensors"],
        ),
        (
            ["config.json", "pytorch_model.bin", "training_args.bin"],
            ["config.json", "pytorch_model.bin"],
        ),
        (
            ["a.gguf", "model.safetensors", "pytorch_model.bin", "pytorch_model.bin.index.json"],
            ["model.safetensors"],
        ),
        (
            ["adapter_config.json", "adapter_model.safetensors", "checkpoint-1/optimizer.pt"],
            ["adapter_config.json", "adapter_model.safetensors"],
        ),
        (
            ["chat_template.jinja", "merges.txt", "tokenizer.model", "vocab.json", "run.py"],
            ["chat_template.jinja", "merges.txt", "tokenizer.model", "vocab.json"],
        ),
    ],
)
def test_only_what_it_takes_is_brought(there: list[str], taken: list[str]) -> None:
    assert list(needed(there)) == taken
