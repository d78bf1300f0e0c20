"""The sidebar: each lane's model and sampling, schedule, seed, system prompt. Native Gradio.

Drawn from the one table of sampling fields; reads the components into a `Settings` and knows
nothing of sessions and runs. A value is passed on as typed: the comparison checks it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr

from playground.domain.engine import ModelCard
from playground.domain.errors import BadRequest
from playground.domain.request import LANES, Lane
from playground.domain.sampling import FIELD_BY_NAME, FIELDS, Field, parse_value
from playground.domain.text import as_markdown_text
from playground.notebook.settings import Settings
from playground.said_errors import said
from playground.ui.advice import penalty_warning
from playground.ui.choices import Choice
from playground.ui.labels import Labels, field_text, in_lane, keep_text
from playground.ui.lengths import LengthButtons
from playground.ui.lengths import draw as lengths_buttons
from playground.ui.picker import Picker, draw_pair, draw_rest
from playground.ui.server_controls import Servers, draw_servers
from playground.ui.typed import control_value, typed_value
from playground.words import device_name, say

# The seed has its own control.
SHOWN = tuple(field for field in FIELDS if field.name != "seed")
Key = tuple[Lane, str]


@dataclass(frozen=True, slots=True)
class Controls:
    """The sidebar's components; `fields` is by lane and field name."""

    models: Mapping[Lane, Any]
    picker: Picker
    servers: Servers
    fields: Mapping[Key, Any]
    lengths: LengthButtons
    heads: Mapping[Lane, Any]
    columns: Mapping[Lane, Any]
    keep_thinking: Mapping[Lane, Any]
    line: Any
    reset: Any
    swap: Any
    schedule: Any
    seed_mode: Any
    seed: Any
    system: Any

    def inputs(self) -> set[Any]:
        """Every component that a `Settings` is read from."""
        return {
            *self.models.values(),
            *self.fields.values(),
            *self.keep_thinking.values(),
            self.schedule,
            self.seed_mode,
            self.seed,
            self.system,
        }

    def read(self, data: Mapping[Any, Any]) -> Settings:
        """The settings in Gradio's data of an event whose inputs are `inputs()`."""
        return Settings(
            models={lane: data[component] or "" for lane, component in self.models.items()},
            sampling={
                lane: {
                    field.name: typed_value(field, data[self.fields[lane, field.name]])
                    for field in SHOWN
                }
                for lane in LANES
            },
            schedule=data[self.schedule],
            seed_mode=data[self.seed_mode],
            seed=typed_value(FIELD_BY_NAME["seed"], data[self.seed]),
            system=data[self.system] or "",
            keep_thinking={lane: bool(data[keep]) for lane, keep in self.keep_thinking.items()},
        )


def differing(settings: Settings, cards: Mapping[Lane, ModelCard]) -> set[Key]:
    """The fields whose value is not the model's own."""
    return {
        (lane, field.name)
        for lane in LANES
        for field in SHOWN
        if control_value(field, settings.sampling[lane][field.name])
        != control_value(field, getattr(cards[lane].defaults, field.name))
    }


def line_text(settings: Settings, cards: Mapping[Lane, ModelCard]) -> str:
    """What a reader should know of the settings, in one or two lines of Markdown."""
    count = len(differing(settings, cards))
    if count == 0:
        lines = [say("All values are the models' own.")]
    elif count == 1:
        lines = [say("1 value differs from the models' own.")]
    else:
        lines = [say("{count} values differ from the models' own.", count=count)]
    for lane in LANES:
        lines += _out_of_range(lane, settings.sampling[lane])
        lines += _not_sent(lane, cards[lane])
        if cards[lane].thinks and settings.sampling[lane]["temperature"] == 0:
            lines.append(say("Greedy decoding can make a thinking model repeat itself endlessly."))
        lines += penalty_warning(settings.sampling[lane]["presence_penalty"])
    return "\n\n".join(dict.fromkeys(lines))


def _out_of_range(lane: Lane, values: Mapping[str, object]) -> list[str]:
    """What a run would refuse of this lane's values, before one is tried."""
    refused = []
    for field in SHOWN:
        try:
            parse_value(field.name, values[field.name])
        except BadRequest:
            allowed, where = said(field.allowed()), say(lane.capitalize())
            name = say(field.label)
            refused.append(
                say("{lane}: {field} must be {allowed}.", lane=where, field=name, allowed=allowed)
            )
    return refused


def _not_sent(lane: Lane, card: ModelCard) -> list[str]:
    """What this lane's engine cannot do, each reason with its fields."""
    fields: dict[str, list[str]] = {}
    shown = {field.name: field.label for field in SHOWN}
    if not card.thinks:  # its control says so
        shown.pop("thinking_budget")
    for name, reason in card.unsupported:
        if name in shown:
            fields.setdefault(reason, []).append(say(shown[name]))
    return [
        say(
            "{lane}: {fields} cannot be set: {reason}",
            lane=say(lane.capitalize()),
            fields=", ".join(names),
            reason=said(reason),
        )
        for reason, names in fields.items()
    ]


