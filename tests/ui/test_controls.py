"""The sidebar's values become settings, and settings say what differs from the models' own."""

from __future__ import annotations

from dataclasses import replace

import gradio as gr
import pytest

from playground.comparison.options import build_requests
from playground.domain.events import Origin
from playground.domain.request import LANES, Lane
from playground.domain.sampling import FIELD_BY_NAME, FIELDS
from playground.notebook.settings import Settings, sampling_values
from playground.ui import controls as side
from playground.ui.choices import choices_of, offered
from playground.ui.labels import Labels
from playground.words import speaking
from tests.ui.fake import DEFAULTS, Fake

MODELS: dict[Lane, str] = {"left": "demo-instruct", "right": "demo-thinking"}
CARDS = {lane: Fake(name).card for lane, name in MODELS.items()}
LABELS: dict[Lane, str] = {"left": "Instruct", "right": "Thinking"}


@pytest.fixture(scope="module")
def controls() -> side.Controls:
    with gr.Blocks():
        return side.build(MODELS, CARDS, LABELS, offered(MODELS), True, Labels())


def read(controls: side.Controls, **changed: object) -> Settings:
    """The settings with every control as drawn but those named `field_lane`."""
    data = {component: component.value for component in controls.inputs()}
    for (lane, name), component in controls.fields.items():
        if f"{name}_{lane}" in changed:
            data[component] = changed[f"{name}_{lane}"]
    return controls.read(data)


def test_every_field_of_the_table_has_a_control_a_lane(controls: side.Controls) -> None:
    shown = {field.name for field in FIELDS} - {"seed"}
    assert set(controls.fields) == {(lane, name) for lane in LANES for name in shown}


def test_controls_as_drawn_are_the_models_own_values(controls: side.Controls) -> None:
    settings = read(controls)
    assert side.differing(settings, CARDS) == set()
    requests = build_requests("hi", settings.options(), MODELS, lambda name: Fake(name).card)
    for request in requests:
        assert replace(request.sampling, seed=None) == DEFAULTS


def test_an_emptied_control_is_refused_by_the_check_that_names_it(controls: side.Controls) -> None:
    settings = read(controls, top_k_left=None)
    with pytest.raises(Exception, match="Left lane: top_k is empty, but must be an integer"):
        build_requests("hi", settings.options(), MODELS, lambda name: Fake(name).card)


def test_what_differs_is_named_and_counted(controls: side.Controls) -> None:
    settings = read(controls, temperature_left=0.9, stop_right="a\nb")
    assert side.differing(settings, CARDS) == {("left", "temperature"), ("right", "stop")}
    assert "2 values differ" in side.line_text(settings, CARDS)
    assert "1 value differs" in side.line_text(read(controls, top_p_left=0.5), CARDS)


def test_the_line_below_the_fields_is_said_in_the_visitors_language(
    controls: side.Controls,
) -> None:
    with speaking("pt-BR"):
        assert "1 valor difere" in side.line_text(read(controls, top_p_left=0.5), CARDS)


def test_greedy_warns_on_the_thinking_lane_alone(controls: side.Controls) -> None:
    assert "Greedy" in side.line_text(read(controls, temperature_right=0), CARDS)
    assert "Greedy" not in side.line_text(read(controls, temperature_left=0), CARDS)


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("stop", "a\n\nb ", ["a", "b "]),
        ("stop", None, []),
        ("top_k", 20.0, 20),
        ("top_k", 20.5, 20.5),
        ("temperature", 1, 1),
        ("max_new_tokens", None, None),
    ],
)
def test_a_typed_value_is_put_in_the_fields_own_terms(
    name: str, typed: object, value: object
) -> None:
    assert side.typed_value(FIELD_BY_NAME[name], typed) == value


def test_a_seed_is_taken_digit_by_digit_and_never_rounded() -> None:
    seed = FIELD_BY_NAME["seed"]
    assert side.typed_value(seed, " 9223372036854775807 ") == 2**63 - 1
    assert side.typed_value(seed, "1.5") == "1.5", "left for the check, which refuses it"
    assert side.typed_value(seed, "") is None


def test_what_a_server_cannot_do_is_said_once_a_reason() -> None:
    unsupported = (("min_p", "it is not documented."), ("top_k", "it is not documented."))
    cards = {lane: replace(card, unsupported=unsupported) for lane, card in CARDS.items()}
    text = side.line_text(
        Settings(MODELS, {lane: sampling_values(DEFAULTS) for lane in LANES}), cards
    )
    assert "Left: Min p, Top k cannot be set: it is not documented." in text


def test_a_model_on_a_server_is_headed_by_the_servers_name() -> None:
    card = replace(CARDS["left"], origin=Origin("server", server="vLLM 0.32.0 at http://h/v1"))
    assert side.head_text("Instruct", card) == "**Instruct** · vLLM 0.32.0"
    assert "<img" not in side.head_text("<img src=x>", card).replace("\\<img", "")


def test_a_servers_model_is_shown_by_its_own_name_first() -> None:
    name = "http://127.0.0.1:8080/v1?model=qwen3:4b"
    assert choices_of(["demo-instruct", name, name]) == [
        ("demo-instruct", "demo-instruct"),
        ("qwen3:4b · 127.0.0.1:8080", name),
    ]


def test_a_value_that_a_run_would_refuse_is_told_at_once(controls: side.Controls) -> None:
    line = side.line_text(read(controls, temperature_left=9, top_k_right=None), CARDS)
    assert "Left: Temperature must be a number from 0 to 2." in line
    assert "Right: Top k must be an integer from 0 to 1000." in line
    assert "must be" not in side.line_text(read(controls), CARDS)
    with speaking("pt-BR"):
        line = side.line_text(read(controls, temperature_left=9), CARDS)
    assert "deve ser um número de 0 a 2." in line
