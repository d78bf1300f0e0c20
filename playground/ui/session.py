"""One visitor's notebook: the document, its settings, what runs and what waits to run.

Every method may be called from any thread; the lock guards the document, never a running model.
Knows no Gradio: `page` turns its views into component updates.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace

from playground.comparison.options import build_requests, describe_or_guess
from playground.comparison.run import Comparison
from playground.domain.engine import ModelCard, StopReason
from playground.domain.errors import PlaygroundError
from playground.domain.request import LANES, Lane, Request
from playground.notebook.document import (
    AddRun,
    CellId,
    Document,
)
from playground.notebook.settings import Settings, sampling_values
from playground.ui.editing import EditedDocument
from playground.ui.live import LiveRun
from playground.ui.present import lane_labels, raised_limit
from playground.ui.wire import News, RunIntent, StreamView

UPDATE_S = 0.1


@dataclass(frozen=True, slots=True)
class Update:
    """A tick for the page, and the lanes' limits that it raised."""

    stream: StreamView | News
    limits: tuple[tuple[Lane, int], ...] = ()


class Session(EditedDocument):
    """The state behind one open page."""

    def __init__(
        self,
        comparison: Comparison,
        settings: Settings,
        document: Document | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(document)
        self.secret = secrets.token_urlsafe(16)
        self.settings = settings
        self.live: LiveRun | None = None
        self.queue: list[CellId] = []
        self._comparison = comparison
        self._clock = clock
        self._pumping = False
        self._planned = 0
        self._done = 0
        self._own: dict[Lane, Mapping[str, object]] = {}

    def cards(self) -> dict[Lane, ModelCard]:
        """The lanes' models. Raises PlaygroundError."""
        return {
            lane: describe_or_guess(self.settings.models[lane], self.describe) for lane in LANES
        }

    def follow_models(self) -> tuple[Lane, ...]:
        """Lanes whose model is known better now (it was loaded, or its server asked): where the
        sampling was the model's own, it is again."""
        followed = []
        for lane, card in self.cards().items():
            own, before = sampling_values(card.defaults), self._own.get(lane)
            self._own[lane] = own
            if before not in (None, own) and self._is_own(lane, before or {}):
                sampling = {**self.settings.sampling, lane: own}
                self.settings = replace(self.settings, sampling=sampling)
                followed.append(lane)
        return tuple(followed)

    def _is_own(self, lane: Lane, own: Mapping[str, object]) -> bool:
        values = self.settings.sampling.get(lane, {})
        return all(
            own.get(name) == (tuple(value) if isinstance(value, list) else value)
            for name, value in values.items()
        )

    def describe(self, name: str) -> ModelCard:
        """A model's card. Raises PlaygroundError."""
        return self._comparison.open_engine(name).card

    def now(self) -> float:
        """The session's clock, in seconds."""
        return self._clock()

    def count_tokens(self, prompt: str) -> dict[Lane, int | None]:
        """Each lane's rendered prompt in tokens; null while a model is not loaded."""
        return {
            lane: self._comparison.open_engine(self.settings.models[lane]).count_tokens(
                prompt, self.settings.system, ()
            )
            for lane in LANES
        }

    def requests(self, prompt: str, earlier: tuple[Request, ...] = ()) -> tuple[Request, ...]:
        """What running this prompt now would ask. Raises PlaygroundError."""
        options = self.settings.options(earlier)
        return build_requests(prompt, options, self.settings.models, self.describe)

    def news(self) -> News:
        """A tick that tells the page to ask for the view."""
        return News(tick=0, cell="", revision=self.revision)

    def stop(self, cell: str, lane: Lane | None = None, reason: StopReason = "user") -> None:
        """Stop a cell (or one of its lanes; "" is all); a waiting cell leaves the queue."""
        with self.lock:
            live = self.live
            if lane is None:
                self.queue = [waiting for waiting in self.queue if cell not in ("", waiting)]
            if live is not None and cell in ("", live.cell):
                live.stops.append((lane, reason))
                self._raise_stops(live)
            self.revision += 1

    def run(self, intent: RunIntent) -> Iterator[Update]:
        """Queue the intent's cells; the first caller runs the queue until it is empty."""
        with self.lock:
            self.notice = ""
            refused = self._take_dirty(intent.get("dirty", {}))
            limits = self._raise_limit(intent)
            wanted = [cell for cell in intent.get("cells", []) if cell not in refused]
            self._enqueue([CellId(cell) for cell in wanted])
            if intent.get("advance"):
                self._advance(CellId(intent["cells"][-1]))
            self.revision += 1
            pump = not self._pumping and bool(self.queue)
            self._pumping = self._pumping or pump
        yield Update(self.news(), limits)
        if pump:
            yield from self._pump()
            yield Update(self.news())

    def _pump(self) -> Iterator[Update]:
        emptied = False
        try:
            while (live := self._begin_next()) is not None:
                yield Update(self.news())
                yield from self._play(live)
            emptied = True
        finally:
            if not emptied:  # the page is gone, or broken: nobody runs what is left
                with self.lock:
                    self.queue.clear()
                    self._rest()

    def _begin_next(self) -> LiveRun | None:
        """Begin the next cell that can be asked; null when the queue is empty, and it rests."""
        with self.lock:
            while self.queue:
                live = self._begin(self.queue.pop(0))
                self.revision += 1
                if live is not None:
                    return live
            self._rest()
            return None

    def _rest(self) -> None:
        self._pumping = False
        self._planned = self._done = 0
        self.revision += 1

    def _play(self, live: LiveRun) -> Iterator[Update]:
        updated_s = self._clock()
        try:
            with closing(self._comparison.run(self.secret, live.requests)) as events:
                for lane, event in events:
                    with self.lock:
                        live.apply(lane, event)
                        self._raise_stops(live)
                        now_s = self._clock()
                        due = now_s - updated_s >= UPDATE_S
                        view = live.view(now_s, self._progress(), self.revision) if due else None
                    if view is not None:
                        updated_s = now_s
                        yield Update(view)
        finally:
            with self.lock:
                self.live = None
                live.interrupt()
                self._keep(AddRun(live.cell, live.id, live.results()))
                self._done += 1
                self.revision += 1
                view = live.view(self._clock(), self._progress(), self.revision)
        yield Update(view)

    def _raise_stops(self, live: LiveRun) -> None:
        """Raise the flags of stops that were asked for, also before there was a flag to raise."""
        stops = self._comparison.stops
        live.stops = [
            (lane, reason)
            for lane, reason in live.stops
            if not stops.stop(self.secret, live.id, lane, reason)
        ]

    def _begin(self, cell: CellId) -> LiveRun | None:
        """The live run of a cell, or null with a notice when it cannot be asked."""
        try:
            shown = self.document.cell(cell)
            earlier = tuple(result.request for result in shown.run.results) if shown.run else ()
            requests = self.requests(shown.prompt, earlier)
            cards = {r.lane: describe_or_guess(r.model, self.describe) for r in requests}
        except PlaygroundError as exc:
            self.notice = str(exc)
            self._done += 1
            return None
        self.live = LiveRun(cell, requests, cards, lane_labels(cards))
        return self.live

    def _progress(self) -> str:
        return f"{self._done + 1}/{self._planned}" if self._planned > 1 else ""

    def _enqueue(self, cells: list[CellId]) -> None:
        known = {cell.id for cell in self.document.cells}
        busy = {self.live.cell} if self.live is not None else set()
        for cell in cells:
            if cell in known and cell not in busy and cell not in self.queue:
                self.queue.append(cell)
                self._planned += 1

    def _going(self, cell: CellId) -> None:
        self.stop(cell)

    def _raise_limit(self, intent: RunIntent) -> tuple[tuple[Lane, int], ...]:
        lane = intent.get("lane")
        run = self.document.cell(CellId(intent["cells"][0])).run if intent.get("cells") else None
        if intent.get("action") != "raise_limit" or lane is None or run is None:
            return ()
        limit = raised_limit(run.result(lane), self.cards()[lane])
        if limit is None:
            return ()
        lane_sampling = {**self.settings.sampling.get(lane, {}), "max_new_tokens": limit}
        sampling = {**self.settings.sampling, lane: lane_sampling}
        self.settings = replace(self.settings, sampling=sampling)
        return ((lane, limit),)
