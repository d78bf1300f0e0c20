"""Events are plain values that may cross into another process."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError
from typing import get_args

import pytest

from playground.domain.errors import ErrorValue
from playground.domain.events import (
    Counts,
    Ended,
    Event,
    Failed,
    Loading,
    Notice,
    Origin,
    Prefill,
    Started,
    Text,
    ThoughtClosed,
    ThoughtOpened,
    Tick,
    Waiting,
)

EXAMPLES: list[Event] = [
    Waiting(None, 1.0),
    Loading(1, None, "files", 1.0),
    Started(9, None, 512, 7, True, 2048, Origin("local", versions=(("torch", "2.9"),)), 1.0),
    Prefill(4, 9, 1.0),
    Text("thinking", "😀", 1, 1.0),
    ThoughtOpened(1.0),
    ThoughtClosed(1.0, forced=True),
    Notice("clamped", "Less room."),
    Tick(1.0),
    Ended("limit", Counts(1, 2, 3, 4), 1.0, 0.5, 2, (("eval_s", 0.1),)),
    Failed(ErrorValue("engine_failed", "Broke."), 1.0),
]


def test_there_is_an_example_of_every_event() -> None:
    assert {type(example) for example in EXAMPLES} == set(get_args(Event))


@pytest.mark.parametrize("event", EXAMPLES, ids=lambda event: type(event).__name__)
def test_an_event_survives_pickling(event: Event) -> None:
    assert pickle.loads(pickle.dumps(event)) == event


@pytest.mark.parametrize("event", EXAMPLES, ids=lambda event: type(event).__name__)
def test_an_event_is_frozen_and_hashable(event: Event) -> None:
    hash(event)
    with pytest.raises(FrozenInstanceError):
        setattr(event, type(event).__match_args__[0], None)


def test_generated_is_thinking_answer_markers_and_forced() -> None:
    assert Counts(thinking=1, answer=20, marker=300, forced=4000).generated == 4321


@pytest.mark.parametrize(
    ("engine", "ours"), [("local", True), ("scripted", True), ("server", False)]
)
def test_only_a_server_runs_out_of_this_process(engine: str, ours: bool) -> None:
    assert Origin(engine).in_process is ours
