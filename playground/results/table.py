"""Results as a pandas table: one row a lane and run. Knows the Result and nothing of the page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, fields

import pandas as pd

from playground.domain.sampling import FIELDS
from playground.results.value import Numbers, Result

KEYS = ("cell", "run", "lane", "model")
NUMBERS = tuple(field.name for field in fields(Numbers))
COLUMNS = (
    *KEYS,
    "ending",
    *NUMBERS,
    "schedule",
    *(field.name for field in FIELDS),
    "system",
    "prompt",
    "answer",
)


def results_table(rows: Iterable[tuple[int, int, Result]]) -> pd.DataFrame:
    """All results with every column; a row is (cell's place, run's number, result)."""
    return pd.DataFrame([_row(*row) for row in rows], columns=list(COLUMNS))


def _row(cell: int, run: int, result: Result) -> dict[str, object]:
    request = result.request
    sampling = asdict(request.sampling)
    return {
        "cell": cell,
        "run": run,
        "lane": request.lane,
        "model": request.model,
        "ending": result.ending,
        **asdict(result.numbers),
        "schedule": request.schedule,
        **{**sampling, "stop": "\n".join(request.sampling.stop)},
        "system": request.system,
        "prompt": request.prompt,
        "answer": result.output.answer,
    }
