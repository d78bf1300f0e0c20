"""From a prompt and options to a request a lane, or a refusal that says what is allowed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from playground.comparison.options import (
    CompareOptions,
    SamplingOptions,
    build_requests,
    describe_or_guess,
    new_run,
    with_seed,
)
from playground.domain.engine import ModelCard
from playground.domain.errors import BadRequest, ModelNotFound, ModelUnusable
from playground.domain.request import Lane, Message, Request
from playground.domain.sampling import FIELD_BY_NAME, Sampling
from tests.samples import ORIGIN

MODELS: dict[Lane, str] = {"left": "demo-instruct", "right": "demo-thinking"}
DEFAULTS = {
    "demo-instruct": Sampling(temperature=0.7, top_p=0.8, max_new_tokens=512),
    "demo-thinking": Sampling(temperature=0.6, top_p=0.95, max_new_tokens=1024),
}


def describe(name: str) -> ModelCard:
    if name == "./missing":
        raise ModelNotFound("No such folder.")
    return ModelCard(f"canonical {name}", name, True, 2048, DEFAULTS.get(name, Sampling()), ORIGIN)


def build(options: Any = None, prompt: Any = "Why?") -> tuple[Request, ...]:
    return build_requests(prompt, options, MODELS, describe)


def samplings(options: Mapping[str, object]) -> list[Sampling]:
    """Both lanes' sampling, without the drawn seed."""
    return [replace(request.sampling, seed=None) for request in build(options)]


def refusal(options: Any, prompt: Any = "Why?") -> str:
    with pytest.raises(BadRequest) as caught:
        build(options, prompt)
    return str(caught.value)


@pytest.mark.parametrize("options", [None, {}])
def test_all_options_may_be_left_out(options: object) -> None:
    left, right = build(options)
    assert [left.lane, right.lane] == ["left", "right"]
    assert [left.model, right.model] == ["canonical demo-instruct", "canonical demo-thinking"]
    assert (left.prompt, left.system, left.history, left.schedule) == ("Why?", "", (), "in_turn")


def test_each_lane_starts_at_its_models_own_defaults() -> None:
    assert samplings({}) == list(DEFAULTS.values())


def test_common_sampling_is_laid_over_both_models() -> None:
    both = samplings({"sampling": {"temperature": 0, "stop": ["END"]}})
    assert both == [replace(own, temperature=0.0, stop=("END",)) for own in DEFAULTS.values()]


def test_a_lanes_sampling_wins_over_the_common_one() -> None:
    options = {
        "sampling": {"temperature": 1.0, "top_k": 5},
        "right": {"sampling": {"temperature": 0.5}},
    }
    left, right = samplings(options)
    assert (left.temperature, left.top_k) == (1.0, 5)
    assert (right.temperature, right.top_k) == (0.5, 5)


def test_a_lanes_model_brings_its_own_defaults() -> None:
    left, right = build({"left": {"model": "demo-thinking"}})
    assert left.model == right.model == "canonical demo-thinking"
    assert left.sampling == right.sampling


def test_system_history_and_schedule_go_to_both_lanes() -> None:
    options = {
        "system": "Be short.",
        "history": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Yes?"}],
        "schedule": "together",
    }
    for request in build(options):
        assert request.system == "Be short."
        assert request.history == (Message("user", "Hi"), Message("assistant", "Yes?"))
        assert request.schedule == "together"


def test_a_lanes_own_history_wins_and_may_keep_an_assistants_thinking() -> None:
    said = {"role": "assistant", "content": "Yes?", "thinking": "hm"}
    left, right = build(
        {
            "history": [{"role": "user", "content": "Hi"}],
            "right": {"history": [{"role": "user", "content": "Ho"}, said]},
        },
    )
    assert left.history == (Message("user", "Hi"),)
    assert right.history == (Message("user", "Ho"), Message("assistant", "Yes?", "hm"))


def test_sections_may_be_null() -> None:
    assert samplings({"sampling": None, "left": None, "right": {"sampling": None}}) == samplings({})


# Seeds, ids, times


def test_a_random_seed_is_drawn_once_for_both_lanes() -> None:
    drawn = {build()[0].sampling.seed for _ in range(20)}
    assert len(drawn) > 1
    assert all(isinstance(seed, int) and 0 <= seed < 2**31 for seed in drawn)
    left, right = build()
    assert left.sampling.seed == right.sampling.seed


def test_a_fixed_seed_is_kept() -> None:
    assert [request.sampling.seed for request in build({"sampling": {"seed": 0}})] == [0, 0]


def test_one_lane_may_have_a_seed_of_its_own() -> None:
    left, right = build({"left": {"sampling": {"seed": 5}}})
    assert left.sampling.seed == 5
    assert right.sampling.seed is not None


def test_a_null_seed_is_drawn() -> None:
    assert all(r.sampling.seed is not None for r in build({"sampling": {"seed": None}}))


@pytest.mark.parametrize(("seed", "kept"), [(None, 9), (0, 0), (5, 5)])
def test_a_drawn_seed_takes_only_an_empty_place(seed: int | None, kept: int) -> None:
    assert with_seed(Sampling(seed=seed), 9) == Sampling(seed=kept)


