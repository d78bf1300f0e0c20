"""Which server answers at an address, in which version, with which models and what context.

Told by what it says of itself, never by a status code (LM Studio answers 200 to anything; SGLang
speaks Ollama's API too). Generates nothing.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx2

from playground.engines.local.description import template_thinks
from playground.engines.server.failures import refused
from playground.engines.server.profile import Profile
from playground.engines.server.profiles import (
    BY_HOST,
    LLAMACPP,
    LMSTUDIO,
    OLLAMA,
    SGLANG,
    TGI,
    TRANSFORMERS,
    VLLM,
)
from playground.engines.server.services import GENERIC

MOST_BYTES = 4_000_000
REFUSALS = (301, 302, 303, 307, 308, 401, 403, 429, 503)


@dataclass(frozen=True, slots=True)
class ServedModel:
    """A model of a server. `context` is what is really loaded, in tokens; `thinks` as far as the
    server tells; `loaded` is false where the first call would load it."""

    id: str
    context: int | None = None
    thinks: bool | None = None
    loaded: bool = True


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """What a server says of itself; `url` ends in /v1 for the OpenAI dialect."""

    profile: Profile
    url: str
    version: str | None
    models: tuple[ServedModel, ...]

    def model(self, model_id: str) -> ServedModel | None:
        return next((model for model in self.models if model.id == model_id), None)


@dataclass(frozen=True, slots=True)
class _Answer:
    """A probe's answer: its JSON (or null), its text, its headers."""

    status: int = 0
    data: Any = None
    text: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def server(self) -> str:
        return self.headers.get("server", "")


def root_of(url: str) -> str:
    """The address without /v1."""
    return url.rstrip("/").removesuffix("/v1").rstrip("/")


async def identify(http: httpx2.AsyncClient, url: str, wait_s: float) -> ServerFacts:
    """What stands at `url`. Raises httpx2.TransportError where nothing answers in time."""
    hosted = BY_HOST.get(urlsplit(url).hostname or "")
    root = root_of(url)
    if hosted is not None:
        listed = _allowed(f"{root}/v1", await _get(http, f"{root}/v1/models", wait_s))
        return ServerFacts(hosted, f"{root}/v1", None, _openai_models(listed.data))
    routes = ("/v1/models", "/version", "/props", "/api/version", "/api/v1/models", "/info", "/")
    answers = await asyncio.gather(
        *(_get(http, root + route, wait_s) for route in routes), return_exceptions=True
    )
    found = dict(zip(routes, answers, strict=True))
    listed_or_error = found["/v1/models"]
    if all(isinstance(answer, BaseException) for answer in answers):
        assert isinstance(listed_or_error, BaseException)
        raise listed_or_error
    said = {
        route: answer if isinstance(answer, _Answer) else _Answer()
        for route, answer in found.items()
    }
    return await _facts(http, root, said, wait_s)


async def _facts(
    http: httpx2.AsyncClient, root: str, said: Mapping[str, _Answer], wait_s: float
) -> ServerFacts:
    url = f"{root}/v1"
    listed = _allowed(url, said["/v1/models"])
    models = _openai_models(listed.data)
    owner = _owner(listed.data)
    if owner == "sglang" or "sglang" in said["/"].text[:200].lower():
        return ServerFacts(SGLANG, url, await _version(http, f"{root}/server_info", wait_s), models)
    if owner == "llamacpp" or listed.server == "llama.cpp" or _has(said["/props"], "build_info"):
        version = _text(said["/props"].data, "build_info")
        return ServerFacts(LLAMACPP, url, version, _llamacpp_models(listed.data, said["/props"]))
    if owner == "vllm":
        return ServerFacts(VLLM, url, _text(said["/version"].data, "version"), models)
    lmstudio = _lmstudio_models(said["/api/v1/models"].data)
    if lmstudio is not None:
        return ServerFacts(LMSTUDIO, url, None, lmstudio)
    if said["/"].text.startswith("Ollama is running") and _has(said["/api/version"], "version"):
        version = _text(said["/api/version"].data, "version")
        return ServerFacts(OLLAMA, root, version, await _ollama_models(http, root, wait_s))
    if _text(said["/info"].data, "router") == "text-generation-router":
        info = said["/info"].data
        model = ServedModel(str(info.get("model_id") or "tgi"), _int(info, "max_total_tokens"))
        return ServerFacts(TGI, url, _text(info, "version"), (model,))
    described = await _get_or_nothing(http, f"{root}/openapi.json", wait_s)
    if "/load_model" in _inside(described.data, "paths"):
        return ServerFacts(TRANSFORMERS, url, None, models)
    return ServerFacts(GENERIC, url, None, models)


