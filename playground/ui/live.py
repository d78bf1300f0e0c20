"""A cell's run while it lasts: folds the lanes' events and shows them about ten times a second.

Knows no Gradio and no thread; whoever pumps the events calls it under the session's lock.
"""

from __future__ import annotations

from collections.abc import Mapping

from playground.domain.engine import ModelCard, StopReason
from playground.domain.errors import BadRequest
from playground.domain.events import Event, Failed
from playground.domain.request import LANES, Lane, Request, RunId
from playground.notebook.blind import sides_to_vote_on
from playground.notebook.changes import AddRun
from playground.notebook.document import CellId, Run
from playground.notebook.variables import Values
from playground.rendering.markdown import GrowingMarkdown
from playground.results.fold import Fold
from playground.results.value import Phase, Result
from playground.ui.intents import Tail
from playground.ui.present import alarm, block_count, lane_head
from playground.ui.row import Row
from playground.ui.timeline import timeline
from playground.ui.wire import AnswerTail, LaneView, LiveLane, StreamView
from playground.words import say

OVERLAP_S = 2.0


class _Answer:
    """A lane's answer as it is rendered block by block."""

    def __init__(self) -> None:
        self.markdown = GrowingMarkdown()
        self._pieces = 0
        self._block_at_s: list[float] = []

    def take(self, fold: Fold, now_s: float) -> None:
        """What the fold has more; all of it is finished once the lane has ended."""
        self._pieces, text = fold.text["answer"].after_piece(self._pieces)
        if text:
            self.markdown.append(text)
        if fold.phase == "ended" and self.markdown.open:
            self.markdown.finish()
        while len(self._block_at_s) < len(self.markdown.blocks):
            self._block_at_s.append(now_s)

    def tail(self, since_s: float) -> AnswerTail:
        index = len(self._block_at_s)
        while index and self._block_at_s[index - 1] >= since_s:
            index -= 1
        return AnswerTail(index=index, blocks=self.markdown.blocks[index:], open=self.markdown.open)


