"""The page's components, drawn once: sidebar, quiet line, notebook, verdict, table of all results.

Knows no event and no session; `page` wires what is drawn here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from playground.domain.engine import ModelCard
from playground.domain.request import Lane
from playground.ui import controls as side
from playground.ui import notebook as component
from playground.ui.choices import Choice
from playground.ui.labels import Labels
from playground.ui.panel.components import Panel, draw_panel
from playground.ui.views import TITLE

# On a phone the sidebar would cover the page: there it starts closed.
CLOSE_SIDEBAR_ON_PHONES = """() => {
  if (window.innerWidth < 768) document.querySelector(".sidebar.open .toggle-button")?.click();
}"""
# How every event of the page is wired. At every tick Gradio copies the outputs of the running event
# and all that shows progress of any event: nothing shows it here.
QUIET: dict[str, Any] = {
    "show_progress": "hidden",
    "show_progress_on": [],
    "api_visibility": "private",
    "concurrency_limit": None,
}
_STYLES = (Path(__file__).parent / name for name in ("page.css", "panel/panel.css"))
CSS = component.CSS + "\n".join(path.read_text(encoding="utf-8") for path in _STYLES)


@dataclass(frozen=True, slots=True)
class Layout:
    """The components that events read or write, and the labels on them."""

    labels: Labels
    controls: side.Controls
    line: Any
    notebook: component.Notebook
    stream: component.Stream
    panel: Panel
    results: Any
    table: Any
    download: Any
    file: Any


def draw(
    models: Mapping[Lane, str],
    cards: Mapping[Lane, ModelCard],
    lanes: Mapping[Lane, str],
    server_functions: Sequence[Callable[..., Any]],
    choices: Sequence[Choice],
    free: bool,
    picks: bool,
    login: bool = False,
) -> Layout:
    """Draw the page inside the current Blocks; `free` and `picks` as in `controls.build`."""
    labels = Labels()
    with gr.Sidebar(label=labels("Settings"), width=340):
        if login:
            # Gradio's script compares the label: it must be plain text.
            gr.LoginButton(size="sm", elem_classes="side-login")
            gr.Markdown(
                labels("Hosted models then run on your own quota."), elem_classes="side-quiet"
            )
        controls = side.build(models, cards, lanes, choices, free, labels, picks)
    gr.Markdown(f"# {TITLE}", elem_classes="page-title")
    line = gr.Markdown("", elem_classes="page-line")
    notebook = component.Notebook(None, server_functions=server_functions)
    stream = component.Stream(None)
    panel = draw_panel(labels)
    with gr.Column(visible=False, elem_classes="page-results") as results:
        gr.Markdown("## " + labels("All results"))
        # The third column has the lanes' names, which are longer than its head.
        table = gr.Dataframe(
            interactive=False,
            label=labels("All results"),
            show_label=False,
            column_widths=["64px", "84px", "96px"],
        )
        download = gr.Button(labels("Download CSV"), size="sm", elem_classes="page-download")
        file = gr.DownloadButton(visible="hidden", elem_id="results-csv")
    return Layout(labels, controls, line, notebook, stream, panel, results, table, download, file)


def theme() -> gr.themes.Base:
    """Gradio's default theme on system fonts: nothing is fetched."""
    sans = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"]
    mono = ["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace"]
    return gr.themes.Default(font=sans, font_mono=mono, primary_hue="violet", neutral_hue="gray")
