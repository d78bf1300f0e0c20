"""The panel's events: nothing is weighed unasked, again only what changed, and files go out."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pandas as pd
import pytest

from playground.notebook.document import PromptCell
from playground.ui.labels import Labels
from playground.ui.panel import weighed as room
from playground.ui.panel.components import Panel, draw_panel
from playground.ui.panel.events import PanelEvents
from playground.ui.panel.showing import below_notebook
from playground.ui.session import Session
from tests.judged import book, listed, plain, run_of
from tests.ui.fake import play, write

REQUEST: Any = SimpleNamespace(session_hash="a", headers={})


@pytest.fixture
def panel() -> Panel:
    with gr.Blocks(analytics_enabled=False):
        return draw_panel(Labels())


@pytest.fixture
def events(panel: Panel, session: Session, tmp_path: Path) -> PanelEvents:
    return PanelEvents(panel, lambda _: session, tmp_path, in_public=False)


def show(session: Session, *cells: PromptCell) -> None:
    session.install(book(*cells), session.settings)


def shown(panel: Panel, updates: list[Any]) -> dict[str, Any]:
    """What each component is set to, by the component's name."""
    names = {part: name for name in panel.__slots__ if hasattr(part := getattr(panel, name), "_id")}
    assert len(updates) == len(panel.shown)
    return {
        names[part]: update
        for part, update in zip(panel.shown, updates, strict=True)
        if part in names
    }


def skipped(update: Any) -> bool:
    return bool(update == gr.skip())


def test_the_panel_is_there_once_there_is_something_to_say(session: Session) -> None:
    write(session, "hello")
    assert below_notebook(session)[2] == gr.update(visible=False)
    play(session)
    section, choices = below_notebook(session)[2:]
    assert section == gr.update(visible=True)
    assert [label for label, _ in choices["choices"]] == ["Whole notebook", "Cell 1: hello"]


def test_changes_of_the_notebook_weigh_nothing(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def weighs(*_: object) -> None:
        raise AssertionError("weighed though nobody looks")

    monkeypatch.setattr(room, "groups_of_document", weighs)
    show(session, listed(12))
    below_notebook(session)


def test_opening_it_shows_the_verdict_on_all_of_the_notebook(
    events: PanelEvents, panel: Panel, session: Session
) -> None:
    show(session, listed(40))
    updates = shown(panel, events.weigh(REQUEST))
    assert updates["words"].startswith("Thinking is right")
    assert updates["scope"]["value"] == "" and not updates["group"]["visible"]
    assert updates["tags"]["visible"] and updates["picture"]["visible"]
    assert not updates["enough"]["visible"] and not updates["tally"]["visible"]


def test_pictures_show_a_plot_or_say_why_there_is_none(
    events: PanelEvents, panel: Panel, session: Session
) -> None:
    parts = [part for each in panel.pictures.values() for part in (each.plot, each.note)]
    places = [panel.shown.index(part) for part in parts]
    show(session, listed(40))
    updates = events.weigh(REQUEST)
    assert [updates[place]["visible"] for place in places] == [True, True, True, False, True, False]
    assert updates[places[0]]["color"] in updates[places[0]]["value"].columns
    show(session, plain("a", run_of(1, "Why?", ("a", "b"))))
    updates = events.weigh(REQUEST)
    assert [updates[place]["visible"] for place in places] == [False, True] * 3
    assert all(updates[place]["value"] for place in places[1::2])


def test_a_cell_that_asks_opens_the_panel_on_itself(
    events: PanelEvents, panel: Panel, session: Session
) -> None:
    show(session, plain("one", run_of(900, "Why?", ("**a**", "**a**"))), listed(12))
    event: Any = SimpleNamespace(_data={"cell": "one"})
    opened, *updates = events.ask(event, REQUEST)
    assert opened["open"] is True
    assert shown(panel, updates)["scope"]["value"] == "one"


def test_what_has_not_changed_is_not_sent_again(
    events: PanelEvents, panel: Panel, session: Session
) -> None:
    show(session, listed(12))
    assert not any(map(skipped, events.follow(REQUEST)))
    assert all(map(skipped, events.follow(REQUEST)))
    show(session, listed(12), plain("a", run_of(900, "Why?", ("a", "b"))))
    assert not any(map(skipped, events.follow(REQUEST)))


def test_another_scope_begins_at_its_newest_group(
    events: PanelEvents, panel: Panel, session: Session
) -> None:
    others = ("Qwen/Qwen3-4B-Instruct-2507", "Qwen/Qwen3-4B-Thinking-2507")
    old = run_of(0, "Why?", ("a", "b"), models=others)
    show(session, plain("old", old), listed(12))
    updates = shown(panel, events.choose_group(1, REQUEST))
    assert updates["group"]["value"] == 1 and updates["group"]["visible"]
    assert updates["group"]["choices"][1][0].startswith("Qwen3-4B-Instruct-2507 · ")
    assert shown(panel, events.choose_scope("", REQUEST))["group"]["value"] == 0


@pytest.mark.parametrize("group", [None, "1", -1, 99, [0]])
def test_a_malformed_choice_is_the_newest_group(
    events: PanelEvents, panel: Panel, session: Session, group: object
) -> None:
    show(session, listed(12))
    assert shown(panel, events.choose_group(group, REQUEST))["group"]["value"] == 0


def test_the_verdict_goes_out_as_a_picture_and_as_data(
    events: PanelEvents, session: Session
) -> None:
    show(session, listed(40))
    svg = Path(events.save_picture(REQUEST))
    assert svg.name == "verdict.svg" and svg.read_text("utf-8").startswith("<svg ")
    for name, rows in (("accuracy", 2), ("waits", 80), ("wins", 6)):
        path = Path(events._saver(name)(REQUEST))
        assert path.name == f"verdict-{name}.csv" and len(pd.read_csv(path)) == rows


def test_an_empty_notebook_has_no_files(events: PanelEvents, session: Session) -> None:
    assert skipped(events.save_picture(REQUEST))
    assert skipped(events._saver("waits")(REQUEST))


def test_a_chosen_cell_that_is_deleted_gives_way_to_the_whole_notebook(
    events: PanelEvents, panel: Panel, session: Session
) -> None:
    show(session, plain("one", run_of(900, "Why?", ("a", "b"))), listed(12))
    assert shown(panel, events.choose_scope("one", REQUEST))["scope"]["value"] == "one"
    assert shown(panel, events.weigh(REQUEST))["scope"]["value"] == "one"
    session.change({"action": "delete", "cell": "one"})
    assert shown(panel, events.follow(REQUEST))["scope"]["value"] == ""
