"""Known models and pairs, what their cards recommend, and the one string that names a model.

    WHERE[@revision][+adapter][?option=value&…]

WHERE is a built-in name, a Hub id, a local folder or a server URL. Characters that would be read
as syntax are percent-encoded. A name never holds a key. Knows no disk, no network and no engine.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from playground.domain.errors import BadRequest
from playground.domain.request import LANES, Lane
from playground.domain.sampling import Sampling

Place = Literal["builtin", "hub", "folder", "server"]
OPTIONS = ("thinking", "dtype", "hub", "model")
_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
_FOLDER = re.compile(r"(\.{0,2}[/\\]|~|[A-Za-z]:[/\\]|\.{1,2}$)")


@dataclass(frozen=True, slots=True)
class ModelName:
    """A parsed model name; `str()` prints its canonical form."""

    where: str
    place: Place
    revision: str | None = None
    adapter: str | None = None
    options: tuple[tuple[str, str], ...] = ()

    def option(self, key: str) -> str | None:
        return dict(self.options).get(key)

    @property
    def label(self) -> str:
        """A short name to show: the model, not the way to it."""
        if self.place == "server":
            return self.option("model") or urlsplit(self.where).netloc
        return re.split(r"[/\\]", self.where.rstrip("/\\"))[-1]

    def __str__(self) -> str:
        text = self.where if self.place == "server" else quote(self.where, safe="/\\:~ ")
        text += f"@{quote(self.revision, safe='/')}" if self.revision else ""
        text += f"+{quote(self.adapter, safe='/~.')}" if self.adapter else ""
        return text + (f"?{urlencode(self.options, safe=':/')}" if self.options else "")


def parse_name(text: str) -> ModelName:
    """The one parser of model names. Raises BadRequest with the form that is expected."""
    stripped = text.strip()
    body, _, query = stripped.partition("?")
    options = tuple(sorted(parse_qsl(query, keep_blank_values=True)))
    for key, value in options:
        if key not in OPTIONS:
            raise BadRequest(
                f"Unknown option {key!r} in the model name {text!r}. Use one of:"
                f" {', '.join(OPTIONS)}; keys belong into the environment."
            )
        if not value:
            raise BadRequest(f"Option {key!r} in the model name {text!r} is empty. Give a value.")
    if body.startswith(("http://", "https://")):
        return _server_name(text, body, options)
    where, adapter = _split_last(body, "+")
    where, revision = _split_last(where, "@")
    where = unquote(where)
    if where in BUILTIN:
        place: Place = "builtin"
    elif _FOLDER.match(where):
        place = "folder"
    elif _HUB_ID.fullmatch(where):
        place = "hub"
    else:
        raise BadRequest(
            f"{text!r} is not a model name. Use {' or '.join(BUILTIN)}, a Hub id such as"
            " Qwen/Qwen3-4B-Thinking-2507, a folder such as ./my-model, or a server URL."
        )
    return ModelName(where, place, revision, adapter, options)


def _split_last(text: str, separator: str) -> tuple[str, str | None]:
    head, found, tail = text.rpartition(separator)
    return (head, unquote(tail)) if found else (text, None)


def _server_name(text: str, body: str, options: tuple[tuple[str, str], ...]) -> ModelName:
    try:
        parts = urlsplit(body)
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:
        named = False
    if not named:
        raise BadRequest(f"{text!r} is not a server URL. Use one such as http://127.0.0.1:8000/v1.")
    if parts.username or parts.password:
        raise BadRequest("The server URL holds a password or key. Put it into the environment.")
    return ModelName(body.rstrip("/"), "server", options=options)


@dataclass(frozen=True, slots=True)
class KnownModel:
    """What a model's card says; `sampling` is its recommendation."""

    thinks: bool
    sampling: Sampling
    context: int


_INSTRUCT = Sampling(temperature=0.7, top_p=0.8, top_k=20, max_new_tokens=16_384)
_THINKING = Sampling(temperature=0.6, top_p=0.95, top_k=20, max_new_tokens=32_768)
_DEMO_CONTEXT = 2048

BUILTIN: Mapping[str, KnownModel] = {
    "demo-instruct": KnownModel(False, replace(_INSTRUCT, max_new_tokens=512), _DEMO_CONTEXT),
    "demo-thinking": KnownModel(True, replace(_THINKING, max_new_tokens=1024), _DEMO_CONTEXT),
}
KNOWN: Mapping[str, KnownModel] = {
    **BUILTIN,
    "Qwen/Qwen3-4B-Instruct-2507": KnownModel(False, _INSTRUCT, 262_144),
    "Qwen/Qwen3-4B-Thinking-2507": KnownModel(True, _THINKING, 262_144),
    "Qwen/Qwen3-4B-Instruct-2507-FP8": KnownModel(False, _INSTRUCT, 262_144),
    "Qwen/Qwen3-4B-Thinking-2507-FP8": KnownModel(True, _THINKING, 262_144),
    "Qwen/Qwen3-0.6B": KnownModel(True, _THINKING, 40_960),
}

PAIRS: Mapping[str, tuple[str, str]] = {
    "demo": ("demo-instruct", "demo-thinking"),
    "qwen3-4b": ("Qwen/Qwen3-4B-Instruct-2507", "Qwen/Qwen3-4B-Thinking-2507"),
    "qwen3-4b-fp8": ("Qwen/Qwen3-4B-Instruct-2507-FP8", "Qwen/Qwen3-4B-Thinking-2507-FP8"),
    "qwen3-0.6b": ("Qwen/Qwen3-0.6B?thinking=off", "Qwen/Qwen3-0.6B"),
}
DEFAULT_PAIR = "demo"


def known(name: ModelName) -> KnownModel | None:
    """The catalog's entry for this name, `thinking=off` applied; null for strangers."""
    entry = KNOWN.get(name.where)
    if entry is not None and name.option("thinking") == "off":
        return replace(entry, thinks=False, sampling=_INSTRUCT)
    return entry


def pair(name: str) -> dict[Lane, str]:
    """The two model names of a pair. Raises BadRequest."""
    if name not in PAIRS:
        raise BadRequest(f"Unknown pair {name!r}. Use one of: {', '.join(PAIRS)}.")
    return dict(zip(LANES, PAIRS[name], strict=True))
