"""Files that cannot be read say why and what to do; old formats can be read."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.domain.errors import BadRequest
from playground.notebook import storage
from playground.notebook.changes import InsertCell, apply
from playground.notebook.document import Document, ForeignCell, NoteCell, PromptCell
from playground.notebook.storage import read, write
from tests.notebook.notebooks import SETTINGS, Node, book, code, edited, file_of, foreign_file
from tests.notebook.test_packing import JSON, places

WHOLE = write(book(), SETTINGS)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "'x.ipynb' is no JSON"),
        ("# A title", "'x.ipynb' is no JSON"),
        (WHOLE[: len(WHOLE) // 2], "'x.ipynb' is cut off: its end is missing"),
        ("[1]", "'x.ipynb' is no notebook"),
        ('{"a": 1}', "'x.ipynb' is no notebook"),
        ('{"nbformat": "4"}', "'x.ipynb' is no notebook"),
        ('{"nbformat": 5, "cells": []}', "has notebook format 5, but 4 is the newest"),
        ('{"nbformat": 0}', "has notebook format 0"),
        ('{"nbformat": 4}', "is no valid notebook"),
        ('{"nbformat": 4, "cells": [1], "metadata": {}}', "is no valid notebook"),
        ('{"nbformat": 4, "cells": [{}], "metadata": {}}', "is no valid notebook"),
        ('{"nbformat": 3}', "is no valid notebook"),
        ('{"nbformat": 1, "cells": 7}', "is no valid notebook"),
        ('{"nbformat": 4, "cells": ' + "[" * 200 + "]" * 200 + "}", "nested more than 100 deep"),
        ('{"nbformat": 4, "cells": ' + "[" * 10**5 + "]" * 10**5 + "}", "nested too deeply"),
        ('{"nbformat": 4, "x": NaN}', "NaN is no number"),
        ('{"nbformat": 4, "x": 1e999}', "1e999 is too large"),
        ('{"nbformat": 4, "x": ' + "9" * 5000 + "}", "is no JSON"),
        ('{"nbformat": 4, "x": "\\ud800"}', "not valid Unicode"),
    ],
)
def test_a_file_that_is_no_notebook_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(BadRequest, match=words):
        read(text, "x.ipynb")


def test_a_file_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "MOST_BYTES", len(WHOLE.encode()))
    assert read(WHOLE, "x.ipynb")
    with pytest.raises(BadRequest, match=r"'x.ipynb' is larger than .* MB"):
        read(WHOLE + " ", "x.ipynb")


def test_a_notebook_that_could_not_be_opened_again_is_not_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    document, settings = Document((PromptCell(prompt="ä" * 100),)), SETTINGS
    text = write(document, settings)
    monkeypatch.setattr(storage, "MOST_BYTES", len(text.encode()))
    assert read(write(document, settings), "x.ipynb")[0].cells[0].text == "ä" * 100
    monkeypatch.setattr(storage, "MOST_BYTES", len(text.encode()) - 1)
    with pytest.raises(BadRequest, match="cannot be opened again"):
        write(document, settings)


def test_a_notebook_takes_no_more_cells_than_can_be_opened() -> None:
    full = Document(tuple(NoteCell() for _ in range(2000)))
    assert read(write(full, SETTINGS), "x.ipynb")
    with pytest.raises(BadRequest, match="at most 2,000 cells"):
        apply(full, InsertCell(NoteCell()))


def test_a_notebook_of_too_many_cells_is_refused() -> None:
    data = foreign_file(*[code("1", id=f"c{index}") for index in range(2001)])
    with pytest.raises(BadRequest, match="has 2,001 cells, but 2,000 is the most"):
        read(json.dumps(data), "x.ipynb")


def ours(data: Node) -> Node:
    found: Node = data["cells"][0]["metadata"]["playground"]
    return found


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda data: data["metadata"]["playground"].update(schema=2), "newer version"),
        (lambda data: data["metadata"].update(playground=[]), "must be an object"),
        (lambda data: data["metadata"]["playground"].update(settings=3), "settings is 3"),
        (lambda data: data["metadata"]["playground"].update(runs_made="x"), "runs_made is 'x'"),
        (lambda data: data["metadata"]["playground"].update(title=None), "title is None"),
        (lambda data: data["cells"][1]["metadata"].update(playground=3), "Cell 2 of 'book.ipynb'"),
        (lambda data: ours(data).update(runs={}), "Cell 1 of 'book.ipynb': runs is {}"),
        (lambda data: ours(data).update(shown="x"), "shown is 'x'"),
        (lambda data: ours(data).update(overrides=[]), "overrides is"),
        (lambda data: ours(data).update(written={"heat": 1}), "option is 'heat'"),
        (lambda data: ours(data)["runs"][0].pop("results"), "results is None"),
        (
            lambda data: data["cells"][0]["outputs"][0]["metadata"]["playground"].update(run={}),
            "The run's id is None",
        ),
    ],
)
def test_data_of_ours_that_are_damaged_are_named(
    change: Callable[[Node], object], words: str
) -> None:
    with pytest.raises(BadRequest, match=words):
        edited(change)


def test_a_byte_order_mark_and_white_space_are_passed_over() -> None:
    assert read("\ufeff \n" + WHOLE + "\n\n", "x.ipynb")[0] == book()


@given(st.data(), JSON)
def test_a_file_with_anything_anywhere_is_read_or_a_bad_request(
    data: st.DataObject, wrong: Any
) -> None:
    content = json.loads(WHOLE)
    *way, last = data.draw(st.sampled_from([place for place in places(content) if place]))
    spot = content
    for key in way:
        spot = spot[key]
    spot[last] = wrong
    try:
        document, settings = read(json.dumps(content), "x.ipynb")
    except BadRequest:
        return
    text = write(document, settings or SETTINGS)
    assert write(read(text, "x.ipynb")[0], settings or SETTINGS) == text


@given(st.binary(max_size=40), st.integers(0, len(WHOLE)))
def test_a_file_with_bytes_put_anywhere_is_read_or_a_bad_request(noise: bytes, at: int) -> None:
    text = WHOLE[:at] + noise.decode("utf-8", "replace") + WHOLE[at:]
    try:
        read(text, "x.ipynb")
    except BadRequest:
        return


def test_a_cell_without_an_id_from_an_older_minor_format_gets_one() -> None:
    cell = code("compare('Why?')")
    del cell["id"]
    data = foreign_file(cell, dict(cell), nbformat_minor=2)
    first, second = read(json.dumps(data), "x.ipynb")[0].cells
    assert first.id != second.id
    assert isinstance(first, PromptCell) and first.prompt == "Why?"


def test_a_notebook_of_format_3_is_converted() -> None:
    cells = [
        {"cell_type": "heading", "level": 2, "source": "Title", "metadata": {}},
        {"cell_type": "code", "input": "1 + 1", "outputs": [], "language": "python"},
        {"cell_type": "code", "input": "compare('Why?')", "outputs": [], "language": "python"},
    ]
    cells[1] |= {"prompt_number": 3, "metadata": {}}
    cells[2] |= {"prompt_number": 4, "metadata": {}}
    data = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": "old"},
        "worksheets": [{"cells": cells, "metadata": {}}],
    }
    document = read(json.dumps(data), "x.ipynb")[0]
    note, other, prompt = document.cells
    assert isinstance(note, NoteCell) and note.text == "## Title"
    assert isinstance(other, ForeignCell) and other.text == "1 + 1"
    assert isinstance(prompt, PromptCell) and prompt.prompt == "Why?"
    assert file_of(document)["nbformat"] == 4


def test_an_empty_notebook_has_an_empty_prompt() -> None:
    document = read(json.dumps(foreign_file()), "x.ipynb")[0]
    assert [cell.text for cell in document.cells] == [""]
