"""The exported page in a real browser: it asks for nothing, hostile text does nothing, it fits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from playground.notebook.document import Document
from playground.notebook.exports.page import to_html
from tests.notebook.exports.documents import TRACE, everything, hostile

Open = Callable[..., Page]


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens a document as a file; a request, a dialog or any word on the console fails the test."""
    said: list[str] = []
    contexts = []

    def open_(document: Document, width: int = 1400, **options: Any) -> Page:
        path = tmp_path / "notebook.html"
        path.write_text(to_html(document), encoding="utf-8")
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: said.append(dialog.message))
        page.on("request", lambda asked: said.append(asked.url) if asked.url != own else None)
        own = path.as_uri()
        page.goto(own)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert said == []


def colour(page: Page, what: str) -> int:
    """How light the page's ground or ink is, from 0 to 765."""
    found = page.evaluate(f"getComputedStyle(document.body).{what}")
    return sum(int(part) for part in found.strip("rgb()").split(",")[:3])


def visible(page: Page, text: str) -> bool:
    return bool(page.get_by_text(text).first.is_visible())


def test_hostile_text_is_inert_and_read_as_it_is(opened: Open) -> None:
    page = opened(hostile())
    for summary in page.locator("summary").all():
        summary.click()
    assert page.locator("script, img, iframe").count() == 0
    assert "<script>" in page.title()
    for place in ("h1", ".prompt", ".trace", ".lane .text", ".outcome", "td", ".note", ".foreign"):
        expect(page.locator(place, has_text="<script>").first).to_be_visible()


def test_both_lanes_are_side_by_side_where_there_is_room(opened: Open) -> None:
    page = opened(everything())
    left, right = (page.locator(f".lane.{lane}").first.bounding_box() for lane in ("left", "right"))
    assert left is not None and right is not None
    assert left["y"] == right["y"] and left["x"] + left["width"] <= right["x"] + 1
    assert right["width"] > 500


@pytest.mark.parametrize("document", [everything(), hostile()])
def test_a_phone_needs_no_sideways_scrolling(opened: Open, document: Document) -> None:
    page = opened(document, width=390)
    for summary in page.locator("summary").all():
        summary.click()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    boxes = [page.locator(f".lane.{lane}").first.bounding_box() for lane in ("left", "right")]
    left, right = (box for box in boxes if box is not None)
    assert left["y"] + left["height"] <= right["y"] + 1


@pytest.mark.parametrize(("scheme", "light"), [("light", True), ("dark", False)])
def test_it_follows_the_readers_colours(opened: Open, scheme: str, light: bool) -> None:
    page = opened(everything(), color_scheme=scheme)
    assert (colour(page, "backgroundColor") > 600) == light
    assert (colour(page, "color") < 200) == light


def test_paper_shows_every_trace_and_table_in_light_colours(opened: Open) -> None:
    page = opened(everything(), color_scheme="dark")
    first = TRACE.splitlines()[0]
    assert not visible(page, first) and not visible(page, "Request parameters")
    page.emulate_media(media="print")
    assert visible(page, first) and visible(page, "Request parameters")
    assert colour(page, "color") < 200
    for trace in page.locator(".trace").all():
        assert trace.evaluate("element => element.scrollHeight <= element.clientHeight + 1")


def test_the_bars_end_where_their_lanes_end(opened: Open) -> None:
    page = opened(everything())
    rail = page.locator(".rail.right").first.bounding_box()
    last = page.locator(".rail.right .answer").first.bounding_box()
    assert rail is not None and last is not None
    assert abs(rail["x"] + rail["width"] - last["x"] - last["width"]) < 2
