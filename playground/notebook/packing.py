"""A document and its settings as JSON-ready dicts and back, results apart: for browser and file.

What is read is checked as from a stranger: it becomes a document, or a BadRequest that says what is
wrong. Knows no file format.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, assert_never

from playground.domain.attachment import Attachment
from playground.domain.errors import BadRequest
from playground.notebook import checking
from playground.notebook.document import (
    MOST_CELLS,
    Cell,
    CellId,
    Document,
    ForeignCell,
    NoteCell,
    PromptCell,
    Run,
    new_cell_id,
)
from playground.notebook.packing_lists import (
    keep_problems,
    kept_problems,
    measures_data,
    measures_from,
    vote_data,
    vote_from,
)
from playground.notebook.packing_runs import run_data, run_from
from playground.notebook.packing_settings import (
    overrides_data,
    overrides_from,
    settings_data,
    settings_from,
)
from playground.notebook.packing_texts import (
    Texts,
    attached_data,
    attached_from,
    digest,
    take_request_texts,
    texts_from,
)
from playground.notebook.settings import Settings
from playground.notebook.variables import Variables

SCHEMA = 1
MOST_RUNS_OF_A_CELL = 100_000
KINDS = ("prompt", "note", "foreign")

__all__ = [
    "overrides_data",
    "overrides_from",
    "run_data",
    "run_from",
    "settings_data",
    "settings_from",
]


def structure(document: Document, settings: Settings) -> dict[str, Any]:
    """The notebook without its results: each prompt has the ids of its runs, and its attachments'
    digests."""
    return {
        **({"blind": True} if document.blind else {}),
        "schema": SCHEMA,
        "title": document.title,
        "runs_made": document.runs_made,
        "extra": document.extra,
        "settings": settings_data(settings),
        "cells": [_cell_data(cell) for cell in document.cells],
    }


def texts_of(document: Document) -> Texts:
    """The attached texts of all cells and runs, each under its digest."""
    texts: Texts = {}
    for cell in document.prompts:
        texts |= {digest(each.text): each.text for each in cell.attachments}
        keep_problems(cell.problems, texts)
        for run in cell.runs:
            for result in run.results:
                take_request_texts(result.request, texts)
    return texts


def document_from(
    data: Mapping[str, Any],
    runs: Mapping[str, Mapping[str, Any]],
    texts: Mapping[str, Any] | None = None,
) -> tuple[Document, Settings]:
    """The document that `structure` packed, with those of its runs that are in `runs`; `texts` has
    the attached ones by digest.

    Raises BadRequest for everything else that is wrong.
    """
    checking.check_depth("The notebook", data)
    given = checking.mapping("The notebook", data)
    check_schema(given)
    cells = checking.items("cells", given.get("cells"), MOST_CELLS)
    ids = unique_ids(cell.get("id") if isinstance(cell, Mapping) else None for cell in cells)
    known = checking.mapping("runs", runs)
    kept = texts_from(texts or {})
    read = tuple(
        _cell_from(f"cells[{index}]", cell, cell_id, known, kept)
        for index, (cell, cell_id) in enumerate(zip(cells, ids, strict=True))
    )
    document = whole(
        read,
        checking.integer("runs_made", given.get("runs_made", 0), 0),
        checking.text("title", given.get("title", "")),
        checking.json_object("extra", given.get("extra", "")),
    )
    blind = checking.boolean("blind", given.get("blind", False))
    return replace(document, blind=blind), settings_from(given.get("settings"))


def whole(cells: tuple[Cell, ...], runs_made: int, title: str, extra: str) -> Document:
    """A document of these cells; it counts at least as many runs as it has."""
    numbers = [run.number for cell in cells if isinstance(cell, PromptCell) for run in cell.runs]
    return Document(cells or (PromptCell(),), max([runs_made, *numbers]), title, extra)


def check_schema(data: Mapping[str, Any]) -> None:
    """Refuse what this version does not read. Raises BadRequest."""
    schema = data.get("schema")
    if isinstance(schema, int) and schema > SCHEMA:
        raise BadRequest(
            f"This notebook was written by a newer version (schema {schema!r}, but this one"
            f" reads {SCHEMA}). Update the playground."
        )
    if schema != SCHEMA or isinstance(schema, bool):
        raise checking.refused("schema", schema, str(SCHEMA))


def unique_ids(given: Iterable[object]) -> list[CellId]:
    """A cell id for each; a fresh one where it is missing, no id, or there already."""
    ids: dict[CellId, None] = {}
    for candidate in given:
        found = CellId(str(candidate)) if checking.is_id(candidate) else new_cell_id()
        ids[new_cell_id() if found in ids else found] = None
    return list(ids)


def prompt_data(cell: PromptCell) -> dict[str, Any]:
    """What a prompt cell has beside its id, text, variables and runs, as far as it is set."""
    data: dict[str, Any] = {}
    if cell.continues:
        data["continues"] = True
    if own := overrides_data(cell.overrides):
        data["overrides"] = own
    if cell.folded:
        data["folded"] = True
    return data


def _cell_data(cell: Cell) -> dict[str, Any]:
    match cell:
        case PromptCell():
            data = {"kind": "prompt", "id": cell.id, "text": cell.prompt, **prompt_data(cell)}
            if cell.attachments:
                data["attachments"] = attached_data(cell.attachments)
            if cell.variables:
                data["variables"] = {name: list(values) for name, values in cell.variables}
            data |= measures_data(cell)
            if cell.problems:
                data["problems"] = keep_problems(cell.problems, {})
            # A browser keeps a run as it ended; a vote comes later, and may go.
            if votes := {run.id: vote_data(run.vote) for run in cell.runs if run.vote is not None}:
                data["votes"] = votes
            if waiting := [run.id for run in cell.runs if run.sides]:
                data["unvoted"] = waiting
            if cell.extra:
                data["extra"] = cell.extra
            return {**data, "shown": cell.shown, "runs": [run.id for run in cell.runs]}
        case NoteCell():
            data = {"kind": "note", "id": cell.id, "text": cell.text}
            if cell.extra:
                data["extra"] = cell.extra
        case ForeignCell():
            data = {"kind": "foreign", "id": cell.id, "text": cell.text, "raw": cell.raw}
        case _:
            assert_never(cell)
    return {**data, "folded": True} if cell.folded else data


def _cell_from(
    where: str, data: object, cell_id: CellId, runs: Mapping[str, Any], texts: Texts
) -> Cell:
    given = checking.mapping(where, data)
    kind = checking.choice(f"{where}.kind", given.get("kind"), KINDS)
    text = checking.text(f"{where}.text", given.get("text", ""))
    folded = checking.boolean(f"{where}.folded", given.get("folded", False))
    extra = checking.json_object(f"{where}.extra", given.get("extra", ""))
    if kind == "note":
        return NoteCell(cell_id, text, folded, extra)
    if kind == "foreign":
        raw = checking.json_object(f"{where}.raw", given.get("raw"))
        return ForeignCell(cell_id, text, raw, folded)
    shown = checking.integer(f"{where}.shown", given.get("shown", 0), -checking.MOST_COUNTED)
    kept: list[Run] = []
    at = 0
    ids = checking.items(f"{where}.runs", given.get("runs", []), MOST_RUNS_OF_A_CELL)
    votes = checking.mapping(f"{where}.votes", given.get("votes", {}))
    unvoted = checking.items(f"{where}.unvoted", given.get("unvoted", []), MOST_RUNS_OF_A_CELL)
    waiting = {run_id for run_id in unvoted if isinstance(run_id, str)}
    unique = dict.fromkeys(checking.text(f"{where}.runs", run_id) for run_id in ids)
    for index, run_id in enumerate(unique):
        if run_id in runs:
            run = run_from(runs[run_id], texts)
            if run.id != run_id:
                raise checking.refused(f"The id of run {run_id!r}", run.id, "that same id")
            at = len(kept) if index <= shown else at
            vote = vote_from(f"{where}.votes.{run_id}", votes.get(run_id))
            sides = run.sides if run_id in waiting else ()
            kept.append(replace(run, vote=vote, sides=sides))
    attachments = attached_from(f"{where}.attachments", given.get("attachments", []), texts)
    cell = prompt_from(where, given, cell_id, text, tuple(kept), at, extra, attachments)
    problems = kept_problems(f"{where}.problems", given.get("problems"), texts)
    return replace(cell, problems=problems)


def prompt_from(
    where: str,
    given: Mapping[str, Any],
    cell_id: CellId,
    text: str,
    runs: tuple[Run, ...],
    shown: int,
    extra: str,
    attachments: tuple[Attachment, ...] = (),
) -> PromptCell:
    """A prompt cell by what `prompt_data` packed, and its other parts. Raises BadRequest."""
    return PromptCell(
        id=cell_id,
        prompt=text,
        runs=runs,
        shown=shown,
        continues=checking.boolean(f"{where}.continues", given.get("continues", False)),
        overrides=overrides_from(given.get("overrides", {})),
        variables=variables_from(f"{where}.variables", given.get("variables", {})),
        folded=checking.boolean(f"{where}.folded", given.get("folded", False)),
        extra=extra,
        attachments=attachments,
        **measures_from(where, given),
    )


def variables_from(where: str, data: object) -> Variables:
    """Each variable with its values, from an object of lists. Raises BadRequest."""
    variables = []
    for name, values in checking.mapping(where, data).items():
        texts = checking.items(f"{where}.{name}", values, checking.MOST_COUNTED)
        variables.append((name, tuple(checking.text(f"{where}.{name}", text) for text in texts)))
    return tuple(variables)
