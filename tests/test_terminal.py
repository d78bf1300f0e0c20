"""The terminal's drawing: columns, figures, a line of progress, and nothing a terminal obeys."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import nullcontext

import pytest

from playground.domain.errors import ErrorValue, LoadCancelled, ModelUnusable
from playground.domain.events import (
    Counts,
    Ended,
    Event,
    Failed,
    Loading,
    Notice,
    ThoughtClosed,
)
from playground.domain.request import Lane
from playground.results.fold import Fold, fold
from playground.results.value import Result
from playground.terminal import LoadLine, ProgressLine, draw, plain, told
from tests.samples import answer, ended, request, saying, started, thought

THINKING: list[Event] = [
    started(),
    thought("Hm.", 1.0, tokens=812),
    ThoughtClosed(2.0),
    answer("Right says.", 3.0),
    ended(at_s=4.0, last_token_at_s=4.0),
]


def pair(left: list[Event], right: list[Event] = THINKING) -> dict[Lane, Result]:
    return {
        "left": fold(request("left", model="demo-instruct"), left),
        "right": fold(request("right", model="demo-thinking"), right),
    }


def columns(text: str) -> int:
    return max(
        sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
        for line in text.splitlines()
    )


def test_a_wide_terminal_has_the_answers_side_by_side() -> None:
    lines = draw(pair(saying("Left says.")), 80).splitlines()
    assert lines[0].split() == ["demo-instruct", "demo-thinking"]
    assert lines[2].startswith("Left says.") and lines[2].endswith("Right says.")


def test_a_narrow_terminal_has_the_answers_below_each_other() -> None:
    lines = draw(pair(saying("Left says.")), 60).splitlines()
    assert lines[:5] == ["demo-instruct", "Left says.", "", "demo-thinking", "Right says."]


def test_the_figures_of_both_lanes_are_in_one_table() -> None:
    text = draw(pair(saying("Left", " says.")), 80)
    assert ["generated", "tokens", "3", "0"] in [line.split() for line in text.splitlines()]
    assert "ended by itself" in text


def test_what_neither_lane_knows_is_left_out() -> None:
    assert "loaded in" not in draw(pair(saying("x")), 80)


@pytest.mark.parametrize("width", [40, 60, 72, 80, 137])
@pytest.mark.parametrize("text", ["word " * 90, "x" * 300, "漢字" * 90, "é" * 200, "🎉 " * 80])
def test_no_line_is_wider_than_the_terminal(width: int, text: str) -> None:
    assert columns(draw(pair(saying(text)), width)) <= width


def test_lines_of_code_keep_their_indent() -> None:
    assert "    return n" in draw(pair(saying("def f(n):\n    return n")), 80)


@pytest.mark.parametrize("text", ["\x1b[2J", "\x07", "\r", "\x9b31m", "\u202e", "\0", "\ud800"])
def test_control_characters_do_not_reach_the_terminal(text: str) -> None:
    assert plain(f"a{text}b").isprintable()


def test_a_hostile_error_does_not_reach_the_terminal_either() -> None:
    failed = [Failed(ErrorValue("engine_failed", "It broke.\x1b[2J Run it again."), 1.0)]
    assert "\x1b" not in draw(pair(failed), 80)


def test_a_failed_lane_shows_its_message_and_a_silent_one_its_ending() -> None:
    failed = [Failed(ErrorValue("engine_failed", "It broke. Run it again."), 1.0)]
    silent = [started(), thought("Hm", 1.0), ended("limit")]
    text = draw(pair(failed, silent), 100)
    assert "It broke. Run it again." in text
    assert "no answer: the limit was used up while thinking" in text


def test_notices_are_shown() -> None:
    text = draw(pair([*saying("x")[:-1], Notice("clamped", "Limit lowered to 5."), ended()]), 80)
    assert "(Limit lowered to 5.)" in text


def test_progress_is_one_line_that_is_written_over_and_taken_away() -> None:
    written: list[str] = []
    now = [0.0]
    folds: dict[Lane, Fold] = {
        "left": Fold(request("left", model="demo-instruct")),
        "right": Fold(request("right", model="demo-thinking")),
    }
    line = ProgressLine(written.append, 80, lambda: now[0])
    line.show(folds)
    for event in saying("Left")[:-1]:
        folds["left"].apply(event)
    line.show(folds)
    now[0] = 0.2
    line.show(folds)
    for growing in folds.values():
        growing.apply(ended())
    line.show(folds)
    assert written == [
        "\r\x1b[Kdemo-instruct waiting · demo-thinking waiting",
        "\r\x1b[Kdemo-instruct answering 1 tokens · demo-thinking waiting",
        "\r\x1b[K",
    ]


def test_progress_fits_a_narrow_terminal() -> None:
    written: list[str] = []
    folds: dict[Lane, Fold] = {lane: Fold(request(lane, model="./a")) for lane in ("left", "right")}
    ProgressLine(written.append, 10, lambda: 0.0).show(folds)
    assert len(written[0].removeprefix("\r\x1b[K")) < 10


def came(done: int, at_s: float) -> Loading:
    return Loading(done * 10**6, 100 * 10**6, "bytes", at_s)


def test_a_load_is_a_line_that_is_written_over() -> None:
    now_s = [0.0]
    written: list[str] = []
    line = LoadLine(written.append, "a/b\x1b[2J", 60, lambda: now_s[0])
    for second in (0.05, 1.0, 2.0):
        now_s[0] = second
        line.show(came(int(second * 10), second))
    line.clear()
    assert [text.count("\n") for text in written] == [0, 0, 0]
    assert written[1].endswith("a/b�[2J: downloading… 20 % · about 10 s left")
    assert written[2] == "\r\x1b[K"


def test_in_a_log_a_load_writes_a_line_now_and_then() -> None:
    now_s = [0.0]
    written: list[str] = []
    line = LoadLine(written.append, "a/b", None, lambda: now_s[0])
    for second in range(0, 30, 4):
        now_s[0] = float(second)
        line.show(came(second, now_s[0]))
    line.clear()
    assert len(written) == 2
    assert written[0].startswith("a/b: downloading… 12 % · 12 MB of") and written[0][-1] == "\n"


def test_the_progress_line_tells_a_download() -> None:
    written: list[str] = []
    growing = Fold(request("left", model="demo-instruct"))
    growing.apply(came(30, 1.0))
    ProgressLine(written.append, 80).show({"left": growing})
    assert "demo-instruct: downloading… 30 % · 30 MB of 100 MB" in written[0]


def test_a_download_fits_into_80_columns_with_what_tells_most() -> None:
    written: list[str] = []
    folds: dict[Lane, Fold] = {
        "left": Fold(request("left", model="Qwen/Qwen3-4B-Instruct-2507")),
        "right": Fold(request("right", model="Qwen/Qwen3-4B-Thinking-2507")),
    }
    for done, at_s in ((30, 1.0), (31, 3.0)):
        folds["left"].apply(Loading(done * 10**8, 8 * 10**9, "bytes", at_s, (1, 3)))
    for width in (200, 80):
        ProgressLine(written.append, width).show(folds)
    head = "\r\x1b[KQwen3-4B-Instruct-2507: downloading… 38 % · 3.1 GB of 8.0 GB"
    waiting = "Qwen3-4B-Thinking-2507 waiting"
    assert written == [
        f"{head} · 1 of 3 shards · 50 MB/s · about 2 min left · {waiting}",
        f"{head} · about 2 min left",
    ]


def loading(name: str, ends: Exception | None = None, came_bytes: int = 1) -> list[str]:
    """What is written of one load in a log."""
    written: list[str] = []

    def events() -> Iterator[Event]:
        for second in range(came_bytes):
            yield came(second, float(second))
        if ends is not None:
            raise ends

    with nullcontext() if ends is None else pytest.raises(type(ends)):
        passed = list(told(name, events(), written.append, None, lambda: 0.0))
        assert len(passed) == came_bytes
    return written


def test_a_load_is_told_from_its_begin_to_its_end() -> None:
    assert loading("a/b") == ["Loading a/b …\n", "Loaded a/b.\n"]
    assert loading("a/b", LoadCancelled("Given up.")) == [
        "Loading a/b …\n",
        "Cancelled loading a/b. What has come of a download is kept.\n",
    ]
    assert loading("a/b", ModelUnusable("The \x1bdisk is full.")) == [
        "Loading a/b …\n",
        "Cannot load a/b: The �disk is full.\n",
    ]


def test_nothing_is_told_of_a_model_that_is_there_already() -> None:
    assert loading("a/b", came_bytes=0) == []


def test_a_stopped_download_says_that_what_came_is_kept() -> None:
    stopped: list[Event] = [came(30, 1.0), Ended("user", Counts(), 2.0)]
    text = draw(pair(stopped, [Ended("user", Counts(), 2.0)]), 60)
    assert text.count("no answer: stopped by you") == 2
    assert text.count("(What has come of the download is kept: the next one goes on") == 1


def test_progress_tells_of_a_trace_that_repeats_itself() -> None:
    written: list[str] = []
    growing = Fold(request("right", model="demo-thinking"))
    growing.apply(started(0.0))
    for _ in range(400):
        growing.apply(thought("Wait, no. ", 1.0, 4))
    ProgressLine(written.append, 80, lambda: 0.0).show({"right": growing})
    assert "thinking, repeating itself, 1,600 tokens" in written[-1]
