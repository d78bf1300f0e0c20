"""What travels between Python and the page, as JSON shapes. Types only, no logic.

Two values go down. `Notebook.value` is a `NotebookView`: structure, and ended runs by reference
(a `LaneKey`); it changes when an intent changed the document. `Stream.value` is a `StreamView`,
about ten times a second while something runs: an offset and the last two seconds of text of each
lane. The page appends what it lacks; an offset beyond what it has is a gap, and it fetches the
lane whole.

What goes up, and what is asked beside events, is in `intents`; judgements are in `wire_judging`.

All text is text: only members named `blocks` hold HTML, made by `playground.rendering` with raw
HTML off. Offsets are in UTF-16 units, a browser's.
"""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from playground.domain.request import Lane
from playground.ui.blind_wire import BlindState, VoteView
from playground.ui.intents import ExpectedForm, OwnSettings, Tail
from playground.ui.list_wire import ListView
from playground.ui.wire_forms import Advice, FieldForm
from playground.ui.wire_judging import Badge, RepeatsView

LaneKey = str
"""RUN_ID/LANE, for instance 7c0ffee.../left."""

Tone = Literal["plain", "live", "good", "warn", "error"]


class Number(TypedDict):
    """One figure of the strip under an answer, ready to show: "first token" "0.08 s" ""."""

    label: str
    value: str
    unit: str
    help: str


class Segment(TypedDict):
    """A piece of a lane's bar on the time axis, in seconds from the lane's own start."""

    kind: Literal["earlier", "prompt", "thinking", "answer"]
    start_s: float
    end_s: float


class Bar(TypedDict):
    """One lane on the timeline; `total` is the time of all segments, `own` of the last alone."""

    lane: Lane
    label: str
    segments: list[Segment]
    total: str
    own: str


class AxisMark(TypedDict):
    """A labelled point of the time axis."""

    at_s: float
    label: str


class Timeline(TypedDict):
    """Both lanes on one time axis, and the sentence that says it in words (empty while unknown).

    `sentence` is split into pieces; those at odd positions are to be set in bold.
    """

    span_s: float
    marks: list[AxisMark]
    bars: list[Bar]
    sentence: list[str]


class Action(TypedDict):
    """A button inside an outcome box; pressing it sends a RunIntent with this `action`.

    `tokens` stands in a field beside it: how many more, to be changed before it is pressed.
    """

    action: Literal["again", "continue", "penalty", "raise_limit"]
    label: str
    tokens: NotRequired[int]


class Outcome(TypedDict):
    """An ending that the reader must not overlook: no answer, cut off, stopped, failed."""

    tone: Tone
    title: str
    text: str
    actions: list[Action]


class LoadView(TypedDict):
    """A download that goes on: how much is done, 0 to 1, and its bytes, pace and time left."""

    share: float
    words: str


class Continued(TypedDict):
    """Where a continued lane's own segment begins: an offset in its trace, or in which block of the
    answer; -1 where it is not."""

    thinking: int
    block: int


class LaneHead(TypedDict):
    """What live and ended lanes have in common.

    `state` is the short status at the right of the head ("done", "thinking… 12 s · 561 tokens");
    `summary` is the trace's summary line, empty when there is no trace; `running` shows a stop.
    `closes_thought`: the thought can be closed now. `alarm` says that the text repeats itself, ""
    while it does not.
    """

    key: LaneKey
    lane: Lane
    label: str
    model: str
    state: str
    tone: Tone
    running: bool
    thinks: bool
    summary: str
    thinking_length: int
    numbers: list[Number]
    outcome: Outcome | None
    loading: LoadView | None
    notices: list[str]
    closes_thought: bool
    alarm: str
    continued: Continued | None


class LaneView(LaneHead):
    """An ended (or not live) lane, whole but for its trace, which `trace` brings."""

    blocks: list[str]
    answer: str


class AnswerTail(TypedDict):
    """Finished blocks of the answer as HTML from block number `index` on, then `open` as text."""

    index: int
    blocks: list[str]
    open: str


