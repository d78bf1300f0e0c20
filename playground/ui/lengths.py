"""The sidebar's buttons for the output lengths that the models' cards name, under max_new_tokens.

Native Gradio; knows no session: it is told the lanes' models.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import gradio as gr

from playground.catalog import KNOWN
from playground.domain.engine import ModelCard
from playground.domain.request import LANES, Lane
from playground.ui.advice import output_lengths
from playground.ui.labels import Labels
from playground.words import number

MOST = max(len(entry.output_lengths) for entry in KNOWN.values())


@dataclass(frozen=True, slots=True)
class LengthButtons:
    """A row with the buttons of each lane, by lane and place."""

    row: Any
    buttons: Mapping[tuple[Lane, int], Any]

    @property
    def components(self) -> list[Any]:
        """All that `shown` is for."""
        return [self.row, *self.buttons.values()]

    def shown(self, cards: Mapping[Lane, ModelCard]) -> list[Any]:
        """Which buttons there are for these models."""
        lengths = {lane: output_lengths(cards[lane]) for lane in LANES}
        return [
            gr.update(visible=any(lengths.values())),
            *(
                gr.update(visible=True, value=number(f"{lengths[lane][place]:,}"))
                if place < len(lengths[lane])
                else gr.update(visible=False)
                for lane, place in self.buttons
            ),
        ]


def draw(labels: Labels) -> LengthButtons:
    """Draw them inside the current Gradio context, hidden until the models are told."""
    buttons = {}
    with gr.Row(elem_classes="side-row side-lengths", visible=False) as row:
        gr.Markdown(labels("From the models' cards"), elem_classes="side-label")
        for lane in LANES:
            with gr.Column(min_width=60):
                for place in range(MOST):
                    buttons[lane, place] = gr.Button("", size="sm", visible=False)
    return LengthButtons(row, buttons)


def length_at(card: ModelCard, place: int) -> int | None:
    """The value of a button; null where there is none (any more)."""
    lengths = output_lengths(card)
    return lengths[place] if place < len(lengths) else None
