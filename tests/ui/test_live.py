"""A run while it lasts: what its ticks bring."""

from __future__ import annotations

from playground.domain.engine import ModelCard
from playground.domain.events import Counts, Ended, Started, Text
from playground.domain.request import LANES, Request, RunId
from playground.ui.live import LiveRun
from playground.ui.row import Row
from playground.ui.wire import AnswerTail
from tests.ui.fake import DEFAULTS, ORIGIN

REQUESTS = tuple(
    Request(id=RunId("1"), created_at="", lane=lane, model="m", prompt="hello", sampling=DEFAULTS)
    for lane in LANES
)


def live() -> LiveRun:
    card = ModelCard("m", "m", False, 64, DEFAULTS, ORIGIN)
    return LiveRun("cell", REQUESTS, dict.fromkeys(LANES, card), {lane: lane for lane in LANES})


def tail(run: LiveRun, now_s: float) -> AnswerTail:
    return run.view(now_s, Row(), "", 0)["lanes"]["left"]["answer"]


def test_an_answer_is_whole_as_soon_as_its_own_lane_has_ended() -> None:
    run = live()
    run.apply("left", Started(3, 0, 8, 1, False, 64, ORIGIN, 1.0))
    run.apply("left", Text("answer", "One.\n\nIt is **", 1, 1.1))
    run.apply("left", Text("answer", "two** and $x$.", 1, 1.2))
    before = tail(run, 1.3)
    assert before["open"] == "It is **two** and $x$."
    run.apply("left", Ended("end_of_turn", Counts(answer=2, marker=1), 1.5, 1.4))
    after = tail(run, 1.6)
    assert after["open"] == ""
    assert after["index"] + len(after["blocks"]) == 2
    assert "<strong>two</strong>" in after["blocks"][-1]
    assert "<math" in after["blocks"][-1]
    assert tail(run, 1.7) == after
    assert run.lane_view("left", 1.8)["blocks"][-1] == after["blocks"][-1]
