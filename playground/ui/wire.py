"""What travels between Python and the page, as JSON shapes. Types only, no logic.

Two values go down. `Notebook.value` is a `NotebookView`: structure, and ended runs by reference
(a `LaneKey`); it changes when an intent changed the document. `Stream.value` is a `StreamView`,
about ten times a second while something runs: an offset and the last two seconds of text of each
lane. The page appends what it lacks; an offset beyond what it has is a gap, and it fetches the
lane whole.

Intents go up as Gradio events of the notebook component (data arrives as `gr.EventData`):
    intent  ChangeIntent    the document is to change ("change" is an event of gr.HTML itself)
    run     RunIntent       cells are to run, or lanes to run again
Questions that need no queue are server functions of the component, each taking and returning one
JSON object; `session` is the secret from `NotebookView`:
    stop   {session, cell, lane | null}         → {}
    fetch  {session, keys: [LaneKey]}           → {lanes: {LaneKey: LaneView}}
    trace  {session, key: LaneKey}              → {text}
    count  {session, prompt}                    → {text, tone}          live token count in words
    view   {session}                            → NotebookView          when a tick tells of news
Each answers {error: message} when it cannot.

All text is text: only members named `blocks` hold HTML, made by `playground.ui.markdown` with raw
HTML off. Offsets are in UTF-16 units, a browser's.
"""

from __future__ import annotations

from typing import Literal, TypedDict

from playground.domain.request import Lane

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

    kind: Literal["prompt", "thinking", "answer"]
    start_s: float
    end_s: float


class Bar(TypedDict):
    """One lane on the timeline."""

    lane: Lane
    label: str
    segments: list[Segment]
    total: str


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
    """A button inside an outcome box; pressing it sends a RunIntent with this `action`."""

    action: Literal["again", "raise_limit"]
    label: str


class Outcome(TypedDict):
    """An ending that the reader must not overlook: no answer, cut off, stopped, failed."""

    tone: Tone
    title: str
    text: str
    actions: list[Action]


class LaneHead(TypedDict):
    """What live and ended lanes have in common.

    `state` is the short status at the right of the head ("done", "thinking… 12 s · 561 tokens");
    `summary` is the trace's summary line, empty when there is no trace; `running` shows a stop.
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
    notices: list[str]


class LaneView(LaneHead):
    """An ended (or not live) lane, whole but for its trace, which `trace` brings."""

    blocks: list[str]
    answer: str


class Tail(TypedDict):
    """The end of a growing text, from `offset` on."""

    offset: int
    text: str


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

    A `revision` newer than the page's makes it ask for the view.
    """

    revision: int
    tick: int
    cell: str
    run: str
    lanes: dict[Lane, LiveLane]
    timeline: Timeline
    title: str
    spoken: str


class RunView(TypedDict):
    """One run of a cell, ended results by reference."""

    run: str
    lanes: dict[Lane, LaneKey]
    timeline: Timeline


class CellView(TypedDict):
    """A prompt cell. `number` is its execution count ("" when never run); `run` is the shown one.

    `shown` counts from 0 to `runs` - 1. `stale` says why the shown run is not what running now
    would do, "" if it is.
    """

    id: str
    prompt: str
    number: str
    state: Literal["idle", "queued", "running"]
    shown: int
    runs: int
    stale: str
    run: RunView | None


class NotebookView(TypedDict):
    """The document as the page needs it. `lanes` names the two columns before anything has run.

    `undo` is the label of what can be undone ("" if nothing), `notice` a message to show once
    (with the revision it came at), `title` the browser tab's.
    """

    session: str
    revision: int
    cells: list[CellView]
    lanes: dict[Lane, str]
    examples: list[str]
    undo: str
    title: str
    notice: str
    focus: str


class ChangeIntent(TypedDict, total=False):
    """`dirty` holds typed text that Python does not know yet, by cell id; it is always applied.

    add: a cell after `cell` (at the end without one), with text `prompt`. move: `by` -1 or 1.
    show: run number `shown` of the cell. edit: nothing but `dirty`.
    """

    action: Literal["add", "delete", "undo", "move", "duplicate", "show", "edit", "clear_notice"]
    cell: str
    prompt: str
    by: int
    shown: int
    dirty: dict[str, str]


class RunIntent(TypedDict, total=False):
    """`cells` to run in order; `action` and `lane` when it came from an outcome's button.

    `advance` is Shift+Enter: go to the next cell, making one after the last.
    """

    cells: list[str]
    action: Literal["run", "again", "raise_limit"]
    lane: Lane
    advance: bool
    dirty: dict[str, str]
