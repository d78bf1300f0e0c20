"""The sidebar: each lane's model and sampling, schedule, seed, system prompt. Native Gradio.

Drawn from the one table of sampling fields; reads the components into a `Settings` and knows
nothing of sessions and runs. A value is passed on as typed: the comparison checks it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import gradio as gr

from playground.catalog import PAIRS, parse_name
from playground.domain.engine import ModelCard
from playground.domain.request import LANES, Lane
from playground.domain.sampling import FIELD_BY_NAME, FIELDS, Field
from playground.domain.text import as_markdown_text
from playground.notebook.settings import Settings

# The seed has its own control; no engine of this version honours a thinking budget.
SHOWN = tuple(field for field in FIELDS if field.name not in ("seed", "thinking_budget"))
Key = tuple[Lane, str]
SCHEDULE_CHOICES = [("In turn", "in_turn"), ("Together", "together")]
SEED_CHOICES = [("Random", "random"), ("Same again", "same"), ("Fixed", "fixed")]
SCHEDULE_HELP = {
    "in_turn": "In turn: each latency is the model's own.",
    "together": "Together: the lanes share this machine, so each is slower than alone.",
}


@dataclass(frozen=True, slots=True)
class Servers:
    """What is known of servers: those on this machine, and a report on those in the lanes."""

    found: Any
    look: Any
    check: Any
    report: Any


@dataclass(frozen=True, slots=True)
class Controls:
    """The sidebar's components; `fields` is by lane and field name."""

    models: Mapping[Lane, Any]
    servers: Servers
    fields: Mapping[Key, Any]
    heads: Mapping[Lane, Any]
    columns: Mapping[Lane, Any]
    line: Any
    reset: Any
    schedule: Any
    seed_mode: Any
    seed: Any
    system: Any

    def inputs(self) -> set[Any]:
        """Every component that a `Settings` is read from."""
        return {
            *self.models.values(),
            *self.fields.values(),
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
        )


def typed_value(field: Field, value: Any) -> object:
    """A control's value in the field's own terms; what does not fit is left for the check."""
    if field.kind == "strings":
        return [line for line in str(value or "").split("\n") if line]
    if isinstance(value, str):
        text = value.strip()
        return int(text) if text.isascii() and text.isdigit() else text or None
    if field.kind == "integer" and isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def control_value(field: Field, value: Any) -> Any:
    """The reverse of `typed_value`: what the control shows for a model's default."""
    return "\n".join(value) if field.kind == "strings" else value


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
    values = "1 value differs" if count == 1 else f"{count} values differ"
    lines = [f"{values} from the models' own." if count else "All values are the models' own."]
    for lane in LANES:
        lines += _not_sent(lane, cards[lane])
        if cards[lane].thinks and settings.sampling[lane]["temperature"] == 0:
            lines.append("Greedy decoding can make a thinking model repeat itself endlessly.")
    return "\n\n".join(dict.fromkeys(lines))


def _not_sent(lane: Lane, card: ModelCard) -> list[str]:
    """What this lane's engine cannot do, each reason with its fields."""
    fields: dict[str, list[str]] = {}
    shown = {field.name: field.label for field in SHOWN}
    for name, reason in card.unsupported:
        if name in shown:
            fields.setdefault(reason, []).append(shown[name])
    return [
        f"{lane.capitalize()}: {', '.join(names)} cannot be set: {reason}"
        for reason, names in fields.items()
    ]


def head_text(label: str, card: ModelCard) -> str:
    """A lane's head in the sidebar."""
    origin = card.origin
    server = (origin.server or "").partition(" at ")[0]
    parts = (server, origin.dtype, origin.device)
    where = " · ".join(as_markdown_text(part) for part in parts if part)
    return f"**{as_markdown_text(label)}** {'· ' + where if where else ''}"


def label_text(field: Field) -> str:
    """A field's name, and below it the range that it may take."""
    bounds = (f"{value:,.12g}" for value in (field.minimum, field.maximum))
    allowed = "one a line" if field.kind == "strings" else " – ".join(bounds)
    return f'<span title="{field.help}">{field.label} <small>{allowed}</small></span>'


Choice = tuple[str, str]


