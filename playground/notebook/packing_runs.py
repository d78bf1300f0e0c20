"""A run with its results as a JSON-ready dict and back, checked as from a stranger.

Knows no cell and no file format.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playground.catalog import parse_name
from playground.domain.request import LANES, Lane, RunId
from playground.notebook import checking
from playground.notebook.document import Run
from playground.notebook.packing_lists import vote_data, vote_from
from playground.notebook.packing_texts import Texts, take_texts_out, with_texts
from playground.results.value import Result, from_json, to_json


def run_data(run: Run, texts: Texts | None = None) -> dict[str, Any]:
    """A run with its results, whole; with `texts`, attached documents go in there instead."""
    results = [to_json(result) for result in run.results]
    if texts is not None:
        for result in results:
            take_texts_out(result, texts)
    data: dict[str, Any] = {
        "id": run.id,
        "number": run.number,
        "values": dict(run.values),
        "results": results,
    }
    if run.repeat:
        data["repeat"] = run.repeat
    if run.vote is not None:
        data["vote"] = vote_data(run.vote)
    if run.sides:
        data["sides"] = list(run.sides)
    return data


def run_from(data: object, texts: Mapping[str, str] | None = None) -> Run:
    """The run that `run_data` packed. Raises BadRequest."""
    checking.check_depth("The run", data)
    given = checking.mapping("The run", data)
    run_id = given.get("id")
    if not checking.is_id(run_id):
        raise checking.refused("The run's id", run_id, "1 to 64 letters, digits, - or _")
    where = f"The run {run_id}"
    results = tuple(
        _result(with_texts(result, texts or {}))
        for result in checking.items(f"{where}: results", given.get("results"), len(LANES))
    )
    lanes = [result.request.lane for result in results]
    if not lanes or len(set(lanes)) < len(lanes):
        raise checking.refused(f"{where}: its lanes", lanes, "left, right or both, each once")
    values = checking.mapping(f"{where}: values", given.get("values", {}))
    return Run(
        id=RunId(str(run_id)),
        number=checking.integer(f"{where}: number", given.get("number"), 1),
        results=results,
        values=tuple(
            (name, checking.text(f"{where}: {name}", value)) for name, value in values.items()
        ),
        repeat=checking.integer(f"{where}: repeat", given.get("repeat", 0), 0),
        vote=vote_from(f"{where}: vote", given.get("vote")),
        sides=_sides(f"{where}: sides", given.get("sides", []), lanes),
    )


def _sides(where: str, given: object, lanes: list[Lane]) -> tuple[Lane, ...]:
    sides = checking.items(where, given, len(LANES))
    if sides and (set(map(str, sides)) != set(lanes) or len(sides) < len(LANES)):
        raise checking.refused(where, sides, "both lanes in some order")
    return tuple(lane for side in sides for lane in lanes if lane == side)


def _result(data: object) -> Result:
    result = from_json(checking.mapping("A result", data))
    parse_name(result.request.model)
    versions = () if result.origin is None else result.origin.versions
    for name, _ in (*result.server_numbers, *versions):
        checking.text("A name in a result", name)
    return result
