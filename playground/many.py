"""A prompt asked many times in a script or Jupyter: a list, repeats or thinking budgets.

Live in Jupyter. Knows how a list is run and how it shows itself; what a script may ask is in
`script`.
"""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from playground import jupyter, listing
from playground.comparison.options import after_history
from playground.comparison.run import Comparison
from playground.domain.errors import BadRequest
from playground.domain.expected import Expected
from playground.domain.request import check_prompt
from playground.headless import Amend, Progress
from playground.judging import RunPython
from playground.listed import ComparedList, LiveList
from playground.notebook.plan import check_budgets, check_repeats
from playground.notebook.problem_tables import judgeable, problems_given
from playground.notebook.problems import Problem
from playground.notebook.variables import Variables
from playground.running import Folds
from playground.sets import check_limit, open_set
from playground.sets.known import PLAIN


def asked(
    prompt: str | None,
    options: Mapping[str, Any],
    pair: str,
    *,
    expected: Expected | None,
    repeats: object,
    budgets: object,
    problems: object,
    variables: Variables,
    limit: int | None = None,
) -> listing.Asked:
    """What is asked; null `problems` are no list, a null prompt is the list's own. Raises
    PlaygroundError."""
    found, own_prompt = _problems(problems, limit)
    return listing.Asked(
        prompt=check_prompt(own_prompt if prompt is None else prompt),
        options=options,
        pair=pair,
        problems=found,
        expected=expected,
        repeats=check_repeats("repeats", repeats),
        budgets=check_budgets("budgets", budgets),
        variables=variables,
    )


def _problems(problems: object, limit: int | None) -> tuple[tuple[Problem, ...], str]:
    """The problems, or the set of that name, and what is asked of each; a text of several lines
    is a table, no name."""
    if problems is None:
        return (), PLAIN
    if isinstance(problems, PathLike) or (isinstance(problems, str) and "\n" not in problems):
        found = open_set(fspath(problems), limit)
        return found.problems, found.template
    given = judgeable(problems_given("problems", problems))
    return given[: check_limit(limit)], PLAIN


def compare_many(
    comparison: Comparison,
    asked: listing.Asked,
    run_python: RunPython | None,
    amend: Amend | None = None,
    file: Path | None = None,
) -> ComparedList:
    """Run it, or what `file` has not of it. Raises BadRequest when nothing can be asked."""
    listed = listing.listing(comparison, asked, file)
    before = len(listed.cell.runs)
    update = jupyter.updated_display()
    live = None if update is None else LiveList(update)

    def so_far() -> ComparedList:
        shown_in = None if live is None else jupyter.execution()
        return ComparedList(listed.cell, listed.settings, run_python, shown_in)

    def show(progress: Progress, folds: Folds) -> None:
        if live is not None and live.is_due():
            live.show(so_far(), progress.within())

    telling = listing.Telling(show=show)
    try:
        listing.run(comparison, listed, telling, amend or after_history(asked.options))
    finally:
        done = so_far()
        if live is not None:
            live.end(done, len(done) - before)
    if telling.problems and len(done) == before:
        raise BadRequest(telling.problems[0])
    return done
