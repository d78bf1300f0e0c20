"""One visitor's notebook: what runs in it and what waits to run.

Every method may be called from any thread; the lock guards the document, never a running model.
Knows no Gradio: `page` turns its views into component updates.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field

from playground.comparison.options import describe_or_guess, new_run
from playground.comparison.run import Comparison
from playground.domain.engine import StopReason
from playground.domain.errors import BadRequest, PlaygroundError
from playground.domain.request import Lane, RunId
from playground.domain.sampling import FIELD_BY_NAME
from playground.domain.visitor import OPERATOR, Visitor
from playground.notebook.batch import Batch
from playground.notebook.blind import drawn_sides
from playground.notebook.document import CellId, Document
from playground.notebook.exports.code import PAGE
from playground.notebook.going_on import GoesOn, request_to_go_on, run_of
from playground.notebook.plan import Planned, Seeds, is_batch
from playground.notebook.settings import Settings
from playground.said_errors import said
from playground.ui.configured import Adjusted, ConfiguredDocument
from playground.ui.intents import RunIntent
from playground.ui.live import LiveRun
from playground.ui.present import lane_labels
from playground.ui.row import Row, took_s
from playground.ui.typed import typed_value
from playground.ui.wire import News, StreamView
from playground.words import Language, say, speaking

UPDATE_S = 0.1


@dataclass(frozen=True, slots=True)
class Update:
    """A tick for the page, and the lanes' values that were changed for the run."""

    stream: StreamView | News
    adjusted: tuple[Adjusted, ...] = ()


@dataclass(frozen=True, slots=True)
class Queued:
    """One run that waits: one that its cell plans, under its batch's seeds, or a lane's that goes
    on."""

    cell: CellId
    planned: Planned = field(default_factory=Planned)
    seeds: Seeds = field(default_factory=dict)
    goes_on: GoesOn | None = None


