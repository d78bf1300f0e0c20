"""The texts of Gradio's own components, drawn once for all visitors: each browser shows them in
its language.

Gradio's frontend looks them up by their English text. Knows no component and no visitor.
"""

from __future__ import annotations

from collections.abc import Callable

import gradio as gr
from gradio.i18n import I18nData

from playground.domain.request import Lane
from playground.domain.sampling import Field
from playground.words import number, say, speaking


class Labels:
    """Hands out such texts and remembers what they are in each language."""

    def __init__(self) -> None:
        self._portuguese: dict[str, str] = {}

    def __call__(self, text: str) -> I18nData:
        """This text of the table."""
        return self.made(lambda: say(text))

    def made(self, make: Callable[[], str]) -> I18nData:
        """A text put together, once in each language."""
        with speaking("en"):
            english = make()
        with speaking("pt-BR"):
            self._portuguese[english] = make()
        # Gradio takes the first brace for the end of its own mark.
        assert "}" not in english
        return I18nData(english)

    def translations(self) -> gr.I18n:
        """All that was handed out, for `launch(i18n=...)`."""
        english = {text: text for text in self._portuguese}
        portuguese = dict(self._portuguese)
        return gr.I18n(**{"en": english, "pt": portuguese, "pt-BR": portuguese})


def field_text(field: Field) -> str:
    """A field's name, and below it the range that it may take."""
    bounds = (number(f"{value:,.12g}") for value in (field.minimum, field.maximum))
    allowed = say("one a line") if field.kind == "strings" else " – ".join(bounds)
    label, explained = say(field.label), say(field.help)
    return f'<span title="{explained}">{label} <small>{allowed}</small></span>'


def keep_text() -> str:
    """What keeping a lane's thinking is called, and on hovering what it does."""
    explained = say(
        "In a conversation: earlier thinking stays in it. The models' cards advise against it."
    )
    return f'<span title="{explained}">{say("Keep thinking")}</span>'


def in_lane(name: str, lane: Lane) -> str:
    """What a screen reader calls a lane's control."""
    return say("{name}, {lane} lane", name=say(name), lane=say(lane))
