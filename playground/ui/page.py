"""The page's events: read components, call the session, return views.

Knows engines only through the comparison that it is given; what is drawn is in `layout`.
"""

from __future__ import annotations

import html
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr

from playground.catalog.judging import ModelTools
from playground.comparison.run import Comparison
from playground.domain.engine import ModelCard
from playground.domain.errors import PlaygroundError
from playground.domain.request import LANES, Lane
from playground.notebook.document import Document
from playground.notebook.settings import Settings
from playground.said_errors import said
from playground.ui import views
from playground.ui.api import add_api
from playground.ui.attaching import limits_under
from playground.ui.bound import BoundFile
from playground.ui.choices import choices_of, offered
from playground.ui.files import carry_out, refusals_told
from playground.ui.intents import as_intent
from playground.ui.layout import CLOSE_SIDEBAR_ON_PHONES, QUIET, draw
from playground.ui.loads import Tell, untold
from playground.ui.panel.events import PanelEvents
from playground.ui.panel.showing import below_notebook
from playground.ui.picker import Picking, wire_picker
from playground.ui.present import lane_labels
from playground.ui.questions import questions
from playground.ui.server_panel import wire_servers
from playground.ui.servers import ServerTools
from playground.ui.session import Session, Update
from playground.ui.sessions import CAPACITY, Sessions
from playground.ui.sidebar import Sidebar
from playground.ui.summary import write_csv
from playground.ui.visitors import page_address, visitor_of
from playground.words import preferred, say, speak

# The fields that a run may set: a button after an ending raised them.
ADJUSTED = ("max_new_tokens", "presence_penalty")


