"""What a reader sees of a lane: its state, figures and outcome."""

from __future__ import annotations

from dataclasses import replace

import pytest

from playground.domain.engine import ModelCard
from playground.domain.errors import ErrorValue
from playground.domain.events import (
    Counts,
    Ended,
    Event,
    Loading,
    Origin,
    Prefill,
    Started,
    Text,
    ThoughtClosed,
    Waiting,
)
from playground.domain.request import Request, RunId, Schedule
from playground.domain.sampling import Sampling
from playground.results.fold import Fold, fold
from playground.results.value import Result
from playground.ui.present import lane_head, lane_labels, outcome, raised_limit
from playground.ui.wire import LaneHead
from playground.words import speaking

ORIGIN = Origin("fake")
CARD = ModelCard("m", "M", True, 100, Sampling(max_new_tokens=64), ORIGIN)
REQUEST = Request(RunId("r"), "2026-01-01T00:00:00.000+00:00", "right", "m", "p")
STARTED = Started(10, 0, 32, 1, True, 100, ORIGIN, 1.0)


def ended(*events: Event, ending: str = "limit", limit: int = 32) -> Result:
    request = replace(REQUEST, sampling=Sampling(max_new_tokens=limit))
    last = Ended(ending, Counts(thinking=limit), 9.0)  # type: ignore[arg-type]
    return fold(request, [STARTED, *events, last])


def live(*events: Event) -> LaneHead:
    growing = Fold(REQUEST)
    for event in events:
        growing.apply(event)
    return lane_head(growing.result(), CARD, "Thinking", growing, 2.0)


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ((Waiting(None, 0.0),), "waiting"),
        ((Waiting(2, 0.0),), "waiting: 2 ahead in line"),
        ((Loading(0, None, "files", 0.0),), "loading the model…"),
        ((Loading(1, 4, "files", 0.0),), "loading the model… 25 %"),
        (
            (Loading(10**9, 4 * 10**9, "bytes", 0.0, (0, 3)),),
            "downloading… 25 %",
        ),
        ((STARTED, Prefill(512, 2048, 1.1)), "reading the prompt… 512 / 2,048 tokens"),
        ((STARTED, Text("thinking", "hm", 3, 1.2)), "thinking…"),
        (
            (STARTED, Text("thinking", "hm", 3, 1.2), ThoughtClosed(1.3)),
            "answering… 2.00 s · 4 tokens",
        ),
    ],
)
def test_a_live_lane_says_what_it_does(events: tuple[Event, ...], state: str) -> None:
    assert live(*events)["state"] == state


def test_a_download_has_a_bar_and_its_figures_while_it_lasts() -> None:
    coming = Loading(10**9, 4 * 10**9, "bytes", 0.0, (0, 3))
    assert live(coming)["loading"] == {"share": 0.25, "words": "1.0 GB of 4.0 GB · 0 of 3 shards"}
    assert live(coming, Loading(1, 4, "tensors", 1.0))["loading"] is None
    assert live(coming, STARTED)["loading"] is None


def test_the_trace_is_summed_up_in_one_line() -> None:
    thought = Text("thinking", "hm", 3, 1.2)
    assert live(STARTED, thought)["summary"] == "Thinking… 2.00 s · 3 tokens"
    closed = live(STARTED, thought, ThoughtClosed(1.7))
    assert closed["summary"] == "Thought for 0.50 s · 3 tokens"
    cut = lane_head(ended(thought), CARD, "Thinking", None, None)
    assert cut["summary"].endswith(", not finished")


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


def test_the_tokens_figure_adds_up_in_its_help() -> None:
    result = fold(
        REQUEST,
        [
            STARTED,
            Text("thinking", "hm", 2, 1.2),
            ThoughtClosed(1.3),
            Text("answer", "4", 1, 1.4),
            Ended("end_of_turn", Counts(thinking=2, answer=1, marker=2), 1.6, 1.5),
        ],
    )
    numbers = lane_head(result, CARD, "Thinking", None, None)["numbers"]
    tokens = next(number for number in numbers if number["unit"] == "tokens")
    assert tokens["value"] == "2 + 1"
    assert tokens["help"] == "5 generated = 2 thinking + 1 answer + 2 markers; prompt 10"


def test_a_lane_is_told_in_the_language_that_is_spoken() -> None:
    with speaking("pt-BR"):
        answering = live(STARTED, Text("answer", "4", 1, 1.2))
        box = outcome(ended(Text("thinking", "hm", 1, 1.2), limit=9000), CARD)
    assert answering["state"] == "respondendo… 2,00 s · 1 tokens"
    assert box is not None
    assert "o limite de 9.000 tokens se esgotou" in box["text"]


def test_lanes_are_named_by_what_tells_them_apart() -> None:
    instruct = replace(CARD, thinks=False)
    assert lane_labels({"left": instruct, "right": CARD}) == {
        "left": "Instruct",
        "right": "Thinking",
    }
    assert lane_labels({"left": CARD, "right": CARD}) == {"left": "Left", "right": "Right"}


def test_with_room_enough_the_limit_is_doubled() -> None:
    assert raised_limit(ended(limit=64), replace(CARD, context=1000)) == 128


@pytest.mark.parametrize(("schedule", "words"), [("in_turn", "in turn"), ("together", "together")])
def test_an_ended_lane_says_how_it_ended_and_beside_what_it_ran(
    schedule: Schedule, words: str
) -> None:
    last = Ended("end_of_turn", Counts(answer=1), 9.0)
    result = fold(replace(REQUEST, schedule=schedule), [STARTED, Text("answer", "4", 1, 2.0), last])
    end = lane_head(result, CARD, "Instruct", None, None)["numbers"][-1]
    assert end["unit"] == f"ended by itself, {words}"
    assert "Seed" in end["help"]


def test_the_servers_own_figures_stand_beside_ours() -> None:
    told = (("tokens_per_s", 7.25), ("prompt_s", 0.25))
    last = Ended("end_of_turn", Counts(answer=1), 9.0, server_numbers=told)
    result = fold(REQUEST, [STARTED, Text("answer", "4", 1, 2.0), last])
    numbers = lane_head(result, CARD, "Instruct", None, None)["numbers"]
    said = next(number for number in numbers if number["label"] == "server says")
    assert (said["value"], said["unit"]) == ("7.2", "tokens/s")
    assert "prompt_s 0.25" in said["help"]
