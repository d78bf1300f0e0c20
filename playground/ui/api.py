"""The endpoints, and `/compare` itself: for `gradio_client`, curl, the OpenAPI document and MCP.

Knows engines only through the comparison that it is given. A lane's failure is a Result; only a
bad request is an error. `/compare_list` is in `api_list`, `/judge` in `api_judge`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Mapping
from contextlib import closing
from typing import Any, NotRequired, TypedDict

import gradio as gr

from playground.comparison.options import CompareOptions, build_requests
from playground.comparison.run import Comparison
from playground.domain.errors import PlaygroundError
from playground.domain.expected import Expected
from playground.domain.request import LANES, Lane, Request
from playground.domain.visitor import OPERATOR, Visitor
from playground.judging.packing import judged_data
from playground.results.fold import Fold
from playground.results.value import to_json
from playground.ui.api_judge import add_judge_api, expected_in
from playground.ui.api_list import add_list_api
from playground.ui.visitors import visitor_of

UPDATE_S = 0.25
SESSION = "api"
DESCRIPTION = (
    "Answer one prompt with both models. Yields the results so far about four times a second and"
    " ends with both: {'left': Result, 'right': Result}. `options` may hold system, history,"
    " attachments (documents put before the prompt: [{name, text}]),"
    " sampling (both lanes), left and right ({model, sampling}) and schedule (in_turn or together);"
    " what is left out is the model's own default. With expected (a text, a number, or {kind,"
    " value or values, tolerance}) the last message also has judged: {agreement, left, right}."
)
_NO_OPTIONS: CompareOptions = {}


class ComparedResults(TypedDict):
    """Both lanes' Results as JSON, so far or ended; judged at last, if an answer is expected."""

    left: dict[str, Any]
    right: dict[str, Any]
    judged: NotRequired[dict[str, Any]]


Snapshots = Generator[ComparedResults, None, None]


def add_api(
    comparison: Comparison,
    models: Mapping[Lane, str],
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Add the endpoints to the Blocks whose context this is called in.

    None of them runs an answer's code: where tests are expected to pass, nothing is judged.
    """

    # Without a default, Gradio answers a missing prompt with a bare 500.
    def compare(
        request: gr.Request, prompt: str = "", options: CompareOptions = _NO_OPTIONS
    ) -> Snapshots:
        try:
            requests = build_requests(
                prompt, options, models, comparison.describe, comparison.limits
            )
            expected = expected_in(options)
        except PlaygroundError as exc:
            raise gr.Error(str(exc), print_exception=False) from exc
        visitor = visitor_of(request, comparison.in_public)
        yield from snapshots(comparison, requests, clock, visitor, expected)

    # Gradio reads the schema of what comes back from this; of a generator's type it knows nothing.
    compare.__annotations__["return"] = ComparedResults
    gr.api(
        compare,
        api_name="compare",
        api_description=DESCRIPTION,
        concurrency_limit=None,
    )
    add_list_api(comparison, models, clock)
    add_judge_api()


def snapshots(
    comparison: Comparison,
    requests: tuple[Request, ...],
    clock: Callable[[], float],
    visitor: Visitor = OPERATOR,
    expected: Expected | None = None,
) -> Snapshots:
    """Both results so far, now and then, and at last as they ended; closing it stops the lanes."""
    folds = {request.lane: Fold(request) for request in requests}
    shown_s = -UPDATE_S + clock()
    with closing(comparison.run(SESSION, requests, visitor=visitor)) as events:
        for lane, event in events:
            folds[lane].apply(event)
            now_s = clock()
            if now_s - shown_s >= UPDATE_S:
                shown_s = now_s
                yield _results(folds)
    ended = _results(folds)
    if expected is not None:
        results = {lane: folds[lane].result() for lane in LANES}
        ended["judged"] = judged_data(results, expected)
    yield ended


def _results(folds: Mapping[Lane, Fold]) -> ComparedResults:
    left, right = (to_json(folds[lane].result()) for lane in LANES)
    return ComparedResults(left=left, right=right)
