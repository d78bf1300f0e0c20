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
from playground.domain.text import check_text

Place = Literal["builtin", "hub", "folder", "server"]
OPTIONS = ("thinking", "dtype", "hub", "model")
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
        return text + (" (thinking off)" if self.option("thinking") == "off" else "")

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


@dataclass(frozen=True, slots=True)
class KnownModel:
    """What a model's card says; `sampling` is its recommendation.

    `without_thinking` is that of a hybrid when `thinking=off` switches its thinking off; other
    models have no such switch.
    """

    thinks: bool
    sampling: Sampling
    context: int | None
    without_thinking: Sampling | None = None


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
    "Qwen/Qwen3-0.6B": KnownModel(True, _THINKING, 40_960, without_thinking=_INSTRUCT),
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
    if entry is not None and entry.without_thinking and name.option("thinking") == "off":
        return replace(entry, thinks=False, sampling=entry.without_thinking)
    return entry


def with_thinking(name: str, thinking: bool) -> str:
    """A hybrid's name with its thinking switched; any other name as it is. Raises BadRequest."""
    parsed = parse_name(name)
    entry = KNOWN.get(parsed.where) or served(parsed.option("model") or "")
    if entry is None or entry.without_thinking is None:
        return name
    rest = tuple(option for option in parsed.options if option[0] != "thinking")
    options = rest if thinking else (*rest, ("thinking", "off"))
    return str(replace(parsed, options=tuple(sorted(options))))


# How servers call these models; the first that matches. Ollama's qwen3:4b is Thinking-2507.
_SERVED: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), where)
    for pattern, where in (
        (r"demo-instruct$", "demo-instruct"),
        (r"demo-thinking$", "demo-thinking"),
        (r"qwen3[-_:]?4b[-_:].*thinking", "Qwen/Qwen3-4B-Thinking-2507"),
        (r"qwen3[-_:]?4b[-_:].*instruct", "Qwen/Qwen3-4B-Instruct-2507"),
        (r"^qwen3:4b$", "Qwen/Qwen3-4B-Thinking-2507"),
        (r"qwen3-4b-2507", "Qwen/Qwen3-4B-Instruct-2507"),
        # The hybrids of April 2025 think unless told not to.
        (r"qwen3[-_:][\d.]+b(?!.*(instruct|coder|base|2507))", "Qwen/Qwen3-0.6B"),
    )
)


def served(model_id: str) -> KnownModel | None:
    """The catalog's entry for a model as a server calls it; null for strangers."""
    lower = model_id.lower()
    return next((KNOWN[where] for pattern, where in _SERVED if pattern.search(lower)), None)


def pair(name: str) -> dict[Lane, str]:
    """The two model names of a pair. Raises BadRequest."""
    if name not in PAIRS:
        raise BadRequest(f"Unknown pair {name!r}. Use one of: {', '.join(PAIRS)}.")
    return dict(zip(LANES, PAIRS[name], strict=True))
