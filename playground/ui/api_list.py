"""The `/compare_list` endpoint: many problems on both models, each judged, with a verdict.

Runs one comparison after the other and tells how far it is. Knows engines only through the
comparison that it is given.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any, TypedDict

import gradio as gr

from playground.comparison.options import (
    ListOptions,
    ProblemOptions,
    after_history,
    build_requests,
    section,
)
from playground.comparison.run import Comparison
from playground.domain.attachment import attachments_from
from playground.domain.errors import BadRequest, PlaygroundError
from playground.domain.expected import expected_from
from playground.domain.request import LANES, Lane, Request, check_prompt, check_text
from playground.domain.visitor import Visitor
from playground.judging import check_expected
from playground.judging.packing import agreement_of, grades_of
from playground.notebook.asking import question
from playground.notebook.batch import drawn_seeds
from playground.notebook.changes import AddRun, apply
from playground.notebook.document import Document, PromptCell
from playground.notebook.plan import (
    Planned,
    Seeds,
    check_budgets,
    check_repeats,
    expected_by_run,
    plan,
    seeded,
)
from playground.notebook.problems import MOST_PROBLEMS, MOST_TAGS, PROMPT, Problem
from playground.notebook.settings import Settings
from playground.notebook.settings_of_options import settings_of
from playground.notebook.variables import is_name
from playground.results.fold import Fold
from playground.ui.visitors import visitor_of
from playground.verdict.rows import list_data

UPDATE_S = 1.0
SESSION = "api"
DESCRIPTION = (
    "Answer many problems with both models, one after the other. `problems` is a list of {prompt,"
    " or variables of the template; expected; tags}; `options` are those of /compare, and repeats,"
    " budgets (thinking budgets) and template (the prompt, with {{prompt}} or the variables' names"
    " in it). Yields {done, planned, left_s, counts} as it goes on and ends with {rows, verdict,"
    " curves, words, notes}: each row has both Results and what they were judged to be."
)
_NO_OPTIONS: ListOptions = {}
_OWN = ("template", "repeats", "budgets", "expected")


class ListResults(TypedDict, total=False):
    """How far a list is, or at last all of its rows and what they come to."""

    done: int
    planned: int
    left_s: float | None
    counts: dict[str, Any]
    rows: list[dict[str, Any]]
    verdict: dict[str, Any] | None
    curves: list[dict[str, Any]]
    words: str
    notes: list[str]


Snapshots = Generator[ListResults, None, None]


def add_list_api(
    comparison: Comparison,
    models: Mapping[Lane, str],
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Add the endpoint to the Blocks whose context this is called in."""

    def compare_list(
        request: gr.Request,
        problems: list[ProblemOptions] | None = None,
        options: ListOptions = _NO_OPTIONS,
    ) -> Snapshots:
        try:
            asked = asked_list(problems, options, models, comparison)
        except PlaygroundError as exc:
            raise gr.Error(str(exc), print_exception=False) from exc
        visitor = visitor_of(request, comparison.in_public)
        yield from list_snapshots(comparison, asked, visitor, clock)

    # Gradio reads the schema of what comes back from this; of a generator's type it knows nothing.
    compare_list.__annotations__["return"] = ListResults
    gr.api(
        compare_list,
        api_name="compare_list",
        api_description=DESCRIPTION,
        concurrency_limit=None,
    )


@dataclass(frozen=True, slots=True)
class AskedList:
    """A list as a cell under settings, and what its runs ask."""

    cell: PromptCell
    settings: Settings
    planned: tuple[Planned, ...]
    requests: Callable[[Planned], tuple[Request, ...]]


def asked_list(
    problems: object, options: object, models: Mapping[Lane, str], comparison: Comparison
) -> AskedList:
    """What is asked, all of it checked before anything runs. Raises BadRequest that names the
    row."""
    given = section("options", options, ListOptions)
    rest = {key: value for key, value in given.items() if key not in _OWN}
    # What both endpoints take is refused in the same words.
    build_requests("?", rest, models, comparison.describe, comparison.limits)
    settings, own = settings_of(rest, models)
    expected = expected_from(given.get("expected"))
    cell = PromptCell(
        prompt=check_prompt(given.get("template") or f"{{{{{PROMPT}}}}}"),
        overrides=own,
        attachments=attachments_from("attachments", rest.get("attachments") or ()),
        expected=expected,
        repeats=check_repeats("repeats", given.get("repeats", 1)),
        problems=_problems(problems),
        budgets=check_budgets("budgets", given.get("budgets") or []),
    )
    comparison.limits.check_text("template", cell.prompt)
    for place, problem in enumerate(cell.problems):
        for name, text in problem.values:
            comparison.limits.check_text(f"problems[{place}].{name}", text)
    planned = plan(cell)
    comparison.limits.check_runs(len(planned), 0)
    requests = _requests(cell, settings, rest, comparison, drawn_seeds())
    for place, each in enumerate(planned):
        try:
            requests(each)
        except BadRequest as exc:
            raise BadRequest(f"Run {place + 1} of {len(planned)}: {exc}") from exc
    return AskedList(cell, settings, planned, requests)


