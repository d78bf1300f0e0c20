"""A cell's run while it lasts: folds the lanes' events and shows them about ten times a second.

Knows no Gradio and no thread; whoever pumps the events calls it under the session's lock.
"""

from __future__ import annotations

from collections.abc import Mapping

from playground.domain.engine import ModelCard, StopReason
from playground.domain.events import Event
from playground.domain.request import LANES, Lane, Request, RunId
from playground.notebook.document import CellId
from playground.results.fold import Fold
from playground.results.value import Phase, Result
from playground.ui.markdown import GrowingMarkdown
from playground.ui.present import lane_head
from playground.ui.timeline import timeline
from playground.ui.wire import AnswerTail, LaneView, LiveLane, StreamView, Tail

OVERLAP_S = 2.0


class _Answer:
    """A lane's answer as it is rendered block by block."""

    def __init__(self) -> None:
        self.markdown = GrowingMarkdown()
        self._pieces = 0
        self._block_at_s: list[float] = []

    def take(self, fold: Fold, now_s: float) -> None:
        self._pieces, text = fold.text["answer"].after_piece(self._pieces)
        if text:
            self.markdown.append(text)
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
    ) -> None:
        self.cell = cell
        self.requests = requests
        self.cards = cards
        self.labels = labels
        self.folds: dict[Lane, Fold] = {request.lane: Fold(request) for request in requests}
        self._answers = {lane: _Answer() for lane in self.folds}
        self.stops: list[tuple[Lane | None, StopReason]] = []
        self._tick = 0
        self._spoken: dict[Lane, Phase] = {}

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
        return tuple(self.folds[lane].result() for lane in LANES)

    def view(self, now_s: float, progress: str, revision: int) -> StreamView:
        """The next tick; `progress` is "2/3" in a row of cells, else empty."""
        self._tick += 1
        results = {lane: fold.result() for lane, fold in self.folds.items()}
        elapsed = self._elapsed(now_s)
        lanes = {lane: self._live_lane(lane, results[lane], now_s) for lane in LANES}
        return StreamView(
            tick=self._tick,
            revision=revision,
            cell=self.cell,
            run=self.id,
            lanes=lanes,
            timeline=timeline(results, self.labels, elapsed),
            title=self._title(results, progress),
            spoken=self._news(results),
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

    def _elapsed(self, now_s: float) -> dict[Lane, float]:
        return {
            lane: now_s - fold.started.at_s
            for lane, fold in self.folds.items()
            if fold.started is not None and fold.phase != "ended"
        }

    def _title(self, results: Mapping[Lane, Result], progress: str) -> str:
        where = f"▶ {progress} " if progress else "▶ "
        busy = [
            f"{self.labels[lane]} {results[lane].phase}"
            for lane in LANES
            if results[lane].phase not in ("ended", "waiting")
        ]
        return where + (busy[0] if busy else "waiting")

    def _news(self, results: Mapping[Lane, Result]) -> str:
        """What changed since it was last said, for a screen reader."""
        news = []
        for lane in LANES:
            phase = results[lane].phase
            if self._spoken.get(lane) != phase and phase in ("thinking", "answering", "ended"):
                self._spoken[lane] = phase
                news.append(f"{self.labels[lane]}: {phase}.")
        return " ".join(news)
