"""A notebook as frozen values: ordered cells with their runs, a title.

Results are kept on the run that made them. How a document changes is in `changes`.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Literal, NewType, get_args

from playground.domain.attachment import Attachment
from playground.domain.errors import BadRequest
from playground.domain.expected import Expected
from playground.domain.request import Lane, RunId
from playground.notebook.problems import Problem
from playground.notebook.settings import NO_OVERRIDES, Overrides
from playground.notebook.variables import Values, Variables
from playground.results.value import Result

CellId = NewType("CellId", str)
MOST_CELLS = 2000


def new_cell_id() -> CellId:
    """A fresh id."""
    return CellId(uuid.uuid4().hex[:12])


VoteChoice = Literal["left", "right", "tie", "both_bad"]
VOTE_CHOICES: tuple[VoteChoice, ...] = get_args(VoteChoice)


@dataclass(frozen=True, slots=True)
class Vote:
    """Which lane's answer a person found better, and why; `blind`: without knowing whose it was."""

    choice: VoteChoice
    reason: str = ""
    blind: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a cell: a result a lane that ran. `number` counts the notebook's runs from 1.

    `values` are those of the prompt's variables; `repeat` says, from 0, which of the repeats under
    successive seeds it is. `sides` are the lanes of a blind run until someone votes, in the order
    in which their answers are shown as A and B: so long nothing may tell whose answer is whose.
    """

    id: RunId
    number: int
    results: tuple[Result, ...]
    values: Values = ()
    repeat: int = 0
    vote: Vote | None = None
    sides: tuple[Lane, ...] = ()

    def result(self, lane: Lane) -> Result:
        """This lane's result. Raises KeyError."""
        for result in self.results:
            if result.request.lane == lane:
                return result
        raise KeyError(lane)

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """The lanes that ran: one alone after /think or /no_think."""
        return tuple(result.request.lane for result in self.results)

    @property
    def own(self) -> tuple[Result, ...]:
        """The results that came of this run: where one lane went on, the other's is the earlier
        run's, carried over."""
        return tuple(r for r in self.results if r.request.id == self.id) or self.results


@dataclass(frozen=True, slots=True)
class PromptCell:
    """A prompt and its runs; `shown` is the index of the run that is looked at.

    `attachments` are documents that are put before the prompt whenever it is asked. `continues`:
    each lane goes on with its conversation in the prompt cell above. `extra` is JSON of what
    another program wrote into the cell, kept as it is.

    `expected` is the answer that a person expects; `repeats` says how often the prompt is asked,
    under successive seeds. With `problems` the cell is a list: its prompt is a template that each
    of them fills, and each has an expected answer of its own. `budgets` are thinking budgets (null
    is no limit) that the lanes that think are run under, one after the other.
    """

    id: CellId = field(default_factory=new_cell_id)
    prompt: str = ""
    runs: tuple[Run, ...] = ()
    shown: int = 0
    continues: bool = False
    overrides: Overrides = NO_OVERRIDES
    variables: Variables = ()
    folded: bool = False
    extra: str = ""
    attachments: tuple[Attachment, ...] = ()
    expected: Expected | None = None
    repeats: int = 1
    problems: tuple[Problem, ...] = ()
    budgets: tuple[int | None, ...] = ()

    @property
    def text(self) -> str:
        """What is written in the cell."""
        return self.prompt

    @property
    def run(self) -> Run | None:
        """The run that is looked at."""
        return self.runs[self.shown] if self.runs else None


@dataclass(frozen=True, slots=True)
class NoteCell:
    """A note in Markdown. `extra` as in a prompt cell."""

    id: CellId = field(default_factory=new_cell_id)
    text: str = ""
    folded: bool = False
    extra: str = ""


@dataclass(frozen=True, slots=True)
class ForeignCell:
    """A cell that another program made and that is not ours to run: shown, moved, kept as it is.

    `text` is its source; `raw` is JSON of the whole cell.
    """

    id: CellId
    text: str
    raw: str
    folded: bool = False


Cell = PromptCell | NoteCell | ForeignCell


@dataclass(frozen=True, slots=True)
class Document:
    """Ordered cells; at least one. `runs_made` never goes down.

    `extra` is JSON of what another program wrote about the notebook. `blind`: runs from now on are.
    """

    cells: tuple[Cell, ...] = field(default_factory=lambda: (PromptCell(),))
    runs_made: int = 0
    title: str = ""
    extra: str = ""
    blind: bool = False

    @property
    def prompts(self) -> tuple[PromptCell, ...]:
        """The prompt cells in order."""
        return tuple(cell for cell in self.cells if isinstance(cell, PromptCell))

    def index(self, cell: CellId) -> int:
        """Where the cell is. Raises BadRequest."""
        for index, candidate in enumerate(self.cells):
            if candidate.id == cell:
                return index
        raise BadRequest(f"There is no cell {cell!r} any more. Reload the page.")

    def cell(self, cell: CellId) -> Cell:
        """The cell of that id. Raises BadRequest."""
        return self.cells[self.index(cell)]

    def prompt(self, cell: CellId) -> PromptCell:
        """The prompt cell of that id. Raises BadRequest."""
        found = self.cell(cell)
        if not isinstance(found, PromptCell):
            raise BadRequest(f"The cell {cell!r} is no prompt. Choose a prompt cell.")
        return found
