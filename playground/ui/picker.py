"""The sidebar's picker: a pair by its name, what fits and what is here of it, Load and Cancel.

Looks at this machine in an event of its own, so that the page never waits for it. Nothing is
downloaded before someone presses Load. The models themselves are chosen in the lanes' lists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from playground.catalog import PAIR_LABELS, PAIRS
from playground.catalog.fit_words import arithmetic, in_short, verdict_sentence
from playground.catalog.judging import Chosen, ModelTools, all_pairs, judged, pair_of
from playground.domain.engine import Engine
from playground.domain.errors import PlaygroundError
from playground.domain.request import LANES
from playground.domain.text import as_markdown_text
from playground.said_errors import said
from playground.ui import choices
from playground.ui.choices import REAL_PAIR
from playground.ui.labels import Labels
from playground.ui.load_words import ending, progress_text
from playground.ui.loads import Load, Loads, Tell, untold
from playground.ui.present import lane_labels
from playground.ui.published import published
from playground.words import Language, preferred, say, speaking

OWN_CHOICE = "own"


@dataclass(frozen=True, slots=True)
class Picker:
    """Its components."""

    pair: Any
    status: Any
    load: Any
    cancel: Any
    progress: Any
    offer: Any
    sums: Any
    figures_box: Any
    figures: Any

    def shown(self) -> list[Any]:
        """What follows from the lanes' models, in the order of `Picking.show`."""
        return [
            self.pair,
            self.status,
            *self.loading(),
            self.sums,
            self.figures_box,
            self.figures,
        ]

    def loading(self) -> list[Any]:
        """What changes while models are loaded."""
        return [self.progress, self.load, self.cancel, self.offer]


def draw_pair(models: Sequence[str], visible: bool, labels: Labels) -> Any:
    """The list of pairs."""
    return gr.Dropdown(
        [*((labels(label), name) for name, label in PAIR_LABELS.items()), _own(labels)],
        value=pair_of(models) or OWN_CHOICE,
        label=labels("Pair"),
        show_label=False,
        container=False,
        filterable=False,
        visible=visible,
        elem_id="pair",
    )


def draw_rest(pair: Any, visible: bool, labels: Labels) -> Picker:
    """What is said of the lanes' models, below them."""
    with gr.Column(visible=visible, elem_classes="side-picker"):
        status = gr.Markdown(labels("Looking at this machine…"), elem_classes="side-quiet")
        load = gr.Button("", size="sm", variant="secondary", visible=False, elem_id="load")
        offer = gr.Button("", size="sm", variant="secondary", visible=False, elem_id="offer")
        progress = gr.Markdown("", visible=False, elem_classes="side-quiet", elem_id="progress")
        cancel = gr.Button(labels("Cancel"), size="sm", visible=False, elem_id="cancel-load")
        with gr.Accordion(labels("What fits here"), open=False, elem_classes="side-sums"):
            sums = gr.Markdown("", elem_classes="side-quiet")
        with gr.Accordion(
            labels("Published figures"), open=False, visible=False, elem_classes="side-sums"
        ) as box:
            figures = gr.Markdown("", elem_classes="side-quiet")
    return Picker(pair, status, load, cancel, progress, offer, sums, box, figures)


def _own(labels: Labels) -> tuple[Any, str]:
    return labels("Other models"), OWN_CHOICE


