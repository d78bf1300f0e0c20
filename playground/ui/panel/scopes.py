"""What a verdict can be of: the whole notebook, or a cell or list of which something can be said.

Cheap enough for every change of the document: judges nothing. No Gradio.
"""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import shorten

from playground.domain.request import LANES
from playground.notebook.document import CellId, Document, PromptCell, Run
from playground.words import say

WHOLE = ""
LONGEST = 60
NARROW = 40


@dataclass(frozen=True, slots=True)
class Scope:
    """`cell` is WHOLE for all of the notebook."""

    cell: str
    label: str


def scopes(document: Document) -> tuple[Scope, ...]:
    """The whole notebook and each cell that has something to weigh; empty where none has."""
    cells = tuple(
        Scope(cell.id, _label(place, cell))
        for place, cell in enumerate(document.prompts, start=1)
        if _has_something(cell)
    )
    return (Scope(WHOLE, say("Whole notebook")), *cells) if cells else ()


def cells_of(document: Document, scope: str) -> tuple[PromptCell, ...]:
    """The prompt cells that a verdict is of; all of them where the cell is not there any more."""
    one = tuple(cell for cell in document.prompts if cell.id == CellId(scope))
    return one or document.prompts


def _has_something(cell: PromptCell) -> bool:
    """Whether a run of it is judged, has both lanes to compare, or was voted on."""
    expects = cell.expected is not None or any(each.expected for each in cell.problems)
    return any(_tells(run) and (expects or len(run.results) == len(LANES)) for run in cell.runs)


def _tells(run: Run) -> bool:
    """A blind run that waits for its vote tells nothing yet."""
    return not run.sides and any(result.phase == "ended" for result in run.results)


def _label(place: int, cell: PromptCell) -> str:
    if cell.problems:
        return say("List {place}: {n} problems", place=place, n=len(cell.problems))
    start = shorten(cell.prompt, LONGEST, placeholder="…") or cell.prompt[:NARROW].strip()
    return say("Cell {place}: {prompt}", place=place, prompt=start)
