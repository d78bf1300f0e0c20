"""What was weighed for a visitor, kept until a run that belongs to it or a choice changes.

Reads a session under its lock and weighs outside of it. No Gradio.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

from playground.judging import PythonOutcome
from playground.notebook.document import Document, PromptCell
from playground.ui.panel.scopes import WHOLE, Scope, cells_of, scopes
from playground.ui.python_tests import StillRunning
from playground.ui.session import Session
from playground.verdict.curve import Curve, curves
from playground.verdict.from_document import groups_of_document
from playground.verdict.grouping import Group
from playground.verdict.value import Verdict
from playground.verdict.votes import Tally, tallies
from playground.verdict.weighing import verdict_of

# A stranger's notebook may not keep the server busy: of more runs only the newest are weighed.
MOST_PUBLIC_RUNS = 2000


@dataclass(frozen=True, slots=True)
class Weighed:
    """A verdict of the scope's group at `place`, the newest group being 0; null without any.

    `unweighed` runs were too many for a public page.
    """

    scopes: tuple[Scope, ...]
    scope: str
    groups: tuple[Group, ...]
    place: int
    verdict: Verdict | None
    curves: tuple[Curve, ...]
    tallies: tuple[Tally, ...]
    unweighed: int = 0

    @property
    def group(self) -> Group | None:
        """The group that the verdict is of."""
        return self.groups[self.place] if self.groups else None


@dataclass(slots=True)
class _Kept:
    cells: tuple[PromptCell, ...]
    weighed: Weighed


class _Tests:
    """A `RunPython` that waits for no test; what has not ended yet is not judged."""

    def __init__(self, session: Session) -> None:
        self._tests = session.run_python
        self.still_running = False

    def __call__(self, code: str, tests: str) -> PythonOutcome:
        assert self._tests is not None
        try:
            return self._tests(code, tests)
        except StillRunning:
            self.still_running = True
            return PythonOutcome("not_run")


class Weighing:
    """Weighs for all visitors; keeps the last of each."""

    def __init__(self, in_public: bool) -> None:
        self._most = MOST_PUBLIC_RUNS if in_public else None
        self._kept: WeakKeyDictionary[Session, _Kept] = WeakKeyDictionary()

    def weigh(self, session: Session, scope: str = WHOLE, place: int = 0) -> Weighed:
        """What the runs of this scope say now."""
        with session.lock:
            document = session.document
        found = scopes(document)
        scope = scope if any(each.cell == scope for each in found) else WHOLE
        cells = cells_of(document, scope)
        kept = self._kept.get(session)
        if kept is None or kept.weighed.scope != scope or not _same(kept.cells, cells):
            chosen, unweighed = _newest(cells, self._most)
            part = Document(chosen, document.runs_made)
            tests = _Tests(session)
            made = groups_of_document(part, tests if session.run_python is not None else None)
            kept = _Kept(
                # With tests that still run it is made anew when it is next asked for.
                () if tests.still_running else cells,
                _weighed(found, scope, made, 0, tallies(part), unweighed),
            )
        groups, place = kept.weighed.groups, place if place < len(kept.weighed.groups) else 0
        if kept.weighed.place != place or kept.weighed.scopes != found:
            before = kept.weighed
            again = _weighed(found, scope, groups, place, before.tallies, before.unweighed)
            kept = _Kept(kept.cells, again)
        self._kept[session] = kept
        return kept.weighed

    def last(self, session: Session) -> Weighed | None:
        """What was weighed last for this visitor."""
        kept = self._kept.get(session)
        return None if kept is None else kept.weighed


def _weighed(
    found: tuple[Scope, ...],
    scope: str,
    groups: tuple[Group, ...],
    place: int,
    votes: tuple[Tally, ...],
    unweighed: int,
) -> Weighed:
    group = groups[place] if groups else None
    return Weighed(
        scopes=found,
        scope=scope,
        groups=groups,
        place=place,
        verdict=None if group is None else verdict_of(group),
        curves=() if group is None else curves(group.attempts),
        tallies=votes,
        unweighed=unweighed,
    )


def _same(one: Sequence[PromptCell], other: Sequence[PromptCell]) -> bool:
    """By identity: comparing thousands of results by value would be slower than weighing them."""
    return len(one) == len(other) and all(a is b for a, b in zip(one, other, strict=True))


def _newest(cells: tuple[PromptCell, ...], most: int | None) -> tuple[tuple[PromptCell, ...], int]:
    """The cells with no more runs than that, and how many were left out."""
    runs = sum(len(cell.runs) for cell in cells)
    if most is None or runs <= most:
        return cells, 0
    numbers = sorted((run.number for cell in cells for run in cell.runs), reverse=True)
    oldest = numbers[most - 1]
    kept = tuple(
        replace(cell, runs=tuple(run for run in cell.runs if run.number >= oldest), shown=0)
        for cell in cells
    )
    return kept, runs - most