def _allowed(url: str, answer: _Answer) -> _Answer:
    """The answer, unless it says that everything else would be refused too."""
    if answer.status in REFUSALS:
        body = answer.data if answer.data is not None else answer.text
        raise refused(url, answer.status, body, answer.headers)
    return answer


async def _get(http: httpx2.AsyncClient, url: str, wait_s: float) -> _Answer:
    async with asyncio.timeout(wait_s), http.stream("GET", url) as response:
        body = b""
        async for piece in response.aiter_bytes():
            body += piece
            if len(body) > MOST_BYTES:
                break
    text = body.decode("utf-8", "replace")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        data = None
    return _Answer(response.status_code, data, text, response.headers)


async def _get_or_nothing(http: httpx2.AsyncClient, url: str, wait_s: float) -> _Answer:
    try:
        return await _get(http, url, wait_s)
    except (httpx2.HTTPError, TimeoutError):
        return _Answer()


async def _version(http: httpx2.AsyncClient, url: str, wait_s: float) -> str | None:
    return _text((await _get_or_nothing(http, url, wait_s)).data, "version")


def _listed(data: Any) -> list[Mapping[str, Any]]:
    return [item for item in _items(data, "data") if _text(item, "id")]


def _owner(data: Any) -> str:
    return str(next((item.get("owned_by") for item in _listed(data)), ""))


def _openai_models(data: Any) -> tuple[ServedModel, ...]:
    models = []
    for item in _listed(data):
        lengths = [n for p in _items(item, "providers") if (n := _int(p, "context_length"))]
        context = _int(item, "max_model_len") or (max(lengths) if lengths else None)
        models.append(ServedModel(str(item["id"]), context))
    return tuple(models)


def _llamacpp_models(data: Any, props: _Answer) -> tuple[ServedModel, ...]:
    """The context is a slot's, which is what one chat has."""
    template = _text(props.data, "chat_template") or ""
    settings = _inside(props.data, "default_generation_settings")
    models = []
    for item in _listed(data):
        context = _int(_inside(item, "meta"), "n_ctx") or _int(settings, "n_ctx")
        models.append(
            ServedModel(
                str(item["id"]), context, template_thinks(template, None) if template else None
            )
        )
    return tuple(models)


def _lmstudio_models(data: Any) -> tuple[ServedModel, ...] | None:
    listed = data.get("models") if isinstance(data, Mapping) else None
    if not isinstance(listed, list) or not all(
        isinstance(item, Mapping) and "key" in item and "loaded_instances" in item
        for item in listed
    ):
        return None
    models = []
    for item in listed:
        if item.get("type") == "embedding":
            continue
        instances = _items(item, "loaded_instances")
        contexts = [_int(_inside(i, "config"), "context_length") for i in instances]
        loaded = next((context for context in contexts if context), None)
        models.append(ServedModel(str(item["key"]), loaded, None, bool(instances)))
    return tuple(models)


async def _ollama_models(
    http: httpx2.AsyncClient, root: str, wait_s: float
) -> tuple[ServedModel, ...]:
    """Its tags; the context of those that are loaded (what a model could have is not told)."""
    tags, running = await asyncio.gather(
        _get_or_nothing(http, f"{root}/api/tags", wait_s),
        _get_or_nothing(http, f"{root}/api/ps", wait_s),
    )
    contexts = {_text(item, "name"): _int(item, "context_length") for item in _named(running.data)}
    return tuple(
        ServedModel(
            str(item["name"]),
            contexts.get(str(item["name"])),
            "thinking" in can if isinstance(can := item.get("capabilities"), list) else None,
            str(item["name"]) in contexts,
        )
        for item in _named(tags.data)
    )


def _named(data: Any) -> list[Mapping[str, Any]]:
    return [item for item in _items(data, "models") if _text(item, "name")]


def _items(data: Any, key: str) -> list[Mapping[str, Any]]:
    """The objects of a list; whatever stands there else is none."""
    found = data.get(key) if isinstance(data, Mapping) else None
    return [i for i in found if isinstance(i, Mapping)] if isinstance(found, list) else []


def _inside(data: Any, key: str) -> Mapping[str, Any]:
    found = data.get(key) if isinstance(data, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _has(answer: _Answer, key: str) -> bool:
    return isinstance(answer.data, Mapping) and key in answer.data


def _text(data: Any, key: str) -> str | None:
    value = data.get(key) if isinstance(data, Mapping) else None
    return str(value) if value else None


def _int(data: Mapping[str, Any], key: str) -> int | None:
    value = data.get(key)
    return value if isinstance(value, int) and value > 0 else None
