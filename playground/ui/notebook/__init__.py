"""The notebook on the page: two `gr.HTML` components with their own JS and CSS.

`Notebook` draws the document and reports what the visitor wants; `Stream` is hidden and hands live
ticks to it. What travels is in `playground.ui.wire`. Knows no document and no model.

Wiring: `notebook.intent(fn)` and so on for each of `_EVENTS`, the data as `gr.EventData`. Give each
`trigger_mode="multiple"`, or Gradio drops what is pressed while an earlier event goes on, and
`show_progress="hidden"`. Let `run` write to the stream alone, and give every event that writes to
the notebook `show_progress_on=[]`: Gradio copies the whole value of each output, of each component
that shows progress and of each HTML that is skipped, at every message of a stream.
"""

from __future__ import annotations

import json
from abc import ABCMeta
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.component_meta import ComponentMeta, updateable

from playground.words import PORTUGUESE

_HERE = Path(__file__).parent

# One function scope holds them all, in this order: later files use the names of earlier ones.
_SCRIPTS = (
    "words.js",
    "dom.js",
    "state.js",
    "clipboard.js",
    "menu.js",
    "dialog.js",
    "trace.js",
    "outline.js",
    "answer.js",
    "urgent.js",
    "judgements.js",
    "lane.js",
    "timeline.js",
    "strip.js",
    "compare.js",
    "blind.js",
    "results.js",
    "text.js",
    "prompt.js",
    "attachments.js",
    "budgets.js",
    "settings.js",
    "expectation.js",
    "cell.js",
    "listdialog.js",
    "listrows.js",
    "listtable.js",
    "listopened.js",
    "listpanel.js",
    "promptcell.js",
    "notecell.js",
    "cells.js",
    "verdict.js",
    "cellmenu.js",
    "near.js",
    "notices.js",
    "found.js",
    "search.js",
    "files.js",
    "toolbar.js",
    "help.js",
    "page.js",
    "stream.js",
    "keys.js",
    "storage.js",
    "tabs.js",
    "keep.js",
    "draft.js",
    "restore.js",
    "start.js",
)
_STYLES = (
    "icons.css",
    "notebook.css",
    "controls.css",
    "cells.css",
    "attachments.css",
    "settings.css",
    "results.css",
    "judgements.css",
    "lists.css",
    "listtable.css",
    "reading.css",
    "blind.css",
    "answer.css",
    "code.css",
)

_EVENTS = ("intent", "run", "opened", "verdict", "weigh")


def _read(*names: str) -> str:
    return "\n".join((_HERE / name).read_text(encoding="utf-8") for name in names)


CSS: str = _read(*_STYLES)
"""Goes to `launch(css=...)`."""

_PORTUGUESE = json.dumps(dict(PORTUGUESE), ensure_ascii=True)
_NOTEBOOK_SCRIPT = f"'use strict';\nconst PORTUGUESE = {_PORTUGUESE};\n" + _read(*_SCRIPTS)
_STREAM_SCRIPT = _read("relay.js")
_NOTEBOOK_TEMPLATE = (
    '<div class="notebook"><p class="nb-wait" role="status">Opening the notebook…</p></div>'
)


class _Unstubbed(ComponentMeta):  # type: ignore[misc]  # gradio has no types to check against
    """Gradio's metaclass without its habit of writing a .pyi file beside a component's source."""

    def __new__(cls, name: str, bases: tuple[type, ...], attrs: dict[str, Any]) -> type:
        wrapped = {**attrs, "__init__": updateable(attrs["__init__"])}
        return ABCMeta.__new__(cls, name, bases, wrapped)


class _Component(gr.HTML, metaclass=_Unstubbed):  # type: ignore[misc]
    """A `gr.HTML` whose value is JSON and whose template is constant.

    Gradio runs what it finds as `${...}` in a template's values, so no value is put in a template.
    `render` is there because Gradio makes the component anew at every `gr.skip()`.
    """

    def __init__(
        self,
        value: Mapping[str, Any] | None,
        *,
        template: str,
        script: str,
        server_functions: Sequence[Callable[..., Any]] | None = None,
        visible: bool | str = True,
        elem_id: str,
        render: bool,
    ) -> None:
        super().__init__(
            value,
            html_template=template,
            js_on_load=script,
            apply_default_css=False,
            container=False,
            padding=False,
            visible=visible,
            elem_id=elem_id,
            render=render,
            server_functions=server_functions,
        )

    def __getattr__(self, name: str) -> Any:
        # gr.HTML makes an event of every name that stands in quotes somewhere in the script.
        if name in _EVENTS:
            return super().__getattr__(name)
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def preprocess(self, payload: Any) -> Any:
        return payload

    def postprocess(self, value: Any) -> Any:
        return value

    def api_info(self) -> dict[str, Any]:
        return {"type": "object", "additionalProperties": True}

    def example_payload(self) -> dict[str, Any]:
        return {}

    def example_value(self) -> dict[str, Any]:
        return {}


class Notebook(_Component):
    """Shows a `NotebookView`; its events and what they bring are in `playground.ui.intents`.

    `server_functions` are functions under the names of the questions in `playground.ui.intents`.
    """

    def __init__(
        self,
        value: Mapping[str, Any] | None = None,
        *,
        server_functions: Sequence[Callable[..., Any]],
        elem_id: str = "notebook",
        render: bool = True,
    ) -> None:
        super().__init__(
            value,
            template=_NOTEBOOK_TEMPLATE,
            script=_NOTEBOOK_SCRIPT,
            server_functions=server_functions,
            elem_id=elem_id,
            render=render,
        )


class Stream(_Component):
    """Takes a `StreamView` and hands it to the notebook on the same page. Not seen."""

    def __init__(
        self,
        value: Mapping[str, Any] | None = None,
        *,
        elem_id: str = "notebook-stream",
        render: bool = True,
    ) -> None:
        super().__init__(
            value,
            template="<div hidden></div>",
            script=_STREAM_SCRIPT,
            visible="hidden",
            elem_id=elem_id,
            render=render,
        )


__all__ = ["CSS", "Notebook", "Stream"]
