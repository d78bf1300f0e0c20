"""`compare`, `compare_each` and `compare_list` for scripts and Jupyter.

Remembers the last conversation of this process, so that the next prompt may continue it. Knows
what may be asked; who runs it is in `running`, how it looks in Jupyter in `jupyter`.
"""

from __future__ import annotations

import reprlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from os import PathLike, fspath
from pathlib import Path
from typing import Any, TypedDict, Unpack, overload

from playground import catalog, jupyter
from playground.attachments import read_path
from playground.compared import Compared, Each
from playground.comparison.options import (
    AttachmentOptions,
    HistoryMessage,
    LaneOptions,
    SamplingOptions,
)
from playground.domain.errors import BadRequest
from playground.domain.expected import expected_from
from playground.domain.request import LANES, Lane, Message, Request, check_prompt
from playground.notebook.batch import drawn_seeds
from playground.notebook.document import PromptCell, Run
from playground.notebook.plan import (
    NO_SEEDS,
    check_budgets,
    check_repeats,
    expected_by_run,
    is_batch,
    plan,
    problems_by_run,
)
from playground.notebook.problem_tables import problems_given
from playground.notebook.saving import read_text
from playground.notebook.variables import Variables
from playground.results.value import Result
from playground.running import ask, own_comparison, requests_for

GivenAttachment = str | PathLike[str] | AttachmentOptions
"""A file's path, or a document as {"name": …, "text": …}."""
GivenExpected = str | int | float | Mapping[str, Any] | None
"""A text or number, compared by value, or {"kind": …, "value": …, "tolerance": …}."""
GivenProblems = str | PathLike[str] | Sequence[Mapping[str, Any]]
"""Rows as objects, a table's text, or its path."""


class Options(TypedDict, total=False):
    """What `compare` takes beside the prompt."""

    system: str
    history: Sequence[HistoryMessage]
    attachments: Sequence[GivenAttachment]
    sampling: SamplingOptions | None
    left: str | LaneOptions | None
    right: str | LaneOptions | None
    schedule: str
    pair: str
    continues: bool
    keep_thinking: Sequence[Lane]
    expected: GivenExpected


@overload
def compare(prompt: str, **options: Unpack[Options]) -> Compared: ...


@overload
def compare(
    prompt: str,
    *,
    repeats: int = 1,
    budgets: Sequence[int | None] = (),
    **options: Unpack[Options],
) -> Compared | Each: ...


def compare(
    prompt: str,
    *,
    system: str = "",
    history: Sequence[HistoryMessage] = (),
    attachments: Sequence[GivenAttachment] = (),
    sampling: SamplingOptions | None = None,
    left: str | LaneOptions | None = None,
    right: str | LaneOptions | None = None,
    schedule: str = "in_turn",
    pair: str = catalog.DEFAULT_PAIR,
    continues: bool = False,
    keep_thinking: Sequence[Lane] = (),
    expected: GivenExpected = None,
    repeats: int = 1,
    budgets: Sequence[int | None] = (),
) -> Compared | Each:
    """Answer `prompt` with both models; live in Jupyter, and the Results when both have ended.

    `pair` names the models; `left` and `right` win over it, each a model's name or
    `{"model": …, "sampling": {…}}`. What is left out is the model's own default. With `continues`
    each lane goes on with its conversation of the `compare` before, in this process; lanes in
    `keep_thinking` with what they thought before that answer (the models' cards advise against it).
    A prompt that ends with /think or /no_think runs only on the lanes that do. `attachments` are
    whole documents that are put before the prompt: paths (text, source code, HTML, PDF), or names
    and texts.

    `expected` is the answer that is expected: a text or a number, compared by value, or
    {"kind": …, "value": …}. With `repeats`, under successive seeds, or thinking `budgets`, which
    lanes that think are run under one after the other, it is a tuple of all runs.

    Raises:
        BadRequest: names the key, the value and what is allowed. A lane's failure is a Result.
    """
    options: dict[str, object] = {
        "system": system,
        "history": history,
        "attachments": attachments,
        "sampling": sampling,
        "left": left,
        "right": right,
        "schedule": schedule,
    }
    options |= {"pair": pair, "continues": continues, "keep_thinking": keep_thinking}
    cell = _cell(prompt, expected, repeats, budgets)
    done = _compare(cell, options)
    return Each(done) if is_batch(cell) else done[0]


def compare_each(
    prompt: str,
    values: Mapping[str, Sequence[str]],
    *,
    repeats: int = 1,
    budgets: Sequence[int | None] = (),
    **same: Unpack[Options],
) -> tuple[Compared, ...]:
    """`compare` once for each combination of `values`, which take the place of `{{name}}`.

    Raises BadRequest, as `compare` does.
    """
    cell = _cell(prompt, same.get("expected"), repeats, budgets)
    return Each(_compare(replace(cell, variables=_variables(values)), same))


