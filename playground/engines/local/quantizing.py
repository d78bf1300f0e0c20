"""Whether a model can be loaded in the type that its name asks for, before its weights are here.

Reads its configuration and looks for libraries; imports none of them, nor torch.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from playground.catalog import ModelName
from playground.domain.errors import BadRequest, ModelUnusable
from playground.engines.local.folder import small_json

# Which library quantizes while it loads.
QUANTIZERS = {"int8": "torchao", "int4": "bitsandbytes"}
# By the `quant_method` of a checkpoint: what must be installed to read it.
READERS = {
    "bitsandbytes": ("bitsandbytes",),
    "torchao": ("torchao",),
    "compressed-tensors": ("compressed_tensors",),
    "gptq": ("gptqmodel", "optimum"),
    "awq": ("gptqmodel",),
}


def check_folder_quantization(name: ModelName, folder: Path | None) -> None:
    """The same for a model's folder, as far as its configuration is there yet."""
    check_quantization(name, small_json(folder, "config.json"))


def check_quantization(name: ModelName, config: Mapping[str, Any]) -> None:
    """Raise BadRequest or ModelUnusable unless weights so configured can be loaded as asked."""
    asked, method = name.option("dtype") or "auto", stored_as(config)
    if method is not None and asked in QUANTIZERS:
        raise BadRequest(
            f"{str(name)!r} is stored as {method} already, so dtype={asked} cannot be had. Leave it"
            " out, or name the model that is not quantized."
        )
    if asked in QUANTIZERS:
        library = QUANTIZERS[asked]
        _need((library,), f"dtype={asked} in {str(name)!r} needs {library}")
    if method is not None:
        _need(READERS.get(method, ()), f"{str(name)!r} is stored as {method}")


def stored_as(config: Mapping[str, Any]) -> str | None:
    """How a checkpoint's weights are quantized, as transformers calls it; null if they are not."""
    stored = config.get("quantization_config") or {}
    method = stored.get("quant_method")
    return method or ("bitsandbytes" if "load_in_4bit" in stored else None)


def _need(modules: tuple[str, ...], why: str) -> None:
    missing = [module.replace("_", "-") for module in modules if find_spec(module) is None]
    if missing:
        raise ModelUnusable(
            f"{why}, but a library for that is not installed here: run `pip install"
            f" {' '.join(missing)}` and start the playground again."
        )
