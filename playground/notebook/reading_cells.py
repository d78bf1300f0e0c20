"""Cells of a notebook file as cells, however another program edited them.

A code cell that is a plain call of `compare` is a prompt, Markdown is a note, anything else stays
what it is. Nothing is executed. Knows cells; the notebook around them is `storage`'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from playground.notebook import checking
from playground.notebook.call import Call, Defaults, call_of, overrides_after
from playground.notebook.changes import with_run
from playground.notebook.document import Cell, CellId, ForeignCell, NoteCell, PromptCell, Run
from playground.notebook.packing import MOST_RUNS_OF_A_CELL, prompt_from, run_from
from playground.notebook.settings import Settings
from playground.notebook.source import check_options, parse
from playground.notebook.variables import Variables
from playground.notebook.writing_cells import OURS, Node


@dataclass(frozen=True, slots=True)
class Opened:
    """A cell, and the runs in its outputs: Jupyter made them, they have no number here yet."""

    cell: Cell
    made: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Base:
    """What a file's cells stand on: its settings, or, where it has none, `compare`'s defaults; and
    the attached texts of its runs."""

    settings: Settings
    is_ours: bool
    defaults: Defaults
    texts: Mapping[str, str] = field(default_factory=dict)


def opened(where: str, node: Node, cell_id: CellId, base: Base) -> Opened:
    """The cell that a valid node is. Raises BadRequest for data of ours that are damaged."""
    checking.mapping(f"{where}: metadata.playground", node["metadata"].get(OURS, {}))
    text = checking.text(where, node["source"])
    call = parse(text) if node["cell_type"] == "code" else None
    if call is not None:
        return _prompt(where, node, cell_id, *call, base)
    folded, rest = _unfolded(where, node)
    if node["cell_type"] == "markdown":
        parts = {"metadata": rest["metadata"], "attachments": node.get("attachments")}
        return Opened(NoteCell(cell_id, text, folded, _extra(parts)))
    return Opened(ForeignCell(cell_id, text, checking.written(rest), folded))


def _unfolded(where: str, node: Node) -> tuple[bool, Node]:
    """Whether the cell is folded, and the node without that."""
    metadata = dict(node["metadata"])
    ours = dict(metadata.pop(OURS, {}))
    folded = checking.boolean(f"{where}: folded", ours.pop("folded", False))
    return folded, {**node, "metadata": {**metadata, OURS: ours} if ours else metadata}


def _prompt(
    where: str,
    node: Node,
    cell_id: CellId,
    call: Call,
    comments: tuple[str, ...],
    base: Base,
) -> Opened:
    given = node["metadata"].get(OURS, {})
    runs = tuple(
        _ordered(run_from(run, base.texts), call.variables)
        for run in checking.items(f"{where}: runs", given.get("runs", []), MOST_RUNS_OF_A_CELL)
    )
    made, others = _outputs(node["outputs"], {run.id for run in runs})
    parts = {
        "metadata": {key: value for key, value in node["metadata"].items() if key != OURS},
        "outputs": others,
        "comments": list(comments),
    }
    data = {
        **given,
        "continues": call.continues,
        "variables": {name: list(values) for name, values in call.variables},
    }
    shown = checking.integer(f"{where}: shown", given.get("shown", 0), 0)
    at = max(0, min(shown, len(runs) - 1))
    cell = prompt_from(where, data, cell_id, call.prompt, runs, at, _extra(parts), call.attachments)
    cell = replace(
        cell,
        expected=call.expected,
        repeats=call.repeats,
        problems=call.problems,
        budgets=call.budgets,
    )
    before = _written(where, given, cell, base)
    own = overrides_after(cell.overrides, base.settings, before, call.options, base.defaults)
    return Opened(replace(cell, overrides=own), made)


def _written(
    where: str, given: Mapping[str, Any], cell: PromptCell, base: Base
) -> Mapping[str, Any]:
    """The options that the cell's call had when the file was written.

    A cell that came from elsewhere is measured by what its call would be here: so its call says
    all that it asks.
    """
    if not base.is_ours or given.get("kind") != "prompt":
        return call_of(cell, base.settings, base.defaults).options
    written = checking.mapping(f"{where}: written", given.get("written", {}))
    check_options(written)
    return written


def _outputs(
    outputs: list[Node], known: set[Any]
) -> tuple[tuple[Mapping[str, Any], ...], list[Node]]:
    """The runs that are in a cell's outputs, and the outputs that are not ours."""
    made, others = [], []
    for output in outputs:
        ours = output.get("metadata", {}).get(OURS)
        run = ours.get("run") if isinstance(ours, Mapping) else None
        runs = ours.get("runs") if isinstance(ours, Mapping) else None  # a list's
        if isinstance(runs, list) and all(isinstance(each, Mapping) for each in runs):
            made += runs
        elif isinstance(run, Mapping):
            made.append(run)
        elif not isinstance(run, str) or run not in known:
            others.append(output)
    return tuple(made), others


def numbered(cells: list[Opened], runs_made: int) -> tuple[Cell, ...]:
    """The cells with what Jupyter ran as their latest runs, numbered after all others."""
    known = {
        run.id: run
        for opened in cells
        if isinstance(opened.cell, PromptCell)
        for run in opened.cell.runs
    }
    number = max([runs_made, *(run.number for run in known.values())])
    done: list[Cell] = []
    for each in cells:
        if not isinstance(each.cell, PromptCell):
            done.append(each.cell)
            continue
        cell = each.cell
        for data in each.made:
            run = run_from({**data, "number": number + 1})
            number += run.id not in known
            run = known.setdefault(run.id, _ordered(run, cell.variables))
            if all(run.id != other.id for other in cell.runs):
                cell = with_run(cell, run)
        done.append(cell)
    return tuple(done)


def _ordered(run: Run, variables: Variables) -> Run:
    """The run with its values in the variables' order: a file's objects have none."""
    if len(run.values) < 2:
        return run
    places = {name: index for index, (name, _) in enumerate(variables)}
    values = sorted(run.values, key=lambda value: places.get(value[0], len(places)))
    return replace(run, values=tuple(values))


def _extra(parts: Node) -> str:
    """What is there, as JSON; empty where nothing is."""
    given = {key: value for key, value in parts.items() if value}
    return checking.written(given) if given else ""