def offered(models: Mapping[Lane, str], more: Iterable[str] = ()) -> list[Choice]:
    """What stands in the models' lists: the lanes' own, those found, then the catalog's pairs."""
    pairs = (name for pair in PAIRS.values() for name in pair)
    # Enter takes the first name that holds what was typed: the shorter ones come first.
    return choices_of([*models.values(), *more, *sorted(pairs, key=len)])


def choices_of(names: Iterable[str]) -> list[Choice]:
    """Each name once, as it is shown and as it is: of a server's model first the model."""
    return [(_shown(name), name) for name in dict.fromkeys(names)]


def _shown(name: str) -> str:
    parsed = parse_name(name)
    if parsed.place != "server":
        return name
    return " · ".join(dict.fromkeys([parsed.label, urlsplit(parsed.where).netloc]))


def build(
    models: Mapping[Lane, str],
    cards: Mapping[Lane, ModelCard],
    labels: Mapping[Lane, str],
    choices: Sequence[Choice],
    free: bool,
) -> Controls:
    """Draw the sidebar's content inside the current Gradio context.

    `free`: a visitor may name any model, and sees the servers of this machine.
    """
    gr.Markdown("Models", elem_classes="side-title")
    heads, model_components = {}, {}
    for lane in LANES:
        heads[lane] = gr.Markdown(
            head_text(labels[lane], cards[lane]), elem_classes=["side-head", f"lane-{lane}"]
        )
        model_components[lane] = gr.Dropdown(
            list(choices),
            value=models[lane],
            allow_custom_value=free,
            label=f"{lane.capitalize()} lane's model",
            show_label=False,
            container=False,
            elem_classes="side-model",
        )
    servers = _servers(free)
    gr.Markdown("Sampling", elem_classes="side-title")
    with gr.Row(elem_classes="side-row side-columns"):
        gr.Markdown("")
        columns = {lane: gr.Markdown(labels[lane], elem_classes=f"lane-{lane}") for lane in LANES}
    fields = {}
    for field in SHOWN:
        with gr.Row(elem_classes="side-row"):
            gr.Markdown(label_text(field), elem_classes="side-label")
            for lane in LANES:
                fields[lane, field.name] = _field(field, lane, cards[lane])
    line = gr.Markdown("", elem_classes="side-quiet")
    reset = gr.Button("Reset to the models' own", size="sm", variant="secondary")
    gr.Markdown("Run", elem_classes="side-title")
    schedule = gr.Radio(
        SCHEDULE_CHOICES, value="in_turn", label="Schedule", show_label=False, container=False
    )
    gr.Markdown("Seed", elem_classes="side-title")
    seed_mode = gr.Radio(
        SEED_CHOICES, value="random", label="Seed mode", show_label=False, container=False
    )
    # Text: a browser's numbers have 53 bits, and a number field rounds what is typed.
    seed = gr.Textbox("0", label="Seed", max_lines=1, visible=False, container=False)
    gr.Markdown("System prompt", elem_classes="side-title")
    system = gr.Textbox(
        label="System prompt",
        show_label=False,
        container=False,
        lines=3,
        placeholder="None (as on the model cards)",
    )
    return Controls(
        model_components,
        servers,
        fields,
        heads,
        columns,
        line,
        reset,
        schedule,
        seed_mode,
        seed,
        system,
    )


def _servers(visible: bool) -> Servers:
    with gr.Accordion("Model servers", open=False, visible=visible, elem_classes="side-servers"):
        found = gr.Markdown("Looking for servers…", elem_classes="side-quiet")
        look = gr.Button("Look again", size="sm")
        check = gr.Button("Check the lanes' servers", size="sm")
        report = gr.Markdown("", elem_classes="side-quiet")
    return Servers(found, look, check, report)


def _field(field: Field, lane: Lane, card: ModelCard) -> Any:
    common = {
        "value": control_value(field, getattr(card.defaults, field.name)),
        "label": f"{field.label}, {lane} lane",
        "show_label": False,
        "container": False,
        "min_width": 60,
        "elem_id": f"{field.name}-{lane}",
    }
    if field.kind == "strings":
        return gr.Textbox(lines=1, max_lines=4, placeholder="none", **common)
    return gr.Number(step=field.step, **common)
