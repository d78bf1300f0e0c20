"""A small notebook with runs, and files of it as another program would edit them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from playground.catalog import DEFAULT_PAIR, pair
from playground.domain.request import LANES, Lane, Request, RunId
from playground.domain.sampling import Sampling
from playground.notebook.document import Cell, CellId, Document, NoteCell, PromptCell, Run
from playground.notebook.settings import Settings
from playground.notebook.storage import read, write
from playground.notebook.variables import Values
from playground.results.value import Output, Result

MODELS = pair(DEFAULT_PAIR)
SETTINGS = Settings(MODELS)
Node = dict[str, Any]


def result(lane: Lane, run: str, answer: str = "It is 4.", **changes: Any) -> Result:
    """A lane's ended result; the right lane thought."""
    request = Request(
        id=RunId(run),
        created_at="2026-01-02T03:04:05.678+00:00",
        lane=lane,
        model=MODELS[lane],
        prompt="What is 2 + 2?",
        sampling=Sampling(seed=7),
    )
    output = Output("Two and two." if lane == "right" else None, answer)
    return Result(
        **{"request": request, "phase": "ended", "ending": "end_of_turn"}
        | {"output": output}
        | changes
    )


def run(name: str, number: int = 1, values: Values = (), lanes: tuple[Lane, ...] = LANES) -> Run:
    return Run(RunId(name), number, tuple(result(lane, name) for lane in lanes), values)


def book(*cells: Cell) -> Document:
    """These cells, or a prompt with two runs, a note, and a prompt that continues."""
    numbers = [each.number for cell in cells if isinstance(cell, PromptCell) for each in cell.runs]
    if cells:
        return Document(cells, max(numbers, default=0))
    runs = (run("r1", 1), run("r2", 3))
    first = PromptCell(CellId("first"), "What is 2 + 2?", runs, shown=1)
    second = PromptCell(CellId("second"), "And times 3?", (run("r3", 2),), continues=True)
    return Document((first, NoteCell(CellId("note"), "A *note*."), second), 3, "Sums")


def file_of(document: Document, settings: Settings = SETTINGS) -> Node:
    """The notebook file as JSON data."""
    data: Node = json.loads(write(document, settings))
    return data


def edited(change: Callable[[Node], object], document: Document | None = None) -> Document:
    """The document after its file was changed elsewhere."""
    data = file_of(document or book())
    change(data)
    return opened(data)


def opened(data: Node) -> Document:
    return read(json.dumps(data), "book.ipynb")[0]


def code(source: str, **changes: Any) -> Node:
    """A code cell that another program made."""
    cell = {"cell_type": "code", "id": "new", "metadata": {}, "outputs": [], "source": source}
    return {**cell, "execution_count": None, **changes}


def foreign_file(*cells: Node, **changes: Any) -> Node:
    """A notebook that we did not write."""
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **changes}
