"""Every sampling field under each server's own name for it, and a note where one is not sent."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from playground.domain.sampling import FIELD_BY_NAME, Sampling
from playground.engines.server.profile import Profile, Sent, chat_body, to_wire
from playground.engines.server.profiles import (
    BY_HOST,
    BY_KEY,
    GENERIC,
    LLAMACPP,
    LMSTUDIO,
    LOCAL_PORTS,
    MODELSCOPE,
    OLLAMA,
    PROFILES,
    ROUTER,
    SGLANG,
    TGI,
    TRANSFORMERS,
    VLLM,
)

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
    "vllm": OPENAI | PRESENCE | FILTERS | {"repetition_penalty": 1.1},
    "sglang": OPENAI | PRESENCE | FILTERS | {"repetition_penalty": 1.1},
    "llamacpp": OPENAI | PRESENCE | FILTERS | {"repeat_penalty": 1.1},
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
    "modelscope": OPENAI | PRESENCE,
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


def test_what_a_server_may_not_honour_is_said_only_where_it_matters() -> None:
    assert "--enable-deterministic-inference" in kinds(to_wire(SGLANG, FULL, 9), "doubtful")[0]
    assert "one random state" in kinds(to_wire(TRANSFORMERS, FULL, 9), "doubtful")[0]
    assert "prompt's tokens" in kinds(to_wire(LLAMACPP, FULL, 9), "doubtful")[0]
    assert kinds(to_wire(SGLANG, Sampling(), 9), "doubtful") == []
    assert kinds(to_wire(VLLM, FULL, 9), "doubtful") == []


def body(profile: Profile, sampling: Sampling = FULL, thinks: bool = True) -> dict[str, Any]:
    return chat_body(profile, to_wire(profile, sampling, LIMIT), plain=not thinks)


def test_transformers_serve_gets_what_openai_has_not_as_one_json_text() -> None:
    """Any unknown field is a 422 there."""
    sent = body(TRANSFORMERS)
    assert set(sent) == {*OPENAI, "generation_config"}
    inner = {"top_k": 20, "min_p": 0.1, "repetition_penalty": 1.1}
    assert json.loads(sent["generation_config"]) == inner


def test_ollama_gets_its_options_nested_beside_its_own() -> None:
    sent = body(OLLAMA)
    assert sent["options"] == {"repeat_last_n": -1, **WIRE["ollama"]}
    assert (sent["truncate"], sent["shift"]) == (False, False)
    assert OLLAMA.body["options"] == {"repeat_last_n": -1}  # the table itself is unchanged


def test_llama_cpp_is_asked_for_our_order_of_samplers_and_for_timings() -> None:
    sent = body(LLAMACPP)
    assert sent["samplers"][:2] == ["penalties", "temperature"]
    assert sent["timings_per_token"] is True
    assert sent["repeat_last_n"] > 0  # the real server refuses -1


@pytest.mark.parametrize("profile", [VLLM, SGLANG], ids=lambda profile: profile.key)
def test_counts_are_asked_for_with_every_chunk_where_that_is_known(profile: Profile) -> None:
    options = {"include_usage": True, "continuous_usage_stats": True}
    assert body(profile)["stream_options"] == options


@pytest.mark.parametrize(
    "profile", [LLAMACPP, LMSTUDIO, TGI, ROUTER, MODELSCOPE, GENERIC], ids=lambda p: p.key
)
def test_counts_are_asked_for_at_the_end_elsewhere(profile: Profile) -> None:
    assert body(profile)["stream_options"] == {"include_usage": True}


@pytest.mark.parametrize("profile", [VLLM, SGLANG, LLAMACPP], ids=lambda profile: profile.key)
def test_a_model_that_is_not_to_think_is_told_so(profile: Profile) -> None:
    off = {"enable_thinking": False}  # a string would be an error
    assert body(profile, thinks=False)["chat_template_kwargs"] == off
    assert "chat_template_kwargs" not in body(profile, thinks=True)


def test_ollama_is_told_by_its_own_switch_and_never_told_to_think() -> None:
    """think: true is a 400 for a model that cannot."""
    assert body(OLLAMA, thinks=False)["think"] is False
    assert "think" not in body(OLLAMA, thinks=True)


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.key)
def test_a_body_is_plain_json(profile: Profile) -> None:
    assert json.loads(json.dumps(body(profile, thinks=False))) == body(profile, thinks=False)


def test_vllm_is_said_to_raise_a_tiny_temperature_and_zero_stays_greedy() -> None:
    sent = to_wire(VLLM, Sampling(temperature=0.001), LIMIT)
    assert sent.values["temperature"] == 0.01
    assert ("clamped", "temperature is 0.001; this server takes 0.01.") in sent.notes
    greedy = to_wire(VLLM, Sampling(temperature=0.0), LIMIT)
    assert greedy.values["temperature"] == 0 and greedy.notes == ()
