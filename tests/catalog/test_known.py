"""The models and pairs that we know, and what their cards recommend."""

from __future__ import annotations

import pytest

from playground.catalog import (
    BUILTIN,
    DEFAULT_PAIR,
    KNOWN,
    PAIRS,
    known,
    pair,
    parse_name,
    served,
)
from playground.domain.errors import BadRequest
from playground.domain.sampling import parse_sampling

# Known models


def card(text: str) -> tuple[float, float, int, float]:
    entry = known(parse_name(text))
    assert entry is not None
    sampling = entry.sampling
    return sampling.temperature, sampling.top_p, sampling.top_k, sampling.min_p


@pytest.mark.parametrize(
    ("text", "recommended"),
    [
        ("Qwen/Qwen3-4B-Instruct-2507", (0.7, 0.8, 20, 0.0)),
        ("Qwen/Qwen3-4B-Thinking-2507", (0.6, 0.95, 20, 0.0)),
        ("Qwen/Qwen3-4B-Instruct-2507-FP8", (0.7, 0.8, 20, 0.0)),
        ("Qwen/Qwen3-4B-Thinking-2507-FP8", (0.6, 0.95, 20, 0.0)),
        ("Qwen/Qwen3-0.6B", (0.6, 0.95, 20, 0.0)),
        ("Qwen/Qwen3-0.6B?thinking=off", (0.7, 0.8, 20, 0.0)),
        ("demo-instruct", (0.7, 0.8, 20, 0.0)),
        ("demo-thinking", (0.6, 0.95, 20, 0.0)),
    ],
)
def test_a_model_starts_at_what_its_card_recommends(
    text: str, recommended: tuple[float, float, int, float]
) -> None:
    assert card(text) == recommended


@pytest.mark.parametrize(
    ("text", "limit", "context"),
    [
        ("Qwen/Qwen3-4B-Instruct-2507", 16_384, 262_144),
        ("Qwen/Qwen3-4B-Thinking-2507", 32_768, 262_144),
    ],
)
def test_the_pair_has_the_limits_of_its_cards(text: str, limit: int, context: int) -> None:
    entry = known(parse_name(text))
    assert entry is not None
    assert (entry.sampling.max_new_tokens, entry.context) == (limit, context)


@pytest.mark.parametrize("name", KNOWN)
def test_what_a_card_recommends_is_within_the_ranges(name: str) -> None:
    sampling = KNOWN[name].sampling
    changes = {field: getattr(sampling, field) for field in sampling.__slots__}
    assert parse_sampling(changes, sampling) == sampling


@pytest.mark.parametrize("name", KNOWN)
def test_a_recommended_output_fits_into_the_context(name: str) -> None:
    context = KNOWN[name].context
    assert context is not None
    assert KNOWN[name].sampling.max_new_tokens < context


@pytest.mark.parametrize(
    ("text", "thinks"),
    [
        ("demo-instruct", False),
        ("demo-thinking", True),
        ("Qwen/Qwen3-0.6B", True),
        ("Qwen/Qwen3-0.6B?thinking=off", False),
        ("Qwen/Qwen3-4B-Thinking-2507?thinking=off", True),
        ("Qwen/Qwen3-4B-Instruct-2507?thinking=off", False),
    ],
)
def test_only_a_hybrids_thinking_can_be_switched_off(text: str, thinks: bool) -> None:
    entry = known(parse_name(text))
    assert entry is not None
    assert entry.thinks is thinks


@pytest.mark.parametrize(
    ("text", "lengths"),
    [
        ("Qwen/Qwen3-4B-Instruct-2507", (16_384,)),
        ("Qwen/Qwen3-4B-Thinking-2507", (32_768, 81_920)),
        ("unsloth/Qwen3-4B-Thinking-2507-bnb-4bit", (32_768, 81_920)),
        ("Qwen/Qwen3-4B", (32_768, 38_912)),
        ("Qwen/Qwen3-4B?thinking=off", (16_384,)),
    ],
)
def test_a_model_has_the_output_lengths_of_its_card(text: str, lengths: tuple[int, ...]) -> None:
    entry = known(parse_name(text))
    assert entry is not None
    assert entry.output_lengths == lengths


@pytest.mark.parametrize(
    ("text", "context"),
    [
        ("Qwen/Qwen3-4B", 40_960),
        ("Qwen/Qwen3-4B?context=131072", 131_072),
        ("Qwen/Qwen3-4B?context=999999", 131_072),
        ("Qwen/Qwen3-4B-Thinking-2507?context=32768", 32_768),
        ("Qwen/Qwen3-4B-Thinking-2507?context=999999", 262_144),
    ],
)
def test_a_name_may_ask_for_a_context_up_to_what_the_model_can(text: str, context: int) -> None:
    entry = known(parse_name(text))
    assert entry is not None
    assert entry.context == context


def test_a_switch_that_a_model_lacks_leaves_its_recommendation() -> None:
    assert known(parse_name("demo-thinking?thinking=off")) == BUILTIN["demo-thinking"]


@pytest.mark.parametrize("text", ["./Qwen3-0.6B", "me/unknown", "http://host/v1?model=demo"])
def test_a_stranger_is_not_known(text: str) -> None:
    assert known(parse_name(text)) is None


# Pairs


@pytest.mark.parametrize("name", PAIRS)
def test_a_pair_names_two_known_models_that_differ(name: str) -> None:
    left, right = (parse_name(model) for model in pair(name).values())
    assert known(left) is not None
    assert known(right) is not None
    assert left.label != right.label
    assert [str(left), str(right)] == list(PAIRS[name])


@pytest.mark.parametrize("name", PAIRS)
def test_the_right_model_of_a_pair_is_the_one_that_thinks(name: str) -> None:
    thinks = [known(parse_name(model)) for model in pair(name).values()]
    assert [entry.thinks for entry in thinks if entry] == [False, True]


def test_the_pairs_are_the_documented_ones() -> None:
    documented = "demo, qwen3-4b, qwen3-4b-fp8, qwen3-4b-4bit, qwen3-4b-hybrid, qwen3-0.6b"
    assert ", ".join(PAIRS) == documented
    assert pair(DEFAULT_PAIR) == {"left": "demo-instruct", "right": "demo-thinking"}


def test_an_unknown_pair_is_refused_with_the_known_ones() -> None:
    with pytest.raises(BadRequest, match=r"'qwen'.*demo, qwen3-4b, .*qwen3-0.6b"):
        pair("qwen")


@pytest.mark.parametrize(
    ("model_id", "thinks"),
    [
        ("qwen3:4b", True),
        ("qwen3:4b-instruct", False),
        ("qwen3:4b-thinking-2507-q4_K_M", True),
        ("qwen/qwen3-4b-2507", False),
        ("qwen/qwen3-4b-thinking-2507", True),
        ("Qwen/Qwen3-4B-Instruct-2507-FP8", False),
        ("unsloth/Qwen3-4B-Thinking-2507-GGUF:Q4_K_M", True),
        ("Qwen/Qwen3-8B", True),
        ("qwen3:0.6b", True),
        ("Qwen/Qwen3-4B-Instruct-2507:nscale", False),
    ],
)
def test_a_model_is_known_by_what_servers_call_it(model_id: str, thinks: bool) -> None:
    entry = served(model_id)
    assert entry is not None and entry.thinks is thinks


@pytest.mark.parametrize("model_id", ["smollm2", "gpt-oss:20b", "qwen3-coder:30b", "qwen3-8b-base"])
def test_a_stranger_is_not_taken_for_a_known_model(model_id: str) -> None:
    assert served(model_id) is None
