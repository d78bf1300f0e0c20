"""The panel's pictures as tables for Gradio's own plots, with the words on their axes.

Gradio's plots have no error bars, no log scale and no bars side by side: an interval is a line of
its own from end to end, waits stand in classes that widen as they grow. Where there is too little
for a picture, there is a sentence why. Knows no component.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from playground.domain.request import LANES
from playground.ui.panel.tags import has_tags
from playground.ui.panel.weighed import Weighed
from playground.verdict.pictures import accuracy_table, tags_table, waits_table
from playground.verdict.statistics import FEWEST
from playground.verdict.words import name
from playground.words import number, say, whole

# Readable on white and on the dark ground alike: the same picture is seen, exported and printed.
COLOURS = {"left": "#179a7c", "right": "#8468e6"}
MOST_TAGS = 12
MARK = 0.025
"""Half a point's mark, as a share of the axis: a line of one point would not be seen."""
_STEPS = (1.0, 2.0, 5.0)
X, Y, SERIES = "x", "y", "series"


@dataclass(frozen=True, slots=True)
class Plot:
    """`shown` is what is set on the component; `why_not` says instead that there is too little.

    `table` is what can be downloaded, `said` what a reader of the picture must know.
    """

    table: pd.DataFrame
    value: pd.DataFrame | None = None
    shown: Mapping[str, Any] = field(default_factory=dict)
    why_not: str = ""
    said: str = ""


def accuracy(weighed: Weighed) -> Plot:
    """Right answers against the tokens they take: a point a lane, or a line of its budgets."""
    assert weighed.verdict is not None
    table = accuracy_table(weighed.verdict, weighed.curves)
    usable = table.dropna(subset=["tokens"])
    if usable.empty:
        return Plot(table, why_not=say("Nothing is judged yet, so there is nothing to draw."))
    if usable["problems"].max() < FEWEST:
        return Plot(table, why_not=say("A picture needs {n} judged problems or more.", n=FEWEST))
    most = float(usable["tokens"].max())
    half = max(most * MARK, 0.5)
    rows: list[tuple[float, float, str]] = []
    colours: dict[str, str] = {}
    legend = []
    for lane in LANES:
        of_lane = usable[usable["lane"] == lane].sort_values("tokens")
        if of_lane.empty:
            continue
        label = str(of_lane["label"].iloc[0])
        legend.append(label)
        colours[label] = COLOURS[lane]
        if len(of_lane) > 1:
            rows += [(row.tokens, row.right, label) for row in of_lane.itertuples()]
        else:
            tokens, right = of_lane["tokens"].iloc[0], of_lane["right"].iloc[0]
            rows += [(tokens - half, right, label), (tokens + half, right, label)]
        for row in of_lane.itertuples():
            if not math.isnan(row.low):
                series = _interval_name(label, row.budget, row.low, row.high)
                colours[series] = COLOURS[lane]
                rows += [(row.tokens, row.low, series), (row.tokens, row.high, series)]
    value = pd.DataFrame(rows, columns=[X, Y, SERIES])
    shown = {
        "x_title": say("Tokens a run (median)"),
        "y_title": say("Right answers, %"),
        "color_map": colours,
        "colors_in_legend": legend,
        # Room beyond the last value, so that its mark is not on the edge.
        "x_lim": [0, most + 2 * half],
        "y_lim": [0, 103],
    }
    return Plot(table, value, shown, said=say("Upright lines are 95 % intervals."))


def _interval_name(label: str, budget: str, low: float, high: float) -> str:
    lane = f"{label}, {budget}" if budget else label
    return f"{lane}: {whole(low)}–{whole(high)} %"


def waits(weighed: Weighed) -> Plot:
    """How long the first word of an answer took: how many runs of each lane in each class."""
    assert weighed.group is not None
    table = waits_table(weighed.group.attempts)
    if len(table) < FEWEST:
        return Plot(
            table, why_not=say("A picture needs {n} runs with an answer or more.", n=FEWEST)
        )
    found = [_class_of(wait) for wait in table["first_answer_s"]]
    classes = [_class_words(place) for place in range(min(found), max(found) + 1)]
    counted = (
        table.assign(**{X: [_class_words(place) for place in found]})
        .groupby([X, "lane", "label"], sort=False)
        .size()
        .reset_index(name=Y)
        .rename(columns={"label": SERIES})
    )
    colours = {str(row.series): COLOURS[row.lane] for row in counted.itertuples()}
    # A class without a run keeps its place on the axis.
    some = next(iter(colours))
    empty = [(place, 0, some) for place in classes if place not in set(counted[X])]
    filled = pd.DataFrame(
        [*counted[[X, Y, SERIES]].itertuples(index=False, name=None), *empty],
        columns=[X, Y, SERIES],
    )
    shown = {
        "x_title": say("Wait, in seconds"),
        "y_title": say("Runs"),
        "color_map": colours,
        "sort": classes,
        "x_label_angle": -40 if len(classes) > 5 else 0,
    }
    return Plot(table, filled, shown)


def _class_of(wait_s: float) -> int:
    """Which class of 1, 2, 5, 10 … a wait falls in; the one from 1 s on is 0."""
    if wait_s <= 0:
        return -12
    power = math.floor(math.log10(wait_s) + 1e-9)
    step = sum(wait_s >= step * 10.0**power * (1 - 1e-9) for step in _STEPS) - 1
    return max(-12, len(_STEPS) * power + max(step, 0))


def _class_words(place: int) -> str:
    low, high = _edge(place), _edge(place + 1)
    return f"{_edge_words(low)}–{_edge_words(high)}"


def _edge(place: int) -> float:
    power, step = divmod(place, len(_STEPS))
    return float(_STEPS[step] * 10.0**power)


def _edge_words(edge_s: float) -> str:
    return number(f"{edge_s:,.4g}" if edge_s < 1000 else f"{edge_s:,.0f}")


def wins(weighed: Weighed) -> Plot:
    """How many pairs only one lane has right, by tag."""
    verdict = weighed.verdict
    assert verdict is not None
    if len(verdict.lanes) < len(LANES):
        return Plot(
            pd.DataFrame(), why_not=say("Only one lane ran, so there is nothing to compare.")
        )
    table = tags_table(verdict)
    if not has_tags(verdict):
        return Plot(table, why_not=say("The problems have no tags to tell apart."))
    if not table["wins"].sum():
        return Plot(table, why_not=say("No problem was right in one lane only."))
    most = [tag.tag for tag in sorted(verdict.tags, key=lambda tag: -tag.problems)[:MOST_TAGS]]
    kept = table[table["tag"].isin(most)]
    value = kept.rename(columns={"tag": X, "wins": Y, "side": SERIES})[[X, Y, SERIES]]
    shown = {
        "x_title": say("Tag"),
        "y_title": say("Runs that only this lane has right"),
        "color_map": {name(lane.label): COLOURS[lane.lane] for lane in verdict.lanes},
        "sort": [tag for tag in dict.fromkeys(kept["tag"])],
        "x_label_angle": -40 if len(most) > 4 or any(len(tag) > 9 for tag in most) else 0,
    }
    return Plot(table, value, shown, said=_more_tags(len(verdict.tags)))


def _more_tags(tags: int) -> str:
    if tags <= MOST_TAGS:
        return ""
    return say("The {most} tags with the most problems, of {all}.", most=MOST_TAGS, all=tags)


def drawn(weighed: Weighed) -> Iterable[tuple[str, Plot]]:
    """The pictures of a verdict by name."""
    yield "accuracy", accuracy(weighed)
    yield "waits", waits(weighed)
    yield "wins", wins(weighed)
