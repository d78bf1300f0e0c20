"""One prompt asked many times: a list of problems, repeats, thinking budgets; run and kept.

It becomes a document with one cell, which is run as any notebook is, so that what was cut off goes
on. Knows no page, no arguments of a command line and nothing of how a list is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from playground.comparison.run import Comparison
from playground.domain.attachment import attachments_from
from playground.domain.errors import BadRequest
from playground.domain.expected import Expected
from playground.headless import Amend, Headless, Outcome, Progress, Watcher, Which
from playground.notebook.asking import Describe
from playground.notebook.document import Document, PromptCell
from playground.notebook.kept_file import KeptFile, opened
from playground.notebook.plan import plan
from playground.notebook.problems import Problem
from playground.notebook.settings import Settings
from playground.notebook.settings_of_options import settings_of
from playground.notebook.variables import Variables
from playground.pairing import models_of
from playground.running import Folds, requests_for


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: a prompt with options as `compare` takes them, and what it is measured by."""

    prompt: str
    options: Mapping[str, Any]
    pair: str
    problems: tuple[Problem, ...] = ()
    expected: Expected | None = None
    repeats: int = 1
    budgets: tuple[int | None, ...] = ()
    variables: Variables = ()
    title: str = ""


@dataclass(frozen=True, slots=True)
class Telling:
    """Who is told: `show` at each event of a run, `added` after each run with all that there is,
    `stopped` asks for a stop. Errors of single runs are collected."""

    show: Callable[[Progress, Folds], None] = lambda progress, folds: None
    added: Callable[[PromptCell], None] = lambda cell: None
    stopped: Callable[[], bool] = lambda: False
    problems: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Listing:
    """A document with one cell that asks it, under settings; `file` is where it is kept."""

    document: Document
    settings: Settings
    file: Path | None = None

    @property
    def cell(self) -> PromptCell:
        """The cell that asks."""
        return next(cell for cell in reversed(self.document.prompts) if _asks_many(cell))


def listing(comparison: Comparison, asked: Asked, file: Path | None = None) -> Listing:
    """The document, or the one in `file` as far as it has come. Raises BadRequest."""
    settings, own = settings_of(asked.options, models_of(asked.pair))
    cell = PromptCell(
        prompt=asked.prompt,
        overrides=own,
        variables=asked.variables,
        attachments=attachments_from("attachments", asked.options.get("attachments") or ()),
        expected=asked.expected,
        repeats=asked.repeats,
        problems=asked.problems,
        budgets=asked.budgets,
    )
    first = plan(cell)[0]
    # Says what is wrong with the options before anything runs.
    requests_for(comparison, asked.prompt, asked.options, asked.pair, first.values)
    if file is None or not file.exists():
        return Listing(Document((cell,), title=asked.title), settings, file)
    document = _kept(file, asked, comparison)
    before = Listing(document, settings).cell
    now = replace(cell, id=before.id, runs=before.runs, shown=before.shown, extra=before.extra)
    cells = tuple(now if each.id == before.id else each for each in document.cells)
    return Listing(replace(document, cells=cells), settings, file)


def run(
    comparison: Comparison,
    listed: Listing,
    telling: Telling,
    amend: Amend = lambda requests: requests,
) -> Outcome:
    """Run what is left, keeping it after each run. Raises BadRequest, and KeyboardInterrupt when
    what came is kept."""
    describe = _described(comparison)
    kept = None if listed.file is None else KeptFile(listed.file, listed.settings, describe)

    def keep(document: Document) -> None:
        listed.document = document
        if kept is not None:
            kept.keep(document)
        telling.added(listed.cell)

    watcher = Watcher(
        keep=keep,
        show=telling.show,
        problem=lambda number, words: telling.problems.append(words),
        stopped=telling.stopped,
    )
    # The notebook may have other prompts: those are not asked.
    which = Which(stale=True, cell=listed.cell.id)
    headless = Headless(comparison, listed.document, listed.settings, watcher, amend=amend)
    try:
        return headless.run(which)
    finally:
        if kept is not None:
            kept.finish()


def _described(comparison: Comparison) -> Describe:
    return lambda name: comparison.open_engine(name).card


def _asks_many(cell: PromptCell) -> bool:
    return bool(cell.problems) or cell.repeats > 1 or bool(cell.budgets)


def _kept(file: Path, asked: Asked, comparison: Comparison) -> Document:
    document, _ = opened(file, _described(comparison))
    lists = [cell for cell in document.prompts if _asks_many(cell)]
    problems = {problem for cell in lists[-1:] for problem in cell.problems}
    if not lists or not problems & set(asked.problems):
        what = "another list" if lists else "a notebook without a list"
        raise BadRequest(f"{str(file)!r} is {what}. Name another file for this one.")
    return document
