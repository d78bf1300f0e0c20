"""The panel's components, drawn once. Native Gradio; knows neither sessions nor verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import gradio as gr

from playground.ui.labels import Labels
from playground.ui.panel.plots import SERIES, X, Y
from playground.ui.panel.scopes import WHOLE

# A plot has no text for screen readers: the words and tables beside it say what it shows.
_PLOT = {"x": X, "y": Y, "color": SERIES, "color_title": " ", "buttons": ["fullscreen", "export"]}
_HEIGHT = 300


@dataclass(frozen=True, slots=True)
class Picture:
    """A plot, what is said below it or instead of it, and its data as a download; `part` is all of
    it."""

    part: Any
    plot: Any
    note: Any
    data: Any


@dataclass(frozen=True, slots=True)
class Panel:
    """The components that events read or write."""

    section: Any
    box: Any
    scope: Any
    group: Any
    words: Any
    counts: Any
    method: Any
    tags: Any
    tags_title: Any
    pictures: Mapping[str, Picture]
    enough_title: Any
    enough: Any
    picture: Any
    tally: Any
    file: Any

    @property
    def below(self) -> list[Any]:
        """What follows each change of the notebook, seen or not."""
        return [self.section, self.scope]

    @property
    def shown(self) -> list[Any]:
        """What is weighed for whoever looks."""
        drawn = [
            part
            for each in self.pictures.values()
            for part in (each.part, each.plot, each.note, each.data)
        ]
        return [
            self.scope,
            self.group,
            self.words,
            self.counts,
            self.method,
            self.enough_title,
            self.enough,
            self.tags_title,
            self.tags,
            self.picture,
            *drawn,
            self.tally,
        ]


def draw_panel(labels: Labels) -> Panel:
    """Draw it inside the current Blocks, unseen until there is something to weigh."""
    with (
        gr.Column(visible=False, elem_classes="page-results") as section,
        gr.Accordion(
            labels("What thinking buys: the verdict"),
            open=False,
            elem_id="verdict",
        ) as box,
    ):
        with gr.Row(elem_classes="verdict-of"):
            scope = gr.Dropdown(
                [(labels("Whole notebook"), WHOLE)],
                value=WHOLE,
                label=labels("Verdict on"),
                filterable=False,
                elem_id="verdict-scope",
            )
            group = gr.Dropdown(
                [("", 0)],
                value=0,
                label=labels("Models and settings"),
                filterable=False,
                visible=False,
                elem_id="verdict-group",
            )
        words = gr.Markdown("", elem_id="verdict-words")
        counts = gr.Markdown("", elem_classes="verdict-table", elem_id="verdict-counts")
        with gr.Accordion(labels("How this was computed"), open=False, elem_id="verdict-method"):
            method = gr.Markdown("")
        enough_title = gr.Markdown("### " + labels("How much thinking is enough"), visible=False)
        enough = gr.Markdown(
            "", visible=False, elem_classes="verdict-table", elem_id="verdict-enough"
        )
        tags_title = gr.Markdown("### " + labels("Where it pays"), visible=False)
        tags = gr.Dataframe(
            interactive=False,
            label=labels("Where it pays"),
            show_label=False,
            visible=False,
            elem_id="verdict-tags",
        )
        with gr.Row(elem_classes="verdict-pictures"):
            pictures = {
                "accuracy": _draw_picture(
                    gr.LinePlot,
                    "accuracy",
                    labels("Right answers against tokens"),
                    labels,
                    y_lim=[0, 100],
                ),
                "waits": _draw_picture(
                    gr.BarPlot, "waits", labels("Time to the first word of the answer"), labels
                ),
                "wins": _draw_picture(
                    gr.BarPlot, "wins", labels("Who is right alone, by tag"), labels
                ),
            }
        picture = gr.Button(
            labels("The verdict as a picture (SVG)"),
            size="sm",
            visible=False,
            elem_classes="page-download",
        )
        tally = gr.Markdown(
            "", visible=False, elem_classes="verdict-table", elem_id="verdict-tally"
        )
        file = gr.DownloadButton(visible="hidden", elem_id="verdict-file")
    return Panel(
        section, box, scope, group, words, counts, method, tags, tags_title, pictures,
        enough_title, enough, picture, tally, file,
    )  # fmt: skip


def _draw_picture(kind: Any, name: str, label: Any, labels: Labels, **more: Any) -> Picture:
    with gr.Column(min_width=280, elem_classes="verdict-picture", visible=False) as part:
        # A plot's own label would take its height from what is drawn.
        gr.Markdown("#### " + label)
        plot = kind(height=_HEIGHT, visible=False, elem_id=f"verdict-{name}", **_PLOT, **more)
        note = gr.Markdown("", visible=False, elem_classes=["verdict-note", "verdict-table"])
        data = gr.Button(
            labels("Data (CSV)"), size="sm", visible=False, elem_classes="page-download"
        )
    return Picture(part, plot, note, data)
