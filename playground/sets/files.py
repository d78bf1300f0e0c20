"""A set's files as rows: Parquet, JSON lines, JSON and CSV, read in bounds; nothing is executed.

Knows files on this machine; knows no hub.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from playground.domain.errors import BadRequest

KINDS = (".parquet", ".jsonl", ".json", ".csv", ".tsv")
MOST_ROWS = 200_000


def rows_in(path: Path) -> list[Mapping[str, Any]]:
    """The rows of a file. Raises BadRequest."""
    try:
        rows: list[Mapping[str, Any]] = []
        for row in _rows(path):
            if len(rows) == MOST_ROWS:
                raise BadRequest(
                    f"{path.name!r} has more than {MOST_ROWS:,} rows. Name a smaller set."
                )
            rows.append(row)
        return rows
    except (OSError, ValueError, csv.Error) as exc:
        raise BadRequest(
            f"{path.name!r} could not be read: {exc}. Save it as CSV or JSON lines, and name that."
        ) from exc


def _rows(path: Path) -> Iterator[Mapping[str, Any]]:
    match path.suffix.lower():
        case ".parquet":
            yield from _parquet(path)
        case ".csv" | ".tsv":
            with path.open(encoding="utf-8-sig", newline="") as file:
                excel = "excel-tab" if path.suffix.lower() == ".tsv" else "excel"
                yield from csv.DictReader(file, dialect=excel)
        case ".jsonl":
            with path.open(encoding="utf-8-sig") as file:
                yield from (_object(json.loads(line)) for line in file if line.strip())
        case _:
            data = json.loads(path.read_text(encoding="utf-8-sig"))
            listed = data if isinstance(data, list) else next(_lists(data), [])
            yield from map(_object, listed)


def _lists(data: object) -> Iterator[list[Any]]:
    """The lists in an object, as in {"data": […]}."""
    for value in data.values() if isinstance(data, dict) else ():
        if isinstance(value, list):
            yield value


def _object(data: object) -> Mapping[str, Any]:
    if not isinstance(data, dict):
        raise ValueError("an entry is no object")
    return data


def _parquet(path: Path) -> Iterator[Mapping[str, Any]]:
    try:
        from pyarrow.parquet import ParquetFile
    except ImportError as exc:
        raise BadRequest(
            f"{path.name!r} is a Parquet file, which needs pyarrow. Run: pip install pyarrow"
        ) from exc
    with ParquetFile(path) as file:
        for batch in file.iter_batches():
            yield from batch.to_pylist()
