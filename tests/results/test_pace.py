"""How long the rest of a prompt takes, told from how it went so far."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from playground.results.pace import Pace


def read(until: int, seconds: Callable[[int], float], start: int = 0, chunk: int = 512) -> Pace:
    """A prompt that is read in chunks; `seconds` is the clock when so much is read."""
    pace = Pace(start, seconds(start))
    for done in range(start + chunk, until + 1, chunk):
        pace.take(done, seconds(done))
    return pace


def test_nothing_is_told_before_there_is_something_to_go_by() -> None:
    pace = Pace(512, 1.0)
    assert pace.left_s(10_000) is None
    pace.take(1024, 2.0)
    assert pace.left_s(10_000) is None
    pace.take(1536, 3.0)
    assert pace.left_s(10_000) is not None


def test_a_steady_pace_goes_on() -> None:
    assert read(10_240, lambda done: 5 + done / 1000).left_s(20_480) == pytest.approx(10.24)


def test_reading_that_slows_down_slows_down_further() -> None:
    def seconds(done: int) -> float:
        return done / 2000 + done**2 / 1e8

    assert read(20_480, seconds).left_s(102_400) == pytest.approx(
        seconds(102_400) - seconds(20_480)
    )


def test_what_was_read_before_does_not_count() -> None:
    def seconds(done: int) -> float:
        return (done - 30_000) / 500

    assert read(32_048, seconds, start=30_000).left_s(34_096) == pytest.approx(4.096)


def test_reading_that_gets_faster_is_taken_as_steady() -> None:
    pace = read(4096, lambda done: done**0.5)
    left_s = pace.left_s(8192)
    assert left_s is not None and left_s > 0


def test_the_same_progress_twice_changes_nothing() -> None:
    pace = read(4096, lambda done: done / 100)
    before = pace.left_s(8192)
    pace.take(4096, 99.0)
    assert pace.left_s(8192) == before


def test_at_the_end_nothing_is_left() -> None:
    assert read(4096, lambda done: done / 100).left_s(4096) == 0.0