def test_both_lanes_share_an_id_that_no_other_run_has() -> None:
    runs = [build() for _ in range(5)]
    assert [left.id for left, _ in runs] == [right.id for _, right in runs]
    assert len({left.id for left, _ in runs}) == len({new_run()[0] for _ in range(5)}) == 5


def test_the_time_of_asking_is_in_utc_to_the_millisecond() -> None:
    left, right = build()
    assert left.created_at == right.created_at
    asked = datetime.fromisoformat(left.created_at)
    assert asked.utcoffset() == timedelta(0)
    assert asked.isoformat(timespec="milliseconds") == left.created_at


# Models that cannot be opened


def test_a_model_that_is_not_there_fails_later_in_its_lane_alone() -> None:
    left, right = build({"left": {"model": "./missing"}})
    assert (left.model, right.model) == ("./missing", "canonical demo-thinking")


def test_a_name_that_is_none_is_a_bad_request() -> None:
    def picky(name: str) -> ModelCard:
        raise BadRequest(f"{name!r} is not a model name.")

    with pytest.raises(BadRequest, match="not a model name"):
        build_requests("Why?", None, MODELS, picky)


def test_attachments_that_are_no_list_are_named() -> None:
    for given in (0, {}, "a.txt"):
        with pytest.raises(BadRequest, match="but must be a list"):
            build({"attachments": given})
    assert build({"attachments": None})[0].attached == ()


def unusable(name: str) -> ModelCard:
    raise ModelUnusable(f"{name} is broken.")


def test_a_known_model_that_cannot_be_opened_keeps_its_cards_defaults() -> None:
    card = describe_or_guess("Qwen/Qwen3-4B-Thinking-2507", unusable)
    assert (card.thinks, card.context, card.defaults.temperature) == (True, 262_144, 0.6)
    assert card.label == "Qwen3-4B-Thinking-2507"


def test_of_a_stranger_that_cannot_be_opened_nothing_is_claimed() -> None:
    card = describe_or_guess(" ./broken/ ", unusable)
    assert (card.name, card.thinks, card.context) == ("./broken", False, None)
    assert (card.defaults, card.lease) == (Sampling(), None)


# Refusals


@pytest.mark.parametrize("prompt", ["", " \n", None, 5, "a\ud800"])
def test_a_bad_prompt_is_refused(prompt: object) -> None:
    assert "prompt" in refusal({}, prompt)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], "options is [], but must be an object"),
        ({"smapling": {}}, "Unknown key 'smapling' in options. Use one of: system, history,"),
        ({"system": 5}, "system is 5, but must be a string"),
        ({"system": "\udfff"}, "system has a character"),
        ({"history": "Hi"}, "history is 'Hi', but must be a list"),
        ({"history": ["Hi"]}, "history[0] is 'Hi', but must be an object"),
        ({"history": [{"role": "user"}]}, "history[0].content is None, but must be a string"),
        ({"history": [{"role": "system", "content": ""}]}, "history[0].role is 'system'"),
        ({"history": [{"role": "user", "content": "", "name": ""}]}, "'name' in history[0]"),
        ({"left": {"history": [7]}}, "left.history[0] is 7, but must be an object"),
        (
            {"history": [{"role": "user", "content": "", "thinking": "hm"}]},
            "history[0].thinking is for an assistant's turn",
        ),
        ({"history": [{"role": "user", "content": "\ud800"}]}, "history[0].content has a char"),
        ({"schedule": "at once"}, "schedule is 'at once', but must be one of: in_turn, together"),
        ({"schedule": None}, "schedule is None"),
        ({"schedule": ["in_turn"]}, "schedule is ['in_turn']"),
        ({"sampling": []}, "sampling is [], but must be an object"),
        ({"sampling": {"temp": 1}}, "Unknown key 'temp' in sampling. Use one of: temperature,"),
        ({"sampling": {"temperature": "hot"}}, "temperature is 'hot', but must be a number from 0"),
        ({"sampling": {"temperature": -1}}, "temperature is -1, but must be a number from 0 to 2"),
        ({"left": "demo"}, "left is 'demo', but must be an object"),
        ({"left": {"modle": "x"}}, "Unknown key 'modle' in left. Use one of: model, sampling"),
        ({"right": {"model": 5}}, "right.model is 5, but must be a string"),
        ({"right": {"model": None}}, "right.model is None, but must be a string"),
        ({"right": {"sampling": {"temp": 1}}}, "Unknown key 'temp' in right.sampling"),
        ({"right": {"sampling": {"top_k": 1.5}}}, "top_k is 1.5, but must be an integer from 0"),
        ({"middle": {}}, "Unknown key 'middle' in options"),
    ],
)
def test_a_bad_option_is_refused_with_key_value_and_allowed(options: object, words: str) -> None:
    assert words in refusal(options)


def test_the_documented_sampling_options_are_the_sampling_table() -> None:
    assert list(SamplingOptions.__annotations__) == list(FIELD_BY_NAME)


def test_the_documented_options_are_those_of_the_design() -> None:
    documented = ["system", "history", "attachments", "sampling", "left", "right", "schedule"]
    assert list(CompareOptions.__annotations__) == [*documented, "expected"]
