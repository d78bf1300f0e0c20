"""Runs what is asked many times, with progress and time left, and reports what it comes to.

For `compare --repeats` and `list`. Exit codes are those of one comparison: all answered or not,
stopped by Ctrl+C.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

from playground import terminal
from playground.commands.codes import ANSWERED, INTERRUPTED, NOT_ANSWERED, interrupts
from playground.commands.printing import print_safely, write_progress
from playground.comparison.run import Comparison
from playground.headless import Progress
from playground.judging import RunPython
from playground.listing import Listing, Telling, run
from playground.notebook.plan import notes_of, plan
from playground.running import Folds

LOG_S = 30.0


class _Reporter:
    """How far it is: a line that is written over, or in a log now and then a new one."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._is_terminal = sys.stderr.isatty()
        self._line = terminal.ProgressLine(write_progress, shutil.get_terminal_size().columns)
        self._clock = clock
        self._said_s = clock()

    def show(self, progress: Progress, folds: Folds) -> None:
        within = progress.within()
        if self._is_terminal:
            self._line.before = f"{within} · " if within else ""
            self._line.show(folds)
        elif within and self._clock() - self._said_s >= LOG_S:
            self._said_s = self._clock()
            write_progress(f"{within}\n")


def run_batch(
    comparison: Comparison,
    listed: Listing,
    run_python: RunPython | None,
    *,
    as_json: bool = False,
    picture: Path | None = None,
) -> int:
    """Run what is left of it, say what all of it comes to; the exit code. Raises BadRequest."""
    planned, before = len(plan(listed.cell)), len(listed.cell.runs)
    for note in notes_of(listed.cell):
        write_progress(f"{note}\n")
    if before and not as_json:
        write_progress(f"There already: {before} of {_counted(planned)}.\n")
    reporter = _Reporter()
    with interrupts() as seen:
        telling = Telling(show=reporter.show, stopped=lambda: bool(seen))
        outcome = run(comparison, listed, telling)
    for words in dict.fromkeys(telling.problems):
        write_progress(f"{terminal.plain(words)}\n")
    _report(listed, run_python, as_json=as_json, picture=picture)
    if seen:
        if listed.file is not None:
            left = "The same command goes on with the rest."
            write_progress(f"Stopped, saved in {listed.file}. {left}\n")
        return INTERRUPTED
    return ANSWERED if outcome.answered else NOT_ANSWERED


def _report(
    listed: Listing, run_python: RunPython | None, *, as_json: bool, picture: Path | None
) -> None:
    """What all runs come to, the newest settings first."""
    # What weighs is imported only now: it takes its time, and the models have theirs before.
    from playground.notebook.saving import save_atomically
    from playground.verdict.drawing import picture as drawn
    from playground.verdict.from_document import groups_of_cell
    from playground.verdict.reports import counts_words, report_of, said
    from playground.verdict.rows import list_data

    if as_json:
        print_safely(json.dumps(list_data(listed.cell, run_python), indent=2) + "\n")
    if as_json and picture is None:
        return
    found = [report_of(group) for group in groups_of_cell(listed.cell, run_python)]
    if not as_json:
        counts = counts_words(found[0].verdict) if found else ""
        print_safely(terminal.plain(said(found) + (f"{counts}\n" if counts else "")))
        if listed.file is not None:
            print_safely(f"{_counted(len(listed.cell.runs))}, saved in {listed.file}\n")
    if picture is not None and found:
        save_atomically(picture, drawn(found[0].verdict))


def _counted(runs: int) -> str:
    return "1 run" if runs == 1 else f"{runs} runs"
