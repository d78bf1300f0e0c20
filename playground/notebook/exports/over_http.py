"""One lane's request as a program with OpenAI's client, and as a curl command.

Keys stand in it as the names of environment variables. Knows how servers call the parameters that
OpenAI's API lacks; sends nothing.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playground.catalog import ModelName
from playground.domain.engine import ModelCard
from playground.domain.request import Request
from playground.domain.sampling import Sampling
from playground.notebook.exports.conversation import assigned, messages
from playground.notebook.literals import literal

OURS = "http://127.0.0.1:8000/v1"
KEY = "SERVER_API_KEY"
# A service's own variable; no other server is ever sent these.
_KEYS = {
    "router.huggingface.co": "HF_TOKEN",
    "api-inference.modelscope.cn": "MODELSCOPE_API_TOKEN",
    "api-inference.modelscope.ai": "MODELSCOPE_API_TOKEN",
}
_OPENAI = {
    "temperature": "temperature",
    "top_p": "top_p",
    "presence_penalty": "presence_penalty",
    "max_new_tokens": "max_tokens",
    "seed": "seed",
    "stop": "stop",
}
_VLLM = {
    "top_k": "top_k",
    "min_p": "min_p",
    "repetition_penalty": "repetition_penalty",
    "thinking_budget": "thinking_token_budget",
}
# By how a server calls itself: its names beside OpenAI's, where they are not vLLM's.
_NAMES: Mapping[str, Mapping[str, str]] = {
    "SGLang": {name: name for name in ("top_k", "min_p", "repetition_penalty")},
    "llama.cpp": {
        "top_k": "top_k",
        "min_p": "min_p",
        "repetition_penalty": "repeat_penalty",
        "thinking_budget": "thinking_budget_tokens",
    },
    "LM Studio": {"top_k": "top_k", "repetition_penalty": "repeat_penalty"},
    "Ollama": {},
    "transformers serve": {},
}
_SWITCHED = ("vLLM", "SGLang", "llama.cpp", "transformers serve")
_NEUTRAL = Sampling()
_PROGRAM = """\
# pip install openai
import os

from openai import OpenAI

client = OpenAI(
    base_url={url},
    api_key={key},
    timeout=3600,
)
{messages}completion = client.chat.completions.create(
{arguments})
message = completion.choices[0].message
answer = message.content or ""
{thinking}print(f"Answer:\\n{{answer}}\\n")
print(completion.usage)
"""
_THINKING = """\
# A server sends the thought apart, under one of two names, or leaves it in the answer.
thinking = getattr(message, "reasoning", None) or getattr(message, "reasoning_content", None)
if not thinking and "</think>" in answer:
    thinking, answer = answer.split("</think>", 1)
print(f"Thinking:\\n{thinking}\\n")
"""


@dataclass(frozen=True, slots=True)
class Server:
    """Where a request goes: `url` ends in /v1, `model` is "" where the server has only one.

    `switches`: it is told that the model is not to think.
    """

    url: str
    model: str
    kind: str
    key: str
    switches: bool = False

    @property
    def root(self) -> str:
        return self.url.removesuffix("/v1")


def server_of(name: ModelName, card: ModelCard) -> Server:
    """The server of a lane; for a model in this process, a vLLM that could serve it here."""
    if name.place != "server":
        return Server(OURS, served_name(name), "vLLM", KEY, name.option("thinking") == "off")
    label = name.label.removesuffix(" (thinking off)")
    known = card.label.removesuffix(" (thinking off)") if card.loaded else ""
    model = name.option("model") or (known if known != label else "")
    url = name.where.removesuffix("/v1").rstrip("/") + "/v1"
    said = card.origin.server or "vLLM"
    kind = next((kind for kind in ("vLLM", *_NAMES) if said.startswith(kind)), "")
    key = _KEYS.get(urlsplit(name.where).hostname or "", KEY)
    return Server(url, model, kind, key, not card.thinks and kind in _SWITCHED)


def served_name(name: ModelName) -> str:
    """What vLLM calls the model of this name."""
    return name.where if name.place == "hub" else name.label.removesuffix(" (thinking off)")


def openai_program(request: Request, server: Server, card: ModelCard) -> str:
    """The request through OpenAI's client."""
    model = literal(server.model) if server.model else "client.models.list().data[0].id"
    arguments = {"model": model, "messages": "messages"}
    arguments |= {name: literal(value, 4) for name, value in _openai(request, card).items()}
    if extra := _extra(request, server, card):
        arguments["extra_body"] = literal(extra, 4)
    hosted = server.key != KEY
    name = literal(server.key)
    return _PROGRAM.format(
        url=literal(server.url),
        key=f"os.environ[{name}]" if hosted else f'os.environ.get({name}, "none")',
        messages=assigned(messages(request)),
        arguments="".join(f"    {name}={value},\n" for name, value in arguments.items()),
        thinking=_THINKING if card.thinks else "",
    )


