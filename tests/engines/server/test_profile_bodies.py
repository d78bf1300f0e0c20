"""What else goes into a chat's body by each server's profile, and what a profile says in words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from playground.domain.sampling import Sampling
from playground.engines.server.body import chat_body, to_wire
from playground.engines.server.profile import Profile
from playground.engines.server.profiles import (
    LLAMACPP,
    LMSTUDIO,
    OLLAMA,
    PROFILES,
    SGLANG,
    TGI,
    TRANSFORMERS,
    VLLM,
)
from playground.engines.server.services import GENERIC, MODELSCOPE, ROUTER
from tests.engines.server.test_profiles import FULL, LIMIT, OPENAI, WIRE


def body(
    profile: Profile, sampling: Sampling = FULL, thinks: bool = True, off: bool = False
) -> dict[str, Any]:
    return chat_body(profile, to_wire(profile, sampling, LIMIT), plain=not thinks, off=off)


def test_transformers_serve_gets_what_openai_has_not_as_one_json_text() -> None:
    """Any unknown field is a 422 there."""
    sent = body(TRANSFORMERS)
    assert set(sent) == {*OPENAI, "generation_config"}
    inner = {"top_k": 20, "min_p": 0.1, "repetition_penalty": 1.1}
    assert json.loads(sent["generation_config"]) == {"do_sample": True, **inner}


def test_transformers_serve_is_told_to_sample_which_a_models_own_file_may_not_say() -> None:
    """Seen with the real one: without it such a model is greedy at any temperature; temperature 0
    wins over it."""
    for temperature in (0.0, 2.0):
        sent = body(TRANSFORMERS, Sampling(temperature=temperature))
        assert json.loads(sent["generation_config"])["do_sample"] is True
        assert sent["temperature"] == temperature


def test_ollama_gets_its_options_nested_beside_its_own() -> None:
    sent = body(OLLAMA)
    assert sent["options"] == {"repeat_last_n": 262_144, **WIRE["ollama"]}
    assert (sent["truncate"], sent["shift"]) == (False, False)
    assert OLLAMA.body["options"] == {"repeat_last_n": 262_144}  # the table itself is unchanged


def test_llama_cpp_is_asked_for_our_order_of_samplers_and_for_timings() -> None:
    sent = body(LLAMACPP)
    assert sent["samplers"][:2] == ["penalties", "temperature"]
    assert sent["timings_per_token"] is True


@pytest.mark.parametrize("profile", [LLAMACPP, OLLAMA], ids=lambda profile: profile.key)
def test_penalties_look_back_over_the_whole_context(profile: Profile) -> None:
    """The real llama.cpp refuses -1, and Ollama hands on what it gets; 64 is their own."""
    sent = body(profile)
    assert sent.get("options", sent)["repeat_last_n"] >= 262_144


def test_llama_cpp_is_asked_which_stop_string_ended_it_where_there_are_some() -> None:
    sent = to_wire(LLAMACPP, FULL, LIMIT)
    assert chat_body(LLAMACPP, sent, stops=True)["verbose"] is True
    assert "verbose" not in chat_body(LLAMACPP, sent)


@pytest.mark.parametrize(
    ("profile", "sent"),
    [
        (TRANSFORMERS, {"chat_template_kwargs": {"enable_thinking": False}}),
        (MODELSCOPE, {"enable_thinking": False}),
    ],
    ids=lambda value: value.key if isinstance(value, Profile) else "",
)
def test_some_are_told_not_to_think_only_where_that_was_asked_for(
    profile: Profile, sent: dict[str, Any]
) -> None:
    """An Instruct model has no such field there, and an older transformers serve refuses it."""
    assert body(profile, thinks=False, off=True).items() >= sent.items()
    assert not {*body(profile, thinks=False)} & {*sent}


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.key)
def test_every_server_has_a_switch_or_says_why_not(profile: Profile) -> None:
    assert profile.switches is (profile.no_switch == "")
    without = {"lmstudio", "tgi", "router", "generic"}
    assert profile.switches is (profile.key not in without)


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.key)
def test_every_server_says_in_which_order_it_samples(profile: Profile) -> None:
    assert profile.samplers.startswith("Samplers: ") and profile.samplers.endswith(".")


def test_where_the_order_of_samplers_differs_the_text_says_so() -> None:
    assert "min_p cuts before top_k" in VLLM.samplers
    assert "only what was generated" in SGLANG.samplers
    assert "temperature comes after" in OLLAMA.samplers
    assert "temperature last" in LMSTUDIO.samplers and "64 tokens" in LMSTUDIO.samplers
    assert "asked for the order in process" in LLAMACPP.samplers


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
