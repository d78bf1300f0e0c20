"""A cell's own settings between the page's form and the document."""

import json
from typing import Any

import pytest

from playground.domain.errors import BadRequest
from playground.domain.expected import Expected
from playground.domain.request import Lane
from playground.notebook.document import Document, PromptCell
from playground.notebook.packing import document_from, structure
from playground.notebook.settings import NO_OVERRIDES, Overrides, Settings
from playground.notebook.storage import read, write
from playground.ui.own import chips, own_from, own_view
from playground.words import speaking
from tests.listed import list_cell

LABELS: dict[Lane, str] = {"left": "Instruct", "right": "Thinking"}
FORM: dict[str, Any] = {
    "system": "be brief",
    "schedule": "together",
    "models": {"right": "./mine"},
    "sampling": {
        "left": {"temperature": "0.25", "top_k": "3", "stop": "END\nSTOP"},
        "right": {"seed": "18446744073709551615"},
    },
    "keep_thinking": {"right": True},
    "variables": {"language": ["French", "German"], "empty": []},
}


def test_a_form_becomes_overrides_and_variables() -> None:
    overrides, variables = own_from(FORM)
    assert overrides == Overrides(
        "be brief",
        "together",
        {"right": "./mine"},
        {
            "left": {"temperature": 0.25, "top_k": 3, "stop": ["END", "STOP"]},
            "right": {"seed": 18446744073709551615},
        },
        {"right": True},
    )
    assert variables == (("language", ("French", "German")),)


def test_a_form_shows_what_was_set_as_it_was_typed() -> None:
    overrides, variables = own_from(FORM)
    wanted = {**FORM, "variables": {"language": ["French", "German"]}}
    assert own_view(PromptCell(overrides=overrides, variables=variables)) == wanted


def test_an_empty_form_overrides_nothing() -> None:
    empty = {"models": {"left": " "}, "sampling": {"left": {"top_k": ""}}}
    overrides, variables = own_from(empty)
    assert (overrides.models, overrides.sampling["left"], variables) == ({}, {}, ())
    assert own_from({}) == (NO_OVERRIDES, ())
    assert own_view(PromptCell()) == {}


def test_what_no_form_would_send_is_refused() -> None:
    with pytest.raises(BadRequest, match=r"left\.heat is no sampling field"):
        own_from({"sampling": {"left": {"heat": "1"}}})
    with pytest.raises(BadRequest, match="is not a model name"):
        own_from({"models": {"left": "no such name"}})
    with pytest.raises(BadRequest, match="must be one of: in_turn, together"):
        own_from({"schedule": "never"})
    with pytest.raises(BadRequest, match="variables is"):
        own_from({"variables": [1]})


def test_what_a_cell_sets_itself_is_said_beside_it() -> None:
    overrides, variables = own_from(FORM)
    cell = PromptCell(
        prompt="{{language}} {{other}}", continues=True, overrides=overrides, variables=variables
    )
    assert chips(cell, LABELS) == [
        "continues the conversation",
        "own system prompt",
        "together",
        "Instruct: temperature 0.25, top k 3, stop strings 'END', 'STOP'",
        "Thinking: mine, seed 18446744073709551615, keeps thinking",
        "language: 2 values",
        "{{other}}: no value, sent as it is",
    ]
    assert chips(PromptCell(prompt="plain"), LABELS) == []


def test_what_a_cell_is_measured_by_is_said_beside_it() -> None:
    cell = list_cell(3, repeats=2, budgets=(0, None), expected=Expected("one_of", ("a", "b")))
    assert chips(cell, LABELS) == [
        "Expected: a or b",
        "3 problems",
        "2 repeats",
        "thinking budgets: 0, free",
    ]


@pytest.mark.parametrize("typed", ["none", " None ", "null", "no limit"])
def test_none_is_written_out_where_a_cell_is_to_have_no_budget(typed: str) -> None:
    own, _ = own_from({"sampling": {"right": {"thinking_budget": typed}}})
    assert own.sampling == {"right": {"thinking_budget": None}}
    cell = PromptCell(overrides=own)
    assert own_view(cell)["sampling"] == {"right": {"thinking_budget": "no limit"}}
    assert chips(cell, LABELS) == ["Thinking: thinking budget no limit"]
    settings = Settings(
        {"left": "demo-instruct", "right": "demo-thinking"}, {"right": {"thinking_budget": 9}}
    )
    document = Document((cell,))
    read_back, _ = document_from(json.loads(json.dumps(structure(document, settings))), {})
    assert read_back == document
    opened, _ = read(write(document, settings), "book.ipynb")
    assert opened == document
    options = settings.options((), own)
    assert options["right"]["sampling"]["thinking_budget"] is None


def test_none_is_no_word_for_a_value_that_must_be_there() -> None:
    own, _ = own_from({"sampling": {"right": {"top_k": "none"}}})
    assert own.sampling == {"right": {"top_k": "none"}}


def test_no_limit_is_understood_as_it_is_shown_in_portuguese() -> None:
    with speaking("pt-BR"):
        own, _ = own_from({"sampling": {"right": {"thinking_budget": "sem limite"}}})
        assert own.sampling == {"right": {"thinking_budget": None}}
        shown = own_view(PromptCell(overrides=own))
    assert shown["sampling"] == {"right": {"thinking_budget": "sem limite"}}
