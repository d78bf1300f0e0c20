"""What a reader sees of a lane: its state, figures and alarms."""

from __future__ import annotations

from dataclasses import replace

import pytest

from playground.domain.engine import Ability
from playground.domain.events import (
    Counts,
    Ended,
    Event,
    Loading,
    Notice,
    Prefill,
    Text,
    ThoughtClosed,
    Waiting,
)
from playground.domain.request import Continuation, Schedule
from playground.results.fold import Fold, fold
from playground.ui.outcomes import outcome
from playground.ui.present import lane_head, lane_labels
from playground.ui.wire import LaneHead
from playground.words import speaking
from tests.ui.endings import CARD, REQUEST, STARTED, ended


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
        ((STARTED, Prefill(512, 2048, 1.1)), "reading the prompt: 512 of 2,048 tokens"),
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


def test_a_long_prompt_says_how_far_it_is_what_was_read_before_and_how_long_it_may_take() -> None:
    known = replace(STARTED, prompt_tokens=31_204, cached_tokens=10_000)
    assert (
        live(known)["state"] == "reading the prompt: 10,000 of 31,204 tokens (10,000 read before)"
    )
    chunks = tuple(Prefill(10_000 + 200 * n, 31_204, 1.0 + n) for n in range(1, 13))
    assert live(known, *chunks)["state"] == (
        "reading the prompt: 12,400 of 31,204 tokens (10,000 read before), about 2 min left"
    )


def test_an_ended_lane_says_what_was_read_before_where_it_is_much() -> None:
    for cached, told in ((0, []), (255, []), (5_738, [("5,738", "tokens")])):
        started = replace(STARTED, prompt_tokens=5_748, cached_tokens=cached)
        result = fold(
            REQUEST, [started, Text("answer", "a", 1, 2.0), Ended("limit", Counts(), 3.0)]
        )
        numbers = lane_head(result, CARD, "Thinking", None, None)["numbers"]
        found = [(n["value"], n["unit"]) for n in numbers if n["label"] == "read before"]
        assert found == told


def test_the_trace_is_summed_up_in_one_line() -> None:
    thought = Text("thinking", "hm", 3, 1.2)
    assert live(STARTED, thought)["summary"] == "Thinking… 2.00 s · 3 tokens"
    closed = live(STARTED, thought, ThoughtClosed(1.7))
    assert closed["summary"] == "Thought for 0.50 s · 3 tokens"
    cut = lane_head(ended(thought), CARD, "Thinking", None, None)
    assert cut["summary"].endswith(", not finished")


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


def test_forced_tokens_and_what_was_read_before_stand_apart() -> None:
    begun = replace(STARTED, prompt_tokens=900, cached_tokens=700)
    last = Ended("end_of_turn", Counts(1, 1, 1, 3), 9.0)
    events = [begun, Text("thinking", "hm", 1, 1.2), ThoughtClosed(1.3, True, 3)]
    result = fold(REQUEST, [*events, Text("answer", "4", 1, 2.0), last])
    numbers = lane_head(result, CARD, "Thinking", None, None)["numbers"]
    told = {number["label"]: number["value"] for number in numbers}
    assert (told["forced"], told["read before"]) == ("3", "700")
    plain = lane_head(ended(), CARD, "Thinking", None, None)["numbers"]
    assert not {"forced", "read before"} & {number["label"] for number in plain}


def test_while_a_text_repeats_itself_the_lane_says_for_how_long() -> None:
    round_and_round = [Text("thinking", "Wait, no. ", 4, 1.2)] * 200
    going = live(STARTED, *round_and_round)
    assert going["alarm"] == "The trace has been repeating itself for 796 tokens."
    assert going["notices"] == []
    over = lane_head(ended(*round_and_round), CARD, "Thinking", None, None)
    assert over["alarm"] == ""
    assert over["notices"][0].startswith("The trace repeats itself")
    answering = live(STARTED, ThoughtClosed(1.1), *[Text("answer", "Again. ", 3, 1.2)] * 200)
    assert answering["alarm"].startswith("The answer has been repeating itself")


@pytest.mark.parametrize(
    ("abilities", "events", "offered"),
    [
        (("close_thought",), (Text("thinking", "hm", 1, 1.2),), True),
        ((), (Text("thinking", "hm", 1, 1.2),), False),
        (("close_thought",), (Text("answer", "4", 1, 1.2),), False),
        (("close_thought",), (), False),
    ],
)
def test_a_thought_can_be_closed_while_it_is_open_on_an_engine_that_can(
    abilities: tuple[Ability, ...], events: tuple[Event, ...], offered: bool
) -> None:
    growing = Fold(REQUEST)
    for event in (STARTED, *events):
        growing.apply(event)
    card = replace(CARD, abilities=abilities)
    head = lane_head(growing.result(), card, "Thinking", growing, 2.0)
    assert head["closes_thought"] is offered


def test_an_answer_that_goes_on_is_marked_at_the_block_where_it_does() -> None:
    cut = Continuation("Hm", "One.\n\nTwo ", thought_open=False, segments=())
    result = fold(replace(REQUEST, continuing=cut), [STARTED, Text("answer", "three.", 1, 2.0)])
    head = lane_head(result, CARD, "Thinking", None, None)
    assert head["continued"] == {"thinking": -1, "block": 1}
    begun = replace(cut, answer="")
    result = fold(replace(REQUEST, continuing=begun), [STARTED])
    head = lane_head(result, CARD, "Thinking", None, None)
    assert head["continued"] == {"thinking": -1, "block": -1}


def test_a_notice_is_said_in_the_language_that_is_spoken() -> None:
    notice = Notice("unsupported", "This model does not think; a thinking budget has no effect.")
    result = replace(ended(), notices=(notice,))
    with speaking("pt-BR"):
        assert lane_head(result, CARD, "Instruct", None, None)["notices"] == [
            "Este modelo não raciocina; um orçamento de raciocínio não tem efeito."
        ]
    assert lane_head(result, CARD, "Instruct", None, None)["notices"] == [notice.text]
