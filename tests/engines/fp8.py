"""An FP8 checkpoint as Qwen publishes them, made of a model's folder: blocks of 128 x 128."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file

from tests.engines.models import INSTRUCT, write_json, write_model

BLOCK = 128
# Every matrix must be made of whole blocks.
MEASURES: dict[str, Any] = {
    "hidden_size": 128,
    "intermediate_size": 256,
    "num_attention_heads": 4,
    "num_key_value_heads": 4,
    "head_dim": 32,
}


def write_fp8(base: Path, folder: Path) -> Path:
    """`base` is written, too: the model in bf16 that the FP8 one stands for, rounding included."""
    write_model(base, INSTRUCT, dtype=torch.bfloat16, spread=3, **MEASURES)
    shutil.copytree(base, folder)
    stored, meant = {}, load_file(base / "model.safetensors")
    kept = ["lm_head"]
    for name, tensor in list(meant.items()):
        if not name.endswith("_proj.weight"):
            stored[name] = tensor
            kept.append(name.removesuffix(".weight"))
            continue
        rows, columns = tensor.shape
        blocks = tensor.float().view(rows // BLOCK, BLOCK, columns // BLOCK, BLOCK)
        scales = blocks.abs().amax((1, 3)) / torch.finfo(torch.float8_e4m3fn).max
        packed = (blocks / scales[:, None, :, None]).to(torch.float8_e4m3fn)
        meant[name] = (packed.float() * scales[:, None, :, None]).view(rows, columns).bfloat16()
        stored[name] = packed.view(rows, columns)
        stored[f"{name}_scale_inv"] = scales
    save_file(stored, folder / "model.safetensors", metadata={"format": "pt"})
    save_file(meant, base / "model.safetensors", metadata={"format": "pt"})
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    config["quantization_config"] = {
        "activation_scheme": "dynamic",
        "fmt": "e4m3",
        "modules_to_not_convert": kept,
        "quant_method": "fp8",
        "weight_block_size": [BLOCK, BLOCK],
    }
    write_json(folder / "config.json", config)
    return folder
