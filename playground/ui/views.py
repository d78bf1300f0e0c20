"""A session's views on the wire: the notebook and its cells.

Reads sessions under their lock; changes nothing. No Gradio.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace
from typing import assert_never

from playground.domain.errors import PlaygroundError
from playground.domain.request import LANES, Lane, Request
from playground.domain.sampling import FIELDS
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
    SwitchBlind,
)
from playground.notebook.document import Cell, CellId, ForeignCell, NoteCell, PromptCell, Run
from playground.notebook.exports.saying import as_asked, continued_words, differing
from playground.notebook.plan import is_batch, planned_of
from playground.notebook.settings import NO_OVERRIDES
from playground.ui import advice
from playground.ui.attaching import attachment_views
from playground.ui.blind import blind_state, vote_view
from playground.ui.budgets import budget_words
from playground.ui.counting import counted_with
from playground.ui.judgements import run_badges
from playground.ui.judging_form import expected_form
from playground.ui.list_view import list_view
from playground.ui.own import chips, free_names, own_view, shown
from playground.ui.present import lane_key, lane_labels
from playground.ui.repeated import repeats_view
from playground.ui.results_view import labels_of, rendered
from playground.ui.session import Session
from playground.ui.timeline import timeline
from playground.ui.wire import CellView, NotebookView, PlainCellView, RunView
from playground.ui.wire_forms import Advice, FieldForm
from playground.words import say

TITLE = "Qwen3 side by side"
_ANY_PROMPT = "?"


def notebook_view(session: Session, examples: tuple[str, ...]) -> NotebookView:
    """The document as the page needs it now."""
    with session.lock:
        labels = lane_labels(session.cards())
        now = _current_requests(session)
        document = session.document
        waiting = {queued.cell for queued in session.queue}
        fresh = all(not cell.runs for cell in document.prompts)
        return NotebookView(
            session=session.secret,
            revision=session.revision,
            cells=[_any_cell_view(session, cell, now, labels, waiting) for cell in document.cells],
            lanes=labels,
            examples=list(examples) if fresh else [],
            undo=_step(session.history.back, back=True),
            redo=_step(session.history.forth, back=False),
            back=session.before is not None,
            title=TITLE,
            name=document.title,
            notice=session.notice,
            focus=session.focus,
            file=session.file,
            saved=session.saved,
            fields=_fields(session),
            advice=_advice(),
            models=dict(session.settings.models),
            asks=counted_with(session.settings),
            tests_python=session.run_python is not None,
            blind=blind_state(document),
        )


def _step(changes: tuple[Change, ...], back: bool) -> str:
    """What the next step is about; the changes of a step back are the reverse of what was done."""
    if not changes:
        return ""
    match changes[-1]:
        case InsertCell():
            return say("Cell deleted.") if back else say("Cell added.")
        case DeleteCell():
            return say("Cell added.") if back else say("Cell deleted.")
        case ReplaceCell(cell_id, cell):
            return say("Cell changed.") if cell.id == cell_id else say("Cell deleted.")
        case MoveCell():
            return say("Cell moved.")
        case EditText():
            return say("Text changed.")
        case Configure() | Judge():
            return say("Cell settings changed.")
        case CastVote():
            return say("Vote changed.")
        case Attach():
            return say("Attachments changed.")
        case FoldCell():
            return say("Cell folded.")
        case Retitle():
            return say("Title changed.")
        case AddRun() | ShowRun() | SwitchBlind():
            return ""
        case other:
            assert_never(other)


def _fields(session: Session) -> list[FieldForm]:
    sampling, cards = session.settings.sampling, session.cards()
    unusable = {lane: advice.unusable(card) for lane, card in cards.items()}
    lengths = {lane: list(advice.output_lengths(card)) for lane, card in cards.items()}
    return [
        FieldForm(
            name=field.name,
            label=say(field.label),
            help=say(field.help),
            kind=field.kind,
            values={
                lane: shown(field.name, sampling.get(lane, {}).get(field.name))
                for lane in LANES
                if sampling.get(lane, {}).get(field.name) is not None
                or field.name == "thinking_budget"
            },
            off={lane: why[field.name] for lane, why in unusable.items() if field.name in why},
            offered=lengths if field.name == "max_new_tokens" else {},
        )
        for field in FIELDS
    ]


def _advice() -> list[Advice]:
    return [
        Advice(name=name, label=say(label), text=advice.SENTENCES[name])
        for name, label in advice.LABELS.items()
    ]


def _current_requests(session: Session) -> tuple[Request, ...]:
    try:
        return session.requests(_ANY_PROMPT)
    except PlaygroundError:
        return ()  # the settings do not make a request now; running says why


def _any_cell_view(
    session: Session,
    cell: Cell,
    now: tuple[Request, ...],
    labels: Mapping[Lane, str],
    waiting: Set[CellId],
) -> CellView | PlainCellView:
    match cell:
        case PromptCell():
            return _cell_view(session, cell, now, labels, cell.id in waiting)
        case NoteCell():
            blocks = list(rendered(cell.text))
            return PlainCellView(
                kind="note", id=cell.id, text=cell.text, blocks=blocks, folded=cell.folded
            )
        case ForeignCell():
            return PlainCellView(
                kind="foreign", id=cell.id, text=cell.text, blocks=[], folded=cell.folded
            )
        case _:
            assert_never(cell)


def _cell_view(
    session: Session,
    cell: PromptCell,
    now: tuple[Request, ...],
    labels: Mapping[Lane, str],
    queued: bool,
) -> CellView:
    live = session.live if session.live is not None and session.live.cell == cell.id else None
    run = cell.run
    return CellView(
        kind="prompt",
        id=cell.id,
        text=cell.prompt,
        folded=cell.folded,
        continues=cell.continues,
        own=own_view(cell),
        chips=chips(cell, labels),
        attachments=attachment_views(cell),
        names=list(free_names(cell)),
        number="•" if live else (str(run.number) if run else ""),
        state="running" if live else ("queued" if queued else "idle"),
        shown=cell.shown,
        runs=len(cell.runs),
        stale="" if live or run is None or cell.problems else _stale(session, cell, run, now),
        run=run_view(session, cell, run) if run and not live and not cell.problems else None,
        list=list_view(session, cell),
        budgets=budget_words(cell.budgets),
        expected=expected_form(cell.expected),
        repeats=cell.repeats,
        together=None if live or cell.problems else repeats_view(session, cell),
    )


def _stale(session: Session, cell: PromptCell, run: Run, now: tuple[Request, ...]) -> str:
    """Why the shown run is not what running the cell now would do."""

    def thinks(model: str) -> bool:
        return session.describe(model).thinks

    if (
        is_batch(cell)
        or cell.continues
        or cell.variables
        or cell.attachments
        or cell.overrides != NO_OVERRIDES
        or "/" in cell.prompt
    ):
        try:
            now = session.asked(cell.id, planned_of(cell, run, thinks))[1]
        except PlaygroundError:
            now = ()
    else:
        now = tuple(replace(request, prompt=cell.prompt) for request in now)
    fixed = session.settings.seed_mode == "fixed"
    pairs = [(run.result(r.lane).request, r) for r in now if r.lane in run.lanes]
    return differing(pairs, labels_of(session, run), seed=fixed)


def run_view(session: Session, cell: PromptCell, run: Run) -> RunView:
    """One run of a cell, by reference; of a blind one, nothing that tells the lanes apart."""
    labels = labels_of(session, run)
    vote = vote_view(run, labels)
    values = ", ".join(f"{name} = {value}" for name, value in run.values)
    if run.sides:
        nothing = timeline({}, {}, {})
        return RunView(
            run=run.id,
            lanes={},
            timeline=nothing,
            values=values,
            differs="",
            grades={},
            agreement=None,
            vote=vote,
        )
    results = {result.request.lane: result for result in run.results}
    grades, agreement = run_badges(cell, run, labels, session.run_python)
    return RunView(
        run=run.id,
        lanes={lane: lane_key(result) for lane, result in results.items()},
        timeline=timeline(results, labels, {}),
        values=values,
        differs=_differs(session, cell, run),
        grades=grades,
        agreement=agreement,
        vote=vote,
    )


def _differs(session: Session, cell: PromptCell, run: Run) -> str:
    """Why this run is not the one before it in the cell."""
    if cell.shown == 0:
        return ""
    before = cell.runs[cell.shown - 1]
    pairs = [
        (before.result(lane).request, run.result(lane).request)
        for lane in run.lanes
        if lane in before.lanes
    ]
    if run.values != before.values:  # the prompts differ by these alone, or are said to be others
        pairs = [(as_asked(then, now), now) for then, now in pairs]
    found = differing(pairs, labels_of(session, run))
    others = [
        say("{name} was {value}", name=name, value=value)
        for name, value in before.values
        if (name, value) not in run.values and not is_batch(cell)  # a list's are other problems
    ]
    others += [found] if found else []
    others += continued_words(cell, run, labels_of(session, run))
    if not others and any(then.sampling.seed != now.sampling.seed for then, now in pairs):
        others = [say("another seed")]
    if not others:
        return ""
    unlike = say("Unlike run {number}", number=before.number)
    return f"{unlike}: {', '.join(others)}"
