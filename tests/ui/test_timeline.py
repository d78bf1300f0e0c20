"""The timeline: each lane on its own time, round marks, a sentence only when it is true."""

from __future__ import annotations

from dataclasses import replace

import pytest

from playground.domain.events import Ending
from playground.domain.request import LANES, Lane, Request, RunId
from playground.results.segments import continuation
from playground.results.value import Numbers, Output, Phase, Result
from playground.ui.timeline import timeline
from playground.ui.wire import Timeline

LABELS: dict[Lane, str] = {"left": "Instruct", "right": "Thinking"}
QUICK = Numbers(
    queue_s=0.0,
    first_token_s=0.1,
    first_answer_s=0.1,
    last_token_s=2.0,
    total_s=2.1,
    generated_tokens=97,
)
SLOW = Numbers(
    queue_s=2.1, first_token_s=0.2, first_answer_s=15.0, thinking_s=14.6, last_token_s=15.8,
    total_s=15.9, generated_tokens=748,
)  # fmt: skip


def result(
    lane: Lane,
    numbers: Numbers,
    *,
    answer: str = "4",
    phase: Phase = "ended",
    ending: Ending | None = "end_of_turn",
) -> Result:
    request = Request(RunId("r"), "2026-01-01T00:00:00.000+00:00", lane, "m", "p")
    thinking = "hm" if lane == "right" else None
    return Result(request, phase, ending, Output(thinking, answer), numbers)


def drawn(left: Result, right: Result, /, **elapsed_s: float) -> Timeline:
    elapsed = {lane: elapsed_s[lane] for lane in LANES if lane in elapsed_s}
    return timeline({"left": left, "right": right}, LABELS, elapsed)


def kinds(line: Timeline, lane: Lane) -> list[tuple[str, float, float]]:
    bar = next(bar for bar in line["bars"] if bar["lane"] == lane)
    return [(s["kind"], round(s["start_s"], 3), round(s["end_s"], 3)) for s in bar["segments"]]


def test_each_lane_starts_at_zero_however_long_it_waited() -> None:
    line = drawn(result("left", QUICK), result("right", SLOW))
    assert kinds(line, "left") == [("prompt", 0.0, 0.1), ("answer", 0.1, 2.0)]
    assert kinds(line, "right") == [
        ("prompt", 0.0, 0.2),
        ("thinking", 0.2, 14.8),
        ("answer", 14.8, 15.8),
    ]
    assert line["span_s"] == 15.9


def test_a_running_thought_grows_to_now() -> None:
    numbers = Numbers(first_token_s=0.2, thinking_s=1.0, last_token_s=1.2)
    live = result("right", numbers, answer="", phase="thinking", ending=None)
    line = drawn(result("left", QUICK), live, right=3.0)
    assert kinds(line, "right") == [("prompt", 0.0, 0.2), ("thinking", 0.2, 3.0)]
    assert line["sentence"] == []


def test_a_lane_that_has_not_started_has_an_empty_bar() -> None:
    waiting = result("right", Numbers(), answer="", phase="waiting", ending=None)
    assert kinds(drawn(result("left", QUICK), waiting), "right") == []


@pytest.mark.parametrize(
    ("span_s", "labels"),
    [
        (0.04, ["0", "0.01", "0.02", "0.03", "0.04 s"]),
        (2.1, ["0", "0.5", "1", "1.5", "2 s"]),
        (15.9, ["0", "5", "10", "15 s"]),
        (100.0, ["0", "20", "40", "60", "80", "100 s"]),
    ],
)
def test_marks_are_round_and_few(span_s: float, labels: list[str]) -> None:
    numbers = replace(QUICK, total_s=span_s)
    line = drawn(result("left", numbers), result("right", Numbers(total_s=0.01)))
    assert [mark["label"] for mark in line["marks"]] == labels


def test_the_sentence_gives_both_ratios_in_bold() -> None:
    line = drawn(result("left", QUICK), result("right", SLOW))
    assert "".join(line["sentence"]) == (
        "Thinking took 7.7× the tokens and 150× the wait for the first word of the answer."
    )
    assert line["sentence"][1::2] == ["7.7×", "150×"]


def test_a_thought_without_an_answer_says_what_it_spent() -> None:
    cut = result("right", SLOW, answer="", ending="limit")
    line = drawn(result("left", QUICK), cut)
    assert "".join(line["sentence"]) == "Thinking spent 748 tokens and gave no answer."


def test_two_lanes_of_one_kind_are_not_compared() -> None:
    left, right = result("left", QUICK), result("right", SLOW)
    both_think = replace(left, output=Output("hm", "4"))
    assert drawn(both_think, right)["sentence"] == []


def test_an_unknown_number_gives_no_sentence() -> None:
    unknown = replace(QUICK, first_answer_s=None)
    assert drawn(result("left", unknown), result("right", SLOW))["sentence"] == []


def test_a_continued_lane_has_the_time_of_all_segments_and_of_its_own() -> None:
    cut, other = result("left", QUICK, ending="limit"), result("right", SLOW)
    request = replace(cut.request, id=RunId("r2"), continuing=continuation(cut))
    bar = drawn(replace(cut, request=request), other)["bars"][0]
    assert (bar["total"], bar["own"]) == ("4.20 s", "2.10 s")
