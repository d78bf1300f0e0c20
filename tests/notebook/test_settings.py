"""Settings become options of a comparison, and say how an earlier run differs."""

from dataclasses import replace

import pytest

from playground.domain.errors import BadRequest
from playground.domain.request import LANES, Lane, Request, RunId
from playground.domain.sampling import Sampling
from playground.notebook.settings import Settings, differences

MODELS: dict[Lane, str] = {"left": "demo-instruct", "right": "demo-thinking"}


def request(lane: Lane = "left", **changes: object) -> Request:
    base = Request(RunId("r"), "2026-01-01T00:00:00.000+00:00", lane, MODELS[lane], "hello")
    return replace(base, **changes)  # type: ignore[arg-type]


def sampled(**changes: object) -> Request:
    return request(sampling=replace(Sampling(), **changes))  # type: ignore[arg-type]


def test_a_random_seed_is_left_to_the_comparison() -> None:
    options = Settings(MODELS, {"left": {"seed": 5, "top_k": 3}}).options()
    assert options["left"] == {"model": "demo-instruct", "sampling": {"top_k": 3}}


def test_a_fixed_seed_goes_to_both_lanes() -> None:
    options = Settings(MODELS, seed_mode="fixed", seed=7).options()
    assert [options[lane]["sampling"]["seed"] for lane in LANES] == [7, 7]


def test_same_again_takes_each_lanes_seed_from_the_earlier_run() -> None:
    earlier = tuple(
        request(lane, sampling=Sampling(seed=seed))
        for lane, seed in zip(LANES, (11, 12), strict=True)
    )
    options = Settings(MODELS, seed_mode="same", seed=7).options(earlier)
    assert [options[lane]["sampling"]["seed"] for lane in LANES] == [11, 12]


def test_same_again_without_an_earlier_run_draws() -> None:
    assert "seed" not in Settings(MODELS, seed_mode="same", seed=7).options()["left"]["sampling"]


@pytest.mark.parametrize(
    ("then", "now", "expected"),
    [
        (sampled(temperature=0.7), sampled(temperature=0.6), "temperature was 0.7"),
        (sampled(max_new_tokens=2048), sampled(), ""),
        (sampled(max_new_tokens=4096), sampled(), "max new tokens was 4,096"),
        (sampled(stop=("a", "b")), sampled(), "stop strings were 'a', 'b'"),
        (sampled(thinking_budget=None), sampled(thinking_budget=9), "thinking budget was no limit"),
        (request(prompt="x"), request(), "the prompt was different"),
        (request(system="x"), request(), "the system prompt was different"),
        (request(), request(system="x"), "there was no system prompt"),
        (request(model="other"), request(), "the model was other"),
        (request(schedule="together"), request(), "the lanes ran together"),
    ],
)
def test_a_difference_says_what_was(then: Request, now: Request, expected: str) -> None:
    assert ", ".join(differences(then, now, seed=False)) == expected


def test_a_drawn_seed_is_no_difference_but_a_fixed_one_is() -> None:
    then, now = sampled(seed=1), sampled(seed=2)
    assert differences(then, now, seed=False) == ()
    assert differences(then, now, seed=True) == ("seed was 1",)


def test_an_empty_fixed_seed_is_refused_rather_than_drawn() -> None:
    with pytest.raises(BadRequest, match="fixed seed is empty"):
        Settings({"left": "a", "right": "b"}, seed_mode="fixed", seed=None).options()
