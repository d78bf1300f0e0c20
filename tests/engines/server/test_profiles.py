"""Every sampling field under each server's own name for it, and a note where one is not sent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from playground.domain.sampling import FIELD_BY_NAME, Sampling
from playground.engines.server.body import Sent, to_wire
from playground.engines.server.profile import Profile
from playground.engines.server.profiles import (
    BY_HOST,
    BY_KEY,
    LLAMACPP,
    LMSTUDIO,
    LOCAL_PORTS,
    OLLAMA,
    PROFILES,
    SGLANG,
    TGI,
    TRANSFORMERS,
    VLLM,
)
from playground.engines.server.services import MODELSCOPE, ROUTER

FULL = Sampling(
    temperature=0.6,
    top_p=0.95,
    top_k=20,
    min_p=0.1,
    presence_penalty=1.5,
    repetition_penalty=1.1,
    max_new_tokens=400,
    seed=7,
    stop=("END",),
    thinking_budget=100,
)
LIMIT = 300
OPENAI = {"temperature": 0.6, "top_p": 0.95, "max_tokens": LIMIT, "seed": 7, "stop": ["END"]}
PRESENCE = {"presence_penalty": 1.5}
FILTERS = {"top_k": 20, "min_p": 0.1}

# What each server gets for FULL, by its own names (section 2.2 of the facts).
WIRE: dict[str, dict[str, Any]] = {
    "vllm": {
        **OPENAI,
        **PRESENCE,
        **FILTERS,
        "repetition_penalty": 1.1,
        "thinking_token_budget": 100,
    },
    "sglang": {
        **OPENAI,
        **PRESENCE,
        **FILTERS,
        "repetition_penalty": 1.1,
        "custom_params": {"thinking_budget": 100},
    },
    "llamacpp": {
        **OPENAI,
        **PRESENCE,
        **FILTERS,
        "repeat_penalty": 1.1,
        "thinking_budget_tokens": 100,
    },
    "ollama": {
        **PRESENCE,
        **FILTERS,
        "temperature": 0.6,
        "top_p": 0.95,
        "num_predict": LIMIT,
        "seed": 7,
        "stop": ["END"],
        "repeat_penalty": 1.1,
    },
    "lmstudio": OPENAI | PRESENCE | {"top_k": 20, "repeat_penalty": 1.1},
    "tgi": OPENAI,
    "transformers": OPENAI | FILTERS | {"repetition_penalty": 1.1},
    "router": OPENAI | PRESENCE,
    "modelscope": OPENAI | PRESENCE | {"thinking_budget": 100},
    "generic": OPENAI | PRESENCE,
}


def kinds(sent: Sent, kind: str) -> list[str]:
    return [text for found, text in sent.notes if found == kind]


def test_every_profile_is_in_the_tables() -> None:
    assert set(WIRE) == set(BY_KEY)
    assert LOCAL_PORTS == (8000, 30_000, 8080, 11_434, 1234, 3000)
    assert BY_HOST["api-inference.modelscope.cn"] is BY_HOST["api-inference.modelscope.ai"]


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.key)
def test_every_field_goes_under_the_servers_name_or_is_said_not_to(profile: Profile) -> None:
    sent = to_wire(profile, FULL, LIMIT)
    assert sent.values == WIRE[profile.key]
    unsent = {name for name in FIELD_BY_NAME if name not in profile.parameters}
    assert {text.split(" = ")[0] for text in kinds(sent, "unsupported")} == unsent
    assert all("was not sent: " in text for text in kinds(sent, "unsupported"))


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.key)
def test_neutral_values_need_no_notes(profile: Profile) -> None:
    sent = to_wire(profile, Sampling(), 2048)
    assert sent.notes == ()
    assert "seed" not in sent.values and "stop" not in sent.values


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.key)
def test_defaults_are_sent_too_because_servers_have_their_own(profile: Profile) -> None:
    """llama.cpp's min_p is 0.05, Ollama's top_k 40, where nothing is sent."""
    sent = to_wire(profile, Sampling(), 2048).values
    for name in ("temperature", "top_p", "top_k", "min_p"):
        parameter = profile.parameters.get(name)
        if parameter is not None and parameter.omit is None:
            assert parameter.wire in sent


def test_off_is_minus_one_for_sglang_and_0_elsewhere() -> None:
    off = Sampling(top_k=0)
    assert to_wire(SGLANG, off, 9).values["top_k"] == -1
    assert to_wire(SGLANG, off, 9).notes == ()
    for profile in (VLLM, LLAMACPP, OLLAMA, LMSTUDIO, TRANSFORMERS):
        assert to_wire(profile, off, 9).values["top_k"] == 0


@pytest.mark.parametrize("profile", [VLLM, SGLANG, TGI], ids=lambda profile: profile.key)
def test_top_p_0_is_raised_to_what_the_server_takes_and_said(profile: Profile) -> None:
    sent = to_wire(profile, Sampling(top_p=0.0), 9)
    assert sent.values["top_p"] == 1e-6
    assert kinds(sent, "clamped") == ["top_p is 0; this server takes 1e-06."]


def test_tgi_takes_no_top_p_of_1_and_no_presence_penalty_at_all() -> None:
    sent = to_wire(TGI, Sampling(), 9).values
    assert "top_p" not in sent and "presence_penalty" not in sent
    assert to_wire(TGI, Sampling(top_p=0.9), 9).values["top_p"] == 0.9
    (note,) = kinds(to_wire(TGI, replace(Sampling(), **PRESENCE), 9), "unsupported")
    assert "repetition penalty of its value + 2" in note


def test_greedy_is_temperature_0_everywhere() -> None:
    for profile in PROFILES:
        assert to_wire(profile, Sampling(temperature=0), 9).values["temperature"] == 0


def test_the_limit_is_max_tokens_or_num_predict_never_max_completion_tokens() -> None:
    """Ollama ignores max_completion_tokens; every server here takes max_tokens."""
    for profile in PROFILES:
        wire = profile.parameters["max_new_tokens"].wire
        assert wire == ("num_predict" if profile is OLLAMA else "max_tokens")


def test_only_as_many_stop_strings_are_sent_as_a_server_takes() -> None:
    six = Sampling(stop=tuple("abcdef"))
    sent = to_wire(ROUTER, six, 9)
    assert sent.values["stop"] == ["a", "b", "c", "d"]
    assert len(kinds(sent, "clamped")) == 1
    assert to_wire(VLLM, six, 9).values["stop"] == list("abcdef")
    assert kinds(to_wire(ROUTER, Sampling(stop=tuple("abcd")), 9), "clamped") == []


def test_one_stop_string_is_a_list_too() -> None:
    assert to_wire(TGI, Sampling(stop=("END",)), 9).values["stop"] == ["END"]


@pytest.mark.parametrize(
    ("profile", "words"),
    [
        (SGLANG, ("--enable-deterministic-inference", "--enable-strict-thinking")),
        (TRANSFORMERS, ("one random state", "leaves the stop string in the text")),
        (TGI, ("leaves the stop string in the text",)),
        (LLAMACPP, ("prompt's tokens",)),
        (OLLAMA, ("presence_penalty: Ollama's own engine", "repetition_penalty: Ollama's own")),
        (MODELSCOPE, ("hybrids only",)),
        (VLLM, ()),
        (LMSTUDIO, ()),
    ],
    ids=lambda value: value.key if isinstance(value, Profile) else "",
)
def test_what_a_server_may_not_honour_is_said_only_where_it_matters(
    profile: Profile, words: tuple[str, ...]
) -> None:
    doubts = kinds(to_wire(profile, FULL, 9), "doubtful")
    assert len(doubts) == len(words)
    for word in words:
        assert any(word in doubt for doubt in doubts)
    assert kinds(to_wire(profile, Sampling(), 9), "doubtful") == []


def test_vllm_is_said_to_raise_a_tiny_temperature_and_zero_stays_greedy() -> None:
    sent = to_wire(VLLM, Sampling(temperature=0.001), LIMIT)
    assert sent.values["temperature"] == 0.01
    assert ("clamped", "temperature is 0.001; this server takes 0.01.") in sent.notes
    greedy = to_wire(VLLM, Sampling(temperature=0.0), LIMIT)
    assert greedy.values["temperature"] == 0 and greedy.notes == ()
