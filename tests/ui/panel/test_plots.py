"""The pictures' tables: what is drawn, with which words, and why there is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from playground.notebook.document import PromptCell
from playground.ui.panel import plots
from playground.ui.panel.plots import COLOURS, SERIES, X, Y
from playground.ui.panel.weighed import Weighed, Weighing
from playground.ui.session import Session
from playground.words import speaking
from tests.judged import book, listed, plain, run_of

Weigh = Callable[..., Weighed]


@pytest.fixture
def weigh(session: Session) -> Weigh:
    def weighed(*cells: PromptCell) -> Weighed:
        session.install(book(*cells), session.settings)
        return Weighing(False).weigh(session)

    return weighed


def test_a_lane_is_a_mark_with_an_interval(weigh: Weigh) -> None:
    plot = plots.accuracy(weigh(listed(40)))
    assert plot.value is not None
    assert plot.shown["colors_in_legend"] == ["Instruct", "Thinking"]
    series = list(dict.fromkeys(plot.value[SERIES]))
    assert len(series) == 4 and series[0] == "Instruct" and "%" in series[1]
    interval = plot.value[plot.value[SERIES] == series[1]]
    assert interval[X].nunique() == 1 and interval[Y].nunique() == 2
    mark = plot.value[plot.value[SERIES] == "Instruct"][X]
    left, right = plot.shown["x_lim"]
    assert mark.max() - mark.min() >= 0.04 * right
    assert left <= plot.value[X].min() and plot.value[X].max() < right
    assert plot.value[Y].max() < plot.shown["y_lim"][1]
    assert set(plot.shown["color_map"]) == set(series)
    assert set(plot.shown["color_map"].values()) == set(COLOURS.values())


def test_budgets_are_a_line_through_their_points_from_the_smallest_on(weigh: Weigh) -> None:
    plot = plots.accuracy(weigh(listed(40, budgets=(64, 256, None))))
    assert plot.value is not None
    line = plot.value[plot.value[SERIES] == "Thinking"]
    assert len(line) == 3 and list(line[X]) == sorted(line[X])
    assert {"64", "256", "free"} <= set(plot.table["budget"])


def test_waits_stand_in_classes_that_widen_and_leave_no_gap(weigh: Weigh) -> None:
    plot = plots.waits(weigh(listed(40)))
    assert plot.value is not None
    classes = plot.shown["sort"]
    assert classes[0] == "0.1–0.2"
    assert classes == [each for each in plots_classes() if each in set(classes)]
    assert set(plot.value[X]) == set(classes)
    assert plot.value[Y].sum() == len(plot.table) == 80


def test_counts_are_numbers_also_where_no_class_is_empty(
    weigh: Weigh, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited = pd.DataFrame({"first_answer_s": [0.11, 0.15, 0.3, 0.4, 0.7]})
    table = waited.assign(lane="left", label="Instruct")
    monkeypatch.setattr(plots, "waits_table", lambda attempts: table)
    plot = plots.waits(weigh(listed(5)))
    assert plot.value is not None
    assert list(plot.value[Y]) == [2, 2, 1]
    assert pd.api.types.is_numeric_dtype(plot.value[Y])  # else the axis has names, and no scale


def plots_classes() -> list[str]:
    return [plots._class_words(place) for place in range(-12, 15)]


@pytest.mark.parametrize(
    ("wait_s", "words"),
    [
        (0.0, "0.0001–0.0002"),
        (0.1, "0.1–0.2"),
        (0.19, "0.1–0.2"),
        (0.2, "0.2–0.5"),
        (1.0, "1–2"),
        (4.99, "2–5"),
        (5.0, "5–10"),
        (10.0, "10–20"),
        (1234.0, "1,000–2,000"),
    ],
)
def test_a_wait_is_in_the_class_that_holds_it(wait_s: float, words: str) -> None:
    assert plots._class_words(plots._class_of(wait_s)) == words


def test_wins_are_counted_by_tag_and_lane(weigh: Weigh) -> None:
    plot = plots.wins(weigh(listed(60)))
    assert plot.value is not None
    assert set(plot.value[SERIES]) == {"Instruct", "Thinking"}
    assert plot.shown["sort"] == ["sums", "letters", "equations"]
    assert plot.shown["color_map"] == {"Instruct": COLOURS["left"], "Thinking": COLOURS["right"]}


def test_many_tags_leave_the_smallest_out_and_say_so(weigh: Weigh) -> None:
    cell = listed(60)
    tagged = [replace(each, tags=(f"t{nth % 20}",)) for nth, each in enumerate(cell.problems)]
    plot = plots.wins(weigh(replace(cell, problems=tuple(tagged))))
    assert plot.value is not None
    assert plot.value[X].nunique() == plots.MOST_TAGS
    assert plot.said == "The 12 tags with the most problems, of 20."
    assert plot.table["tag"].nunique() == 20


def test_too_little_is_said_instead_of_drawn(weigh: Weigh) -> None:
    few = weigh(listed(3))
    assert "5 judged problems" in plots.accuracy(few).why_not
    unjudged = weigh(listed(3, judged=False))
    assert "Nothing is judged yet" in plots.accuracy(unjudged).why_not
    one = weigh(plain("a", run_of(1, "Why?", ("a", "b"))))
    assert "5 runs with an answer" in plots.waits(one).why_not
    assert "no tags" in plots.wins(one).why_not
    alone = weigh(replace(listed(9), runs=tuple(r for r in map(right_alone, listed(9).runs))))
    assert "Only one lane ran" in plots.wins(alone).why_not
    for weighed in (few, unjudged, one, alone):
        assert all((plot.value is None) == bool(plot.why_not) for _, plot in plots.drawn(weighed))


def right_alone(run: object) -> object:
    return replace(run, results=run.results[1:])  # type: ignore[attr-defined, type-var]


def test_axes_have_their_words_and_units_in_both_languages(weigh: Weigh) -> None:
    weighed = weigh(listed(60))
    for language, unit in (("en", "seconds"), ("pt-BR", "segundos")):
        with speaking(language):  # type: ignore[arg-type]
            shown = {name: plot.shown for name, plot in plots.drawn(weighed)}
        assert unit in shown["waits"]["x_title"]
        assert "%" in shown["accuracy"]["y_title"]
        assert all(each["x_title"] and each["y_title"] for each in shown.values())