class Session(ConfiguredDocument):
    """The state behind one open page."""

    def __init__(
        self,
        comparison: Comparison,
        settings: Settings,
        document: Document | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(comparison, settings, document)
        self.secret = secrets.token_urlsafe(16)
        self.live: LiveRun | None = None
        self.queue: list[Queued] = []
        self.row = Row()
        self.language: Language = "en"
        self.address = PAGE
        self.file = ""
        self.saved = True
        self._clock = clock
        self._pumping = False

    def now(self) -> float:
        """The session's clock, in seconds."""
        return self._clock()

    def news(self) -> News:
        """A tick that tells the page to ask for the view."""
        return News(tick=0, cell="", revision=self.revision)

    def stop(self, cell: str, lane: Lane | None = None, reason: StopReason = "user") -> None:
        """Stop a cell (or one of its lanes; "" is all); a waiting cell leaves the queue."""
        with self.lock:
            live = self.live
            if lane is None:
                self._leave_queue(cell)
            if live is not None and cell in ("", live.cell):
                live.stops.append((lane, reason))
                self._raise_stops(live)
            self.revision += 1

    def pause(self, cell: str) -> None:
        """Let the run that goes on come to its end, and no other of this cell ("" is all) begin.

        What is left of a batch is run when its cell is run again, also after a restart.
        """
        with self.lock:
            self._leave_queue(cell)
            self.revision += 1

    def _leave_queue(self, cell: str) -> None:
        for index in reversed(range(len(self.queue))):
            if cell in ("", self.queue[index].cell):
                del self.queue[index]
                self.row.leave(index)

    def close_thought(self, cell: str, lane: Lane) -> bool:
        """Ask a lane that thinks to close its thought and answer now; false where it does not."""
        with self.lock:
            live = self.live
            if live is None or cell != live.cell or not live.can_close_thought(lane):
                return False
            return self._comparison.stops.close_thought(self.secret, live.id, lane)

    def run(self, intent: RunIntent, visitor: Visitor = OPERATOR) -> Iterator[Update]:
        """Queue the intent's cells; the first caller runs the queue until it is empty."""
        with self.lock:
            self.notice = ""
            self.focus = ""
            refused = self._take_dirty(intent.get("dirty", {}))
            adjusted = self._adjust(intent)
            self._repeat(intent)
            wanted = [cell for cell in intent.get("cells", []) if cell not in refused]
            anew = intent.get("action") == "anew"
            self._enqueue([CellId(cell) for cell in wanted], _going_on(intent), anew)
            if intent.get("advance"):
                self._advance(CellId(intent["cells"][-1]))
            self.revision += 1
            pump = not self._pumping and bool(self.queue)
            self._pumping = self._pumping or pump
        yield Update(self.news(), adjusted)
        if pump:
            yield from self._pump(visitor)
            yield Update(self.news())

    def _pump(self, visitor: Visitor) -> Iterator[Update]:
        emptied = False
        try:
            while (live := self._begin_next()) is not None:
                yield Update(self.news())
                yield from self._play(live, visitor)
            emptied = True
        finally:
            if not emptied:  # the page is gone, or broken: nobody runs what is left
                with self.lock:
                    self.queue.clear()
                    self._rest()

    def _begin_next(self) -> LiveRun | None:
        """Begin the next cell that can be asked; null when the queue is empty, and it rests."""
        with self.lock, speaking(self.language):
            while self.queue:
                live = self._begin(self.queue.pop(0))
                self.revision += 1
                if live is not None:
                    return live
            self._rest()
            return None

    def _rest(self) -> None:
        self._pumping = False
        self.row = Row()
        self.revision += 1

    def _play(self, live: LiveRun, visitor: Visitor) -> Iterator[Update]:
        updated_s = self._clock()
        try:
            running = self._comparison.run(self.secret, live.running, visitor=visitor)
            with closing(running) as events:
                for lane, event in events:
                    with self.lock:
                        live.apply(lane, event)
                        self._raise_stops(live)
                        now_s = self._clock()
                        due = now_s - updated_s >= UPDATE_S
                        view = self._tick(live, now_s) if due else None
                    if view is not None:
                        updated_s = now_s
                        yield Update(view)
        finally:
            with self.lock:
                self.live = None
                live.interrupt()
                self._keep(live.added())
                view = self._tick(live, self._clock())
                self.row.end(self._clock())
                self.revision += 1
                view["revision"] = self.revision
        yield Update(view)

    def _tick(self, live: LiveRun, now_s: float) -> StreamView:
        with speaking(self.language):
            lane = live.busy_lane()
            where = say("{lane} lane", lane=say(lane)) if lane and not live.sides else ""
            return live.view(now_s, self.row, self.row.words(now_s, where), self.revision)

    def _raise_stops(self, live: LiveRun) -> None:
        """Raise the flags of stops that were asked for, also before there was a flag to raise."""
        stops = self._comparison.stops
        live.stops = [
            (lane, reason)
            for lane, reason in live.stops
            if not stops.stop(self.secret, live.id, lane, reason)
        ]

    def _begin(self, queued: Queued) -> LiveRun | None:
        """The live run of a cell, or null with a notice when it cannot be asked."""
        try:
            live = self._live_run(queued)
        except PlaygroundError as exc:
            self.notice = said(exc)
            self.row.refuse()
            return None
        self.row.begin(self._clock())
        self.live = live
        return live

    def _live_run(self, queued: Queued) -> LiveRun:
        """Raises PlaygroundError."""
        if queued.goes_on is not None:
            return self._run_that_goes_on(queued.cell, queued.goes_on)
        planned = queued.planned
        asked, requests = self.asked(queued.cell, planned, queued.seeds)
        asked.check()
        cards = {r.lane: describe_or_guess(r.model, self.describe) for r in requests}
        labels = lane_labels(cards)
        is_list = bool(self.document.prompt(queued.cell).problems)
        sides = () if is_list else drawn_sides(self.document, requests)  # its table tells all
        run = (planned.values, (), planned.repeat, sides)
        live = LiveRun(queued.cell, requests, cards, labels, *run)
        for lane, reason in asked.blocked.items():
            live.block(lane, reason, self._clock())
        return live

    def _run_that_goes_on(self, cell: CellId, wish: GoesOn) -> LiveRun:
        """Raises PlaygroundError."""
        run = run_of(self.document.prompt(cell), wish)
        if run.sides:
            raise BadRequest("This run is blind until you vote on it. Vote first.")
        request = request_to_go_on(run, wish, *new_run(), self.describe)
        carried = tuple(r for r in run.results if r.request.lane != wish.lane)
        models = {r.request.lane: r.request.model for r in carried}
        models[wish.lane] = request.model
        cards = {lane: describe_or_guess(models[lane], self.describe) for lane in run.lanes}
        return LiveRun(cell, (request,), cards, lane_labels(cards), run.values, carried, run.repeat)

    def _enqueue(
        self, cells: list[CellId], goes_on: GoesOn | None = None, anew: bool = False
    ) -> None:
        known = {cell.id: cell for cell in self.document.prompts}
        busy = {queued.cell for queued in self.queue}
        if self.live is not None:
            busy.add(self.live.cell)
        for cell in dict.fromkeys(cells):
            if cell not in known or cell in busy:
                continue
            try:
                one = Batch((), (Planned(),)) if goes_on is not None else None
                batch = one or self.batch(known[cell], anew)
                count = len(batch.left)
                self.limits.check_runs(count, len(known[cell].runs))
            except BadRequest as exc:
                self.notice = said(exc)
                continue
            self._trust_tests_of(known[cell])
            self.row.many_of_a_cell |= count > 1
            self.queue += [Queued(cell, each, batch.seeds, goes_on) for each in batch.left]
            # One run of a batch says little of the others: those that it has done say more.
            expected = [took_s(known[cell].run)] * count
            if is_batch(known[cell]):
                expected[1:] = [None] * (count - 1)
            self.row.waiting_s += expected

    def _going(self, cell: CellId) -> None:
        self.stop(cell)


def _going_on(intent: RunIntent) -> GoesOn | None:
    if intent.get("action") != "continue":
        return None
    tokens = typed_value(FIELD_BY_NAME["max_new_tokens"], intent.get("tokens"))
    return GoesOn(RunId(str(intent.get("run"))), intent["lane"], tokens)
