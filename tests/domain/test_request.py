"""What is asked of a lane."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError

import pytest

from playground.domain.errors import BadRequest
from playground.domain.request import LANES, SCHEDULES, Message, check_prompt
from playground.domain.sampling import Sampling
from tests.samples import request


def test_there_are_two_lanes_and_in_turn_comes_first() -> None:
    assert (LANES, SCHEDULES) == (("left", "right"), ("in_turn", "together"))


@pytest.mark.parametrize("prompt", ["", " ", "\n\t", "\u00a0"])
def test_an_empty_prompt_is_refused(prompt: str) -> None:
    with pytest.raises(BadRequest, match="prompt is empty"):
        check_prompt(prompt)


@pytest.mark.parametrize("prompt", ["Why?", " indented", "\x00", "?"])
def test_a_prompt_keeps_every_character(prompt: str) -> None:
    assert check_prompt(prompt) == prompt


@pytest.mark.parametrize("prompt", [None, 5, "a\ud800"])
def test_a_prompt_that_is_no_text_is_refused(prompt: object) -> None:
    with pytest.raises(BadRequest, match="prompt"):
        check_prompt(prompt)


def test_a_request_is_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        request().prompt = "Other"  # type: ignore[misc]


def test_a_request_is_a_value() -> None:
    full = request(history=(Message("user", "Hi"),), sampling=Sampling(stop=("a",)))
    assert pickle.loads(pickle.dumps(full)) == full
    assert len({full, pickle.loads(pickle.dumps(full))}) == 1
