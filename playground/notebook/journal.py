"""Ended runs beside a notebook's file that the file does not have yet, one a line.

A long list would write its whole file again after each run, and every one would take longer. So
while runs come, only each new one is written at once, and the file whenever that has become cheap
beside the time since. Whoever opens the file next finds the runs here. Knows no page.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from playground.domain.errors import BadRequest, PlaygroundError
from playground.notebook import checking
from playground.notebook.changes import AddRun, CastVote, apply
from playground.notebook.document import CellId, Document, PromptCell, Run
from playground.notebook.packing import run_data, run_from

CHEAP_S = 0.02
"""Writing that takes no longer is never put off."""
SHARE = 10
"""Otherwise the file is written when this many times as long has passed as writing took."""


@dataclass(slots=True)
class Pace:
    """When it is time to write the whole file again."""

    clock: Callable[[], float]
    took_s: float = 0.0
    ended_at_s: float = 0.0

    def is_due(self) -> bool:
        """Whether writing is cheap beside the time that has passed since."""
        if self.took_s <= CHEAP_S:
            return True
        return self.clock() - self.ended_at_s >= SHARE * self.took_s

    def timed(self, write: Callable[[], object]) -> None:
        """Write, and remember how long that took."""
        begun_s = self.clock()
        write()
        self.ended_at_s = self.clock()
        self.took_s = self.ended_at_s - begun_s


class Journal:
    """The lines beside one notebook's file."""

    def __init__(self, book: Path) -> None:
        self.path = book.with_name(f".{book.name}.runs")
        self.pending = False

    def add(self, runs: list[tuple[CellId, Run]]) -> None:
        """Put these runs behind those that are there. Raises BadRequest."""
        lines = "".join(
            json.dumps({"cell": cell, "run": run_data(run)}, ensure_ascii=False) + "\n"
            for cell, run in runs
        )
        try:
            with self.path.open("a+b") as file:
                file.write(_ends_a_cut_off_line(file) + lines.encode("utf-8"))
                file.flush()
                os.fsync(file.fileno())
        except OSError as exc:
            raise BadRequest(
                f"{str(self.path)!r} could not be saved: {exc.strerror or exc}. Make room, or"
                " choose another place."
            ) from exc
        self.pending = True

    def clear(self) -> None:
        """The file has all of them now."""
        with suppress(OSError):
            self.path.unlink(missing_ok=True)
        self.pending = False

    def with_runs(self, document: Document) -> Document:
        """The document with the runs that it does not have; a line that was cut off is none."""
        try:
            lines = self.path.read_bytes().decode("utf-8", "replace").split("\n")
        except OSError:
            return document
        known = {run.id for cell in document.prompts for run in cell.runs}
        cells = {cell.id for cell in document.prompts}
        for line in lines:
            with suppress(PlaygroundError, KeyError, TypeError):
                kept = checking.parsed("A run", line)
                run, cell = run_from(kept["run"]), CellId(str(kept["cell"]))
                if run.id not in known and cell in cells:
                    added = AddRun(cell, run.id, run.results, run.values, run.repeat, run.sides)
                    document = apply(document, added)
                    if run.vote is not None:
                        document = apply(document, CastVote(cell, run.id, run.vote))
                    known.add(run.id)
        return document


def _ends_a_cut_off_line(file: BinaryIO) -> bytes:
    """A line break where the last line has none: a kill or a full disk cut it off, and what is
    written behind it would be lost with it."""
    if not file.seek(0, os.SEEK_END):
        return b""
    file.seek(-1, os.SEEK_END)
    return b"" if file.read(1) == b"\n" else b"\n"


def only_new_runs(before: Document, now: Document) -> list[tuple[CellId, Run]] | None:
    """The runs that `now` has more, in order; null where anything else is different."""
    if len(before.cells) != len(now.cells) or (before.title, before.extra) != (
        now.title,
        now.extra,
    ):
        return None
    found: list[tuple[CellId, Run]] = []
    for then, cell in zip(before.cells, now.cells, strict=True):
        if then is cell:
            continue
        if not isinstance(then, PromptCell) or not isinstance(cell, PromptCell):
            return None
        old = len(then.runs)
        if cell.runs[:old] != then.runs or replace(cell, runs=then.runs, shown=then.shown) != then:
            return None
        found += [(cell.id, run) for run in cell.runs[old:]]
    return sorted(found, key=lambda each: each[1].number)