def head_text(label: str, card: ModelCard) -> str:
    """A lane's head in the sidebar."""
    origin = card.origin
    server = (origin.server or "").partition(" at ")[0]
    parts = (server, origin.dtype, device_name(origin.device or ""))
    where = " · ".join(as_markdown_text(part) for part in parts if part)
    return f"**{as_markdown_text(label)}** {'· ' + where if where else ''}"


def build(
    models: Mapping[Lane, str],
    cards: Mapping[Lane, ModelCard],
    lanes: Mapping[Lane, str],
    choices: Sequence[Choice],
    free: bool,
    labels: Labels,
    picks: bool = False,
) -> Controls:
    """Draw the sidebar's content inside the current Gradio context.

    `free`: a visitor may name any model, and sees the servers of this machine. `picks`: there is a
    picker that says what fits.
    """
    gr.Markdown(labels("Models"), elem_classes="side-title")
    pair = draw_pair(list(models.values()), picks, labels)
    heads, model_components = {}, {}
    for lane in LANES:
        heads[lane] = gr.Markdown(
            head_text(lanes[lane], cards[lane]), elem_classes=["side-head", f"lane-{lane}"]
        )
        model_components[lane] = gr.Dropdown(
            list(choices),
            value=models[lane],
            allow_custom_value=free,
            label=labels.made(partial(in_lane, "Model", lane)),
            show_label=False,
            container=False,
            elem_classes="side-model",
        )
    swap = gr.Button(labels("⇄ Swap the lanes"), size="sm", variant="secondary")
    picker = draw_rest(pair, picks, labels)
    servers = draw_servers(free, labels)
    gr.Markdown(labels("Sampling"), elem_classes="side-title")
    with gr.Row(elem_classes="side-row side-columns"):
        gr.Markdown("")
        columns = {lane: gr.Markdown(lanes[lane], elem_classes=f"lane-{lane}") for lane in LANES}
    fields = {}
    for field in SHOWN:
        with gr.Row(elem_classes="side-row"):
            gr.Markdown(labels.made(partial(field_text, field)), elem_classes="side-label")
            for lane in LANES:
                fields[lane, field.name] = _field(field, lane, cards[lane], labels)
        if field.name == "max_new_tokens":
            lengths = lengths_buttons(labels)
    with gr.Row(elem_classes="side-row"):
        gr.Markdown(labels.made(keep_text), elem_classes="side-label")
        keep_thinking = {
            lane: gr.Checkbox(
                label=labels.made(partial(in_lane, "Keep thinking", lane)),
                show_label=False,
                container=False,
                min_width=60,
                elem_classes="side-keep",
            )
            for lane in LANES
        }
    line = gr.Markdown("", elem_classes="side-quiet")
    reset = gr.Button(labels("Reset to the models' own"), size="sm", variant="secondary")
    gr.Markdown(labels("Run"), elem_classes="side-title")
    schedule = gr.Radio(
        [(labels("In turn"), "in_turn"), (labels("Together"), "together")],
        value="in_turn",
        label=labels("Schedule"),
        show_label=False,
        container=False,
    )
    gr.Markdown(labels("Seed"), elem_classes="side-title")
    seed_mode = gr.Radio(
        [
            (labels("Random"), "random"),
            (labels("Same again"), "same"),
            (labels("Fixed"), "fixed"),
        ],
        value="random",
        label=labels("Seed mode"),
        show_label=False,
        container=False,
    )
    # Text: a browser's numbers have 53 bits, and a number field rounds what is typed.
    seed = gr.Textbox("0", label=labels("Seed"), max_lines=1, visible=False, container=False)
    gr.Markdown(labels("System prompt"), elem_classes="side-title")
    system = gr.Textbox(
        label=labels("System prompt"),
        show_label=False,
        container=False,
        lines=3,
        placeholder=labels("None (as on the model cards)"),
    )
    return Controls(
        model_components,
        picker,
        servers,
        fields,
        lengths,
        heads,
        columns,
        keep_thinking,
        line,
        reset,
        swap,
        schedule,
        seed_mode,
        seed,
        system,
    )


def _field(field: Field, lane: Lane, card: ModelCard, labels: Labels) -> Any:
    common = {
        "value": control_value(field, getattr(card.defaults, field.name)),
        "label": labels.made(partial(in_lane, field.label, lane)),
        "show_label": False,
        "container": False,
        "min_width": 60,
        "elem_id": f"{field.name}-{lane}",
    }
    if field.kind == "strings":
        return gr.Textbox(lines=1, max_lines=4, placeholder=labels("none"), **common)
    if field.optional:
        common["placeholder"] = labels("no limit")
    return gr.Number(step=field.step, **common)
