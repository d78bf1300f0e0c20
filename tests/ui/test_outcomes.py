"""What is said and offered after an ending that must not be overlooked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from playground.domain.errors import ErrorValue
from playground.domain.events import Notice, Text, ThoughtClosed
from playground.ui.outcomes import outcome, raised_limit, raised_penalty
from tests.ui.endings import CARD, ended

GOES_ON = replace(CARD, abilities=("continue",))


def test_a_limit_used_up_in_the_thought_is_no_answer_and_offers_more() -> None:
    box = outcome(ended(Text("thinking", "hm", 1, 1.2)), CARD)
    assert box is not None
    assert (box["title"], box["tone"]) == ("No answer:", "warn")
    assert "32 tokens was used up while thinking" in box["text"]
    assert box["actions"][0]["label"] == "Raise the limit to 64 and run again"


def test_an_answer_that_hit_the_limit_is_cut_off() -> None:
    box = outcome(ended(ThoughtClosed(1.2), Text("answer", "so", 1, 1.3)), CARD)
    assert box is not None and box["title"] == "Cut off:"


def test_a_full_context_offers_no_higher_limit() -> None:
    box = outcome(ended(Text("thinking", "hm", 1, 1.2), limit=90), CARD)
    assert box is not None
    assert box["actions"] == []
    assert "context is full" in box["text"]


@pytest.mark.parametrize(("limit", "raised"), [(32, 64), (64, 90), (80, 90), (90, None)])
def test_the_limit_is_raised_to_the_models_own_then_doubled_within_the_context(
    limit: int, raised: int | None
) -> None:
    assert raised_limit(ended(limit=limit), CARD) == raised


def test_an_empty_answer_after_a_whole_turn_is_an_outcome_too() -> None:
    box = outcome(ended(ThoughtClosed(1.2), ending="end_of_turn"), CARD)
    assert box is not None and box["title"] == "No answer:"


def test_a_plain_answer_has_no_box() -> None:
    answered = ended(ThoughtClosed(1.2), Text("answer", "4", 1, 1.3), ending="end_of_turn")
    assert outcome(answered, CARD) is None


def test_a_failure_shows_its_message() -> None:
    failed = replace(ended(), ending="error", error=ErrorValue("engine_failed", "It broke."))
    box = outcome(failed, CARD)
    assert box is not None and (box["tone"], box["text"]) == ("error", "It broke.")


def test_with_room_enough_the_limit_is_doubled() -> None:
    assert raised_limit(ended(limit=64), replace(CARD, context=1000)) == 128


def test_a_run_that_was_cut_short_offers_to_go_on_with_the_same_limit_again() -> None:
    for ending in ("limit", "user", "deadline", "interrupted"):
        box = outcome(ended(Text("thinking", "hm", 1, 1.2), ending=ending), GOES_ON)
        assert box is not None
        assert box["actions"][0] == {"action": "continue", "label": "Continue", "tokens": 32}


def test_going_on_is_offered_only_as_far_as_the_context_has_room() -> None:
    nearly = outcome(ended(Text("answer", "so", 1, 1.2), limit=60), GOES_ON)
    assert nearly is not None and nearly["actions"][0]["tokens"] == 100 - 10 - 60
    full = outcome(ended(Text("answer", "so", 1, 1.2), limit=90), GOES_ON)
    assert full is not None and full["actions"] == []


def test_what_cannot_go_on_is_not_offered_to() -> None:
    cut = ended(Text("thinking", "hm", 1, 1.2))
    nothing_yet = ended(ending="user")
    for result, card in ((cut, CARD), (nothing_yet, GOES_ON)):
        box = outcome(result, card)
        assert box is not None
        assert "continue" not in [action["action"] for action in box["actions"]]


def test_after_a_loop_a_presence_penalty_is_offered_step_by_step() -> None:
    looped = replace(
        ended(Text("thinking", "hm", 1, 1.2)), notices=(Notice("loop", "It repeats itself."),)
    )
    box = outcome(looped, CARD)
    assert box is not None
    assert box["actions"][-1]["label"] == "Run again with presence penalty 1"
    steps = []
    while (step := raised_penalty(looped)) is not None:
        steps.append(step)
        sampling = replace(looped.request.sampling, presence_penalty=step)
        looped = replace(looped, request=replace(looped.request, sampling=sampling))
    assert steps == [1.0, 1.5, 2.0]
    box = outcome(looped, CARD)
    assert box is not None
    assert "penalty" not in [action["action"] for action in box["actions"]]


def test_an_engine_without_the_penalty_is_not_offered_one() -> None:
    looped = replace(
        ended(Text("thinking", "hm", 1, 1.2)), notices=(Notice("loop", "It repeats itself."),)
    )
    unable = replace(CARD, unsupported=(("presence_penalty", "It has none."),))
    box = outcome(looped, unable)
    assert box is not None
    assert "penalty" not in [action["action"] for action in box["actions"]]
