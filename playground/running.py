"""One comparison in this process, from a prompt and options to Results: for scripts and terminal.

Wires the engines to a comparison. Knows no page and nothing of how a comparison is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from functools import cache, partial

from playground.compared import Compared
from playground.comparison.options import build_requests, describe_or_guess
from playground.comparison.residents import Residents
from playground.comparison.run import Comparison
from playground.domain.engine import ModelCard
from playground.domain.request import LANES, Lane, Request, check_prompt
from playground.notebook.asking import question
from playground.notebook.document import Document, PromptCell
from playground.notebook.plan import Planned
from playground.notebook.settings import Settings
from playground.notebook.variables import Values
from playground.pairing import models_of
from playground.results.fold import Fold

SESSION = "script"

Folds = Mapping[Lane, Fold]
Show = Callable[[Folds], None]


@cache
def own_comparison() -> Comparison:
    """The process's one comparison, so that all callers queue for the same devices.

    Whoever names a model in a script or a command wants it: its runs may download.
    """
    from playground.engines import open_engine, unload_unused

    opened = partial(open_engine, may_download=True)
    return Comparison(opened, residents=Residents(unload_unused))


def requests_for(
    comparison: Comparison,
    prompt: str,
    options: Mapping[str, object],
    pair: str,
    values: Values = (),
) -> tuple[Request, ...]:
    """The requests of one comparison, for the lanes that its prompt asks. Raises BadRequest."""

    def describe(name: str) -> ModelCard:
        return describe_or_guess(name, lambda known: comparison.open_engine(known).card)

    models = models_of(pair)
    lanes = {lane: _lane_options(options.get(lane)) for lane in LANES}
    for lane, own in lanes.items():
        models[lane] = own.get("model", models[lane]) if isinstance(own, Mapping) else models[lane]
    cell = PromptCell(prompt=check_prompt(prompt))
    asked = question(Document((cell,)), Settings(models), cell.id, Planned(values), describe)
    models = {lane: asked.options[lane]["model"] for lane in LANES}
    for lane, own in lanes.items():
        if isinstance(own, Mapping) and "model" in own:
            lanes[lane] = {**own, "model": models[lane]}
    history = options.get("history")
    listed = list(history) if isinstance(history, tuple) else history or []
    built = {**options, "left": lanes["left"], "right": lanes["right"], "history": listed}
    requests = build_requests(asked.prompt, built, models, describe)
    return tuple(request for request in requests if request.lane in asked.lanes)


def ask(
    comparison: Comparison,
    requests: tuple[Request, ...],
    show: Show | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Compared:
    """Run all lanes to their end; `show` is called at each event, `stopped` asks for a stop.

    A KeyboardInterrupt stops the lanes, shows what came, and goes on its way.
    """
    folds = {request.lane: Fold(request) for request in requests}
    try:
        with closing(comparison.run(SESSION, requests)) as events:
            for lane, event in events:
                folds[lane].apply(event)
                if stopped():
                    comparison.stops.stop(SESSION, requests[0].id)
                if show is not None:
                    show(folds)
    finally:
        for fold in folds.values():
            fold.interrupt()
        if show is not None:
            show(folds)
    return Compared(tuple(fold.result() for fold in folds.values()))


def _lane_options(lane: object) -> object:
    return {"model": lane} if isinstance(lane, str) else lane
