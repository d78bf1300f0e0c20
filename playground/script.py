"""`compare`, `compare_each` and `compare_list` for scripts and Jupyter.

Remembers the last conversation of this process, so that the next prompt may continue it. Knows
what may be asked; who runs it is in `running`, how it looks in Jupyter in `jupyter`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, Unpack, overload

from playground import catalog, jupyter
from playground.compared import Compared, Each
from playground.comparison.options import (
    AttachmentOptions,
    HistoryMessage,
    LaneOptions,
    SamplingOptions,
)
from playground.domain.errors import BadRequest
from playground.domain.expected import Expected, expected_from
from playground.domain.request import Lane, Message, Request, check_prompt
from playground.given import attachments as given_attachments
from playground.given import lanes as given_lanes
from playground.given import variables as given_variables
from playground.judging import RunPython, check_expected, run_python
from playground.notebook.variables import Values, Variables, combinations
from playground.results.value import Result
from playground.running import ask, own_comparison, requests_for

if TYPE_CHECKING:
    from playground.listed import ComparedList

GivenAttachment = str | PathLike[str] | AttachmentOptions
"""A file's path, or a document as {"name": …, "text": …}."""
GivenExpected = str | int | float | Mapping[str, Any] | None
"""A text or number, compared by value, or {"kind": …, "value": …, "tolerance": …}."""
GivenProblems = str | PathLike[str] | Sequence[Mapping[str, Any]]
"""Rows as objects, a table's text, or its path, or a set's name."""


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
    allow_python_tests: bool


@overload
def compare(prompt: str, **options: Unpack[Options]) -> Compared: ...


@overload
def compare(
    prompt: str,
    *,
    repeats: int,
    budgets: Sequence[int | None] = (),
    **options: Unpack[Options],
) -> ComparedList: ...


@overload
def compare(
    prompt: str, *, budgets: Sequence[int | None], **options: Unpack[Options]
) -> ComparedList: ...


def compare(
    prompt: str,
    *,
    repeats: int | None = None,
    budgets: Sequence[int | None] = (),
    **options: Unpack[Options],
) -> Compared | ComparedList:
    """Answer `prompt` with both models; live in Jupyter, and the Results when both have ended.

    `pair` names the models; `left` and `right` win over it, each a model's name or
    `{"model": …, "sampling": {…}}`. What is left out is the model's own default. With `continues`
    each lane goes on with its conversation of the `compare` before, in this process; lanes in
    `keep_thinking` with what they thought before that answer (the models' cards advise against it).
    A prompt that ends with /think or /no_think runs only on the lanes that do. `attachments` are
    whole documents that are put before the prompt: paths (text, source code, HTML, PDF), or names
    and texts.

    `expected` is the answer that is right: a text or a number, compared by value, or
    `{"kind": …, "value": …}`; where that is tests, the models' code is run only if
    `allow_python_tests`, on this machine and in no sandbox. With `repeats`, under successive
    seeds, or with thinking `budgets`, which lanes that think are run under one after the other, it
    is a list of all runs with a verdict.

    Raises:
        BadRequest: names the key, the value and what is allowed. A lane's failure is a Result.
    """
    if repeats is not None or budgets:
        return _many(prompt, options, 1 if repeats is None else repeats, budgets)
    return _compare(prompt, ((),), options)[0]


def compare_each(
    prompt: str,
    values: Mapping[str, Sequence[str]],
    *,
    repeats: int | None = None,
    budgets: Sequence[int | None] = (),
    **options: Unpack[Options],
) -> Each:
    """`compare` once for each combination of `values`, which take the place of `{{name}}`; a list
    with a verdict where `repeats` or `budgets` are given.

    Raises BadRequest, as `compare` does.
    """
    variables = given_variables(values)
    if repeats is not None or budgets:
        times = 1 if repeats is None else repeats
        return _many(prompt, options, times, budgets, variables=variables)
    return Each(_compare(prompt, combinations(check_prompt(prompt), variables), options))


