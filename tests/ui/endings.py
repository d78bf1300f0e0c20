"""A thinking lane on a model with a small context, and how its runs end."""

from __future__ import annotations

from dataclasses import replace

from playground.domain.engine import ModelCard
from playground.domain.events import Counts, Ended, Event, Origin, Started
from playground.domain.request import Request, RunId
from playground.domain.sampling import Sampling
from playground.results.fold import fold
from playground.results.value import Result

ORIGIN = Origin("fake")
CARD = ModelCard("m", "M", True, 100, Sampling(max_new_tokens=64), ORIGIN)
REQUEST = Request(RunId("r"), "2026-01-01T00:00:00.000+00:00", "right", "m", "p")
STARTED = Started(10, 0, 32, 1, True, 100, ORIGIN, 1.0)


def ended(*events: Event, ending: str = "limit", limit: int = 32) -> Result:
    request = replace(REQUEST, sampling=Sampling(max_new_tokens=limit))
    last = Ended(ending, Counts(thinking=limit), 9.0)  # type: ignore[arg-type]
    return fold(request, [STARTED, *events, last])