class Page:
    """Builds the Blocks once; its methods are the event handlers of all visitors."""

    def __init__(
        self,
        comparison: Comparison,
        models: Mapping[Lane, str],
        line: Callable[[Mapping[Lane, ModelCard]], str],
        examples: Callable[[Mapping[Lane, str]], tuple[str, ...]],
        document: Document | None = None,
        tools: ServerTools | None = None,
        offer: Sequence[str] | None = None,
        file: BoundFile | None = None,
        model_tools: ModelTools | None = None,
        login: bool = False,
        problems: Callable[[], Sequence[Mapping[str, Any]]] = tuple,
        tell: Tell = untold,
    ) -> None:
        """`line` and `examples` say, for the lanes' models, the quiet line and what to try.

        `document` is what a new visitor finds; an empty notebook when null. `tools` find and
        examine servers, `model_tools` tell what fits this machine. `offer` are the only models to
        choose from; any when null. `file` keeps the notebook instead of the visitor's browser. With
        `login` visitors may log in with Hugging Face, and hosted services are asked in their name.
        `problems` gives the built-in list as rows; `tell` is told of loads that are asked for here.
        """
        self._file = file
        self._document_at_first = document
        self.comparison = comparison
        self._files = tempfile.TemporaryDirectory(prefix="playground-")
        self._under = Path(self._files.name)
        self.models = dict(models)
        self._examples = examples
        self.sessions = Sessions(
            self._new_session, time.monotonic, min(CAPACITY, comparison.limits.sessions)
        )
        comparison.residents.chosen = self.sessions.chosen_models
        cards = self._new_session().cards()
        files = limits_under(comparison.limits)
        asked = questions(self.sessions, examples, self.models, files, problems)
        with gr.Blocks(title=views.TITLE, analytics_enabled=False) as self.blocks:
            self.layout = draw(
                models,
                cards,
                lane_labels(cards),
                asked,
                offered(models) if offer is None else choices_of(offer),
                free=offer is None,
                picks=offer is None and model_tools is not None,
                login=login,
            )
            self.sidebar = Sidebar(self.layout, line)
            picking = Picking(model_tools, comparison.open_engine, tell) if model_tools else None
            self._wire(picking if offer is None else None)
            if tools is not None and offer is None:
                wire_servers(self.blocks, self.layout.controls, tools, models)
            add_api(comparison, self.models)

    def _new_session(self) -> Session:
        session = Session(self.comparison, Settings(models=self.models), self._document_at_first)
        session.use_own_sampling(LANES)
        session.follow_models()
        return session

    def _wire(self, picking: Picking | None) -> None:
        layout, own, sidebar = self.layout, self.layout.controls, self.sidebar
        document, results = [layout.notebook], [layout.results, layout.table, *layout.panel.below]
        adjusted = [own.fields[lane, name] for name in ADJUSTED for lane in LANES]
        everything = [*document, *results, *sidebar.everything]
        # An intent must never be dropped because another one is on its way.
        intents = {**QUIET, "trigger_mode": "multiple"}
        latest = {**QUIET, "trigger_mode": "always_last"}
        self.blocks.load(self.show, None, everything, **QUIET)
        self.blocks.load(None, js=CLOSE_SIDEBAR_ON_PHONES)
        layout.notebook.opened(self.show, None, everything, queue=False, **intents)
        layout.notebook.intent(self.change, None, [*document, *results], queue=False, **intents)
        ran = layout.notebook.run(
            self.run, own.inputs(), [layout.stream, *adjusted], **intents
        ).then(self.settle, None, [*results, *sidebar.changing], **QUIET)
        for setting in own.inputs() - set(own.models.values()):
            setting.change(
                self.set, own.inputs(), [*document, *sidebar.changing], queue=False, **latest
            )
        lists, changing = list(own.models.values()), [*document, *sidebar.changing]
        for model in lists:
            chosen = model.change(
                self.choose, own.inputs(), [*lists, *sidebar.values], **latest
            ).then(self.refresh, None, changing, **QUIET)
            if picking is not None:
                chosen.then(picking.show, lists, own.picker.shown(), **QUIET)
        if picking is not None:
            ran.then(picking.show, lists, own.picker.shown(), **QUIET)
            for loaded in wire_picker(self.blocks, own.picker, lists, picking, QUIET):
                loaded.then(self.refresh, None, changing, **QUIET)
        for (lane, place), button in own.lengths.buttons.items():
            field = own.fields[lane, "max_new_tokens"]
            taken = button.click(self._length_taker(lane, place), None, field, **QUIET)
            taken.then(self.refresh, None, changing, **QUIET)
        restored = own.reset.click(self.reset, None, sidebar.values, **QUIET)
        restored.then(self.refresh, None, changing, **QUIET)
        own.swap.click(self.swap, own.inputs(), everything, **QUIET)
        layout.download.click(self.save_csv, None, layout.file, **QUIET).then(
            None, js="() => document.querySelector('#results-csv').click()"
        )
        events = PanelEvents(layout.panel, self._session, self._under, self.comparison.in_public)
        events.wire(layout.notebook)
        self.blocks.unload(self.leave)

    def show(self, request: gr.Request) -> list[Any]:
        """The whole page as this visitor left it."""
        session = self._session(request)
        if self._file is not None:
            try:
                self._file.attach(session)
            except PlaygroundError as exc:
                session.tell(said(exc))
        session.follow_models()
        return self._everything(session)

    def swap(self, data: dict[Any, Any], request: gr.Request) -> list[Any]:
        """The lanes exchanged."""
        session = self._session(request)
        self._read(session, data)
        session.swap()
        session.follow_models()
        return self._everything(session)

    def refresh(self, request: gr.Request) -> list[Any]:
        """What depends on the settings."""
        session = self._session(request)
        session.touch()
        followed = session.follow_models()
        return [*self._document(session), *self.sidebar.change(session, followed)]

    def change(self, event: gr.EventData, request: gr.Request) -> list[Any]:
        """An intent that changes the document."""
        session = self._session(request)
        with refusals_told(session):
            carry_out(session, as_intent(event._data))
        return [*self._document(session), *below_notebook(session)]

    def run(self, data: dict[Any, Any], event: gr.EventData, request: gr.Request) -> Iterator[Any]:
        """Run cells: the one event in which models generate, for both lanes."""
        session = self._session(request)
        self._read(session, data)
        with refusals_told(session):
            visitor = visitor_of(request, self.comparison.in_public)
            for update in session.run(as_intent(event._data), visitor):
                yield self._update(update)
            return
        yield self._update(Update(session.news()))

    def settle(self, request: gr.Request) -> list[Any]:
        """After a run: the table of all results, and where the models now are."""
        session = self._session(request)
        return [*below_notebook(session), *self.sidebar.change(session, session.follow_models())]

    def set(self, data: dict[Any, Any], request: gr.Request) -> list[Any]:
        """A setting changed: what is stale, what differs from the models' own."""
        session = self._session(request)
        before = session.settings
        self._read(session, data)
        if session.settings != before:  # a sidebar that is only drawn says so as well
            session.touch()
        return [*self._document(session), *self.sidebar.change(session)]

    def choose(self, data: dict[Any, Any], request: gr.Request) -> list[Any]:
        """Other models: their defaults, or a message and the models as they were."""
        session = self._session(request)
        before, wanted = session.settings, self.layout.controls.read(data)
        changed = [lane for lane in LANES if wanted.models[lane] != before.models[lane]]
        try:
            for lane in changed:
                engine = self.comparison.open_engine(wanted.models[lane])
                if not engine.card.origin.in_process:
                    deque(engine.load(), maxlen=0)  # a server is only asked what it is
        except PlaygroundError as exc:
            gr.Warning(html.escape(said(exc)), title=say("This model cannot be used"))
            return [*before.models.values(), *_skips(len(self.layout.controls.fields))]
        session.settings = wanted
        session.use_own_sampling(changed)
        self.comparison.residents.make_room()
        session.follow_models()
        return [*_skips(len(LANES)), *self.sidebar.own_values(session, changed)]

    def reset(self, request: gr.Request) -> list[Any]:
        """Every sampling value back to the model's own."""
        session = self._session(request)
        session.use_own_sampling(LANES)
        return self.sidebar.own_values(session, LANES)

    def save_csv(self, request: gr.Request) -> str:
        """All results as a CSV file."""
        return write_csv(self._session(request), self._under)

    def leave(self, request: gr.Request) -> None:
        """The tab closed."""
        if request.session_hash:
            self.sessions.leave(request.session_hash)

    def close(self, patience_s: float = 0.0) -> None:
        """Stop every run and the web server; what was written reaches its readers within
        `patience_s`."""
        self.comparison.gate.close()
        self.sessions.stop_all()
        self.comparison.end(patience_s)
        if self._file is not None:
            self._file.close()
        self.blocks.close(verbose=False)
        self._files.cleanup()

    def _length_taker(self, lane: Lane, place: int) -> Callable[..., Any]:
        """What a button does: an output length of the lane's card, for its max_new_tokens."""

        # Gradio hands a request in only where a plain function asks for it.
        def take(request: gr.Request) -> Any:
            return self.sidebar.take_length(self._session(request), lane, place)

        return take

    def _read(self, session: Session, data: Mapping[Any, Any]) -> None:
        """Take the sidebar's values; only `choose` changes models, once it has checked them."""
        wanted = self.layout.controls.read(data)
        session.settings = replace(wanted, models=session.settings.models)

    def _session(self, request: gr.Request) -> Session:
        session = self.sessions.of(request.session_hash or "")
        session.language = preferred(request.headers.get("accept-language", ""))
        session.address = page_address(request) or session.address
        speak(session.language)
        return session

    def _everything(self, session: Session) -> list[Any]:
        shown = self.sidebar.show(session)
        return [*self._document(session), *below_notebook(session), *shown]

    def _document(self, session: Session) -> list[Any]:
        return [views.notebook_view(session, self._examples(session.settings.models))]

    def _update(self, update: Update) -> list[Any]:
        values = {(lane, name): value for lane, name, value in update.adjusted}
        fields = ((lane, name) for name in ADJUSTED for lane in LANES)
        return [update.stream, *(values.get(field, gr.skip()) for field in fields)]


def _skips(number: int) -> list[Any]:
    return [gr.skip() for _ in range(number)]
