"""Packing: documents come back as they were, and what a stranger sends is refused in words."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.domain.errors import BadRequest
from playground.domain.request import Lane, RunId
from playground.notebook.document import CellId, Document, NoteCell, PromptCell, Run
from playground.notebook.packing import (
    document_from,
    overrides_data,
    overrides_from,
    run_data,
    run_from,
    settings_data,
    settings_from,
    structure,
    texts_of,
)
from playground.notebook.settings import NO_OVERRIDES, Overrides, Settings
from playground.results.value import Result
from tests.notebook.random_documents import OVERRIDES, SETTINGS, documents
from tests.samples import request

MODELS: dict[Lane, str] = {"left": "demo-instruct", "right": "demo-thinking"}
SETTINGS_NOW = Settings(MODELS)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def run(name: str, number: int = 1, *lanes: Lane) -> Run:
    results = tuple(
        Result(request(lane, id=RunId(name), model=MODELS[lane]), "ended", "end_of_turn")
        for lane in lanes or MODELS
    )
    return Run(RunId(name), number, results)


def through_json(data: Any) -> Any:
    return json.loads(json.dumps(data))


def runs_of(document: Document) -> dict[str, Any]:
    """As a browser has them: attached texts apart."""
    runs = [run for cell in document.prompts for run in cell.runs]
    return {run.id: through_json(run_data(run, {})) for run in runs}


@given(documents(), SETTINGS)
def test_a_document_comes_back_as_it_was(document: Document, settings: Settings) -> None:
    packed = through_json(structure(document, settings))
    read = document_from(packed, runs_of(document), through_json(texts_of(document)))
    assert read == (document, settings)


@given(SETTINGS)
def test_settings_come_back_as_they_were(settings: Settings) -> None:
    assert settings_from(through_json(settings_data(settings))) == settings


@given(OVERRIDES)
def test_overrides_come_back_as_they_were(overrides: Overrides) -> None:
    assert overrides_from(through_json(overrides_data(overrides))) == overrides


def test_only_what_is_not_the_default_is_packed() -> None:
    document = Document((PromptCell(CellId("a"), "Why?"), NoteCell(CellId("b"), "Note")))
    assert structure(document, SETTINGS_NOW) == {
        "schema": 1,
        "title": "",
        "runs_made": 0,
        "extra": "",
        "settings": {"models": MODELS},
        "cells": [
            {"kind": "prompt", "id": "a", "text": "Why?", "shown": 0, "runs": []},
            {"kind": "note", "id": "b", "text": "Note"},
        ],
    }
    assert overrides_data(NO_OVERRIDES) == {}


def test_a_number_that_json_cannot_say_becomes_text_that_is_refused_when_it_runs() -> None:
    settings = Settings(MODELS, {"left": {"temperature": float("nan")}})
    assert settings_data(settings)["sampling"] == {"left": {"temperature": "nan"}}


@pytest.mark.parametrize(("missing", "shown"), [("r1", "r2"), ("r2", "r1"), ("r3", "r2")])
def test_a_missing_run_is_left_out_and_what_was_looked_at_stays(missing: str, shown: str) -> None:
    runs = (run("r1", 1), run("r2", 2), run("r3", 3))
    document = Document((PromptCell(CellId("a"), "Why?", runs, shown=1),), runs_made=3)
    kept = {name: data for name, data in runs_of(document).items() if name != missing}
    cell = document_from(structure(document, SETTINGS_NOW), kept)[0].prompts[0]
    assert [one.id for one in cell.runs] == list(kept)
    assert cell.run is not None and cell.run.id == shown


@pytest.mark.parametrize("bad", [None, 7, "", "a b", "x" * 65, "first"])
def test_a_cell_without_an_id_of_its_own_gets_a_fresh_one(bad: object) -> None:
    packed = structure(Document((PromptCell(CellId("first")), PromptCell())), SETTINGS_NOW)
    packed["cells"][1]["id"] = bad
    first, second = document_from(packed, {})[0].cells
    assert first.id == "first"
    assert second.id not in ("first", bad) and len(second.id) == 12


def test_runs_made_is_never_less_than_the_runs_that_are_there() -> None:
    document = Document((PromptCell(CellId("a"), runs=(run("r1", 9),)),), runs_made=9)
    packed = {**structure(document, SETTINGS_NOW), "runs_made": 2}
    assert document_from(packed, runs_of(document))[0].runs_made == 9


def damage(change: Callable[[dict[str, Any]], object]) -> tuple[dict[str, Any], dict[str, Any]]:
    cell = PromptCell(CellId("a"), "Why?", (run("r1"),), variables=(("x", ("1",)),))
    document = Document((cell,), runs_made=1)
    packed = {**structure(document, SETTINGS_NOW), "known": runs_of(document)}
    change(packed)
    return packed, packed["known"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda data: data.update(schema=2), "newer version .* Update the playground"),
        (lambda data: data.update(schema="1"), "schema is '1', but must be 1"),
        (lambda data: data.update(schema=True), "schema is True, but must be 1"),
        (lambda data: data.pop("schema"), "schema is None"),
        (lambda data: data.update(cells={}), "cells is {}, but must be a list"),
        (lambda data: data.update(cells=[{}] * 2001), "2,001 entries, but 2,000 is the most"),
        (lambda data: data.update(cells=["x"]), "cells.0. is 'x', but must be an object"),
        (lambda data: data["cells"][0].update(kind="code"), "kind is 'code', but must be one of"),
        (lambda data: data["cells"][0].update(text=3), "text is 3, but must be text"),
        (lambda data: data["cells"][0].update(text="\ud800"), "not valid Unicode"),
        (lambda data: data["cells"][0].update(extra="{"), "extra is no JSON"),
        (lambda data: data["cells"][0].update(extra="[]"), "must be an object"),
        (lambda data: data["cells"][0].update(extra='{"a": NaN}'), "NaN is no number"),
        (lambda data: data["cells"][0].update(extra='{"a": 1e999}'), "1e999 is too large"),
        (lambda data: data["cells"][0].update(extra="[" * 10**5), "nested too deeply"),
        (lambda data: data["cells"][0].update(extra='"\\ud800"'), "not valid Unicode"),
        (lambda data: data["cells"][0].update(runs=["r1"] * 100_001), "100,000 is the most"),
        (lambda data: data["cells"][0].update(continues=1), "must be true or false"),
        (lambda data: data["cells"][0].update(variables={"x": "y"}), "must be a list"),
        (lambda data: data["cells"][0].update(kind="foreign"), "raw is None, but must be text"),
        (lambda data: data["settings"].update(seed_mode="lucky"), "seed_mode is 'lucky'"),
        (lambda data: data["settings"].update(seed=float("nan")), "seed is nan"),
        (lambda data: data["settings"]["models"].update(left="a b"), "'a b' is not a model name"),
        (lambda data: data["settings"]["models"].pop("left"), "models.left is None"),
        (lambda data: data["settings"].update(sampling={"left": {"top_k": {}}}), "top_k is {}"),
        (lambda data: data["known"]["r1"].update(id="r2"), "but must be that same id"),
        (lambda data: data["known"]["r1"].update(id="a b"), "run's id is 'a b'"),
        (lambda data: data["known"]["r1"].update(number=0), "number is 0"),
        (lambda data: data["known"]["r1"].update(number=10**12), "number is 1000000000000"),
        (lambda data: data["known"]["r1"].update(results=[]), "its lanes is"),
        (lambda data: data["known"]["r1"].update(values={"x": 1}), "x is 1, but must be text"),
        (lambda data: data["known"]["r1"]["results"][0].update(schema=2), "schema 2"),
        (
            lambda data: data["known"]["r1"]["results"][0]["request"].update(lane="right"),
            "left, right or both, each once",
        ),
        (
            lambda data: data["known"]["r1"]["results"][0]["request"].update(model="a b"),
            "'a b' is not a model name",
        ),
        (
            lambda data: data["known"]["r1"]["results"][0].update(server_numbers={"\ud800": 1}),
            "not valid Unicode",
        ),
    ],
)
def test_what_is_wrong_is_said(change: Callable[[dict[str, Any]], object], words: str) -> None:
    packed, known = damage(change)
    with pytest.raises(BadRequest, match=words):
        document_from(packed, known)


def test_what_is_nested_too_deeply_is_said() -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    for wrong in ({"schema": deep}, {"schema": 1, "cells": [deep]}):
        with pytest.raises(BadRequest, match="nested more than"):
            document_from(wrong, {})
    with pytest.raises(BadRequest, match="nested more than"):
        run_from({"id": "r1", "results": [{"schema": deep}]})


@given(JSON)
def test_any_json_is_a_document_or_a_bad_request(data: Any) -> None:
    for read in (lambda: document_from(data, data), lambda: run_from(data)):
        with pytest.raises(BadRequest):
            read()


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value in JSON data."""
    if not isinstance(data, dict | list):
        return [path]
    inner = data.items() if isinstance(data, dict) else enumerate(data)
    return [path, *(place for key, value in inner for place in places(value, (*path, key)))]


@given(documents(), SETTINGS, st.data(), JSON)
def test_a_document_with_anything_anywhere_is_read_or_a_bad_request(
    document: Document, settings: Settings, data: st.DataObject, wrong: Any
) -> None:
    packed = through_json([structure(document, settings), runs_of(document), texts_of(document)])
    *way, last = data.draw(st.sampled_from([place for place in places(packed) if place]))
    spot = packed
    for key in way:
        spot = spot[key]
    spot[last] = wrong
    try:
        read, now = document_from(*packed)
    except BadRequest:
        return
    again = json.loads(json.dumps(structure(read, now), ensure_ascii=False).encode())
    assert document_from(again, runs_of(read), texts_of(read)) == (read, now)