def _requests(
    cell: PromptCell,
    settings: Settings,
    options: Mapping[str, object],
    comparison: Comparison,
    seeds: Seeds,
) -> Callable[[Planned], tuple[Request, ...]]:
    document, after = Document((cell,)), after_history(options)

    def requests(planned: Planned) -> tuple[Request, ...]:
        asked = question(document, settings, cell.id, planned, comparison.describe)
        built = build_requests(
            asked.prompt, asked.options, settings.models, comparison.describe, comparison.limits
        )
        lanes = tuple(request for request in built if request.lane in asked.lanes)
        amended = after(seeded(lanes, settings, cell.overrides, planned.repeat, seeds))
        for request in amended:
            comparison.limits.check_request(request)
        return amended

    return requests


def _problems(given: object) -> tuple[Problem, ...]:
    if not isinstance(given, list | tuple) or not given:
        raise BadRequest(
            "problems must be a list with a problem or more. Send for instance"
            ' [{"prompt": "What is 2 + 2?", "expected": "4"}].'
        )
    if len(given) > MOST_PROBLEMS:
        raise BadRequest(
            f"problems has {len(given):,} entries, but {MOST_PROBLEMS:,} is the most. Split it."
        )
    return tuple(_problem(f"problems[{place}]", each) for place, each in enumerate(given))


def _problem(where: str, data: object) -> Problem:
    given = section(where, data, ProblemOptions)
    variables = given.get("variables") or {}
    if not isinstance(variables, Mapping):
        raise BadRequest(f"{where}.variables is {variables!r}, but must be an object. Change it.")
    values = {**({PROMPT: given["prompt"]} if "prompt" in given else {}), **variables}
    if not values:
        raise BadRequest(f"{where} has neither prompt nor variables. Give one of them.")
    for name in values:
        if not is_name(name):
            raise BadRequest(f"{where}.variables: {name!r} is no name. Use letters, digits and _.")
    tags = given.get("tags") or []
    if not isinstance(tags, list | tuple) or len(tags) > MOST_TAGS:
        raise BadRequest(
            f"{where}.tags is {tags!r}, but must be a list of at most {MOST_TAGS} texts. Change it."
        )
    try:
        expected = expected_from(given.get("expected"))
        if expected is not None:
            check_expected(expected)
    except BadRequest as exc:
        raise BadRequest(f"{where} is refused: {exc}") from exc
    return Problem(
        tuple((name, check_text(f"{where}.{name}", text)) for name, text in values.items()),
        expected,
        tuple(check_text(f"{where}.tags", tag) for tag in tags),
    )


def list_snapshots(
    comparison: Comparison,
    asked: AskedList,
    visitor: Visitor,
    clock: Callable[[], float],
) -> Snapshots:
    """How far it is, now and then, and at last all of it; closing it stops the run that goes on."""
    document, counts = Document((asked.cell,)), _Counts()
    expected_of = expected_by_run(asked.cell)
    begun_s = clock()
    for done, planned in enumerate(asked.planned):
        left_s = (clock() - begun_s) / done * (len(asked.planned) - done) if done else None
        progress = ListResults(
            done=done, planned=len(asked.planned), left_s=left_s, counts=counts.data()
        )
        yield progress
        requests = asked.requests(planned)
        folds = {request.lane: Fold(request) for request in requests}
        for _ in _ticks(comparison, requests, folds, visitor, clock):
            yield progress
        results = tuple(folds[lane].result() for lane in LANES if lane in folds)
        added = AddRun(asked.cell.id, requests[0].id, results, planned.values, planned.repeat)
        document = apply(document, added)
        run = document.prompts[0].runs[-1]
        lanes = {result.request.lane: result for result in results}
        agreed = agreement_of(lanes)
        counts.add(
            {lane: each.kind for lane, each in grades_of(lanes, expected_of(run)).items()},
            None if agreed is None else agreed.kind,
        )
    data = list_data(document.prompts[0])
    yield ListResults(
        rows=data["rows"],
        verdict=data["verdict"],
        curves=data["curves"],
        words=data["words"],
        notes=data["notes"],
    )


def _ticks(
    comparison: Comparison,
    requests: tuple[Request, ...],
    folds: Mapping[Lane, Fold],
    visitor: Visitor,
    clock: Callable[[], float],
) -> Iterator[None]:
    """Runs the lanes to their end; now and then a tick, so that a client that left is noticed."""
    ticked_s = clock()
    with closing(comparison.run(SESSION, requests, visitor=visitor)) as events:
        for lane, event in events:
            folds[lane].apply(event)
            if clock() - ticked_s >= UPDATE_S:
                ticked_s = clock()
                yield


class _Counts:
    """How many of each grade a lane has, and how many pairs agree."""

    def __init__(self) -> None:
        self._grades: dict[Lane, dict[str, int]] = {lane: {} for lane in LANES}
        self._agreements: dict[str, int] = {}

    def add(self, grades: Mapping[Lane, str], agreement: str | None) -> None:
        for lane, kind in grades.items():
            self._grades[lane][kind] = self._grades[lane].get(kind, 0) + 1
        if agreement is not None:
            self._agreements[agreement] = self._agreements.get(agreement, 0) + 1

    def data(self) -> dict[str, Any]:
        """A copy, for a snapshot."""
        graded: dict[str, Any] = {lane: dict(kinds) for lane, kinds in self._grades.items()}
        return {**graded, "agreement": dict(self._agreements)}
