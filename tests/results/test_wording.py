"""Numbers and endings in words."""

from __future__ import annotations

from typing import get_args

import pytest

from playground.domain.events import CountBasis, Ending
from playground.domain.request import Request, RunId
from playground.results import wording
from playground.results.value import Output, Result
from playground.words import speaking


def ended(ending: Ending | None, answer: str = "", thinking: str | None = None) -> Result:
    request = Request(RunId("r"), "2026-01-01T00:00:00.000+00:00", "left", "demo-instruct", "Hi")
    return Result(request, "ended", ending, Output(thinking, answer))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "–"),
        (0, "0 ms"),
        (0.0004, "0 ms"),
        (0.084, "84 ms"),
        (0.0994, "99 ms"),
        (0.0999, "0.10 s"),
        (0.84, "0.84 s"),
        (9.994, "9.99 s"),
        (9.996, "10.0 s"),
        (12.34, "12.3 s"),
        (99.94, "99.9 s"),
        (99.96, "1 min 40 s"),
        (123.4, "2 min 03 s"),
        (3599.4, "59 min 59 s"),
        (3599.6, "1 h 00 min"),
        (3840, "1 h 04 min"),
    ],
)
def test_seconds_keep_three_figures_until_minutes_come(value: float | None, words: str) -> None:
    assert wording.seconds(value) == words


@pytest.mark.parametrize(
    ("value", "basis", "words"),
    [(None, "exact", "–"), (0, "exact", "0"), (1482, "server", "1,482"), (9, "estimated", "≈9")],
)
def test_counts_mark_what_is_estimated(value: int | None, basis: CountBasis, words: str) -> None:
    assert wording.count(value, basis) == words


@pytest.mark.parametrize(
    ("counted", "unit"),
    [("1", "token"), ("≈1", "token"), ("0", "tokens"), ("0 + 1", "tokens"), ("–", "tokens")],
)
def test_one_token_is_no_tokens(counted: str, unit: str) -> None:
    assert wording.token_unit(counted) == unit


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, "–"), (8.44, "8.4"), (9.96, "10"), (31.2, "31"), (1210.4, "1,210")],
)
def test_rates_have_a_decimal_only_below_ten(value: float | None, words: str) -> None:
    assert wording.rate(value) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, "–"), (0.5217, "0.52×"), (0.999, "1.0×"), (1, "1.0×"), (7.77, "7.8×"),
     (9.96, "10×"), (188.2, "188×"), (1882.2, "1,882×")],
)  # fmt: skip
def test_ratios_are_short(value: float | None, words: str) -> None:
    assert wording.ratio(value) == words


@pytest.mark.parametrize("name", get_args(Ending))
def test_every_ending_has_words(name: Ending) -> None:
    assert wording.ending(ended(name, "An answer.")) == wording.ENDINGS[name]


def test_a_run_without_an_answer_says_so() -> None:
    assert wording.ending(ended("user", thinking="Hm")) == "no answer: stopped by you"


def test_a_thought_that_used_up_the_limit_says_so() -> None:
    words = wording.ending(ended("limit", thinking="Hm"))
    assert words == "no answer: the limit was used up while thinking"


def test_a_failed_run_only_failed() -> None:
    assert wording.ending(ended("error")) == "failed"


def test_a_run_that_goes_on_is_running() -> None:
    assert wording.ending(ended(None)) == "running"


def test_numbers_and_endings_are_said_in_the_language_that_is_spoken() -> None:
    with speaking("pt-BR"):
        assert wording.seconds(0.84) == "0,84 s"
        assert wording.seconds(12.34) == "12,3 s"
        assert wording.count(1482, "estimated") == "≈1.482"
        assert wording.rate(1210.4) == "1.210"
        assert wording.rate(8.44) == "8,4"
        assert (wording.ratio(0.52), wording.ratio(7.8)) == ("0,52×", "7,8×")
        assert wording.ending(ended("user")) == "sem resposta: parada por você"
