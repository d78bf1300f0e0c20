"""Random documents for property tests: grown by random changes, runs and undo, as a page does."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from playground.catalog import BUILTIN, PAIRS
from playground.domain.attachment import Attached, Attachment, with_attachments
from playground.domain.errors import ErrorValue
from playground.domain.events import Notice, Origin
from playground.domain.expected import Expected
from playground.domain.request import LANES, SCHEDULES, Lane, Message, Request, RunId
from playground.domain.sampling import Sampling
from playground.notebook.changes import (
    AddRun,
    Attach,
    CastVote,
    Change,
    Configure,
    DeleteCell,
    EditText,
    FoldCell,
    InsertCell,
    Judge,
    MoveCell,
    ReplaceCell,
    Retitle,
    ShowRun,
)
from playground.notebook.document import (
    VOTE_CHOICES,
    Cell,
    CellId,
    Document,
    ForeignCell,
    NoteCell,
    PromptCell,
    Vote,
)
from playground.notebook.history import History
from playground.notebook.problems import Problem
from playground.notebook.settings import SEED_MODES, Overrides, Settings
from playground.results.value import Numbers, Output, Result

# The same examples everywhere; no folder of its own, no clock.
hypothesis_settings.register_profile(
    "ours",
    database=None,
    deadline=None,
    derandomize=True,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
hypothesis_settings.load_profile("ours")

NASTY = ('"""', "\\", "'''", "\r\n", "\n", "{{x}}", "<script>", "|", "```", "\x00", "\u2028", '"')
TEXT = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.lists(st.sampled_from((*NASTY, "word ", "é")), max_size=6).map("".join),
)
SAID = TEXT.map(lambda text: text + "4")
MODELS = st.sampled_from([*BUILTIN, *(name for pair in PAIRS.values() for name in pair), "./own"])
SAMPLING = st.dictionaries(
    st.sampled_from(["temperature", "top_k", "max_new_tokens", "stop", "seed", "thinking_budget"]),
    st.one_of(
        st.none(),
        st.integers(-5, 2**53),
        st.floats(allow_nan=False, allow_infinity=False),
        TEXT,
        st.lists(TEXT, max_size=2).map(tuple),
    ),
    min_size=1,
    max_size=3,
)


def by_lane(values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[Lane, Any]]:
    return st.dictionaries(st.sampled_from(LANES), values, max_size=2)


SETTINGS = st.builds(
    Settings,
    models=st.fixed_dictionaries({lane: MODELS for lane in LANES}),
    sampling=by_lane(SAMPLING),
    schedule=st.sampled_from(SCHEDULES),
    seed_mode=st.sampled_from(SEED_MODES),
    seed=st.one_of(st.none(), st.integers(0, 99), TEXT),
    system=TEXT,
    keep_thinking=by_lane(st.booleans()),
)
OVERRIDES = st.builds(
    Overrides,
    system=st.none() | TEXT,
    schedule=st.none() | st.sampled_from(SCHEDULES),
    models=by_lane(MODELS),
    sampling=by_lane(SAMPLING),
    keep_thinking=by_lane(st.booleans()),
)
VARIABLES = st.dictionaries(
    st.sampled_from(["x", "language", "größe"]),
    st.lists(TEXT, min_size=1, max_size=2).map(tuple),
    max_size=2,
).map(lambda given: tuple(given.items()))
VALUES = st.dictionaries(st.sampled_from(["x", "größe"]), TEXT, max_size=1).map(
    lambda given: tuple(given.items())
)
ATTACHMENTS = st.lists(
    st.builds(
        Attachment,
        st.sampled_from(["a.txt", "b c.pdf"]),
        st.one_of(TEXT.filter(str.strip), st.just("long\n" * 300)),
    ),
    max_size=2,
).map(tuple)
EXPECTED = st.builds(
    Expected, st.sampled_from(["value", "exact", "pattern", "number"]), st.tuples(SAID)
) | st.builds(
    Expected,
    st.just("one_of"),
    st.lists(SAID, min_size=1, max_size=2).map(tuple),
    st.sampled_from([0.0, 0.5]),
)
PROBLEMS = st.lists(
    st.builds(
        Problem,
        st.dictionaries(
            st.sampled_from(["prompt", "x", "größe", "tags", "answer"]),
            TEXT,
            min_size=1,
            max_size=3,
        ).map(lambda given: tuple(given.items())),
        st.none() | EXPECTED,
        st.lists(st.sampled_from(["algebra", "a, b", "level 3"]), max_size=2, unique=True).map(
            tuple
        ),
    ),
    max_size=25,
).map(tuple)
BUDGETS = st.lists(st.none() | st.integers(0, 9000), max_size=3, unique=True).map(tuple)
VOTES = st.builds(Vote, st.sampled_from(VOTE_CHOICES), TEXT, st.booleans())
SECONDS = st.none() | st.floats(0, 1e6)


@st.composite
def results(draw: st.DrawFn, lane: Lane, run: RunId) -> Result:
    """One lane's ended result."""
    attachments = draw(ATTACHMENTS)
    earlier = with_attachments(draw(ATTACHMENTS), draw(TEXT))
    request = Request(
        id=run,
        created_at="2026-01-02T03:04:05.678+00:00",
        lane=lane,
        model=draw(MODELS),
        prompt=with_attachments(attachments, draw(TEXT)),
        attached=tuple(map(Attached.of, attachments)),
        system=draw(TEXT),
        history=(Message("user", earlier), Message("assistant", draw(TEXT), draw(TEXT))),
        sampling=Sampling(seed=draw(st.none() | st.integers(0, 9)), stop=(draw(TEXT),)),
        schedule=draw(st.sampled_from(SCHEDULES)),
    )
    error = draw(st.none() | TEXT)
    return Result(
        request=request,
        phase="ended",
        ending="end_of_turn" if error is None else "error",
        output=Output(draw(st.none() | TEXT), draw(TEXT)),
        numbers=Numbers(first_token_s=draw(SECONDS), total_s=draw(SECONDS), answer_tokens=3),
        origin=draw(st.none() | st.just(Origin("local", versions=(("torch", "2.9"),)))),
        notices=tuple(Notice("clamped", text) for text in draw(st.lists(TEXT, max_size=1))),
        server_numbers=draw(st.sampled_from([(), (("total_duration", 1.5),)])),
        error=None if error is None else ErrorValue("engine_failed", error),
    )


def written(data: Any) -> str:
    """JSON as the file's own writer has it."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True)


STREAM = {"output_type": "stream", "name": "stderr", "text": "Loading\n<3>"}
OUTPUT = {"output_type": "execute_result", "execution_count": 3, "metadata": {}, "data": {}}
OUTPUT["data"] = {"text/html": "<b>\n</b>", "application/json": {"a": [1]}}
PROMPT_EXTRA = st.fixed_dictionaries(
    {},
    optional={
        "metadata": st.fixed_dictionaries({"tags": st.just(["a"]), "other": st.text("ab\u2028")}),
        "outputs": st.lists(st.sampled_from([STREAM, OUTPUT]), min_size=1, max_size=2),
        "comments": st.lists(st.sampled_from(["# é", "#", '# """']), min_size=1, max_size=2),
    },
).map(lambda parts: written(parts) if parts else "")
NOTE_EXTRA = st.fixed_dictionaries(
    {},
    optional={
        "metadata": st.just({"collapsed": True, "deep": [{"x": [1.5, None]}]}),
        "attachments": st.just({"a.png": {"image/png": "aGVsbG8="}}),
    },
).map(lambda parts: written(parts) if parts else "")
NOTEBOOK_EXTRA = st.sampled_from(
    ["", "{}", written({"kernelspec": {"name": "ir", "display_name": "R"}, "own": {"x": [1]}})]
)


@st.composite
def foreign_cells(draw: st.DrawFn) -> ForeignCell:
    """A raw cell, or code that is no call of compare."""
    source = draw(st.sampled_from(["import os\n", "x = compare('a')", "%%time\n1"])) + draw(TEXT)
    cell_id = draw(IDS)
    raw: dict[str, Any] = {"cell_type": "raw", "id": cell_id, "metadata": {}, "source": source}
    if draw(st.booleans()):
        raw |= {"cell_type": "code", "execution_count": None, "outputs": []}
    return ForeignCell(cell_id, source, written(raw), draw(st.booleans()))


IDS = st.uuids(version=4).map(lambda drawn: CellId(drawn.hex[:12]))
CELLS: st.SearchStrategy[Cell] = st.one_of(
    st.builds(PromptCell, id=IDS, prompt=TEXT, extra=PROMPT_EXTRA, attachments=ATTACHMENTS),
    st.builds(NoteCell, id=IDS, text=TEXT, extra=NOTE_EXTRA),
    foreign_cells(),
)


@st.composite
def changes(draw: st.DrawFn, document: Document) -> Change:
    """A change that a page could ask for."""
    cell = draw(st.sampled_from(document.cells))
    prompts = document.prompts
    kinds = ["insert", "delete", "replace", "move", "fold", "retitle"]
    kinds += [] if isinstance(cell, ForeignCell) else ["edit"]
    kinds += ["configure", "judge", "attach", "run", "run", "show"] if prompts else []
    voted = [(cell.id, run.id) for cell in prompts for run in cell.runs]
    kinds += ["vote"] if voted else []
    kind = draw(st.sampled_from(kinds))
    prompt = draw(st.sampled_from(prompts)).id if prompts else cell.id
    match kind:
        case "insert":
            return InsertCell(draw(CELLS), draw(st.none() | st.integers(0, 5)))
        case "delete":
            return DeleteCell(cell.id)
        case "replace":
            return ReplaceCell(cell.id, draw(CELLS))
        case "move":
            return MoveCell(cell.id, draw(st.integers(-2, 2)))
        case "fold":
            return FoldCell(cell.id, draw(st.booleans()))
        case "retitle":
            return Retitle(draw(TEXT))
        case "edit":
            return EditText(cell.id, draw(TEXT))
        case "configure":
            return Configure(prompt, draw(st.booleans()), draw(OVERRIDES), draw(VARIABLES))
        case "judge":
            repeats = draw(st.integers(1, 9))
            return Judge(prompt, draw(st.none() | EXPECTED), repeats, draw(PROBLEMS), draw(BUDGETS))
        case "vote":
            return CastVote(*draw(st.sampled_from(voted)), draw(st.none() | VOTES))
        case "attach":
            return Attach(prompt, draw(ATTACHMENTS))
        case "run":
            run = RunId(draw(st.uuids(version=4)).hex)
            lanes = draw(st.sampled_from([LANES, LANES[:1], LANES[1:]]))
            ended = tuple(draw(results(lane, run)) for lane in lanes)
            return AddRun(prompt, run, ended, draw(VALUES), draw(st.integers(0, 3)))
        case _:
            return ShowRun(prompt, draw(st.integers(0, 3)))


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """A document after some changes, undo and redo."""
    history = History(Document((draw(CELLS),), extra=draw(NOTEBOOK_EXTRA)))
    for _ in range(draw(st.integers(0, 8))):
        step = draw(st.sampled_from(["change"] * 6 + ["undo", "redo"]))
        if step == "undo":
            history = history.undo()
        elif step == "redo":
            history = history.redo()
        else:
            history = history.change(draw(changes(history.document)))
    return history.document
