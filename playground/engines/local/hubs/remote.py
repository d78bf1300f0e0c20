"""What a hub has of a model, as plain values: its files, and which of them are needed to run it.

Knows no hub and no network.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal, Protocol

NEEDED = ("*.json", "*.jinja", "*.safetensors", "tokenizer.model", "merges.txt", "vocab.txt")
# The same weights once more, in another program's form.
DOUBLES = ("consolidated*", "*.index.fp16.json", "*.fp16.safetensors")
WEIGHTS = ("*.safetensors", "*.bin")


class Report(Protocol):
    """Told of bytes done and in all, and of files with weights done and in all."""

    def __call__(self, done: int, total: int, files: tuple[int, int], /) -> object: ...


Check = Callable[[Path], object]
"""Called with a model's folder when its small files are there; raises where it cannot be used."""


@dataclass(frozen=True, slots=True)
class Digest:
    """A file's checksum: the SHA-256 of its bytes, or git's SHA-1 of them as a blob."""

    kind: Literal["sha256", "git"]
    hexadecimal: str


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """One file of a model: where it comes from, and where it goes.

    Its bytes gather in `partial`, and become `target` once all `size_bytes` are there and their
    digest is right. Whoever holds `lock` is the one who writes.
    """

    path: str
    size_bytes: int
    url: str
    partial: Path
    target: Path
    lock: Path
    digest: Digest | None = None

    @property
    def holds_weights(self) -> bool:
        return _matches(self.path, WEIGHTS)


def needed(paths: Iterable[str]) -> tuple[str, ...]:
    """Those of a model's files that it takes to run it, in order.

    Folders inside hold copies for other programs. Old weights (`.bin`) are only needed where there
    are no safetensors.
    """
    top = sorted(path for path in paths if "/" not in path and not _matches(path, DOUBLES))
    found = [path for path in top if _matches(path, NEEDED)]
    if any(path.endswith(".safetensors") for path in found):
        return tuple(path for path in found if not path.endswith(".bin.index.json"))
    return tuple(path for path in top if path in found or fnmatchcase(path, "pytorch_model*.bin"))


def _matches(path: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(path, pattern) for pattern in patterns)
