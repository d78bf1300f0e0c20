"""The panel's events: opened, asked for from a cell, another scope, runs that ended, downloads.

Weighing has a queue of its own, so that many visitors at once do not keep the server busy.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr

from playground.ui.downloads import written
from playground.ui.intents import as_intent
from playground.ui.layout import QUIET
from playground.ui.panel.components import Panel
from playground.ui.panel.plots import drawn
from playground.ui.panel.scopes import WHOLE
from playground.ui.panel.showing import shown
from playground.ui.panel.weighed import Weighed, Weighing
from playground.ui.session import Session
from playground.verdict.drawing import picture

MOST_AT_ONCE = 2
_SHOW = "() => document.querySelector('#verdict')?.scrollIntoView({block: 'start'})"
_DOWNLOAD = "() => document.querySelector('#verdict-file').click()"


class PanelEvents:
    """The panel's handlers, for all visitors; `session_of` tells whose event it is."""

    def __init__(
        self,
        panel: Panel,
        session_of: Callable[[gr.Request], Session],
        under: Path,
        in_public: bool,
    ) -> None:
        self._panel = panel
        self._session_of = session_of
        self._under = under
        self._weighing = Weighing(in_public)

    def wire(self, notebook: Any) -> None:
        """Connect the components; inside the Blocks."""
        panel = self._panel
        weighs = {
            **QUIET,
            "concurrency_limit": MOST_AT_ONCE,
            "concurrency_id": "verdict",
            "trigger_mode": "always_last",
        }
        panel.box.expand(self.weigh, None, panel.shown, **weighs)
        panel.scope.input(self.choose_scope, panel.scope, panel.shown, **weighs)
        panel.group.input(self.choose_group, panel.group, panel.shown, **weighs)
        notebook.weigh(self.follow, None, panel.shown, **weighs)
        asked = notebook.verdict(self.ask, None, [panel.box, *panel.shown], **weighs)
        asked.then(None, js=_SHOW)
        saved = panel.picture.click(self.save_picture, None, panel.file, **weighs)
        saved.then(None, js=_DOWNLOAD)
        for name, each in panel.pictures.items():
            saved = each.data.click(self._saver(name), None, panel.file, **weighs)
            saved.then(None, js=_DOWNLOAD)

    # What was chosen is remembered here: Gradio refuses a dropdown's value as an input once its
    # cell is deleted and no choice any more.
    def weigh(self, request: gr.Request) -> list[Any]:
        """What the runs say that were chosen last; at first all of them."""
        return shown(self._as_before(request))

    def choose_scope(self, scope: str | None, request: gr.Request) -> list[Any]:
        """Another scope: its newest group."""
        return shown(self._weighing.weigh(self._session_of(request), str(scope or WHOLE)))

    def choose_group(self, group: Any, request: gr.Request) -> list[Any]:
        """Other models and settings of the same scope."""
        session = self._session_of(request)
        place = group if isinstance(group, int) and group >= 0 else 0
        last = self._weighing.last(session)
        return shown(self._weighing.weigh(session, WHOLE if last is None else last.scope, place))

    def follow(self, request: gr.Request) -> list[Any]:
        """The same again, if anything that it rests on has changed."""
        before = self._weighing.last(self._session_of(request))
        weighed = self._as_before(request)
        if weighed is before:
            return [gr.skip() for _ in self._panel.shown]
        return shown(weighed)

    def ask(self, event: gr.EventData, request: gr.Request) -> list[Any]:
        """The verdict on the cell that asks for it, opened."""
        scope = str(as_intent(event._data).get("cell", WHOLE))
        weighed = self._weighing.weigh(self._session_of(request), scope)
        return [gr.update(open=True), *shown(weighed)]

    def save_picture(self, request: gr.Request) -> Any:
        """The verdict as an SVG file."""
        weighed = self._as_before(request)
        if weighed.verdict is None:
            return gr.skip()
        drawing = picture(weighed.verdict)
        return written(
            self._session_of(request),
            self._under,
            "verdict.svg",
            lambda path: path.write_text(drawing, encoding="utf-8"),
        )

    def _saver(self, name: str) -> Callable[..., Any]:
        """What a button does: the data of a picture as a CSV file."""

        # Gradio hands a request in only where a plain function asks for it.
        def save(request: gr.Request) -> Any:
            weighed = self._as_before(request)
            if weighed.verdict is None:
                return gr.skip()
            table = dict(drawn(weighed))[name].table
            return written(
                self._session_of(request),
                self._under,
                f"verdict-{name}.csv",
                lambda path: table.to_csv(path, index=False),
            )

        return save

    def _as_before(self, request: gr.Request) -> Weighed:
        session = self._session_of(request)
        last = self._weighing.last(session)
        if last is None:
            return self._weighing.weigh(session)
        return self._weighing.weigh(session, last.scope, last.place)
