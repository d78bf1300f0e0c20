"""A notebook as a Jupyter file: `write` makes the text of an .ipynb, `read` takes any back.

Our data are in `metadata.playground`; what other programs wrote stays. Nothing in a file is ever
executed. Knows texts, not disks: that is `saving`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import nbformat
from nbformat.v4.rwbase import rejoin_lines, split_lines, strip_transient

from playground.catalog import DEFAULT_PAIR, pair
from playground.domain.errors import BadRequest
from playground.notebook import checking
from playground.notebook.asking import Describe
from playground.notebook.call import defaults_by
from playground.notebook.document import MOST_CELLS, Document
from playground.notebook.packing import SCHEMA, check_schema, unique_ids, whole
from playground.notebook.packing_settings import settings_data, settings_from
from playground.notebook.packing_texts import Texts, texts_from
from playground.notebook.reading_cells import Base, numbered, opened
from playground.notebook.settings import Settings
from playground.notebook.writing_cells import OURS, Node, cell_node, is_valid, notebook_node
from playground.words import speaking

MOST_BYTES = 100_000_000
A_MB = 1_000_000
MOST_TITLE = 200
FORMAT, MINOR = 4, 5
FRESH: Mapping[str, Any] = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def write(document: Document, settings: Settings, describe: Describe | None = None) -> str:
    """The notebook as the text of a file; `describe` knows the models' own sampling.

    Raises BadRequest where the file would be too large to be opened again.
    """
    defaults = defaults_by(describe)
    ours: Node = {
        "schema": SCHEMA,
        "runs_made": document.runs_made,
        "settings": settings_data(settings),
    }
    if document.title:
        ours["title"] = document.title
    if document.blind:
        ours["blind"] = True
    texts: Texts = {}
    with speaking("en"):  # a file reads the same whoever saves it
        cells = [cell_node(cell, settings, defaults, texts) for cell in document.cells]
    if texts:
        ours["texts"] = texts
    metadata = {**_others(document.extra), OURS: ours}
    node = nbformat.from_dict(notebook_node(cells, metadata))
    lines = strip_transient(split_lines(node))
    text = json.dumps(lines, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if (size := byte_count(text)) > MOST_BYTES:
        raise BadRequest(
            f"The notebook would make a file of {-(-size // A_MB)} MB, but files of more than"
            f" {MOST_BYTES // A_MB} MB cannot be opened again. Delete cells with runs that are not"
            " needed, or move some into another notebook."
        )
    return text


def byte_count(text: str) -> int:
    """The bytes of the text in a file; of a short one its characters, which is as good here."""
    longest_character = 4
    if len(text) * longest_character <= MOST_BYTES:
        return len(text)
    return len(text.encode("utf-8", "surrogatepass"))


def _others(extra: str) -> Node:
    """What other programs wrote about the notebook, if that is valid."""
    given: Node = json.loads(extra) if extra else dict(FRESH)
    return given if is_valid(notebook_node([], given)) else dict(FRESH)


def read(
    text: str, name: str, describe: Describe | None = None
) -> tuple[Document, Settings | None]:
    """The notebook in the text of a file called `name`, and our settings where it has them.

    Raises BadRequest that says what is wrong with the file and what to do.
    """
    node = _node(text, name)
    metadata = dict(node["metadata"])
    ours = metadata.pop(OURS, None)
    settings, title, runs_made, blind = None, _title(name), 0, False
    texts: Texts = {}
    if ours is not None:
        given = checking.mapping("metadata.playground", ours)
        check_schema(given)
        title = checking.text("title", given.get("title", ""))
        runs_made = checking.integer("runs_made", given.get("runs_made", 0), 0)
        blind = checking.boolean("blind", given.get("blind", False))
        settings = settings_from(given["settings"]) if "settings" in given else None
        texts = texts_from(given.get("texts", {}))
    base = Base(
        settings or Settings(pair(DEFAULT_PAIR)), settings is not None, defaults_by(describe), texts
    )
    nodes = node["cells"]
    ids = unique_ids(cell["id"] for cell in nodes)
    cells = [
        opened(f"Cell {index + 1} of {name!r}", cell, cell_id, base)
        for index, (cell, cell_id) in enumerate(zip(nodes, ids, strict=True))
    ]
    extra = "" if metadata == FRESH else checking.written(metadata)
    return replace(
        whole(numbered(cells, runs_made), runs_made, title, extra), blind=blind
    ), settings


def _node(text: str, name: str) -> Node:
    """The file as a valid notebook of the newest format. Raises BadRequest."""
    data = _data(text, name)
    version = data.get("nbformat")
    if not isinstance(version, int) or not 1 <= version <= FORMAT:
        raise BadRequest(
            f"{name!r} has notebook format {version!r}, but {FORMAT} is the newest that can be"
            " read. Save it in that format."
        )
    try:
        node = nbformat.from_dict(data)
        if version < FORMAT:
            old = nbformat.versions[version].to_notebook_json(data, minor=0)
            node = nbformat.convert(old, FORMAT)
        for cell, cell_id in zip(node.cells, _ids(node), strict=True):
            cell["id"] = cell_id
        node["nbformat_minor"] = MINOR
        nbformat.validate(node)
        valid: Node = strip_transient(rejoin_lines(node))
    except Exception as exc:  # whatever nbformat stumbles over in a file that is damaged
        words = " ".join(str(exc).split())[:200]
        raise BadRequest(
            f"{name!r} is no valid notebook: {words or type(exc).__name__}. Open it in Jupyter,"
            " save it there, and open it again."
        ) from exc
    if len(valid["cells"]) > MOST_CELLS:
        raise BadRequest(
            f"{name!r} has {len(valid['cells']):,} cells, but {MOST_CELLS:,} is the most. Split it."
        )
    return valid


def _ids(node: Any) -> list[Any]:
    return list(unique_ids(cell.get("id") for cell in node.cells))


def _data(text: str, name: str) -> Node:
    if byte_count(text) > MOST_BYTES:
        raise BadRequest(
            f"{name!r} is larger than {MOST_BYTES // A_MB} MB. Clear outputs that are"
            " not needed, or split it."
        )
    body = text.removeprefix("\ufeff").strip()
    if body.startswith("{") and not body.endswith("}"):
        raise BadRequest(f"{name!r} is cut off: its end is missing. Get a whole copy.")
    data = checking.parsed(repr(name), checking.text(repr(name), body))
    if not isinstance(data, dict) or not isinstance(data.get("nbformat"), int):
        raise BadRequest(f"{name!r} is no notebook. Open a file that ends with .ipynb.")
    return data


def _title(name: str) -> str:
    """A title for a notebook that has none of ours: its file's name."""
    stem = name.replace("\\", "/").rpartition("/")[2].removesuffix(".ipynb")
    return " ".join(checking.text("The file's name", stem).split())[:MOST_TITLE]
