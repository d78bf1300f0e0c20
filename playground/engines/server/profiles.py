"""The servers that people run for Qwen3, as data: names, ranges, fields, limits.

Read from vLLM 0.32, SGLang 0.5.23, llama.cpp b11434, Ollama of August 2026, LM Studio's docs of
April 2026, TGI 3.3 and transformers 5.23. Sends nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from playground.engines.server.openai_fields import (
    LIVE_USAGE,
    NO_THINKING,
    OPENAI,
    STOP_STAYS,
    TOP_P_ABOVE_0,
    USAGE,
    without,
)
from playground.engines.server.profile import Fixes, Parameter, Profile
from playground.engines.server.services import GENERIC, SERVICES

# Both refuse -1, "the whole context", in their newer versions.
_LOOK_BACK = 262_144

VLLM = Profile(
    "vllm",
    "vLLM",
    port=8000,
    parameters={
        **OPENAI,
        "temperature": Parameter("temperature", least_above_0=0.01),
        "top_p": TOP_P_ABOVE_0,
        "top_k": Parameter("top_k"),
        "min_p": Parameter("min_p"),
        "repetition_penalty": Parameter("repetition_penalty"),
        "thinking_budget": Parameter("thinking_token_budget"),
    },
    missing={},
    samplers="Samplers: min_p cuts before top_k and top_p, in process after them; that is the same"
    " while min_p is 0. Penalties are as in process.",
    body=LIVE_USAGE,
    plain_body=NO_THINKING,
    tokenizing="vllm",
    trace_field="reasoning",
    counts_end=True,
    clamps=True,
    fixes=Fixes(
        context="Start it with --max-model-len 32768 or more.",
        parser="Start it with --reasoning-parser qwen3.",
    ),
)
SGLANG = Profile(
    "sglang",
    "SGLang",
    port=30_000,
    parameters={
        **OPENAI,
        "top_p": TOP_P_ABOVE_0,
        "top_k": Parameter("top_k", off=-1),
        "min_p": Parameter("min_p"),
        "repetition_penalty": Parameter("repetition_penalty"),
        "seed": Parameter(
            "seed", doubt="SGLang ignores it unless started with --enable-deterministic-inference."
        ),
        "thinking_budget": Parameter(
            "thinking_budget",
            inside="custom_params",
            doubt="SGLang ignores it unless started with --enable-strict-thinking.",
        ),
    },
    missing={},
    samplers="Samplers: top_k and top_p cut the same distribution (in process, top_p cuts what"
    " top_k left), and a repetition penalty counts only what was generated (in process: the prompt,"
    " too).",
    body=LIVE_USAGE,
    plain_body=NO_THINKING,
    tokenizing="sglang",
    trace_field="reasoning_content",
    counts_end=True,
    fixes=Fixes(
        context="Start it with --context-length 32768 or more.",
        parser="Start it with --reasoning-parser qwen3-thinking.",
        seed="Start it with --enable-deterministic-inference.",
    ),
)
LLAMACPP = Profile(
    "llamacpp",
    "llama.cpp",
    port=8080,
    parameters={
        **OPENAI,
        "top_k": Parameter("top_k"),
        "min_p": Parameter("min_p"),
        "repetition_penalty": Parameter("repeat_penalty"),
        "presence_penalty": Parameter(
            "presence_penalty", doubt="llama.cpp counts the prompt's tokens too."
        ),
        "thinking_budget": Parameter("thinking_budget_tokens"),
    },
    missing={},
    samplers="Samplers: it is asked for the order in process; a presence penalty counts the"
    " prompt's tokens, too (in process: only what was generated).",
    # Its own order has the temperature last, and it looks back 64 tokens for penalties.
    body={
        **USAGE,
        "timings_per_token": True,
        "repeat_last_n": _LOOK_BACK,
        "samplers": ["penalties", "temperature", "top_k", "top_p", "min_p"],
    },
    plain_body=NO_THINKING,
    stops_body={"verbose": True},  # only then does it tell which stop string was met
    tokenizing="llamacpp",
    trace_field="reasoning_content",
    counts_end=True,
    clamps=True,
    fixes=Fixes(
        context="Start it with -c 32768 or more.", parser="Start it with --reasoning-format auto."
    ),
)
_OLD_ENGINE = "Ollama's own engine, before 0.30, had no penalties."
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
        "presence_penalty": Parameter("presence_penalty", doubt=_OLD_ENGINE),
        "repetition_penalty": Parameter("repeat_penalty", doubt=_OLD_ENGINE),
        "max_new_tokens": Parameter("num_predict"),
        "seed": Parameter("seed"),
        "stop": Parameter("stop"),
    },
    missing=without("Ollama has no field for it.", "thinking_budget"),
    samplers="Samplers: since 0.30 the temperature comes after top_k, top_p and min_p (in process:"
    " before them), so that the same values keep fewer unlikely tokens at a temperature above 1 and"
    " more below; penalties count the prompt's tokens, too.",
    # An older Ollama ignores the first two; there a shortened prompt shows in its own count.
    body={"truncate": False, "shift": False, "options": {"repeat_last_n": _LOOK_BACK}},
    plain_body={"think": False},
    nested="options",
    counts_end=True,
    counts_cached=False,  # some versions count only what they had not cached
    clamps=True,
    tells_load=True,
    trace_field="thinking",
    fixes=Fixes(context="OLLAMA_CONTEXT_LENGTH=32768 ollama serve"),
)
LMSTUDIO = Profile(
    "lmstudio",
    "LM Studio",
    port=1234,
    parameters={
        **OPENAI,
        "top_k": Parameter("top_k"),
        "repetition_penalty": Parameter("repeat_penalty"),
    },
    missing=without("LM Studio's /v1 does not document it.", "min_p", "thinking_budget"),
    samplers="Samplers: LM Studio does not tell their order; that of llama.cpp, which runs its GGUF"
    " models, has the temperature last (in process: first). Penalties look back 64 tokens.",
    body=USAGE,
    no_switch="LM Studio's /v1 has no switch for it. Switch it off in the model's own settings.",
    clamps=True,
    fixes=Fixes(
        context="Load it with lms load --context-length 32768.",
        parser='Switch on "separate reasoning_content" in LM Studio\'s developer settings.',
    ),
)
TGI = Profile(
    "tgi",
    "TGI",
    port=3000,
    parameters={
        **{name: value for name, value in OPENAI.items() if name != "presence_penalty"},
        "top_p": Parameter("top_p", least=1e-6, omit=1),
        "stop": STOP_STAYS,
    },
    missing={
        **without("TGI ignores it on this route.", "top_k", "min_p", "repetition_penalty"),
        **without("TGI has no field for it.", "thinking_budget"),
        "presence_penalty": "TGI would take it for a repetition penalty of its value + 2.",
    },
    samplers="Samplers: temperature, then top_p, as in process.",
    body=USAGE,
    no_switch="TGI has no switch for it.",
    tokenizing="tgi",
    stop_finish="stop_sequence",
    counts_end=True,
    most_stops=4,
    fixes=Fixes(context="Start it with --max-total-tokens 32768 or more."),
)
TRANSFORMERS = Profile(
    "transformers",
    "transformers serve",
    parameters={
        **{name: value for name, value in OPENAI.items() if name != "presence_penalty"},
        "seed": Parameter("seed", doubt="transformers serve shares one random state among runs."),
        "stop": STOP_STAYS,
        "top_k": Parameter("top_k"),
        "min_p": Parameter("min_p"),
        "repetition_penalty": Parameter("repetition_penalty"),
    },
    missing={
        **without("transformers serve ignores it.", "presence_penalty"),
        **without("transformers serve has no field for it.", "thinking_budget"),
    },
    samplers="Samplers: their order and what they are applied to are as in process.",
    # Without it a model whose own file does not say so is greedy at any temperature.
    body={"generation_config": {"do_sample": True}},
    off_body=NO_THINKING,
    as_text=("generation_config", frozenset({"top_k", "min_p", "repetition_penalty"})),
    counts_end=True,
    lists_all=False,  # it loads any model by its name; the list is the Hub's cache
    fixes=Fixes(parser="Start it with --reasoning auto."),
)

PROFILES: tuple[Profile, ...] = (
    VLLM,
    SGLANG,
    LLAMACPP,
    OLLAMA,
    LMSTUDIO,
    TGI,
    TRANSFORMERS,
    *SERVICES,
    GENERIC,
)
BY_KEY: Mapping[str, Profile] = {profile.key: profile for profile in PROFILES}
BY_HOST: Mapping[str, Profile] = {host: p for p in PROFILES for host in p.hosts}
LOCAL_PORTS: tuple[int, ...] = tuple(p.port for p in PROFILES if p.port is not None)
