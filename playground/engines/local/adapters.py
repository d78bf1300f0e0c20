"""LoRA adapters, as PEFT and Unsloth write them: their folder, their checks, their weights.

An adapter's products are computed beside its base's and never merged into them, so that both can
run on one set of base weights. Knows no runs; PEFT is imported when there is an adapter.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file

from playground.domain.errors import ModelNotFound, ModelUnusable
from playground.engines.local.folder import COPY_AGAIN, check_safetensors, read_json

CONFIG = "adapter_config.json"
WEIGHTS = "adapter_model.safetensors"
_NAME = "default"
_PREFIX = "base_model.model."


def check_adapter(folder: Path) -> None:
    """Raise ModelNotFound or ModelUnusable, naming the file, unless it is a whole LoRA."""
    if not folder.is_dir():
        what = "is a file, not a folder" if folder.exists() else "does not exist"
        raise ModelNotFound(
            f"The adapter's folder {str(folder)!r} {what}. Check what stands behind the '+'; it"
            f" must hold {CONFIG}."
        )
    if not (folder / CONFIG).is_file():
        whole = " It is a whole model: name it without a base." if _is_model(folder) else ""
        raise ModelUnusable(
            f"{str(folder)!r} has no {CONFIG}, so it is not an adapter."
            f"{whole or ' Name a folder that PEFT or Unsloth saved.'}"
        )
    kind = read_json(folder / CONFIG).get("peft_type")
    if kind != "LORA":
        raise ModelUnusable(
            f"The adapter in {str(folder)!r} is a {kind!r}, not a LoRA. Merge it into its base with"
            " PEFT and name the merged folder."
        )
    if not (folder / WEIGHTS).is_file():
        raise ModelUnusable(f"The adapter in {str(folder)!r} has no {WEIGHTS}. {COPY_AGAIN}")
    check_safetensors(folder / WEIGHTS)


def adapt(model: Any, folder: Path, base: str) -> None:
    """Put the adapter in `folder` into `model`, whose tensors stay as they are.

    `base` is the model's name, for errors. Raises ModelUnusable: made for another model.
    """
    from peft import LoraConfig, inject_adapter_in_model, set_peft_model_state_dict

    stored = load_file(folder / WEIGHTS)
    tensors = {name.removeprefix(_PREFIX): tensor for name, tensor in stored.items()}
    _check_shapes(model, tensors, folder, base)
    config = LoraConfig.from_pretrained(str(folder))
    config.inference_mode = True
    try:
        inject_adapter_in_model(config, model, _NAME)
        outcome = set_peft_model_state_dict(model, tensors, _NAME)
    except (ValueError, RuntimeError, KeyError) as exc:
        if isinstance(exc, torch.OutOfMemoryError):
            raise
        raise _other_base(folder, base, str(exc).splitlines()[0]) from exc
    if unknown := sorted(outcome.unexpected_keys):
        raise _other_base(folder, base, f"{unknown[0]!r} has no place in it")
    model.eval()


def _is_model(folder: Path) -> bool:
    return (folder / "config.json").is_file()


def _check_shapes(model: Any, tensors: Mapping[str, torch.Tensor], folder: Path, base: str) -> None:
    """See that each pair of matrices fits the matrix that it is for."""
    if not any(".lora_" in name for name in tensors):
        raise ModelUnusable(
            f"{str(folder / WEIGHTS)!r} holds no LoRA weights. Save the adapter again with PEFT's"
            " save_pretrained."
        )
    for name, tensor in tensors.items():
        path, _, which = name.removesuffix(".weight").rpartition(".")
        if which not in ("lora_A", "lora_B"):
            continue
        try:
            module = model.get_submodule(path)
            wanted = module.in_features if which == "lora_A" else module.out_features
        except AttributeError as exc:
            raise _other_base(folder, base, f"it has no matrix {path!r}") from exc
        found = tensor.shape[1] if which == "lora_A" else tensor.shape[0]
        if found != wanted:
            side = "inputs" if which == "lora_A" else "outputs"
            reason = f"it is for {found:,} {side} of {path!r}, which has {wanted:,}"
            raise _other_base(folder, base, reason)


def _other_base(folder: Path, base: str, reason: str) -> ModelUnusable:
    trained_on = read_json(folder / CONFIG).get("base_model_name_or_path") or "another model"
    return ModelUnusable(
        f"The adapter in {str(folder)!r} does not fit {base!r}: {reason}. It was trained on"
        f" {str(trained_on)!r}; name that one before the '+'."
    )
