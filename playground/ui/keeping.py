"""What a browser keeps of a notebook, and how it comes back: structure, ended runs, the draft.

What comes back is untrusted: `playground.notebook.packing` checks it. Knows no browser.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from playground.domain.errors import BadRequest, PlaygroundError
from playground.domain.request import LANES, Lane
from playground.domain.text import check_text
from playground.notebook import checking
from playground.notebook.blind import sides_to_vote_on
from playground.notebook.changes import AddRun, InsertCell, apply
from playground.notebook.document import CellId, Document, NoteCell, PromptCell
from playground.notebook.history import History
from playground.notebook.packing import document_from, run_data, run_from, structure, texts_of
from playground.notebook.packing_texts import take_texts_out, texts_from
from playground.notebook.settings import Settings, sampling_values
from playground.results.growing import GrowingText
from playground.results.value import Result, to_json
from playground.said_errors import said
from playground.ui.intents import Draft, DraftLane, Snapshot, Tail
from playground.ui.session import Session
from playground.words import say

MOST_RUNS_AT_ONCE = 50
MOST_TEXTS_AT_ONCE = 10


def snapshot(session: Session, started_with: Mapping[Lane, str]) -> Snapshot:
    """The notebook without its results."""
    with session.lock:
        document, settings, revision = session.document, session.settings, session.revision
        before = session.before
    documents = [document]
    if before is not None:
        documents.append(before[0].document)
    runs = [run.id for each in documents for cell in each.prompts for run in cell.runs]
    return Snapshot(
        revision=revision,
        structure=structure(document, settings),
        before=None if before is None else structure(before[0].document, before[1]),
        runs=list(dict.fromkeys(runs)),
        texts=list(_kept_texts(session)),
        models=dict(started_with),
    )


def ended_runs(session: Session, ids: list[str]) -> dict[str, Any]:
    """These runs whole, as far as they are there."""
    wanted = set(ids[:MOST_RUNS_AT_ONCE])
    with session.lock:
        cells = session.document.prompts
        if session.before is not None:
            cells = (*session.before[0].document.prompts, *cells)
    return {run.id: run_data(run, {}) for cell in cells for run in cell.runs if run.id in wanted}


def attached_texts(session: Session, digests: list[str]) -> dict[str, str]:
    """These attached texts, as far as they are there."""
    kept = _kept_texts(session)
    return {each: kept[each] for each in digests[:MOST_TEXTS_AT_ONCE] if each in kept}


def _kept_texts(session: Session) -> dict[str, str]:
    """The attached texts of the notebook, and of the run that is going on, by digest."""
    with session.lock:
        document, live, before = session.document, session.live, session.before
    texts = texts_of(document)
    if before is not None:
        texts |= texts_of(before[0].document)
    if live is not None:
        run_data(live.kept(), texts)
    return texts


def draft(session: Session, have: Mapping[str, Any]) -> Draft:
    """The run that is going on: what each lane has beyond what the page says it has."""
    with session.lock:
        live = session.live
        if live is None:
            return Draft(run="", cell="", values={}, lanes={})
        lanes: dict[Lane, DraftLane] = {}
        for lane, fold in live.folds.items():
            offsets = {"thinking": 0, "answer": 0, **(have.get(lane) or {})}
            lanes[lane] = DraftLane(
                result=_without_texts(fold.result()),
                thinking=_tail(fold.text["thinking"], offsets["thinking"]),
                answer=_tail(fold.text["answer"], offsets["answer"]),
            )
        for lane, result in live.carried.items():
            have_of = have.get(lane) or {}
            lanes[lane] = DraftLane(
                result=_without_texts(result),
                thinking=_whole_once(result.output.thinking or "", have_of.get("thinking", 0)),
                answer=_whole_once(result.output.answer, have_of.get("answer", 0)),
            )
        now = Draft(run=live.id, cell=live.cell, values=dict(live.values), lanes=lanes)
        if live.repeat:
            now["repeat"] = live.repeat
        if live.sides:
            now["sides"] = list(live.sides)
        return now


def _tail(text: GrowingText, have: object) -> Tail:
    offset, piece = text.beyond(int(str(have)))
    return Tail(offset=offset, text=piece)


def _whole_once(text: str, have: object) -> Tail:
    """A text that does not grow any more."""
    length = int(str(have))
    return Tail(offset=length, text="") if length else Tail(offset=0, text=text)


def _without_texts(result: Result) -> dict[str, Any]:
    thinking = None if result.output.thinking is None else ""
    data = to_json(replace(result, output=replace(result.output, thinking=thinking, answer="")))
    take_texts_out(data, {})
    return data


def restore(session: Session, kept: Mapping[str, Any], started_with: Mapping[Lane, str]) -> None:
    """Put what a browser kept back in place. Raises BadRequest, and changes nothing then."""
    runs, texts = kept.get("runs") or {}, texts_from(kept.get("texts") or {})
    document, kept_settings = document_from(kept.get("structure") or {}, runs, texts)
    document = with_added(document, kept.get("added"))
    settings: Settings | None = kept_settings
    before, notice = None, ""
    try:
        document = with_draft(document, kept.get("draft"), texts)
    except BadRequest as exc:  # all the rest is whole
        notice = said(exc)
    if kept.get("before") is not None:
        with suppress(BadRequest):  # nobody waits for it
            old, old_settings = document_from(kept["before"], runs, texts)
            before = History(old), usable(session, old_settings)
    if kept.get("models") != dict(started_with):
        settings = None
        notice = say("This page was started with other models than your notebook: these stand now.")
    session.install(document, usable(session, settings), notice)
    session.before = before


def with_added(document: Document, kept: object) -> Document:
    """The document with the cells that a page had and its latest structure had not yet: kind and
    text, in their places. What is no such cell is passed over."""
    for cell in kept if isinstance(kept, list) else ():
        ids = {each.id: index for index, each in enumerate(document.cells)}
        match cell:
            case {"id": str(new), "kind": "prompt" | "note" as kind, "text": str(text)}:
                if new in ids or not checking.is_id(new):
                    continue
                with suppress(BadRequest):
                    text, new_id = check_text("text", text), CellId(new)
                    added = PromptCell(new_id, text) if kind == "prompt" else NoteCell(new_id, text)
                    after = ids.get(CellId(str(cell.get("after"))), -1)
                    document = apply(document, InsertCell(added, after + 1))
            case _:
                pass
    return document


def with_draft(
    document: Document, kept: object, texts: Mapping[str, str] | None = None
) -> Document:
    """The document with a run that was cut off. Raises BadRequest when it is no such thing."""
    if not isinstance(kept, Mapping) or not kept.get("run"):
        return document
    lanes = kept.get("lanes")
    if not isinstance(lanes, Mapping):
        raise BadRequest("The run that was going on cannot be read. Run the cell again.")
    data = {
        "id": kept["run"],
        "number": 1,
        "values": kept.get("values") or {},
        "repeat": kept.get("repeat") or 0,
        "sides": kept.get("sides") or [],
        "results": [_with_texts(lanes[lane]) for lane in LANES if lane in lanes],
    }
    return with_run_data(document, kept.get("cell"), data, texts)


def with_run_data(
    document: Document,
    cell: object,
    data: Mapping[str, Any],
    texts: Mapping[str, str] | None = None,
) -> Document:
    """The document with this run, ended as interrupted, unless it has it. Raises BadRequest."""
    run = run_from(data, texts)
    known = {each.id for each_cell in document.prompts for each in each_cell.runs}
    if run.id in known or cell not in {prompt.id for prompt in document.prompts}:
        return document
    results = tuple(_cut_off(result) for result in run.results)
    sides = sides_to_vote_on(run.sides, results)
    return apply(
        document, AddRun(CellId(str(cell)), run.id, results, run.values, run.repeat, sides)
    )


def _with_texts(lane: object) -> object:
    """A draft lane's Result JSON with the texts that were kept beside it."""
    if not isinstance(lane, Mapping) or not isinstance(lane.get("result"), Mapping):
        return lane
    result = dict(lane["result"])
    output = result.get("output")
    if isinstance(output, Mapping):
        thinking = None if output.get("thinking") is None else lane.get("thinking", "")
        result["output"] = {"thinking": thinking, "answer": lane.get("answer", "")}
    return result


def _cut_off(result: Result) -> Result:
    if result.phase == "ended":
        return result
    return replace(result, phase="ended", ending="interrupted")


def usable(session: Session, settings: Settings | None) -> Settings:
    """These settings with every value filled in, and models that may be used here; the session's
    own where there are none."""
    current = session.settings
    if settings is None:
        return current
    models: dict[Lane, str] = {}
    sampling: dict[Lane, Mapping[str, object]] = {}
    for lane in LANES:
        name = settings.models.get(lane, current.models[lane])
        try:
            own = sampling_values(session.describe(name).defaults)
            models[lane], sampling[lane] = name, {**own, **settings.sampling.get(lane, {})}
        except PlaygroundError:
            models[lane], sampling[lane] = current.models[lane], current.sampling[lane]
    return replace(settings, models=models, sampling=sampling)
