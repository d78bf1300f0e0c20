"""The texts that Gradio draws once: both languages of each, looked up by the English one."""

from __future__ import annotations

from collections.abc import Iterator

import gradio as gr
import pytest

from playground.comparison.run import Comparison
from playground.domain.request import Lane
from playground.domain.sampling import FIELD_BY_NAME
from playground.ui import launch
from playground.ui.labels import Labels, field_text, in_lane, keep_text
from playground.ui.page import Page
from playground.words import PORTUGUESE, speaking
from tests.ui.fake import Fake

MODELS: dict[Lane, str] = {"left": "demo-instruct", "right": "demo-thinking"}
PROPERTIES = ("label", "placeholder", "value")
LANE_NAMES = {"Instruct", "Thinking"}  # the models' own, in every language


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    engines = {name: Fake(name) for name in MODELS.values()}
    page = Page(Comparison(engines.__getitem__), MODELS, lambda _: "", lambda _: ())
    yield page
    page.close()


def test_a_text_is_handed_out_in_english_and_kept_in_both() -> None:
    labels = Labels()
    assert labels("Seed").key == "Seed"
    portuguese = {"Seed": "Semente"}
    assert labels.translations().translations == {
        "en": {"Seed": "Seed"},
        "pt": portuguese,
        "pt-BR": portuguese,
    }


def test_a_text_put_together_is_the_same_whoever_looks_first() -> None:
    labels = Labels()
    with speaking("pt-BR"):
        assert labels.made(lambda: in_lane("Seed", "left")).key == "Seed, left lane"
    assert labels.translations().translations["pt"] == {
        "Seed, left lane": "Semente, coluna da esquerda"
    }


def test_a_fields_range_has_the_separators_of_the_language() -> None:
    with speaking("pt-BR"):
        assert "<small>0,1 – 2</small>" in field_text(FIELD_BY_NAME["repetition_penalty"])
        assert "<small>1 – 1.000.000</small>" in field_text(FIELD_BY_NAME["max_new_tokens"])
        assert keep_text().endswith(">Manter o raciocínio</span>")


def test_every_text_that_the_sidebar_is_drawn_with_is_a_label(page: Page) -> None:
    """What is drawn as a plain string of the table would stay English."""
    known = page.layout.labels.translations().translations["pt-BR"]
    plain = []
    for component in page.blocks.blocks.values():
        texts = [getattr(component, name, None) for name in PROPERTIES]
        texts += [shown for shown, _ in getattr(component, "choices", None) or []]
        plain += [text for text in texts if isinstance(text, str) and text in PORTUGUESE]
    assert set(plain) <= LANE_NAMES
    assert len(known) > 40


def test_the_labels_go_to_gradio(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, object] = {}

    def kept(self: gr.Blocks, **options: object) -> tuple[None, str, None]:
        given.update(options)
        return None, "", None

    monkeypatch.setattr(gr.Blocks, "launch", kept)
    launch.launch(page, "127.0.0.1", None, None)
    translations = given["i18n"].translations  # type: ignore[attr-defined]
    assert translations["pt-BR"]["Seed"] == "Semente"
