"""The components of the sidebar's panel of model servers; its events are in `server_panel`.

Native Gradio; knows neither servers nor sessions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from playground.ui.labels import Labels


@dataclass(frozen=True, slots=True)
class Servers:
    """What is known of servers: those on this machine, and a report on those in the lanes."""

    found: Any
    look: Any
    check: Any
    report: Any


def draw_servers(visible: bool, labels: Labels) -> Servers:
    """Draw it inside the current Gradio context."""
    name = labels("Model servers")
    with gr.Accordion(name, open=False, visible=visible, elem_classes="side-servers"):
        found = gr.Markdown(labels("Looking for servers…"), elem_classes="side-quiet")
        look = gr.Button(labels("Look again"), size="sm")
        check = gr.Button(labels("Check the lanes' servers"), size="sm")
        report = gr.Markdown("", elem_classes="side-quiet")
    return Servers(found, look, check, report)