def curl_command(request: Request, server: Server, card: ModelCard) -> str:
    """The request as one command for a shell; its answer comes whole."""
    asked: dict[str, Any] = {"model": server.model or "MODEL", "messages": messages(request)}
    if server.kind == "Ollama":
        # Its own route takes every parameter; the one of OpenAI's API drops some without a word.
        asked |= {"stream": False, **({} if card.thinks else {"think": False})}
        return posted(f"{server.root}/api/chat", asked | {"options": _ollama(request)}, None)
    asked |= _openai(request, card) | _extra(request, server, card)
    return posted(f"{server.url}/chat/completions", asked, server.key)


def posted(url: str, body: Mapping[str, Any], key: str | None, then: str = "") -> str:
    """A curl command that sends this body; nothing in it is the shell's. `then` gets the answer."""
    written = json.dumps(body, ensure_ascii=False, indent=2)
    lines = [f"curl -sS --fail-with-body {shlex.quote(url)}", '-H "Content-Type: application/json"']
    if key is not None:
        default = ":-none" if key == KEY else ""
        lines.append(f'-H "Authorization: Bearer ${{{key}{default}}}"')
    lines.append(f"--data-binary @- <<'JSON'{then}")
    # No line of the JSON is the word that ends it: texts in it have no line breaks.
    return " \\\n  ".join(lines) + f"\n{written}\nJSON\n"


def left_out(request: Request, server: Server, card: ModelCard) -> list[str]:
    """The sampling fields that are set and that this server is not sent."""
    known = {**_OPENAI, **_names(server)}
    if server.kind == "transformers serve":
        known |= dict.fromkeys(_NAMES["SGLang"], "")
    missing = dict(card.unsupported)
    return [
        name
        for name in Sampling.__slots__
        if (name not in known or name in missing)
        and getattr(request.sampling, name) not in (getattr(_NEUTRAL, name), None)
    ]


def _openai(request: Request, card: ModelCard) -> dict[str, Any]:
    """The fields of OpenAI's own API."""
    missing = dict(card.unsupported)
    values = {
        wire: _plain(name, request.sampling)
        for name, wire in _OPENAI.items()
        if name not in missing
    }
    return {wire: value for wire, value in values.items() if value not in (None, [])}


def _extra(request: Request, server: Server, card: ModelCard) -> dict[str, Any]:
    """The fields beside it. Every one is sent: what is left out is the server's choice."""
    missing = dict(card.unsupported)
    extra: dict[str, Any] = {}
    for name, wire in _names(server).items():
        value = _plain(name, request.sampling)
        if name not in missing and value is not None:
            extra[wire] = -1 if (name, value, server.kind) == ("top_k", 0, "SGLang") else value
    if server.kind == "transformers serve":
        own = {"do_sample": True, **{n: _plain(n, request.sampling) for n in _NAMES["SGLang"]}}
        extra["generation_config"] = json.dumps(own)
    if server.switches:
        extra["chat_template_kwargs"] = {"enable_thinking": False}
    return extra


def _names(server: Server) -> Mapping[str, str]:
    return _NAMES.get(server.kind, _VLLM)


def _ollama(request: Request) -> dict[str, Any]:
    renamed = {"repetition_penalty": "repeat_penalty", "max_new_tokens": "num_predict"}
    values = {
        renamed.get(name, name): _plain(name, request.sampling)
        for name in Sampling.__slots__
        if name != "thinking_budget"
    }
    return {name: value for name, value in values.items() if value not in (None, [])}


def _plain(name: str, sampling: Sampling) -> Any:
    value = getattr(sampling, name)
    if name == "top_p":  # servers refuse 0
        return max(value, 1e-6)
    return list(value) if isinstance(value, tuple) else value
