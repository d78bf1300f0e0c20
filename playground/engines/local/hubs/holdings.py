"""What a model's folder holds, whichever hub it came from: whole, a part, or nothing.

Reads names, sizes and the weights' index; knows neither the network nor a hub.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from playground.domain.engine import OnDisk
from playground.domain.errors import ModelUnusable
from playground.engines.local.folder import has_tokenizer, weight_files
from playground.engines.local.hubs.remote import needed

ADAPTER = "adapter_config.json"


def holdings(
    folder: Path | None, there: Iterable[str], sizes: Mapping[str, int], loose_bytes: int
) -> OnDisk:
    """What is in `folder`, whose files are `there`, and `loose_bytes` of it elsewhere, unfinished.

    `sizes` are those of all files that are needed, by name; empty while unknown.
    """
    names = set(there)
    wanted = sizes or needed(names)
    placed = {name: size_bytes(folder / name) for name in wanted if folder and name in names}
    if folder is not None and _can_run(folder) and not _lacks_template(sizes, placed):
        have = sum(placed.values())
        return OnDisk("whole", have, have)
    total = sum(sizes.values()) or None
    have = sum(placed.values()) + loose_bytes
    have = have if total is None else min(have, total)
    return OnDisk("part" if have else "nothing", have, total)


def names_in(folder: Path | None) -> list[str]:
    """The names of the files that are whole in a folder."""
    if folder is None:
        return []
    return [path.name for path in folder.iterdir() if path.is_file()]


def _can_run(folder: Path) -> bool:
    if (folder / ADAPTER).is_file() and not (folder / "config.json").is_file():
        return (folder / "adapter_model.safetensors").is_file()
    # A tokenizer may come in several forms: not every file that the hub has is needed.
    try:
        weights = weight_files(folder)
        return bool(weights) and (folder / "config.json").is_file() and has_tokenizer(folder)
    except ModelUnusable:
        return False


def _lacks_template(sizes: Mapping[str, int], placed: Mapping[str, int]) -> bool:
    return any(name.endswith(".jinja") and name not in placed for name in sizes)


def size_bytes(path: Path) -> int:
    """A file's size; 0 where it is gone."""
    try:
        return path.stat().st_size
    except OSError:
        return 0
