"""A GPU call is asked for as long as its lanes can take, and each lane ends within it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from playground.comparison.run import Comparison, LaneTask
from playground.comparison.stopping import Signal
from playground.domain.errors import Busy
from playground.domain.request import LANES, Schedule
from playground.domain.sampling import Sampling
from playground.results.fold import Fold
from playground.space.value import Gpu
from playground.space.zero import (
    MARGIN_S,
    START_S,
    Speed,
    ZeroGpu,
    planned_s,
    translated,
    with_deadlines,
)
from tests.comparison.lanes import playing
from tests.samples import request


def tasks(left: int, right: int, schedule: Schedule = "in_turn") -> tuple[LaneTask, ...]:
    limits = dict(zip(LANES, (left, right), strict=True))
    return tuple(
        LaneTask(
            request(lane, sampling=Sampling(max_new_tokens=limits[lane]), schedule=schedule),
            Signal(slot),
        )
        for slot, lane in enumerate(LANES)
    )


def planned(left: int, right: int, schedule: Schedule = "in_turn", longest_s: int = 75) -> int:
    asked = tuple(task.request for task in tasks(left, right, schedule))
    return planned_s(asked, tokens_per_s=20, longest_s=longest_s)


def test_a_call_is_as_long_as_both_lanes_and_no_longer_than_allowed() -> None:
    assert planned(100, 300) == 38  # 9 s beside 400 tokens at 14 a second
    assert planned(10, 10) == 15
    assert planned(2048, 2048) == 75
    assert planned(100, 300, "together") == 52  # side by side each has half the device


def deadlines(left: int, right: int, schedule: Schedule = "in_turn") -> list[float]:
    timed = with_deadlines(tasks(left, right, schedule), 60, now_s=1000.0)
    return [task.signal.deadline_s - 1000.0 for task in timed]


def test_in_turn_the_first_lane_leaves_the_second_its_share() -> None:
    end_s = 60 - MARGIN_S
    share_s = (end_s - START_S) / 4
    assert deadlines(100, 300) == pytest.approx([START_S + share_s, end_s])
    assert deadlines(100, 300, "together") == pytest.approx([end_s, end_s])


def test_a_nearer_deadline_stays() -> None:
    near = tuple(
        replace(task, signal=replace(task.signal, deadline_s=1005.0)) for task in tasks(9, 9)
    )
    timed = with_deadlines(near, 60, now_s=1000.0)
    assert [task.signal.deadline_s for task in timed] == [1005.0, 1005.0]


def test_the_speed_is_learned_from_runs_that_say_something() -> None:
    speed = Speed(20)
    speed.learn(8, 0.1)
    assert speed.tokens_per_s == 20
    for _ in range(20):
        speed.learn(100, 2.0)
    assert speed.tokens_per_s == pytest.approx(50, rel=0.02)


def test_off_zero_gpu_the_same_comparison_runs_here_and_the_speed_is_learned() -> None:
    gpu = ZeroGpu(Gpu(20, 75))
    engine = playing(*["word"] * 40)
    comparison = Comparison(lambda _: engine, transport=gpu)
    asked = tuple(request(lane) for lane in LANES)
    folds = {each.lane: Fold(each) for each in asked}
    for lane, event in comparison.run("me", asked):
        folds[lane].apply(event)
    assert {fold.result().ending for fold in folds.values()} == {"end_of_turn"}
    assert gpu.speed.tokens_per_s < 20  # these write one word a second


class Refusal(Exception):
    """As the package raises: Gradio's error, with a title."""

    def __init__(self, title: str, message: str) -> None:
        super().__init__(message)
        self.title = title
        self.message = message


def test_the_packages_own_figures_are_kept() -> None:
    words = "You have exceeded your free ZeroGPU quota (90s requested vs. 12s left). Try again."
    said = translated(Refusal("ZeroGPU quota exceeded", words))
    assert isinstance(said, Busy)
    assert "(90s requested vs. 12s left)" in str(said) and "Sign in on huggingface.co" in str(said)


def test_what_is_no_refusal_stays_what_it_is() -> None:
    error = ValueError("something else")
    assert translated(error) is error
