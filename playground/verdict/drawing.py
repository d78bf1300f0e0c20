"""A verdict as one picture that stands alone: SVG, light or dark as its reader's system is.

Right answers with their intervals, tokens and wait with their ratios. On a card of its own ground,
so that it is readable wherever it is put. Written by hand, because no plotting library's picture
follows the reader's colours. Knows verdicts; does not know where the picture is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from textwrap import wrap
from xml.sax.saxutils import escape

from playground.results import wording
from playground.verdict import numerals
from playground.verdict.spread import Ratio, Spread
from playground.verdict.value import LaneVerdict, Verdict
from playground.verdict.words import name, verdict_words
from playground.words import say, whole

WIDTH = 760
LABEL_AT, BAR_AT, BAR_END, VALUE_AT = 24, 168, 560, 576
ROW, BAR, LINE = 26, 12, 20
LINE_LETTERS = 100
LONGEST_LABEL = 18
STYLE = """
  text { font: 14px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; fill: #1b1f27 }
  .quiet { fill: #5b6270; font-size: 12.5px } .head { font-weight: 600 }
  .card { fill: #ffffff; stroke: #d5d9e0 } .track { fill: #eef0f4 }
  .left { fill: #0b7d62 } .right { fill: #6741d9 } .whisker { stroke: #1b1f27; stroke-width: 1.5 }
  .halo { stroke: #ffffff; stroke-width: 4 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e8eaf0 } .quiet { fill: #a6adba }
    .card { fill: #14171d; stroke: #343a46 } .track { fill: #252a34 }
    .left { fill: #3cc9a4 } .right { fill: #ab98ff } .whisker { stroke: #e8eaf0 }
    .halo { stroke: #14171d }
  }
"""


def picture(verdict: Verdict) -> str:
    """The verdict as an SVG document."""
    drawing = _Drawing()
    # What belongs together stays on one line.
    kept = re.sub(r" (?=[%<=])|(?<=[<=]) ", "\u00a0", verdict_words(verdict))
    for line in wrap(kept, LINE_LETTERS):
        drawing.text(LABEL_AT, line)
        drawing.down(LINE)
    lanes = verdict.lanes
    if any(lane.right is not None for lane in lanes):
        drawing.head(say("right answers"), _gain(verdict))
        for lane in lanes:
            _right(drawing, lane)
    paired = verdict.paired
    tokens = None if paired is None else paired.tokens
    _amounts(drawing, say("tokens a run"), [(lane, lane.tokens) for lane in lanes], tokens)
    _waits(drawing, lanes, None if paired is None else paired.first_answer_s)
    return drawing.whole(verdict_words(verdict))


class _Drawing:
    """Collects marks from the top down."""

    def __init__(self) -> None:
        self._marks: list[str] = []
        self.y = 38

    def down(self, by: int) -> None:
        self.y += by

    def text(self, x: float, words: str, kind: str = "", anchor: str = "start") -> None:
        said = escape(words)
        self._marks.append(
            f'<text x="{x:g}" y="{self.y}" class="{kind}" text-anchor="{anchor}">{said}</text>'
        )

    def head(self, words: str, ratio: str) -> None:
        """A heading, what it comes to at its right."""
        self.down(20)
        self.text(LABEL_AT, words, "head")
        self.text(VALUE_AT, ratio, "head")
        self.down(ROW)

    def row(self, lane: LaneVerdict, share: float, value: str) -> None:
        """A lane's bar, as long as its share of the whole, and its value."""
        label = name(lane.label)
        short = label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…"
        self.text(LABEL_AT, short)
        self._bar("track", 1.0)
        self._bar(lane.lane, share)
        self.text(VALUE_AT, value)

    def whisker(self, low: float, high: float) -> None:
        """An interval on the last bar."""
        start, end, middle = _x(low), _x(high), self.y - 5
        ends = f"M{start:.1f} {middle - 5}v10M{end:.1f} {middle - 5}v10"
        path = f'd="M{start:.1f} {middle}H{end:.1f}{ends}"'
        self._marks.append(f'<path class="halo" {path}/><path class="whisker" {path}/>')

    def _bar(self, kind: str, share: float) -> None:
        width = max(2.0, _x(share) - BAR_AT)
        at = f'x="{BAR_AT}" y="{self.y - 11}" width="{width:.1f}" height="{BAR}" rx="2"'
        self._marks.append(f'<rect class="{kind}" {at}/>')

    def whole(self, title: str) -> str:
        height = self.y + 4
        card = (
            f'<rect class="card" x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1}" rx="8"/>'
        )
        head = f'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}"'
        size = f'width="{WIDTH}" height="{height}" role="img"'
        parts = [
            f"<svg {head} {size}>",
            f"<title>{escape(title)}</title>",
            f"<style>{STYLE}</style>",
        ]
        return "\n".join([*parts, card, *self._marks, "</svg>", ""])


def _x(share: float) -> float:
    return BAR_AT + (BAR_END - BAR_AT) * share


def _gain(verdict: Verdict) -> str:
    difference = None if verdict.paired is None else verdict.paired.difference
    if difference is None or difference.interval is None:
        return ""
    return say(
        "{points} points ({interval})",
        points=numerals.points(difference.value),
        interval=numerals.points_interval(difference.interval),
    )


def _right(drawing: _Drawing, lane: LaneVerdict) -> None:
    if lane.right is None:
        return
    drawing.row(lane, lane.right.value, numerals.share(lane.right))
    if lane.right.interval is not None:
        drawing.whisker(lane.right.interval.low, lane.right.interval.high)
    drawing.down(ROW)


def _amounts(
    drawing: _Drawing,
    head: str,
    lanes: list[tuple[LaneVerdict, Spread | None]],
    ratio: Ratio | None,
    seconds: bool = False,
) -> None:
    known = [(lane, spread.median) for lane, spread in lanes if spread is not None]
    if not known:
        return
    most = max(median for _, median in known) or 1.0
    times = numerals.times(ratio)
    drawing.head(head, f"{times}×" if times else "")
    for lane, median in known:
        told = wording.seconds(median) if seconds else numerals.thousands(whole(median))
        drawing.row(lane, median / most, told)
        drawing.down(ROW)


def _waits(drawing: _Drawing, lanes: Iterable[LaneVerdict], ratio: Ratio | None) -> None:
    waits = [(lane, lane.first_answer_s) for lane in lanes]
    _amounts(drawing, say("time to the first word of the answer"), waits, ratio, seconds=True)
