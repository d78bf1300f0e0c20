"""Hosted services and servers that nobody knows, as data: names, fields, limits, keys.

Read from the Hub's docs at 242f4a1 and from the code samples that ModelScope shows beside its
models. Sends nothing.
"""

from __future__ import annotations

from playground.engines.server.openai_fields import OPENAI, USAGE, without
from playground.engines.server.profile import Allowance, Fixes, Parameter, Profile

_NARROWING = ("top_k", "min_p", "repetition_penalty")
_NO_ORDER = "Samplers: it does not tell in which order they are applied, nor to what."
_NOT_OURS = Fixes(context="Choose a model or provider with more context.")

ROUTER = Profile(
    "router",
    "Hugging Face Inference Providers",
    parameters=OPENAI,
    missing=without(
        "the router does not document it; a provider may ignore or refuse it.",
        *_NARROWING,
        "thinking_budget",
    ),
    samplers="Samplers: each provider has its own order, which the router does not tell.",
    body=USAGE,
    no_switch="the router documents no switch for it.",
    most_stops=4,
    lists_all=False,
    fixes=_NOT_OURS,
    hosts=("router.huggingface.co",),
    key_variable="HF_TOKEN",
)
MODELSCOPE = Profile(
    "modelscope",
    "ModelScope API-Inference",
    parameters={
        **OPENAI,
        "thinking_budget": Parameter(
            "thinking_budget", doubt="ModelScope shows it for Qwen3's hybrids only."
        ),
    },
    missing=without("ModelScope does not document it.", *_NARROWING),
    samplers=_NO_ORDER,
    body=USAGE,
    off_body={"enable_thinking": False},
    lists_all=False,
    fixes=_NOT_OURS,
    hosts=("api-inference.modelscope.cn", "api-inference.modelscope.ai"),
    key_variable="MODELSCOPE_API_TOKEN",
    allowances=(
        Allowance(
            "your account",
            "modelscope-ratelimit-requests-limit",
            "modelscope-ratelimit-requests-remaining",
            "Run again tomorrow, or use a model on this machine.",
        ),
        Allowance(
            "this model",
            "modelscope-ratelimit-model-requests-limit",
            "modelscope-ratelimit-model-requests-remaining",
            "Run again tomorrow, or name another model with ?model=.",
        ),
    ),
)
GENERIC = Profile(
    "generic",
    "an OpenAI-compatible server",
    parameters=OPENAI,
    missing=without(
        "this server is not known, so that only OpenAI's own parameters are sent.",
        *_NARROWING,
        "thinking_budget",
    ),
    samplers=_NO_ORDER,
    body=USAGE,
    no_switch="this server is not known, so that no switch is sent.",
)
SERVICES: tuple[Profile, ...] = (ROUTER, MODELSCOPE)
