"""`compare` for scripts and Jupyter: both lanes in this process, from a prompt to two Results.

Wires the engines to a comparison. Knows no page; how a comparison looks in Jupyter is in
`playground.jupyter`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from playground import catalog, jupyter
from playground.comparison.options import (
    HistoryMessage,
    LaneOptions,
    SamplingOptions,
    build_requests,
)
from playground.comparison.run import Comparison
from playground.domain.request import Lane, Request
from playground.results.fold import Fold
from playground.results.value import Result, to_json

SESSION = "script"

Folds = Mapping[Lane, Fold]
Show = Callable[[Folds], None]


@dataclass(frozen=True, slots=True)
class Compared:
    """Both lanes' Results; in Jupyter it shows itself.

    `shown_in` is the number of the Jupyter execution that has it on display already.
    """

    left: Result
    right: Result
    shown_in: int | None = field(default=None, compare=False, repr=False)

    @property
    def lanes(self) -> dict[Lane, Result]:
        """The Results by lane."""
        return {"left": self.left, "right": self.right}

    def to_json(self) -> dict[Lane, dict[str, Any]]:
        """Both Results as JSON-ready data, as the API gives them."""
        return {lane: to_json(result) for lane, result in self.lanes.items()}

    def _ipython_display_(self) -> None:
        if self.shown_in is None or self.shown_in != jupyter.execution():
            raise NotImplementedError("shown by its HTML or Markdown")

    def _repr_html_(self) -> str:
        return jupyter.to_html(self.lanes)

    def _repr_markdown_(self) -> str:
        return jupyter.to_markdown(self.lanes)


def compare(
    prompt: str,
    *,
    system: str = "",
    history: Sequence[HistoryMessage] = (),
    sampling: SamplingOptions | None = None,
    left: str | LaneOptions | None = None,
    right: str | LaneOptions | None = None,
    schedule: str = "in_turn",
    pair: str = catalog.DEFAULT_PAIR,
) -> Compared:
    """Answer `prompt` with both models; live in Jupyter, and the Results when both have ended.

    `pair` names the models; `left` and `right` win over it, each a model's name or
    `{"model": …, "sampling": {…}}`. What is left out is the model's own default.

    Raises:
        BadRequest: names the key, the value and what is allowed. A lane's failure is a Result.
    """
    options = {
        "system": system,
        "history": list(history),
        "sampling": sampling,
        "left": _lane_options(left),
        "right": _lane_options(right),
        "schedule": schedule,
    }
    comparison = own_comparison()
    requests = requests_for(comparison, prompt, options, pair)
    display = jupyter.live_display()
    if display is None:
        return ask(comparison, requests)
    compared = ask(comparison, requests, display.show)
    return Compared(compared.left, compared.right, jupyter.execution())


@cache
def own_comparison() -> Comparison:
    """The process's one comparison, so that all callers queue for the same devices."""
    from playground.engines import open_engine

    return Comparison(open_engine)


def requests_for(
    comparison: Comparison, prompt: str, options: Mapping[str, object], pair: str
) -> tuple[Request, ...]:
    """The requests of one comparison. Raises BadRequest."""
    models = catalog.pair(pair)
    return build_requests(prompt, options, models, lambda name: comparison.open_engine(name).card)


def ask(
    comparison: Comparison,
    requests: tuple[Request, ...],
    show: Show | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Compared:
    """Run both lanes to their end; `show` is called at each event, `stopped` asks for a stop.

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
    return Compared(folds["left"].result(), folds["right"].result())


def _lane_options(lane: str | LaneOptions | None) -> object:
    return {"model": lane} if isinstance(lane, str) else lane
