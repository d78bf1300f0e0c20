"""A model's folder before it is loaded: is everything there, and whole?

Reads JSON and the first bytes of the weights; knows neither torch nor the Hub.
"""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

from playground.domain.errors import ModelNotFound, ModelUnusable

COPY_AGAIN = "Download or copy the model again."
_TOKENIZER_FILES = ("tokenizer.json", "tokenizer.model", "vocab.json", "vocab.txt")


def check_folder(folder: Path) -> None:
    """Raise ModelNotFound or ModelUnusable, naming the file, unless the folder can be loaded."""
    if not folder.is_dir():
        what = "is a file, not a folder" if folder.exists() else "does not exist"
        raise ModelNotFound(
            f"The model folder {str(folder)!r} {what}. Check the path; it must hold config.json."
        )
    if not (folder / "config.json").is_file():
        raise ModelUnusable(
            f"The folder {str(folder)!r} has no config.json, so it is not a model. Name the folder"
            " that holds config.json, the tokenizer and the weights."
        )
    read_json(folder / "config.json")
    if not has_tokenizer(folder):
        raise ModelUnusable(f"The folder {str(folder)!r} has no tokenizer.json. {COPY_AGAIN}")
    if not chat_template(folder):
        raise ModelUnusable(
            f"The model in {str(folder)!r} has no chat template, so it cannot hold a conversation."
            " Use an instruct or thinking model, or add its chat_template.jinja."
        )
    for path in weight_files(folder):
        if path.suffix == ".safetensors":
            check_safetensors(path)


def small_json(folder: Path | None, file_name: str) -> dict[str, Any]:
    """A settings file; empty where it is not there, or broken, which is said by a load."""
    try:
        if folder is None or not (folder / file_name).is_file():
            return {}
        return read_json(folder / file_name)
    except (ModelUnusable, OSError):
        return {}


def has_tokenizer(folder: Path) -> bool:
    """Whether a tokenizer is there, in one of its forms."""
    return any((folder / name).is_file() for name in _TOKENIZER_FILES)


def weight_files(folder: Path) -> list[Path]:
    """The files with the weights. Raises ModelUnusable if some are missing."""
    for index in ("model.safetensors.index.json", "pytorch_model.bin.index.json"):
        if (folder / index).is_file():
            names = sorted(set(read_json(folder / index).get("weight_map", {}).values()))
            missing = [name for name in names if not (folder / name).is_file()]
            if missing or not names:
                raise ModelUnusable(
                    f"{len(missing)} of {len(names)} weight files are missing in {str(folder)!r}"
                    f" (first: {missing[0] if missing else index!r}). {COPY_AGAIN}"
                )
            return [folder / name for name in names]
    for single in ("model.safetensors", "pytorch_model.bin"):
        if (folder / single).is_file():
            return [folder / single]
    raise ModelUnusable(
        f"The folder {str(folder)!r} has no weights (model.safetensors). {COPY_AGAIN}"
    )


def check_safetensors(path: Path) -> None:
    """Raise ModelUnusable if the file is shorter than its own header says."""
    size = path.stat().st_size
    try:
        with path.open("rb") as file:
            (header_length,) = struct.unpack("<Q", file.read(8))
            if header_length > size:
                raise ValueError("the header does not fit")
            header: dict[str, Any] = json.loads(file.read(header_length))
        ends = [entry["data_offsets"][1] for key, entry in header.items() if key != "__metadata__"]
        expected = 8 + header_length + max(ends, default=0)
    except (struct.error, ValueError, KeyError, TypeError, IndexError, AttributeError) as exc:
        raise ModelUnusable(f"{str(path)!r} is not a safetensors file. {COPY_AGAIN}") from exc
    except OSError as exc:
        raise ModelUnusable(f"{str(path)!r} cannot be read: {exc}. {COPY_AGAIN}") from exc
    if size != expected:
        raise ModelUnusable(
            f"{str(path)!r} is damaged: {size:,} bytes where {expected:,} are expected."
            f" {COPY_AGAIN}"
        )


def chat_template(folder: Path) -> str:
    """The default chat template's source; empty if there is none."""
    jinja = folder / "chat_template.jinja"
    if jinja.is_file():
        return jinja.read_text(encoding="utf-8", errors="replace")
    for name in ("tokenizer_config.json", "chat_template.json"):
        if (folder / name).is_file():
            template = read_json(folder / name).get("chat_template")
            if isinstance(template, list):
                named = {entry.get("name"): entry.get("template") for entry in template}
                template = named.get("default")
            if isinstance(template, str) and template:
                return template
    return ""


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object from a file. Raises ModelUnusable."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as exc:
        raise ModelUnusable(f"{str(path)!r} is not readable JSON: {exc}. {COPY_AGAIN}") from exc
    if not isinstance(data, dict):
        raise ModelUnusable(f"{str(path)!r} does not hold a JSON object. {COPY_AGAIN}")
    return data
