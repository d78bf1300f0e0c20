"""What the page sends up to Python, and what it asks beside events. Types, and the way in.

Intents go up as Gradio events of the notebook component (data arrives as `gr.EventData`):
    intent  ChangeIntent    the document is to change ("change" is an event of gr.HTML itself)
    run     RunIntent       cells are to run, or lanes to run again
    opened  {}              another notebook is here: draw all of the page, sidebar and table too
    verdict {cell}          show the verdict on a cell; "" is all of the notebook
    weigh   {}              the verdict is open, and what it rests on may have changed
Questions that need no queue are server functions of the component, each taking and returning one
JSON object; `session` is the secret from `NotebookView`:
    stop     {session, cell, lane | null}       → {}
    news     {session}                          → {revision}            a file tells of no event
    close    {session, cell, lane}              → {closing}             the thought, to answer now
    fetch    {session, keys: [LaneKey]}         → {lanes: {LaneKey: LaneView}}
    trace    {session, key: LaneKey}            → {text}
    compare  {session, run}                     → Compared              in `reading`
    outline  {session, key: LaneKey}            → {entries: [OutlineEntry]}   in `reading`
    count    {session, cell, prompt}            → TokenCount            live, in words
    view     {session}                          → NotebookView          when a tick tells of news
    exact    {session, cell}                    → {sections: [Section]} each lane's rendered prompt
    code     {session, cell}                    → {sections: [Section]} the cell as Python and curl
    link     {session, cell}                    → {fragment, note}      for the address, after "#"
    faults   {session, expected, repeats}       → {expected, repeats}   what is wrong with each
    search   {session, query}                   → {hits: [Hit], more}
    blind    {session, run}                     → {answers: [BlindAnswer]}    A, then B
    save     {session, format, reveals}         → {name, mime, text, note}    a file to download,
                                                  or {asked}: a file would reveal blind runs
    open     {session, name, text}              → {}                    then trigger `opened`
    snapshot {session}                          → Snapshot              what a browser keeps
    runs     {session, runs: [run]}             → {runs: {run: JSON}}   ended runs, whole
    texts    {session, texts: [digest]}         → {texts: {digest: text}}   attached ones
    draft    {session, run, have: {lane: lengths}} → Draft   the run that is going on
    restore  {session, structure, before, added, runs, texts, draft, models} → {}  then `opened`
    attach   {session, cell, name, data}        → {name}                a file's bytes in base64
    attached {session, cell, attachment}        → {name, text}          a document as it was read
Each answers {error: message} when it cannot; `gone: true` where this server has no such notebook.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from playground.domain.errors import BadRequest
from playground.domain.expected import ExpectedKind
from playground.domain.request import Lane

# What carrying out an intent that no page would send ends in: keys missing, values of other types.
MALFORMED = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


class OwnSettings(TypedDict, total=False):
    """What a cell sets itself; a key that is missing leaves the notebook's. Values are as typed.

    `variables` are by name, each a list of values (one run each).
    """

    system: str
    schedule: str
    models: dict[Lane, str]
    sampling: dict[Lane, dict[str, Any]]
    keep_thinking: dict[Lane, bool]
    variables: dict[str, list[str]]


class ExpectedForm(TypedDict):
    """An expected answer as typed; `value` has one a line where several are right, and is empty
    where nothing is expected."""

    kind: ExpectedKind
    value: str
    tolerance: str


class ChangeIntent(TypedDict, total=False):
    """`dirty` holds typed text that Python does not know yet, by cell id; it is always applied.

    add: a cell of `kind` after `cell` (at the end without one; at the start with ""), with text
    `text`. delete, duplicate: `cell`. move: `by` -1 or 1. convert: `cell` to `kind`.
    show: run number `shown` of the cell. fold: `cell`, `folded`. retitle: `title`.
    advise: put the sentence named `advice` behind the cell's prompt, unless it is there.
    list: a new cell of the problems in the table `text`, after the cell `after`; with `cell`, these
    for it. budgets: the `budgets` of `cell`, as typed.
    configure: the cell's `continues` and `own`. judge: its `expected` answer and how many
    `repeats`; what is left out stays. detach: `attachment` from `cell`. edit: nothing but
    `dirty`. undo, redo.
    blind: `on`, whether runs from now on are. vote: on the blind run `run` of the cell, `choice`
    and `reason`; without a choice it is revealed.
    new: an empty notebook; back: the one before. link: what stood after "#" as `fragment`,
    or after "?" as `query`.
    """

    action: Literal[
        "add",
        "advise",
        "back",
        "budgets",
        "blind",
        "clear_notice",
        "configure",
        "convert",
        "delete",
        "detach",
        "duplicate",
        "edit",
        "fold",
        "judge",
        "link",
        "list",
        "move",
        "new",
        "redo",
        "retitle",
        "show",
        "undo",
        "vote",
    ]
    cell: str
    after: str
    budgets: str
    advice: str
    kind: Literal["prompt", "note"]
    text: str
    by: int
    shown: int
    folded: bool
    title: str
    continues: bool
    own: OwnSettings
    expected: ExpectedForm | None
    repeats: Any
    on: bool
    run: str
    choice: Literal["", "a", "b", "tie", "both_bad"]
    reason: str
    fragment: str
    attachment: str
    query: str
    dirty: dict[str, str]


class RunIntent(TypedDict, total=False):
    """`cells` to run in order; `action` and `lane` when it came from an outcome's button.

    continue: the lane of the cell's run `run` goes on, with at most `tokens` more; anew: all of a
    batch is asked again, where running it would go on with what is left.
    `repeats` is first set on the cells: so often each is asked.
    `advance` is Shift+Enter: go to the next cell, making one after the last.
    """

    cells: list[str]
    action: Literal["run", "again", "continue", "penalty", "raise_limit", "anew"]
    lane: Lane
    run: str
    tokens: Any
    repeats: Any
    advance: bool
    dirty: dict[str, str]


class Section(TypedDict):
    """A piece of plain text under a title, to read and to copy; `note` says more in words."""

    title: str
    text: str
    note: str


class Hit(TypedDict):
    """One place where a search found its words; `run` and `lane` are "" in a cell's own text.

    `where` says the cell's place and the run's number, `place` the part, in the visitor's language.
    """

    cell: str
    run: str
    lane: str
    part: Literal["text", "attached", "answer", "thinking"]
    where: str
    place: str
    before: str
    match: str
    after: str


class Snapshot(TypedDict):
    """The notebook without its results: `structure` is JSON for `restore`, `runs` their ids,
    `texts` the digests of what is attached.

    `before` is the structure of the notebook before this one; its runs are among `runs`. A page
    gives back with them, as `added`, cells that came after: {id, kind, text, after}.
    `models` are those that the app was started with; `revision` that of the notebook.
    """

    revision: int
    structure: dict[str, Any]
    before: dict[str, Any] | None
    runs: list[str]
    texts: list[str]
    models: dict[Lane, str]


class TokenCount(TypedDict):
    """How long a prompt is with all that belongs to it, against the context; `tone` is error when
    it does not fit. `attached` has each attachment's length by its id."""

    text: str
    tone: Literal["plain", "error"]
    attached: dict[str, str]


class Tail(TypedDict):
    """The end of a growing text, from `offset` on."""

    offset: int
    text: str


class DraftLane(TypedDict):
    """A lane that runs: its Result's JSON with empty texts, and the texts from `have` on."""

    result: dict[str, Any]
    thinking: Tail
    answer: Tail


class Draft(TypedDict):
    """The run that is going on; `run` is "" when none is. `repeat` is left out for the first,
    `sides` where it is not blind."""

    run: str
    cell: str
    values: dict[str, str]
    repeat: NotRequired[int]
    sides: NotRequired[list[Lane]]
    lanes: dict[Lane, DraftLane]


def as_intent(data: Any) -> Any:
    """The data of an event, if it can be an intent. Raises BadRequest."""
    if not isinstance(data, dict):
        raise BadRequest("This event brought no object. Reload the page.")
    return data


def said_of(exc: Exception) -> str:
    """A malformed intent in words; the details would help nobody but who wrote it by hand."""
    return f"This event could not be carried out ({type(exc).__name__}). Reload the page."
