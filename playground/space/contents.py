"""What goes up to a Space: the program's files, and the three that are made for it.

Reads files; knows no Hub. A file that should never leave this machine stops everything.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playground.domain.errors import BadRequest
from playground.space import requirements
from playground.space.front_matter import with_front_matter
from playground.space.reading import FILE, ROOT
from playground.space.value import Space

LARGEST_BYTES = 10_000_000
SINGLE = ("app.py", "LICENSE", FILE)
FOLDERS = ("playground",)
_HIDDEN = re.compile(r"^(\.|__pycache__$)|\.py[co]$|~$")
_PRIVATE_NAMES = re.compile(r"(^|/)(\.env.*|\.netrc|id_(rsa|ed25519|ecdsa)|.*\.(pem|key|p12|pfx))$")
_SECRETS = (
    ("a Hugging Face token", re.compile(rb"\bhf_[A-Za-z0-9]{30,}")),
    ("an API key", re.compile(rb"\bsk-[A-Za-z0-9_-]{20,}")),
    ("a GitHub token", re.compile(rb"\bgh[pousr]_[A-Za-z0-9]{36}")),
    ("an AWS key", re.compile(rb"\bAKIA[0-9A-Z]{16}\b")),
    ("a private key", re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----")),
)
_SHORTEST_SECRET = 8


@dataclass(frozen=True, slots=True)
class Upload:
    """One file as it will lie in the Space; `made` are those that are not on disk as they are."""

    path: str
    content: bytes
    made: bool = False


def contents(space: Space, root: Path = ROOT, thumbnail: str | None = None) -> tuple[Upload, ...]:
    """Every file of the Space. Raises BadRequest where one is missing."""
    found = [Upload(path, _read(root / path)) for path in _paths(root)]
    texts = {name: _read(root / name).decode("utf-8") for name in ("README.md", requirements.FILE)}
    matter: Mapping[str, Any] = dict(space.front_matter)
    if thumbnail is not None:
        matter = {**matter, "thumbnail": thumbnail}
    made = {
        "README.md": with_front_matter(texts["README.md"], matter),
        requirements.FILE: requirements.for_space(texts[requirements.FILE], space),
    }
    found += [Upload(name, text.encode("utf-8"), made=True) for name, text in made.items()]
    return tuple(sorted(found, key=lambda upload: upload.path))


def problems(uploads: tuple[Upload, ...], space: Space, root: Path = ROOT) -> Iterator[str]:
    """What must not go up as it is, in words that end with the next step."""
    for upload in uploads:
        size = len(upload.content)
        if size > LARGEST_BYTES:
            yield (
                f"{upload.path} has {size:,} bytes, but {LARGEST_BYTES:,} is the most without"
                " Git LFS. Leave it out, or put it into a repository of its own."
            )
        if _PRIVATE_NAMES.search(upload.path):
            yield f"{upload.path} looks like a key or a password by its name. Move it elsewhere."
        for what, pattern in _SECRETS:
            if pattern.search(upload.content):
                yield f"{upload.path} holds {what}. Take it out, and have it replaced by a new one."
        for name in space.secrets:
            value = os.environ.get(name, "").encode("utf-8")
            if len(value) >= _SHORTEST_SECRET and value in upload.content:
                yield f"{upload.path} holds the value of {name}. Take it out."
    paths = {upload.path for upload in uploads}
    app_file = space.front_matter["app_file"]
    if app_file not in paths:
        yield f"app_file is {app_file!r}, but no such file goes up. Name one that does."


def _paths(root: Path) -> Iterator[str]:
    yield from SINGLE
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            parts = path.relative_to(root).parts
            if path.is_file() and not any(_HIDDEN.search(part) for part in parts):
                yield path.relative_to(root).as_posix()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as exc:
        raise BadRequest(
            f"{path.name} cannot be read: {exc.strerror}. Run this in a whole checkout."
        ) from exc
