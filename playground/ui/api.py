"""The `/compare` endpoint: for `gradio_client`, curl, the OpenAPI document and MCP.

Knows engines only through the comparison that it is given. A lane's failure is a Result; only a
bad request is an error.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Mapping
from contextlib import closing
from typing import Any, TypedDict

import gradio as gr

from playground.comparison.options import CompareOptions, build_requests
from playground.comparison.run import Comparison
from playground.domain.errors import PlaygroundError
from playground.domain.request import LANES, Lane, Request
from playground.domain.visitor import OPERATOR, Visitor
from playground.results.fold import Fold
from playground.results.value import to_json
from playground.ui.visitors import visitor_of

UPDATE_S = 0.25
SESSION = "api"
DESCRIPTION = (
    "Answer one prompt with both models. Yields the results so far about four times a second and"
    " ends with both: {'left': Result, 'right': Result}. `options` may hold system, history,"
    " attachments (documents put before the prompt: [{name, text}]),"
    " sampling (both lanes), left and right ({model, sampling}) and schedule (in_turn or together);"
    " what is left out is the model's own default."
)
_NO_OPTIONS: CompareOptions = {}


class ComparedResults(TypedDict):
    """Both lanes' Results as JSON, so far or ended."""

    left: dict[str, Any]
    right: dict[str, Any]


Snapshots = Generator[ComparedResults, None, None]


def add_api(
    comparison: Comparison,
    models: Mapping[Lane, str],
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Add the endpoint to the Blocks whose context this is called in."""

    # Without a default, Gradio answers a missing prompt with a bare 500.
    def compare(
        request: gr.Request, prompt: str = "", options: CompareOptions = _NO_OPTIONS
    ) -> Snapshots:
        try:
            requests = build_requests(
                prompt, options, models, comparison.describe, comparison.limits
            )
        except PlaygroundError as exc:
            raise gr.Error(str(exc), print_exception=False) from exc
        yield from snapshots(comparison, requests, clock, visitor_of(request, comparison.in_public))

    # Gradio reads the schema of what comes back from this; of a generator's type it knows nothing.
    compare.__annotations__["return"] = ComparedResults
    gr.api(
        compare,
        api_name="compare",
        api_description=DESCRIPTION,
        concurrency_limit=None,
    )


def snapshots(
    comparison: Comparison,
    requests: tuple[Request, ...],
    clock: Callable[[], float],
    visitor: Visitor = OPERATOR,
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
    yield _results(folds)


def _results(folds: Mapping[Lane, Fold]) -> ComparedResults:
    left, right = (to_json(folds[lane].result()) for lane in LANES)
    return ComparedResults(left=left, right=right)
