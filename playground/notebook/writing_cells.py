"""Cells as cells of a notebook file, with our data in `metadata.playground`.

What other programs wrote goes back as it was, as long as it makes a valid cell. Knows cells and
nbformat's rules for them; the notebook around them is `storage`'s.
"""

from __future__ import annotations

import json
import re
from typing import Any, assert_never

import nbformat

from playground.domain.text import as_markdown_text
from playground.notebook.call import Defaults, call_of
from playground.notebook.document import Cell, ForeignCell, NoteCell, PromptCell, Run
from playground.notebook.exports import saying
from playground.notebook.packing import prompt_data, run_data
from playground.notebook.packing_texts import Texts
from playground.notebook.settings import Settings
from playground.notebook.shown import to_markdown, to_plain
from playground.notebook.source import source

OURS = "playground"
Node = dict[str, Any]


def cell_node(cell: Cell, settings: Settings, defaults: Defaults, texts: Texts) -> Node:
    """The cell as it stands in a file; always valid. `texts` takes what its runs were attached."""
    match cell:
        case PromptCell():
            return _prompt(cell, settings, defaults, texts)
        case NoteCell(cell_id, text, folded, extra):
            plain = {"cell_type": "markdown", "id": cell_id, "metadata": {}, "source": text}
            given = _parts(extra)
            node = {**plain, "metadata": given.get("metadata", {})}
            if given.get("attachments"):
                node["attachments"] = given["attachments"]
            return _folded(_valid(node, plain) if extra else plain, folded)
        case ForeignCell(cell_id, text, raw, folded):
            plain = {"cell_type": "raw", "id": cell_id, "metadata": {}, "source": text}
            return _folded(_valid({**_parts(raw), "id": cell_id}, plain), folded)
        case _:
            assert_never(cell)


def _prompt(cell: PromptCell, settings: Settings, defaults: Defaults, texts: Texts) -> Node:
    call, given = call_of(cell, settings, defaults), _parts(cell.extra)
    ours: Node = {"kind": "prompt", **prompt_data(cell)}
    ours.pop("continues", None)  # this is in the source
    if call.options:
        ours["written"] = dict(call.options)
    if cell.runs:
        ours |= {"runs": [run_data(run, texts) for run in cell.runs], "shown": cell.shown}
    plain: Node = {
        "cell_type": "code",
        "execution_count": None if cell.run is None else cell.run.number,
        "id": cell.id,
        "metadata": {OURS: ours},
        "outputs": [] if cell.run is None else [_output(cell.run)],
        "source": source(call, _comments(given.get("comments"))),
    }
    if not cell.extra:
        return plain
    metadata, outputs = given.get("metadata", {}), given.get("outputs", [])
    if not isinstance(metadata, dict) or not isinstance(outputs, list):
        return plain
    # Without our data, which may be long: they are valid.
    others = {**plain, "metadata": metadata, "outputs": outputs}
    if _valid(others, plain) is plain:
        return plain
    return {
        **plain,
        "metadata": {**metadata, OURS: ours},
        "outputs": [*plain["outputs"], *outputs],
    }


def _output(run: Run) -> Node:
    results = saying.results_of(run)
    shown = to_markdown(results, run.values)
    if run.vote is not None:
        shown += f"\n\n{as_markdown_text(saying.vote_line(run.vote, saying.labels_of(results)))}"
    data = {"text/markdown": shown, "text/plain": to_plain(results)}
    metadata = {OURS: {"run": run.id}}
    return {"data": data, "metadata": metadata, "output_type": "display_data"}


def _comments(given: object) -> tuple[str, ...]:
    """Those that are comments and nothing else."""
    lines = given if isinstance(given, list) else []
    return tuple(
        line for line in lines if isinstance(line, str) and re.fullmatch(r"#[^\r\n\0\f]*", line)
    )


def _folded(node: Node, folded: bool) -> Node:
    """The node with its fold in our data, and no data of ours where there is none."""
    metadata = dict(node["metadata"])
    given = metadata.pop(OURS, {})
    given = given if isinstance(given, dict) else {}
    ours = {key: value for key, value in given.items() if key != "folded"}
    ours |= {"folded": True} if folded else {}
    return {**node, "metadata": {**metadata, OURS: ours} if ours else metadata}


def _parts(extra: str) -> Node:
    parts: Node = json.loads(extra) if extra else {}
    return parts


def _valid(node: Node, otherwise: Node) -> Node:
    """The node if it is a valid cell; a browser may have kept what is none."""
    return node if is_valid(notebook_node([node], {})) else otherwise


def notebook_node(cells: list[Node], metadata: Node) -> Node:
    """A notebook of the newest format."""
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def is_valid(notebook: Node) -> bool:
    """Whether nbformat takes it."""
    try:
        nbformat.validate(notebook)
    except Exception:  # it stumbles over what is far from valid
        return False
    return True
