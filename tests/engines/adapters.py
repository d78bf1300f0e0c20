"""LoRA adapters made on the spot, as PEFT saves them: random, and of some weight."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM

from tests.engines.models import write_json

ALL = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def write_adapter(folder: Path, base: Path, seed: int = 5, **config: Any) -> Path:
    """An adapter for `base` whose every matrix is far from zero."""
    model = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
    chosen: dict[str, Any] = {"r": 4, "lora_alpha": 8, "target_modules": ALL, **config}
    adapted = get_peft_model(model, LoraConfig(task_type="CAUSAL_LM", **chosen))
    torch.manual_seed(seed)
    for parameter in adapted.parameters():
        if parameter.requires_grad:
            torch.nn.init.normal_(parameter, std=0.3)
    with warnings.catch_warnings():  # that it also saves embeddings is meant
        warnings.filterwarnings("ignore", "Setting `save_embedding_layers`", UserWarning)
        adapted.save_pretrained(str(folder))
    edit_config(folder, base_model_name_or_path="unsloth/some-base-bnb-4bit")
    return folder


def edit_config(folder: Path, **changes: Any) -> None:
    path = folder / "adapter_config.json"
    write_json(path, {**json.loads(path.read_text(encoding="utf-8")), **changes})


def merged(base: Path, adapter: Path) -> Any:
    """The fine-tune by PEFT's own arithmetic, merged into its base."""
    model = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
    return PeftModel.from_pretrained(model, str(adapter)).merge_and_unload().eval()