class LiveLane(LaneHead):
    """A running lane: heads and numbers whole, texts by their ends."""

    thinking: Tail
    answer: AnswerTail


class News(TypedDict):
    """A tick that tells of a new revision and of no running cell; the page asks for the view.

    The notebook itself is no output of the streaming event: Gradio would copy it at every tick.
    """

    tick: int
    cell: Literal[""]
    revision: int


class StreamView(TypedDict):
    """One tick of a running cell. `spoken` is a short status for the live region, "" if no news.

    A `revision` newer than the page's makes it ask for the view. `lanes` are those that run: one
    alone after /think or /no_think. `progress` is for a row of cells ("cell 3 of 12, right lane,
    about 4 min left"), else ""; `remaining` its end alone.
    """

    revision: int
    tick: int
    cell: str
    run: str
    lanes: dict[Lane, LiveLane]
    timeline: Timeline
    title: str
    spoken: str
    progress: str
    remaining: str


class RunView(TypedDict):
    """One run of a cell, ended results by reference; `lanes` are those that ran.

    `values` says what the prompt's variables were, `differs` why this run is not the one before
    ("" where nothing was asked differently, or it is the first). `grades` are there where an answer
    is expected, `agreement` where both lanes ended.
    """

    run: str
    lanes: dict[Lane, LaneKey]
    timeline: Timeline
    values: str
    differs: str
    grades: dict[Lane, Badge]
    agreement: Badge | None
    vote: VoteView | None


class PlainCellView(TypedDict):
    """A note, or another program's cell (which is shown as text and cannot be edited)."""

    kind: Literal["note", "foreign"]
    id: str
    text: str
    blocks: list[str]
    folded: bool


class AttachmentView(TypedDict):
    """A document beside a prompt; `size` is in words. Its text comes when it is looked at."""

    id: str
    name: str
    size: str


class CellView(TypedDict):
    """A prompt cell. `number` is its execution count ("" when never run); `run` is the shown one.

    `shown` counts from 0 to `runs` - 1. `stale` says why the shown run is not what running now
    would do, "" if it is. `own` is what the cell sets itself, `chips` the same in words; `names`
    are the variables in its prompt that no problem fills. `expected` is the answer that it expects,
    as its form shows it, `repeats` how often it is asked, `together` what its repeats say. `list`
    is there where the cell has problems: its runs are rows then, and `run` is null. `budgets` are
    as typed.
    """

    kind: Literal["prompt"]
    id: str
    text: str
    folded: bool
    continues: bool
    own: OwnSettings
    chips: list[str]
    attachments: list[AttachmentView]
    names: list[str]
    number: str
    state: Literal["idle", "queued", "running"]
    shown: int
    runs: int
    stale: str
    run: RunView | None
    expected: ExpectedForm | None
    repeats: int
    together: RepeatsView | None
    list: ListView | None
    budgets: str


class NotebookView(TypedDict):
    """The document as the page needs it. `lanes` names the two columns before anything has run.

    `undo` and `redo` are labels of what can be undone and done again ("" if nothing), `notice` a
    message to show once (with the revision it came at), `back` whether the notebook that was
    open before can be had back. `title` is the browser tab's, `name` the notebook's own.
    `file` is the file that this notebook is kept in by the server, "" where the browser keeps it;
    it is `saved` unless its disk or another program's edit is in the way.
    `fields` and `models` are for the cells' own settings: the notebook's values and what may be
    chosen. `asks` is another one whenever what goes before every prompt is. `tests_python`: answers
    may be tested here.
    """

    session: str
    revision: int
    cells: list[CellView | PlainCellView]
    lanes: dict[Lane, str]
    examples: list[str]
    undo: str
    redo: str
    back: bool
    title: str
    name: str
    notice: str
    focus: str
    file: str
    saved: bool
    fields: list[FieldForm]
    advice: list[Advice]
    models: dict[Lane, str]
    asks: str
    tests_python: bool
    blind: BlindState
