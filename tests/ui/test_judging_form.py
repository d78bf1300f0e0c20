"""What a cell expects and how often it is asked, between the page's form and the document."""

from __future__ import annotations

from typing import Any

import pytest

from playground.domain.errors import BadRequest
from playground.domain.expected import Expected
from playground.domain.limits import Limits
from playground.notebook.document import PromptCell
from playground.ui.judging_form import (
    MOST_REPEATS,
    expected_form,
    expected_from_form,
    faults,
    repeats_from_form,
)
from playground.ui.session import Session
from playground.words import speaking
from tests.ui.fake import first, play, write


def cell_of(session: Session) -> PromptCell:
    return session.document.prompts[0]


def judge(session: Session, **form: Any) -> None:
    session.change({"action": "judge", "cell": first(session), **form})  # type: ignore[typeddict-item]


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"kind": "value", "value": " 4042 "}, Expected("value", ("4042",))),
        ({"value": "4042"}, Expected("value", ("4042",))),
        (
            {"kind": "number", "value": "3.5", "tolerance": "0,25"},
            Expected("number", ("3.5",), 0.25),
        ),
        ({"kind": "value", "value": "3.5", "tolerance": "0.25"}, Expected("value", ("3.5",))),
        ({"kind": "one_of", "value": "a\n\n b \n"}, Expected("one_of", ("a", "b"))),
        ({"kind": "pattern", "value": " x+"}, Expected("pattern", (" x+",))),
        ({"kind": "choice", "value": "C\n"}, Expected("choice", ("C",))),
        ({"kind": "value", "value": " \n"}, None),
        (None, None),
    ],
)
def test_a_form_becomes_an_expected_answer(form: Any, expected: Expected | None) -> None:
    assert expected_from_form(form) == expected


@pytest.mark.parametrize(
    "expected",
    [
        None,
        Expected("value", ("4042",)),
        Expected("number", ("3.5",), 0.25),
        Expected("one_of", ("a", "b")),
        Expected("python", ("assert f(1)\n",)),
    ],
)
@pytest.mark.parametrize("language", ["en", "pt-BR"])
def test_what_the_form_shows_is_read_back(expected: Expected | None, language: Any) -> None:
    with speaking(language):
        assert expected_from_form(expected_form(expected)) == expected


def test_what_is_wrong_is_said_of_each_field() -> None:
    form = {"expected": {"kind": "pattern", "value": "("}, "repeats": "500"}
    said = faults(form)
    assert "no regular expression" in said["expected"]
    assert said["repeats"] == "repeats is 500, but must be an integer from 1 to 100. Change it."
    assert faults({"expected": None, "repeats": ""}) == {"expected": "", "repeats": ""}
    with speaking("pt-BR"):
        assert "deve ser um inteiro" in faults(form)["repeats"]


@pytest.mark.parametrize("typed", ["0", "-1", "1.5", "many", str(MOST_REPEATS + 1), "9" * 5000])
def test_repeats_are_counted_from_one_to_a_hundred(typed: str) -> None:
    with pytest.raises(BadRequest, match="from 1 to 100"):
        repeats_from_form(typed)


def test_an_intent_sets_what_it_names_and_undo_takes_it_back(session: Session) -> None:
    judge(session, expected={"kind": "value", "value": "4042", "tolerance": ""})
    judge(session, repeats="5")
    assert cell_of(session).expected == Expected("value", ("4042",))
    assert cell_of(session).repeats == 5
    session.change({"action": "undo"})
    assert (cell_of(session).expected, cell_of(session).repeats) == (
        Expected("value", ("4042",)),
        1,
    )
    session.change({"action": "undo"})
    assert cell_of(session).expected is None


def test_an_intent_that_changes_nothing_is_no_step_to_undo(session: Session) -> None:
    judge(session, expected=None, repeats="")
    assert session.history.back == ()


def test_a_form_that_no_page_sends_is_refused(session: Session) -> None:
    for form in ("x", {"kind": "magic", "value": "1"}, {"kind": "value", "value": 3}):
        with pytest.raises(BadRequest):
            judge(session, expected=form)
    assert cell_of(session).expected is None


def test_an_expected_answer_is_no_longer_than_a_prompt_on_this_page(session: Session) -> None:
    session.limits = Limits(request_characters=10)
    with pytest.raises(BadRequest, match="expected has 11 characters"):
        judge(session, expected={"kind": "exact", "value": "x" * 11, "tolerance": ""})


def test_running_several_times_sets_how_often_the_cell_is_asked(session: Session) -> None:
    write(session, "hello")
    play(session)
    play(session, repeats=3)
    assert cell_of(session).repeats == 3
    assert [run.repeat for run in cell_of(session).runs] == [0, 1, 2]
    seeds = [run.result("left").request.sampling.seed for run in cell_of(session).runs]
    assert [seed - (seeds[0] or 0) for seed in seeds if seed is not None] == [0, 1, 2]