class Picking:
    """The picker's events, for all visitors."""

    def __init__(
        self, tools: ModelTools, open_engine: Callable[[str], Engine], tell: Tell = untold
    ) -> None:
        self._tools = tools
        self._open_engine = open_engine
        self._loads = Loads(open_engine, tell)

    def show(self, left: str, right: str, request: gr.Request) -> list[Any]:
        """What is to be said of these models, for `Picker.shown`."""
        with speaking(_language(request)):
            try:
                return self._shown((left or "", right or ""))
            except PlaygroundError as exc:  # a name that is none: its list says so, too
                return [gr.skip(), said(exc), *(gr.skip() for _ in range(7))]

    def _shown(self, names: tuple[str, str]) -> list[Any]:
        machine = self._tools.machine()
        pairs = all_pairs(self._tools, machine)
        pair = pair_of(names)
        chosen = pairs[pair] if pair else judged(names, self._tools, machine)
        cards = {lane: self._card(name) for lane, name in zip(LANES, names, strict=True)}
        loaded = all(card.loaded or not card.origin.in_process for card in cards.values())
        loadable = chosen.has_files and not loaded and not chosen.obstacle
        figures = published(dict(zip(LANES, names, strict=True)), lane_labels(cards))
        load = self._loads.of(self._needed(names))
        going = load is not None and load.going
        ended = "" if load is None or going or loaded else ending(load)
        offer = choices.offer_text(pairs[REAL_PAIR]) if pair == "demo" else ""
        return [
            gr.update(choices=_choices(pairs), value=pair or OWN_CHOICE),
            choices.status(chosen, loaded),
            gr.update(visible=True) if going else gr.update(visible=bool(ended), value=ended),
            gr.update(visible=loadable and not going, value=choices.load_text(chosen)),
            gr.update(visible=going),
            gr.update(visible=bool(offer) and not going, value=offer),
            choices.sums(names, chosen, pairs),
            gr.update(visible=bool(figures)),
            figures,
        ]

    def pick(self, pair: str) -> list[Any]:
        """The lanes' models of a pair."""
        return list(PAIRS[pair]) if pair in PAIRS else [gr.skip() for _ in LANES]

    def load(self, left: str, right: str, request: gr.Request) -> Iterator[list[Any]]:
        """Load these models, if they fit; for `Picker.loading`."""
        language = _language(request)
        with speaking(language):
            refused = self._refused((left, right))
        if refused:
            yield [gr.update(visible=True, value=refused), gr.skip(), gr.skip(), gr.skip()]
        else:
            yield from _follow(self._loads.start(self._needed((left, right))), language)

    def follow(self, left: str, right: str, request: gr.Request) -> Iterator[list[Any]]:
        """A load of these models that goes on already, for whoever comes later."""
        going = self._loads.of(self._needed((left or "", right or "")))
        if going is None or not going.going:
            yield [gr.skip() for _ in range(4)]
        else:
            yield from _follow(going, _language(request))

    def cancel(self, left: str, right: str) -> None:
        """Give the load of these models up."""
        going = self._loads.of(self._needed((left, right)))
        if going is not None:
            going.cancel()

    def _refused(self, names: tuple[str, str]) -> str:
        """Why these models are not loaded; empty when they are."""
        try:
            chosen = judged(names, self._tools, self._tools.machine())
        except PlaygroundError as exc:
            return said(exc)
        if chosen.obstacle:
            return as_markdown_text(said(chosen.obstacle))
        if chosen.fit is None or chosen.fit.verdict != "too_large":
            return ""
        advice = say("Close other programs, or choose a smaller pair or a model on a server.")
        return f"{verdict_sentence(chosen.fit)} {arithmetic(chosen.fit)} {advice}"

    def _needed(self, names: Sequence[str]) -> tuple[str, ...]:
        """Those that run here."""
        return tuple(name for name in dict.fromkeys(names) if name and "://" not in name)

    def _card(self, name: str) -> Any:
        return self._open_engine(name).card


def _follow(load: Load, language: Language) -> Iterator[list[Any]]:
    shown = ""
    for _ in load.watch():
        # Not around the yield: each step of an event may run in another context.
        with speaking(language):
            text = progress_text(load)
        if text != shown:
            shown = text
            yield [gr.update(visible=True, value=text), *_while_loading()]
    with speaking(language):
        ended = ending(load)
    yield [gr.update(visible=bool(ended), value=ended), *_while_loading(False)]


def _while_loading(going: bool = True) -> list[Any]:
    """Buttons for loading, cancelling, and the offer."""
    return [gr.update(visible=not going), gr.update(visible=going), gr.update(visible=False)]


def _choices(pairs: dict[str, Chosen]) -> list[tuple[str, str]]:
    named = [
        (" · ".join([say(PAIR_LABELS[name]), in_short(chosen)]), name)
        for name, chosen in pairs.items()
    ]
    return [*named, (say("Other models"), OWN_CHOICE)]


def wire_picker(
    blocks: gr.Blocks, picker: Picker, lists: Sequence[Any], picking: Picking, quiet: dict[str, Any]
) -> list[Any]:
    """Connect the components; inside the Blocks. The events at whose ends models are loaded."""
    lanes, shown, loading = list(lists), picker.shown(), picker.loading()
    blocks.load(picking.show, lanes, shown, **quiet).then(picking.follow, lanes, loading, **quiet)
    picker.pair.input(picking.pick, picker.pair, lanes, **quiet)
    picker.cancel.click(picking.cancel, lanes, None, **quiet)
    offered = picker.offer.click(lambda: list(PAIRS[REAL_PAIR]), None, lanes, **quiet)
    return [
        start(picking.load, lanes, loading, **quiet).then(picking.show, lanes, shown, **quiet)
        for start in (picker.load.click, offered.then)
    ]


def _language(request: gr.Request) -> Language:
    return preferred(request.headers.get("accept-language", ""))
