"""The one string that names a model: its one parser, its one printer.

    WHERE[@revision][+adapter][?option=value&…]

WHERE is a built-in name, a Hub id, a local folder or a server URL. Characters that would be read
as syntax are percent-encoded. A name never holds a key. Knows no disk, no network and no engine.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from playground.catalog.data import BUILTIN
from playground.domain.errors import BadRequest
from playground.domain.text import check_text

Place = Literal["builtin", "hub", "folder", "server"]
DTYPES = ("auto", "bf16", "fp16", "fp32", "int8", "int4")
OPTIONS = ("thinking", "dtype", "context", "hub", "model")
_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*", re.ASCII)
_FOLDER = re.compile(r"(\.{0,2}[/\\]|~|[A-Za-z]:[/\\]|\.{1,2}$)")
_SLASHES_AT_END = re.compile(r"(?<=[^/\\:])[/\\]+$")
_SYNTAX = re.compile(r"[@+?%]|^\s+|\s+$")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


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
        """A short name to show: the model and what makes it another one, not the way to it."""
        if self.place == "server":
            text = self.option("model") or urlsplit(self.where).netloc
        else:
            text = _last_part(self.where)
        text += f" + {_last_part(self.adapter)}" if self.adapter else ""
        text += " (thinking off)" if self.option("thinking") == "off" else ""
        return text + (f" ({self.context:,} tokens)" if self.context else "")

    @property
    def context(self) -> int | None:
        """The context that the name asks for, in tokens."""
        text = self.option("context")
        return None if text is None else int(text)

    def __str__(self) -> str:
        text = self.where if self.place == "server" else _encoded(self.where)
        text += f"@{_encoded(self.revision)}" if self.revision else ""
        text += f"+{_encoded(self.adapter)}" if self.adapter else ""
        return text + (f"?{urlencode(self.options, safe=':/')}" if self.options else "")


def parse_name(text: str) -> ModelName:
    """The one parser of model names. Raises BadRequest with the form that is expected."""
    body, _, query = check_text("model", text).strip().partition("?")
    options = _options(query)
    if re.match(r"https?://", body, re.IGNORECASE):
        return _server_name(body, options)
    if "model" in dict(options):
        raise BadRequest("The option 'model' is for a server URL. Leave it out.")
    where, adapter = _split_last(body, "+")
    where, revision = _split_last(where, "@")
    where = unquote(where)
    parts = (where, revision, adapter)
    if any(part == "" or _CONTROL.search(part or "") for part in parts):
        raise _no_name(body)
    if where in BUILTIN:
        return ModelName(where, "builtin", revision, adapter, options)
    if _FOLDER.match(where):
        return ModelName(_SLASHES_AT_END.sub("", where), "folder", revision, adapter, options)
    if _HUB_ID.fullmatch(where):
        return ModelName(where, "hub", revision, adapter, options)
    raise _no_name(body)


def _options(query: str) -> tuple[tuple[str, str], ...]:
    options = parse_qsl(query, keep_blank_values=True)
    for key, value in options:
        if key not in OPTIONS:  # the name is not repeated here: it may hold a key
            raise BadRequest(
                f"Unknown option {key!r} in a model's name. Use one of: {', '.join(OPTIONS)};"
                " keys belong into the environment."
            )
        if not value or _CONTROL.search(value):
            raise BadRequest(f"Option {key!r} in a model's name is {value!r}. Give it a value.")
        if key == "dtype" and value not in DTYPES:
            raise BadRequest(
                f"dtype is {value!r} in a model's name. Use one of: {', '.join(DTYPES)}."
            )
        if key == "context" and not re.fullmatch(r"[1-9]\d{0,8}", value, re.ASCII):
            raise BadRequest(
                f"context is {value!r} in a model's name. Give a number of tokens, such as 131072."
            )
    if len(dict(options)) < len(options):
        raise BadRequest(f"An option is given twice in {query!r}. Give it once.")
    return tuple(sorted(options))


def _split_last(text: str, separator: str) -> tuple[str, str | None]:
    head, found, tail = text.rpartition(separator)
    return (head, unquote(tail)) if found else (text, None)


def _server_name(body: str, options: tuple[tuple[str, str], ...]) -> ModelName:
    try:
        url = urlsplit(body)
        usable = bool(url.hostname) and url.port != 0 and not re.search(r"[\s#\x00]", body)
    except ValueError:
        usable = False
    if "@" in body.partition("//")[2].partition("/")[0]:
        raise BadRequest("The server URL holds a password or key. Put it into the environment.")
    if not usable:
        raise BadRequest(f"{body!r} is not a server URL. Use one such as http://127.0.0.1:8000/v1.")
    where = f"{url.scheme}://{url.netloc.lower()}{url.path.rstrip('/')}"
    return ModelName(where, "server", options=options)


def _no_name(body: str) -> BadRequest:
    shown = "This URL" if "://" in body else repr(body)  # a URL may hold a password
    return BadRequest(
        f"{shown} is not a model name. Use {' or '.join(BUILTIN)}, a Hub id such as"
        " Qwen/Qwen3-4B-Thinking-2507, a folder such as ./my-model, or a server URL."
    )


def _encoded(text: str) -> str:
    """`text` with what would be read as syntax percent-encoded."""
    return _SYNTAX.sub(lambda found: quote(found[0], safe=""), text)


def _last_part(path: str) -> str:
    return re.split(r"[/\\]", path.rstrip("/\\"))[-1] or path
