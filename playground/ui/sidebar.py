"""What the sidebar and the quiet line show of a session, in the order of their components.

Knows the layout and reads sessions; wires no event.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import gradio as gr

from playground.domain.engine import ModelCard
from playground.domain.request import LANES, Lane
from playground.domain.sampling import FIELD_BY_NAME
from playground.ui import controls as side
from playground.ui.advice import placeholder, unusable
from playground.ui.layout import Layout
from playground.ui.lengths import length_at
from playground.ui.present import lane_labels
from playground.ui.session import Session
from playground.ui.typed import control_value


class Sidebar:
    """The components in groups, and what each group shows."""

    def __init__(self, layout: Layout, line: Callable[[Mapping[Lane, ModelCard]], str]) -> None:
        own = layout.controls
        self._own = own
        self._quiet_line = line
        self.values = list(own.fields.values())
        self.changing = [
            own.line,
            *own.lengths.components,
            *own.heads.values(),
            *own.columns.values(),
            layout.line,
            own.seed,
            *self.values,
        ]
        self.everything = [
            *self.changing,
            *own.models.values(),
            own.schedule,
            own.seed_mode,
            own.system,
            *own.keep_thinking.values(),
        ]

    def change(self, session: Session, lanes: Sequence[Lane] = ()) -> list[Any]:
        """What follows from the settings, for `changing`; the values themselves for `lanes`."""
        settings, cards = session.settings, session.cards()
        labels = lane_labels(cards)
        differing = side.differing(settings, cards)
        off = {lane: unusable(cards[lane]) for lane in LANES}
        return [
            side.line_text(settings, cards),
            *self._own.lengths.shown(cards),
            *(side.head_text(labels[lane], cards[lane]) for lane in LANES),
            *(labels[lane] for lane in LANES),
            self._quiet_line(cards),
            gr.update(visible=settings.seed_mode == "fixed"),
            *(
                gr.update(
                    elem_classes=["differs"] if (lane, name) in differing else [],
                    interactive=name not in off[lane],
                    **_placeholder(name, cards[lane]),
                    **self._value(session, lane, name) if lane in lanes else {},
                )
                for lane, name in self._own.fields
            ),
        ]

    def show(self, session: Session) -> list[Any]:
        """All of the settings, for `everything`."""
        settings = session.settings
        changing = self.change(session, LANES)
        seed = len(self.changing) - len(self.values) - 1
        changing[seed] = gr.update(
            visible=settings.seed_mode == "fixed", value=str(settings.seed or 0)
        )
        return [
            *changing,
            *(settings.models[lane] for lane in LANES),
            settings.schedule,
            settings.seed_mode,
            settings.system,
            *(settings.keeps_thinking(lane) for lane in LANES),
        ]

    def own_values(self, session: Session, lanes: Sequence[Lane]) -> list[Any]:
        """The models' own values for `lanes`, for `values`."""
        cards = session.cards()
        return [
            control_value(FIELD_BY_NAME[name], getattr(cards[lane].defaults, name))
            if lane in lanes
            else gr.skip()
            for lane, name in self._own.fields
        ]

    def take_length(self, session: Session, lane: Lane, place: int) -> Any:
        """A length button pressed: the lane has that length, for its max_new_tokens."""
        length = length_at(session.cards()[lane], place)
        if length is None:
            return gr.skip()
        session.use_length(lane, length)
        return length

    def _value(self, session: Session, lane: Lane, name: str) -> dict[str, Any]:
        value = session.settings.sampling[lane][name]
        return {"value": control_value(FIELD_BY_NAME[name], value)}


def _placeholder(name: str, card: ModelCard) -> dict[str, str]:
    return {"placeholder": placeholder(name, card)} if FIELD_BY_NAME[name].optional else {}