def compare_list(
    prompt: str,
    problems: GivenProblems,
    *,
    values: Mapping[str, Sequence[str]] | None = None,
    repeats: int = 1,
    budgets: Sequence[int | None] = (),
    **same: Unpack[Options],
) -> tuple[Compared, ...]:
    """`compare` once for each of `problems`, which fill the prompt's `{{prompt}}` and other names.

    They are rows as objects, a table as text, or a path to one (CSV, JSON, JSON lines): a column is
    the prompt, one the expected answer, some are tags, every other one is a variable. `values` are
    those of variables that no column fills.

    Raises BadRequest, as `compare` does.
    """
    cell = _cell(prompt, same.get("expected"), repeats, budgets)
    listed = problems_given("problems", _table(problems))
    return Each(_compare(replace(cell, problems=listed, variables=_variables(values or {})), same))


def _cell(prompt: str, expected: object, repeats: int, budgets: Sequence[int | None]) -> PromptCell:
    """What is asked, as a cell that plans its runs. Raises BadRequest."""
    return PromptCell(
        prompt=check_prompt(prompt),
        expected=expected_from(expected),
        repeats=check_repeats("repeats", repeats),
        budgets=check_budgets("budgets", budgets),
    )


def _table(problems: GivenProblems) -> object:
    """The problems, or the text of the file that is named; a text of several lines is no name."""
    if isinstance(problems, PathLike) or (isinstance(problems, str) and "\n" not in problems):
        return read_text(Path(fspath(problems)))
    return problems if isinstance(problems, str) else list(problems)


_previous: dict[Lane, Result] = {}
"""What the `compare` before came to."""


def _compare(cell: PromptCell, given: Mapping[str, object]) -> list[Compared]:
    comparison = own_comparison()
    options: dict[str, object] = {**given}
    if attached := given.get("attachments"):
        options["attachments"] = _read(attached)
    pair, continues = (
        str(options.pop("pair", catalog.DEFAULT_PAIR)),
        options.pop("continues", False),
    )
    options.pop("expected", None)
    keep = _lanes(options.pop("keep_thinking", ()))
    runs = plan(cell)
    seeds = drawn_seeds() if is_batch(cell) else NO_SEEDS
    asked = [
        requests_for(comparison, cell.prompt, options, pair, each, cell.budgets, seeds)
        for each in runs
    ]
    if continues:
        asked = [tuple(_continuing(r, r.lane in keep) for r in requests) for requests in asked]
    done = []
    problem_of, expected_of = problems_by_run(cell), expected_by_run(cell)
    for requests, planned in zip(asked, runs, strict=True):
        _previous.clear()
        display = jupyter.live_display(planned.values, planned.repeat)
        compared = ask(comparison, requests, None if display is None else display.show)
        _previous.update(compared.lanes)
        run = Run(requests[0].id, 1, compared.results, planned.values, planned.repeat)
        problem = problem_of(run)
        done.append(
            replace(
                compared,
                values=planned.values,
                repeat=planned.repeat,
                expected=expected_of(run),
                tags=() if problem is None else problem.tags,
                shown_in=None if display is None else jupyter.execution(),
            )
        )
    return done


def _lanes(given: object) -> tuple[object, ...]:
    """Names of lanes. Raises BadRequest."""
    lanes = tuple(given) if isinstance(given, list | tuple) else (given,)
    if not all(lane in LANES for lane in lanes):
        raise BadRequest(
            f"keep_thinking is {given!r}, but must be a list of {' and '.join(LANES)}. Change it."
        )
    return lanes


def _read(attachments: object) -> object:
    """The attachments with the files that are named by paths. Raises BadRequest."""
    if isinstance(attachments, str | PathLike) or not isinstance(attachments, Sequence):
        raise BadRequest(
            f"attachments is {reprlib.repr(attachments)}, but must be a list. Write for instance"
            ' ["report.txt"].'
        )
    return [
        read_path(Path(fspath(each))) if isinstance(each, str | PathLike) else each
        for each in attachments
    ]


def _continuing(request: Request, keep_thinking: bool) -> Request:
    """The request after its lane's conversation so far. Raises BadRequest."""
    lane = request.lane
    if request.history:
        raise BadRequest("history and continues are both given. Leave one of them out.")
    before = _previous.get(lane)
    if before is None:
        raise BadRequest(
            f"There is nothing to continue: the {lane} lane has not answered a compare in this"
            " process. Run one first, or leave continues out."
        )
    if not before.has_answer:
        raise BadRequest(
            f"There is nothing to continue: the {lane} lane came to no answer"
            " in the compare before. Run that again, or leave continues out."
        )
    thinking = (before.output.thinking or None) if keep_thinking else None
    answer = Message("assistant", before.output.answer, thinking)
    turns = Message("user", before.request.prompt), answer
    return replace(request, history=(*before.request.history, *turns))


def _variables(values: object) -> Variables:
    """Each variable with its values. Raises BadRequest."""
    if not isinstance(values, Mapping):
        raise _no_values(values)
    for given in values.values():
        if not isinstance(given, list | tuple) or not all(isinstance(v, str) for v in given):
            raise _no_values(given)
    return tuple((str(name), tuple(given)) for name, given in values.items())


def _no_values(value: object) -> BadRequest:
    return BadRequest(
        f"values has {reprlib.repr(value)}, but each name must have a list of texts. Write for"
        ' instance {"language": ["French", "German"]}.'
    )
