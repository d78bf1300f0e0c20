"""What the panel's components show of what was weighed, in their order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr

from playground.domain.request import LANES
from playground.ui.panel import texts
from playground.ui.panel.plots import SERIES, Plot, drawn
from playground.ui.panel.scopes import Scope, scopes
from playground.ui.panel.tags import has_tags, tags_shown
from playground.ui.panel.tally import tally_text
from playground.ui.panel.weighed import Weighed
from playground.ui.session import Session
from playground.ui.summary import results_below
from playground.words import say


def below_notebook(session: Session) -> list[Any]:
    """The table of all results, and after it `Panel.below`: whether the panel is there at all, and
    what it can be about."""
    found = scopes(session.document)
    choices = gr.update(choices=_choices(found)) if found else gr.skip()
    return [*results_below(session), gr.update(visible=bool(found)), choices]


def shown(weighed: Weighed) -> list[Any]:
    """All of it, for `Panel.shown`."""
    verdict = weighed.verdict
    tagged = has_tags(verdict) and verdict is not None and len(verdict.lanes) == len(LANES)
    plots = dict(drawn(weighed)) if verdict is not None else {}
    tally, counts = tally_text(weighed.tallies), texts.counts(verdict)
    enough = texts.enough(weighed)
    return [
        gr.update(choices=_choices(weighed.scopes), value=weighed.scope),
        _groups(weighed),
        texts.words(weighed),
        gr.update(value=counts, visible=bool(counts)),
        texts.method(weighed),
        gr.update(visible=bool(enough)),
        gr.update(value=enough, visible=bool(enough)),
        gr.update(visible=tagged),
        gr.update(visible=True, value=tags_shown(verdict))
        if tagged and verdict is not None
        else gr.update(visible=False),
        gr.update(visible=verdict is not None),
        *_pictures(plots),
        gr.update(value=tally, visible=bool(tally)),
    ]


def _choices(found: tuple[Scope, ...]) -> list[tuple[str, str]]:
    return [(scope.label, scope.cell) for scope in found]


def _groups(weighed: Weighed) -> Any:
    labels = [texts.group_label(group, weighed.groups[0]) for group in weighed.groups]
    choices = [(label, place) for place, label in enumerate(labels)]
    return gr.update(choices=choices, value=weighed.place, visible=len(choices) > 1)


def _pictures(plots: dict[str, Plot]) -> Iterator[Any]:
    for name in ("accuracy", "waits", "wins"):
        plot = plots.get(name)
        yield gr.update(visible=plot is not None)
        if plot is None or plot.value is None:
            yield gr.update(visible=False)
            yield gr.update(value="" if plot is None else plot.why_not, visible=plot is not None)
            yield gr.update(visible=False)
        else:
            lane = say("Lane")
            value = plot.value.rename(columns={SERIES: lane})
            yield gr.update(value=value, color=lane, visible=True, **plot.shown)
            yield gr.update(value=plot.said, visible=bool(plot.said))
            yield gr.update(visible=True)
