"""The servers that people use for Qwen3, as data: names, ranges, fields, limits.

Read from vLLM 0.32, SGLang 0.5.23, llama.cpp b11434, Ollama of August 2026, LM Studio's docs of
April 2026, TGI 3.3 and transformers 5.23. Sends nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playground.engines.server.profile import Parameter, Profile

_USAGE: Mapping[str, Any] = {"stream_options": {"include_usage": True}}
_LIVE_USAGE: Mapping[str, Any] = {
    "stream_options": {"include_usage": True, "continuous_usage_stats": True}
}
# The 2507 templates ignore it; it steers hybrids, and parsers that take an answer for thinking.
_NO_THINKING: Mapping[str, Any] = {"chat_template_kwargs": {"enable_thinking": False}}
_NO_BUDGET = {"thinking_budget": "this version does not send it to servers."}
_OPENAI = {
    "temperature": Parameter("temperature"),
    "top_p": Parameter("top_p"),
    "presence_penalty": Parameter("presence_penalty"),
    "max_new_tokens": Parameter("max_tokens"),
    "seed": Parameter("seed"),
    "stop": Parameter("stop"),
}
_TOP_P_ABOVE_0 = Parameter("top_p", least=1e-6)


def _without(reason: str, *names: str) -> dict[str, str]:
    return dict.fromkeys(names, reason) | _NO_BUDGET


VLLM = Profile(
    "vllm",
    "vLLM",
    port=8000,
    parameters={
        **_OPENAI,
        "temperature": Parameter("temperature", least_above_0=0.01),
        "top_p": _TOP_P_ABOVE_0,
        "top_k": Parameter("top_k"),
        "min_p": Parameter("min_p"),
        "repetition_penalty": Parameter("repetition_penalty"),
    },
    missing=_NO_BUDGET,
    body=_LIVE_USAGE,
    plain_body=_NO_THINKING,
    tokenizing="vllm",
    counts_end=True,
)
SGLANG = Profile(
    "sglang",
    "SGLang",
    port=30_000,
    parameters={
        **_OPENAI,
        "top_p": _TOP_P_ABOVE_0,
        "top_k": Parameter("top_k", off=-1),
        "min_p": Parameter("min_p"),
        "repetition_penalty": Parameter("repetition_penalty"),
        "seed": Parameter(
            "seed", doubt="SGLang ignores it unless started with --enable-deterministic-inference."
        ),
    },
    missing=_NO_BUDGET,
    body=_LIVE_USAGE,
    plain_body=_NO_THINKING,
    tokenizing="sglang",
    counts_end=True,
)
LLAMACPP = Profile(
    "llamacpp",
    "llama.cpp",
    port=8080,
    parameters={
        **_OPENAI,
        "top_k": Parameter("top_k"),
        "min_p": Parameter("min_p"),
        "repetition_penalty": Parameter("repeat_penalty"),
        "presence_penalty": Parameter(
            "presence_penalty", doubt="llama.cpp counts the prompt's tokens too."
        ),
    },
    missing=_NO_BUDGET,
    # Its own order has the temperature last, and it looks back 64 tokens for penalties (-1 is
    # refused).
    body={
        **_USAGE,
        "timings_per_token": True,
        "repeat_last_n": 262_144,
        "samplers": ["penalties", "temperature", "top_k", "top_p", "min_p"],
    },
    plain_body=_NO_THINKING,
    tokenizing="llamacpp",
    counts_end=True,
)
OLLAMA = Profile(
    "ollama",
    "Ollama",
    port=11_434,
    dialect="ollama",
    parameters={
        "temperature": Parameter("temperature"),
        "top_p": Parameter("top_p"),
        "top_k": Parameter("top_k"),
        "min_p": Parameter("min_p"),
        "presence_penalty": Parameter("presence_penalty"),
        "repetition_penalty": Parameter("repeat_penalty"),
        "max_new_tokens": Parameter("num_predict"),
        "seed": Parameter("seed"),
        "stop": Parameter("stop"),
    },
    missing=_NO_BUDGET,
    # An older Ollama ignores the first two; there a shortened prompt shows in its own count.
    body={"truncate": False, "shift": False, "options": {"repeat_last_n": -1}},
    plain_body={"think": False},
    nested="options",
    counts_end=True,
    tells_load=True,
)
LMSTUDIO = Profile(
    "lmstudio",
    "LM Studio",
    port=1234,
    parameters={
        **_OPENAI,
        "top_k": Parameter("top_k"),
        "repetition_penalty": Parameter("repeat_penalty"),
    },
    missing=_without("LM Studio's /v1 does not document it.", "min_p"),
    body=_USAGE,
)
TGI = Profile(
    "tgi",
    "TGI",
    port=3000,
    parameters={
        **{name: value for name, value in _OPENAI.items() if name != "presence_penalty"},
        "top_p": Parameter("top_p", least=1e-6, omit=1),
    },
    missing=_without("TGI ignores it on this route.", "top_k", "min_p", "repetition_penalty")
    | {"presence_penalty": "TGI would take it for a repetition penalty of its value + 2."},
    most_stops=4,
    body=_USAGE,
)
TRANSFORMERS = Profile(
    "transformers",
    "transformers serve",
    parameters={
        **{name: value for name, value in _OPENAI.items() if name != "presence_penalty"},
        "seed": Parameter("seed", doubt="transformers serve shares one random state among runs."),
        "top_k": Parameter("top_k"),
        "min_p": Parameter("min_p"),
        "repetition_penalty": Parameter("repetition_penalty"),
    },
    missing=_without("transformers serve ignores it.", "presence_penalty"),
    as_text=("generation_config", frozenset({"top_k", "min_p", "repetition_penalty"})),
    counts_end=True,
)
ROUTER = Profile(
    "router",
    "Hugging Face Inference Providers",
    parameters=_OPENAI,
    missing=_without(
        "the router does not document it; a provider may ignore or refuse it.",
        "top_k",
        "min_p",
        "repetition_penalty",
    ),
    body=_USAGE,
    most_stops=4,
    hosts=("router.huggingface.co",),
    key_variable="HF_TOKEN",
)
MODELSCOPE = Profile(
    "modelscope",
    "ModelScope API-Inference",
    parameters=_OPENAI,
    missing=_without("ModelScope does not document it.", "top_k", "min_p", "repetition_penalty"),
    body=_USAGE,
    hosts=("api-inference.modelscope.cn", "api-inference.modelscope.ai"),
    key_variable="MODELSCOPE_API_TOKEN",
)
GENERIC = Profile(
    "generic",
    "an OpenAI-compatible server",
    parameters=_OPENAI,
    missing=_without(
        "this server is not known, so that only OpenAI's own parameters are sent.",
        "top_k",
        "min_p",
        "repetition_penalty",
    ),
    body=_USAGE,
)

PROFILES: tuple[Profile, ...] = (
    VLLM,
    SGLANG,
    LLAMACPP,
    OLLAMA,
    LMSTUDIO,
    TGI,
    TRANSFORMERS,
    ROUTER,
    MODELSCOPE,
    GENERIC,
)
BY_KEY: Mapping[str, Profile] = {profile.key: profile for profile in PROFILES}
BY_HOST: Mapping[str, Profile] = {host: p for p in PROFILES for host in p.hosts}
LOCAL_PORTS: tuple[int, ...] = tuple(p.port for p in PROFILES if p.port is not None)
