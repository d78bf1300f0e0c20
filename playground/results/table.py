"""Results as a pandas table: one row a lane and run. Knows the Result and nothing of the page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, fields

import pandas as pd

from playground.domain.sampling import FIELDS, Sampling
from playground.results import segments
from playground.results.value import Numbers, Result


def _named(kind: str, value: type[Numbers] | type[Sampling]) -> tuple[str, ...]:
    """The fields of a value that hold such numbers, or null."""
    return tuple(field.name for field in fields(value) if str(field.type).startswith(kind))


KEYS = ("cell", "run", "lane", "model")
SUMS = ("all_segments_tokens", "all_segments_s")
NUMBERS = tuple(field.name for field in fields(Numbers))
COLUMNS = (
    *KEYS,
    "ending",
    "segment",
    *NUMBERS,
    *SUMS,
    "schedule",
    *(field.name for field in FIELDS),
    "system",
    "attached",
    "prompt",
    "answer",
)
INTEGERS = ("cell", "run", "segment", SUMS[0], *_named("int", Numbers), *_named("int", Sampling))
FLOATS = (SUMS[1], *_named("float", Numbers), *_named("float", Sampling))
DTYPES = dict.fromkeys(INTEGERS, "Int64") | dict.fromkeys(FLOATS, "float64")


def results_table(rows: Iterable[tuple[int, int, Result]]) -> pd.DataFrame:
    """All results with every column; a row is (cell's place, run's number, result).

    `segment` is 1, or more where the run goes on from another one: the numbers are its own, and
    `SUMS` are over all of its segments.
    """
    # As objects first: a column of integers with a gap would become floats, and a seed another one.
    table = pd.DataFrame([_row(*row) for row in rows], columns=list(COLUMNS), dtype=object)
    return table.astype(DTYPES)


def _row(cell: int, run: int, result: Result) -> dict[str, object]:
    request = result.request
    sampling = asdict(request.sampling)
    return {
        "cell": cell,
        "run": run,
        "lane": request.lane,
        "model": request.model,
        "ending": result.ending,
        "segment": len(segments.segments(result)),
        **asdict(result.numbers),
        "all_segments_tokens": segments.total(result, "generated_tokens"),
        "all_segments_s": segments.total(result, "total_s"),
        "schedule": request.schedule,
        **{**sampling, "stop": "\n".join(request.sampling.stop)},
        "system": request.system,
        "attached": "\n".join(each.name for each in request.attached),
        "prompt": request.question,
        "answer": result.output.answer,
    }
