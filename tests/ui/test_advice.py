"""The cards' advice: sentences behind a prompt, output lengths, a warning; what cannot be set."""

from __future__ import annotations

from dataclasses import replace

import gradio as gr
import pytest

from playground.domain.engine import ModelCard
from playground.domain.errors import BadRequest
from playground.domain.request import LANES
from playground.domain.sampling import Sampling
from playground.ui import controls as side
from playground.ui import lengths
from playground.ui.advice import (
    SENTENCES,
    output_lengths,
    penalty_warning,
    placeholder,
    unusable,
    with_sentence,
)
from playground.ui.labels import Labels
from playground.ui.session import Session
from playground.ui.views import notebook_view
from playground.words import speaking
from tests.ui.fake import ORIGIN, first, write

INSTRUCT = ModelCard(
    "Qwen/Qwen3-4B-Instruct-2507", "I", False, 262_144, Sampling(max_new_tokens=16_384), ORIGIN
)
THINKING = replace(INSTRUCT, name="Qwen/Qwen3-4B-Thinking-2507", thinks=True)


def test_a_sentence_is_put_behind_the_prompt_and_not_twice() -> None:
    once = with_sentence("What is 2 + 2?\n", "maths")
    assert once == f"What is 2 + 2?\n\n{SENTENCES['maths']}"
    assert with_sentence(once, "maths") == once
    assert with_sentence("", "choice") == SENTENCES["choice"]
    with pytest.raises(BadRequest, match="no advice 'poem'"):
        with_sentence("", "poem")


def test_it_is_a_step_that_can_be_undone_and_leaves_what_was_typed(session: Session) -> None:
    write(session, "What is 2 + 2?")
    cell = first(session)
    session.change(
        {"action": "advise", "cell": cell, "advice": "maths", "dirty": {cell: "What is 3 + 3?"}}
    )
    assert session.document.cells[0].text.endswith("within \\boxed{}.")
    steps = len(session.history.back)
    session.change({"action": "advise", "cell": cell, "advice": "maths"})
    assert len(session.history.back) == steps
    session.change({"action": "undo"})
    assert session.document.cells[0].text == "What is 3 + 3?"


def test_the_page_knows_the_sentences_in_its_language(session: Session) -> None:
    with speaking("pt-BR"):
        labels = [advice["label"] for advice in notebook_view(session, ())["advice"]]
    assert labels[0].startswith("Pedir a resolução")


def test_the_lengths_are_the_cards_within_the_context() -> None:
    assert output_lengths(INSTRUCT) == (16_384,)
    assert output_lengths(THINKING) == (32_768, 81_920)
    assert output_lengths(replace(THINKING, context=40_000)) == (32_768, 40_000)
    assert output_lengths(replace(THINKING, context=20_000)) == (20_000,)
    served = "http://127.0.0.1:8000/v1?model=Qwen/Qwen3-4B-Thinking-2507"
    assert output_lengths(replace(THINKING, name=served)) == (32_768, 81_920)
    assert output_lengths(replace(THINKING, name="./mine")) == ()
    assert output_lengths(replace(THINKING, name="demo-thinking")) == ()


def test_the_sidebar_has_a_button_for_each_length_of_each_lane() -> None:
    with gr.Blocks():
        buttons = lengths.draw(Labels())
    row, *shown = buttons.shown({"left": INSTRUCT, "right": THINKING})
    assert row["visible"]
    texts = {
        key: update.get("value") if update["visible"] else None
        for key, update in zip(buttons.buttons, shown, strict=True)
    }
    assert texts["left", 0] == "16,384"
    assert texts["left", 1] is None
    assert (texts["right", 0], texts["right", 1]) == ("32,768", "81,920")
    assert lengths.length_at(THINKING, 1) == 81_920
    assert lengths.length_at(INSTRUCT, 1) is None
    none = replace(INSTRUCT, name="demo-instruct")
    assert not buttons.shown(dict.fromkeys(LANES, none))[0]["visible"]


@pytest.mark.parametrize(("penalty", "warns"), [(0, 0), (0.5, 1), (-1, 0), (None, 0), ("x", 0)])
def test_a_presence_penalty_above_0_has_the_cards_warning(penalty: object, warns: int) -> None:
    assert len(penalty_warning(penalty)) == warns


def test_the_sidebar_says_the_warning_once_for_both_lanes(session: Session) -> None:
    sampling = {
        lane: {**values, "presence_penalty": 1.5}
        for lane, values in session.settings.sampling.items()
    }
    session.settings = replace(session.settings, sampling=sampling)
    assert side.line_text(session.settings, session.cards()).count("mix languages") == 1


def test_a_model_that_does_not_think_takes_no_budget() -> None:
    assert unusable(INSTRUCT) == {"thinking_budget": "this model does not think."}
    assert placeholder("thinking_budget", INSTRUCT) == "no trace"
    assert unusable(THINKING) == {}
    assert placeholder("thinking_budget", THINKING) == "no limit"
    unable = (("thinking_budget", "Ollama has no field for it."),)
    assert unusable(replace(THINKING, unsupported=unable)) == dict(unable)


def test_the_line_says_what_a_server_cannot_but_not_of_a_model_without_a_thought(
    session: Session,
) -> None:
    unable = (("thinking_budget", "Ollama has no field for it."),)
    cards = {lane: replace(card, unsupported=unable) for lane, card in session.cards().items()}
    line = side.line_text(session.settings, cards)
    assert "Right: Thinking budget cannot be set: Ollama has no field for it." in line
    assert "Left: Thinking budget" not in line
