"""Which files of a repository are the ones that a set's name means: its configuration, its split.

Knows only paths. Repositories name folders after configurations, or files; splits stand in names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from playground.domain.errors import BadRequest
from playground.sets.files import KINDS

SPLITS = ("test", "validation", "train")
"""Where none is asked for, the first of these that is there."""
_PART = re.compile(r"-\d{5}-of-\d{5}")
_OTHERS = ("data", "default")


def chosen(paths: Sequence[str], config: str, split: str, name: str) -> list[str]:
    """The files, in order; one kind of file alone. Raises BadRequest that says what there is."""
    data = [path for path in paths if PurePosixPath(path).suffix.lower() in KINDS]
    data = [path for path in data if not PurePosixPath(path).name.startswith("dataset_info")]
    if not data:
        raise BadRequest(
            f"{name!r} has no file that can be read ({', '.join(KINDS)}). Name another set, or save"
            " it as a table and name that file."
        )
    configs = sorted({_config(path) for path in data} - {""})
    if config:
        data = [path for path in data if _belongs(path, config)]
        if not data:
            raise _nothing(name, "configuration", config, configs)
    elif len(configs) > 1 and not any(_config(path) == "" for path in data):
        listed = ", ".join(configs[:30])
        raise BadRequest(f"{name!r} has several sets: {listed}. Name one: {name}/{configs[0]}")
    elif len(configs) > 1:
        data = [path for path in data if _config(path) == ""]
    splits = {path: _split(path) for path in data}
    there = sorted({each for each in splits.values() if each})
    if not split:
        split = next((each for each in SPLITS if each in there), "")
    elif split not in there and (there or len(data) > 1):
        raise _nothing(name, "split", split, there)
    data = [path for path in data if splits[path] in (split, "")]
    kinds = [PurePosixPath(path).suffix.lower() for path in data]
    best = min(kinds, key=KINDS.index)
    return sorted(path for path, kind in zip(data, kinds, strict=True) if kind == best)


def _nothing(name: str, what: str, wanted: str, there: Sequence[str]) -> BadRequest:
    listed = ", ".join(there[:30]) or "none"
    return BadRequest(f"{name!r} has no {what} {wanted!r}. There is: {listed}.")


def _words(path: str) -> list[str]:
    stem = _PART.sub("", PurePosixPath(path).stem)
    return [word for word in re.split(r"[-_.]", stem.lower()) if word]


def _split(path: str) -> str:
    """The split that a file's name, or its folder's, says; "" for one that says none."""
    words = {*_words(path), *(part.lower() for part in PurePosixPath(path).parts[:-1])}
    for split in (*SPLITS, "dev", "val"):
        if split in words:
            return split
    return ""


def _config(path: str) -> str:
    """The configuration that a file's folder says; "" for one that says none."""
    folders = [part for part in PurePosixPath(path).parts[:-1] if part.lower() not in _OTHERS]
    folders = [part for part in folders if part.lower() not in SPLITS]
    return folders[0] if folders else ""


def _belongs(path: str, config: str) -> bool:
    return config in PurePosixPath(path).parts[:-1] or PurePosixPath(path).stem == config