class LiveRun:
    """One run of one cell in progress."""

    def __init__(
        self,
        cell: CellId,
        requests: tuple[Request, ...],
        cards: Mapping[Lane, ModelCard],
        labels: Mapping[Lane, str],
        values: Values = (),
        carried: tuple[Result, ...] = (),
        repeat: int = 0,
        sides: tuple[Lane, ...] = (),
    ) -> None:
        """`carried` are the ended results of lanes that do not run, beside one that goes on;
        `sides` those of a blind run, of which nothing is shown."""
        self.sides = sides
        self.cell = cell
        self.requests = requests
        self.values = values
        self.repeat = repeat
        self.blocked: set[Lane] = set()
        self.cards = cards
        self.labels = labels
        self.folds: dict[Lane, Fold] = {request.lane: Fold(request) for request in requests}
        self.carried = {result.request.lane: result for result in carried}
        self._answers = {lane: _Answer() for lane in self.folds}
        self.stops: list[tuple[Lane | None, StopReason]] = []
        self._tick = 0
        self._spoken: dict[Lane, Phase] = dict.fromkeys(self.carried, "ended")
        self._alarmed: set[Lane] = set()

    @property
    def id(self) -> RunId:
        return self.requests[0].id

    def apply(self, lane: Lane, event: Event) -> None:
        self.folds[lane].apply(event)

    def interrupt(self) -> None:
        """End what has not ended; its events will not come any more."""
        for fold in self.folds.values():
            fold.interrupt()

    def results(self) -> tuple[Result, ...]:
        return tuple(self._results().values())

    def _results(self) -> dict[Lane, Result]:
        """All lanes' results so far, left before right."""
        found = {**self.carried, **{lane: fold.result() for lane, fold in self.folds.items()}}
        return {lane: found[lane] for lane in LANES if lane in found}

    def added(self) -> AddRun:
        """The change that keeps the ended run."""
        results = self.results()
        sides = sides_to_vote_on(self.sides, results)
        return AddRun(self.cell, self.id, results, self.values, self.repeat, sides)

    def kept(self) -> Run:
        """What there is so far, as a run."""
        results = self.results()
        sides = sides_to_vote_on(self.sides, results)
        return Run(self.id, 1, results, self.values, self.repeat, sides=sides)

    @property
    def running(self) -> tuple[Request, ...]:
        """The requests of the lanes that can run."""
        return tuple(request for request in self.requests if request.lane not in self.blocked)

    def block(self, lane: Lane, reason: str, now_s: float) -> None:
        """This lane cannot run: it has failed before it began."""
        self.blocked.add(lane)
        self.folds[lane].apply(Failed.of(BadRequest(reason), now_s))

    def can_close_thought(self, lane: Lane) -> bool:
        """Whether this lane thinks now, on an engine that can be asked."""
        fold = self.folds.get(lane)
        return (
            fold is not None
            and fold.phase == "thinking"
            and "close_thought" in self.cards[lane].abilities
        )

    def busy_lane(self) -> Lane | None:
        """The lane that is at work; null between lanes."""
        for lane, fold in self.folds.items():
            if fold.phase not in ("ended", "waiting"):
                return lane
        return None

    def view(self, now_s: float, row: Row, progress: str, revision: int) -> StreamView:
        """The next tick; `row` is the row of runs that it stands in, `progress` that in words."""
        self._tick += 1
        if self.sides:
            return self._blind_view(progress, revision)
        results = self._results()
        elapsed = self._elapsed(now_s)
        lanes = {lane: self._live_lane(lane, result, now_s) for lane, result in results.items()}
        return StreamView(
            tick=self._tick,
            revision=revision,
            cell=self.cell,
            run=self.id,
            lanes=lanes,
            timeline=timeline(results, self.labels, elapsed),
            title=self._title(results, row),
            spoken=self._news(results),
            progress=progress,
            remaining=row.left_words(now_s),
        )

    def _blind_view(self, progress: str, revision: int) -> StreamView:
        """A tick that is the same whatever the lanes do."""
        news = say("Both answers are being written.") if self._tick == 1 else ""
        return StreamView(
            tick=self._tick,
            revision=revision,
            cell=self.cell,
            run=self.id,
            lanes={},
            timeline=timeline({}, {}, {}),
            title=f"▶ {say('blind run')}",
            spoken=news,
            progress=progress,
            remaining="",
        )

    def lane_view(self, lane: Lane, now_s: float) -> LaneView:
        """A running lane whole, for a page that missed something."""
        fold, answer = self.folds[lane], self._answers[lane]
        answer.take(fold, now_s)
        result = fold.result()
        head = lane_head(
            result, self.cards[lane], self.labels[lane], fold, self._elapsed(now_s).get(lane)
        )
        return LaneView(**head, blocks=list(answer.markdown.blocks), answer=result.output.answer)

    def _live_lane(self, lane: Lane, result: Result, now_s: float) -> LiveLane:
        if lane in self.carried:
            return self._carried_lane(lane, result)
        fold, answer = self.folds[lane], self._answers[lane]
        answer.take(fold, now_s)
        offset, text = fold.text["thinking"].since(now_s - OVERLAP_S)
        head = lane_head(
            result, self.cards[lane], self.labels[lane], fold, self._elapsed(now_s).get(lane)
        )
        return LiveLane(
            **head,
            thinking=Tail(offset=offset, text=text),
            answer=answer.tail(now_s - OVERLAP_S),
        )

    def _carried_lane(self, lane: Lane, result: Result) -> LiveLane:
        """It has ended: the page has its texts, or fetches them as those of the earlier run."""
        head = lane_head(result, self.cards[lane], self.labels[lane], None, None)
        return LiveLane(
            **head,
            thinking=Tail(offset=head["thinking_length"], text=""),
            answer=AnswerTail(index=block_count(result.output.answer), blocks=[], open=""),
        )

    def _elapsed(self, now_s: float) -> dict[Lane, float]:
        return {
            lane: now_s - fold.started.at_s
            for lane, fold in self.folds.items()
            if fold.started is not None and fold.phase != "ended"
        }

    def _title(self, results: Mapping[Lane, Result], row: Row) -> str:
        where = f"▶ {row.place}/{row.planned} " if row.planned > 1 else "▶ "
        lane = self.busy_lane()
        busy = f"{self.labels[lane]} {say(results[lane].phase)}" if lane else say("waiting")
        return where + busy

    def _news(self, results: Mapping[Lane, Result]) -> str:
        """What changed since it was last said, for a screen reader."""
        news = []
        for lane, result in results.items():
            phase = result.phase
            if self._spoken.get(lane) != phase and phase in ("thinking", "answering", "ended"):
                self._spoken[lane] = phase
                news.append(f"{self.labels[lane]}: {say(phase)}.")
            fold = self.folds.get(lane)
            if fold is not None and fold.repetition and lane not in self._alarmed:
                self._alarmed.add(lane)
                news.append(f"{self.labels[lane]}: {alarm(fold)}")
        return " ".join(news)
