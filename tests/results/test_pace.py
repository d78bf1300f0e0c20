"""How long the rest of a prompt takes, told from how it went so far."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise
from random import Random

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
    told = []
    for chunk in range(2, 12):
        pace.take(512 * chunk, float(chunk))
        told.append(pace.left_s(10_240))
    assert told[:7] == [None] * 7
    assert told[7:] == pytest.approx([11.0, 10.0, 9.0])


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

    assert read(32_048, seconds, start=30_000, chunk=256).left_s(34_096) == pytest.approx(4.096)


def test_reading_that_gets_faster_is_taken_as_steady() -> None:
    pace = read(4096, lambda done: done**0.5)
    left_s = pace.left_s(8192)
    assert left_s is not None and left_s > 0


# A prompt of 10,016 tokens on two processor cores that others used, too: tokens read, seconds.
BUSY = (
    *((512, 0.0), (1024, 8.1), (1536, 17.6), (2048, 27.6), (2560, 31.3), (3072, 34.9)),
    *((3584, 36.9), (4096, 38.4), (4608, 40.5), (5120, 46.2), (5632, 50.1), (6144, 60.5)),
    *((6656, 75.1), (7168, 87.0), (7680, 98.6), (8192, 109.8), (8704, 119.3), (9216, 125.5)),
    *((9728, 129.0), (10016, 133.2)),
)


def ends(times: Iterable[tuple[int, float]], total: int) -> list[float]:
    """When the prompt is said to be read, at each progress that says so."""
    (first, *others) = times
    pace, told = Pace(*first), []
    for done, at_s in others:
        pace.take(done, at_s)
        left_s = pace.left_s(total)
        told += [] if left_s is None else [at_s + left_s]
    return told


def largest_jump(told: list[float]) -> float:
    return max(max(one / other, other / one) for one, other in pairwise(told))


def test_on_a_busy_machine_what_is_told_does_not_jump() -> None:
    told = ends(BUSY, 10_016)
    assert len(told) == 12
    assert largest_jump(told) < 1.2
    assert all(133.2 / 1.5 < end < 133.2 * 1.5 for end in told)


@pytest.mark.parametrize("seed", range(5))
def test_ups_and_downs_at_the_beginning_are_not_multiplied_by_a_long_rest(seed: int) -> None:
    drawn = Random(seed)
    times, at_s = [(512, 0.0)], 0.0
    for done in range(1024, 102_401, 512):
        at_s += (512 / 2000 + 512 * 2 * done / 1e8) * drawn.lognormvariate(0, 0.1)
        times.append((done, at_s))
    told = ends(times, 102_400)
    assert largest_jump(told) < 1.6
    assert at_s / 3 < told[0] < at_s * 1.5
    assert told[len(told) // 2] == pytest.approx(at_s, rel=0.2)


def test_one_long_pause_is_an_accident() -> None:
    def seconds(done: int) -> float:
        return done / 100 + (60 if done > 5120 else 0)

    assert read(10_240, seconds).left_s(20_480) == pytest.approx(102.4, rel=0.15)


def test_the_same_progress_twice_changes_nothing() -> None:
    pace = read(4096, lambda done: done / 100)
    before = pace.left_s(8192)
    pace.take(4096, 99.0)
    assert pace.left_s(8192) == before


def test_at_the_end_nothing_is_left() -> None:
    assert read(4096, lambda done: done / 100).left_s(4096) == 0.0
