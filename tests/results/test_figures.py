"""The rows that every table of two lanes shows."""

from __future__ import annotations

from playground.domain.events import ThoughtClosed
from playground.domain.request import Lane
from playground.results.figures import figures
from playground.results.fold import fold
from playground.results.value import Result
from tests.samples import answer, ended, request, saying, started, thought


def rows() -> dict[str, dict[Lane, str]]:
    thinking = [started(), thought("Hm", 0.5), ThoughtClosed(2.5), answer("4", 3.0), ended()]
    results: dict[Lane, Result] = {
        "left": fold(request("left"), saying("4")),
        "right": fold(request("right"), thinking),
    }
    return dict(figures(results))


def test_a_figure_that_only_one_lane_has_is_a_dash_in_the_other() -> None:
    assert rows()["thinking"] == {"left": "–", "right": "2.00 s"}


def test_a_known_zero_is_a_zero() -> None:
    assert rows()["thinking tokens"]["left"] == "0"


def test_a_figure_that_no_lane_has_is_no_row() -> None:
    assert "loaded in" not in rows()


def test_the_first_row_says_how_it_ended() -> None:
    assert next(iter(rows())) == "ending"


def test_a_lane_that_ran_alone_has_rows_of_its_own() -> None:
    alone = dict(figures({"right": fold(request("right"), saying("4"))}))
    assert alone["answer tokens"] == {"right": "1"}
