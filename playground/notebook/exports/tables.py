"""All results of a notebook as a table (CSV) and as lines of JSON: every run of every cell."""

from __future__ import annotations

import json
from collections.abc import Iterator

from playground.notebook.document import Document, PromptCell, Run
from playground.results.table import results_table
from playground.results.value import Result, to_json

# JSON lets these stand in text as they are, but some readers end a line at them.
_LINE_ENDS = {ord(end): f"\\u{ord(end):04x}" for end in "\x85\u2028\u2029"}


def to_csv(document: Document) -> str:
    """One row a lane and run, with every column; `values` is JSON, "" without variables."""
    rows = list(_runs(document))
    table = results_table((place, run.number, result) for place, _, run, result in rows)
    values = [json.dumps(dict(run.values)) if run.values else "" for _, _, run, _ in rows]
    table.insert(table.columns.get_loc("lane"), "values", values)
    # Texts stay as they are, also those that a spreadsheet would take for a formula: a mark before
    # them would change the data, and answers that begin with a dash are common.
    csv: str = table.to_csv(index=False)
    return csv


def to_jsonl(document: Document) -> str:
    """One line a result: where it stands, then the Result's JSON."""
    lines = [
        {"cell": place, "cell_id": cell.id, "run": run.number, "values": dict(run.values)}
        | to_json(result)
        for place, cell, run, result in _runs(document)
    ]
    written = (json.dumps(line, ensure_ascii=False).translate(_LINE_ENDS) for line in lines)
    return "".join(f"{line}\n" for line in written)


def _runs(document: Document) -> Iterator[tuple[int, PromptCell, Run, Result]]:
    """Every result with its run, its cell and the cell's place among the prompts."""
    for place, cell in enumerate(document.prompts, start=1):
        for run in cell.runs:
            for result in run.own:
                yield place, cell, run, result