def compare_list(
    prompt: str | None = None,
    problems: GivenProblems = (),
    *,
    limit: int | None = None,
    values: Mapping[str, Sequence[str]] | None = None,
    repeats: int = 1,
    budgets: Sequence[int | None] = (),
    file: str | PathLike[str] | None = None,
    **options: Unpack[Options],
) -> ComparedList:
    """`compare` once for each of `problems`, which fill the prompt's `{{prompt}}` and other names.

    They are rows as objects, a table as text, or a path to one (CSV, JSON, JSON lines): a column is
    the prompt, one the expected answer, some are tags, every other one is a variable. Or a set's
    name, as on the command line: `demo`, `gsm8k`, `OWNER/NAME` on the Hub; naming it is asking for
    its download, and it brings a prompt of its own. `values` are those of variables that no column
    fills. With `file` all is kept in that notebook after each
    run, and what is there already is not run again.

    Raises BadRequest, as `compare` does.
    """
    variables = given_variables(values or {})
    return _many(prompt, options, repeats, budgets, problems, variables, file, limit)


def _options(given: Options) -> dict[str, Any]:
    """What all doors take of the options. Raises BadRequest."""
    for name in given:
        if name not in Options.__annotations__:
            known = ", ".join(Options.__annotations__)
            raise BadRequest(f"Unknown key {name!r} in options. Use one of: {known}.")
    given_lanes(given.get("keep_thinking", ()))
    options: dict[str, Any] = {key: given[key] for key in _COMMON if key in given}  # type: ignore[literal-required]
    if attached := given.get("attachments"):
        options["attachments"] = given_attachments(attached)
    return options


_COMMON = ("system", "history", "attachments", "sampling", "left", "right", "schedule")


def _expected(given: Options) -> Expected | None:
    """Raises BadRequest, also for what can never be judged."""
    expected = expected_from(given.get("expected"))
    if expected is not None:
        check_expected(expected)
    return expected


def _run_python(given: Options) -> RunPython | None:
    return _cached_python if given.get("allow_python_tests") else None


_cached_python = lru_cache(maxsize=1024)(run_python)


def _many(
    prompt: str | None,
    given: Options,
    repeats: int,
    budgets: Sequence[int | None],
    problems: GivenProblems | None = None,
    variables: Variables = (),
    file: str | PathLike[str] | None = None,
    limit: int | None = None,
) -> ComparedList:
    """Raises BadRequest."""
    from playground import many  # what weighs and saves is imported when it is needed

    asked = many.asked(
        prompt,
        _options(given),
        given.get("pair", catalog.DEFAULT_PAIR),
        expected=_expected(given),
        repeats=repeats,
        budgets=budgets,
        problems=problems,
        variables=variables,
        limit=limit,
    )
    amend = _continued(given) if given.get("continues") else None
    _previous.clear()
    done = many.compare_many(
        own_comparison(), asked, _run_python(given), amend, None if file is None else Path(file)
    )
    if done:
        _previous.update(done[-1].lanes)
    return done


def _continued(given: Options) -> Callable[[tuple[Request, ...]], tuple[Request, ...]]:
    """Puts each lane's conversation so far before its requests."""
    earlier, keep = dict(_previous), given_lanes(given.get("keep_thinking", ()))
    return lambda requests: tuple(
        _continuing(request, request.lane in keep, earlier) for request in requests
    )


_previous: dict[Lane, Result] = {}
"""What the `compare` before came to."""


def _compare(prompt: str, runs: Sequence[Values], given: Options) -> list[Compared]:
    comparison, options, expected = own_comparison(), _options(given), _expected(given)
    pair = given.get("pair", catalog.DEFAULT_PAIR)
    asked = [requests_for(comparison, prompt, options, pair, values) for values in runs]
    if given.get("continues"):
        asked = list(map(_continued(given), asked))
    done = []
    judge = jupyter.Judge(expected, _run_python(given))
    for requests, values in zip(asked, runs, strict=True):
        _previous.clear()
        display = jupyter.live_display(values, judge)
        compared = ask(comparison, requests, None if display is None else display.show)
        _previous.update(compared.lanes)
        shown_in = None if display is None else jupyter.execution()
        done.append(
            replace(
                compared,
                values=values,
                expected=expected,
                run_python=judge.run_python,
                shown_in=shown_in,
            )
        )
    return done


def _continuing(request: Request, keep_thinking: bool, earlier: Mapping[Lane, Result]) -> Request:
    """The request after its lane's conversation so far. Raises BadRequest."""
    lane = request.lane
    if request.history:
        raise BadRequest("history and continues are both given. Leave one of them out.")
    before = earlier.get(lane)
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
