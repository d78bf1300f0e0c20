"""The verdict below the notebook in a real browser: opened, followed, asked for, taken away."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from playground.catalog import PAIRS
from playground.comparison.run import Comparison
from playground.domain.request import LANES
from playground.ui.launch import launch
from playground.ui.page import Page as PlaygroundPage
from tests.browser.conftest import TIMEOUT_MS, Served
from tests.browser.test_running import lane, run
from tests.judged import book, listed, plain, run_of
from tests.ui.fake import Fake

PICTURES = ("accuracy", "waits", "wins")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A page on which a list with budgets and a cell have run."""
    engines = {name: Fake(name) for name in PAIRS["demo"]}
    document = book(
        plain("one", run_of(900, "What is 2 + 2?", ("**4**", "**4**"))),
        listed(40, budgets=(64, None)),
    )
    page = PlaygroundPage(
        Comparison(engines.__getitem__),
        dict(zip(LANES, PAIRS["demo"], strict=True)),
        lambda _: "",
        lambda _: (),
        document=document,
    )
    yield launch(page, "127.0.0.1", None, None)
    page.close()


@pytest.fixture
def visit(browser: Browser, url: str) -> Iterator[Any]:
    """Opens the page; an error in its scripts fails the test."""
    contexts, errors = [], []

    def visited(**options: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1400, "height": 900}, **options})
        context.set_default_timeout(3 * TIMEOUT_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(url)
        page.locator("#notebook textarea").first.wait_for()
        return page

    yield visited
    for context in contexts:
        context.close()
    assert errors == []


def head(page: Page) -> Locator:
    return page.locator("#verdict > button")


def words(page: Page) -> Locator:
    return page.locator("#verdict-words")


def test_the_verdict_comes_with_the_first_run_and_follows_the_next(
    page: Page, served: Served
) -> None:
    expect(head(page)).to_be_hidden()
    run(page, "What is 2 + 2?")
    expect(lane(page, "right").locator(".nb-state")).to_have_text("done")
    expect(head(page)).to_have_attribute("aria-expanded", "false")
    head(page).click()
    expect(head(page)).to_have_attribute("aria-expanded", "true")
    expect(words(page)).to_contain_text("Too few to say, with n = 1")
    served.play(answer="The answer is **5**.")
    run(page, "What is 2 + 3?")
    expect(words(page)).to_contain_text("another one: 2")


def test_a_cells_menu_leads_to_the_verdict_on_it(visit: Any) -> None:
    page = visit()
    page.locator(".nb-cell").nth(1).get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Show the verdict").click()
    expect(page.get_by_label("Verdict on")).to_have_value("List 2: 40 problems")
    expect(words(page)).to_contain_text("with n = 40")
    expect(head(page)).to_be_in_viewport()
    expect(head(page)).to_have_attribute("aria-expanded", "true")


def test_another_scope_is_chosen(visit: Any) -> None:
    page = visit()
    head(page).click()
    expect(words(page)).to_contain_text("with n = 40")
    page.get_by_label("Verdict on").click()
    page.get_by_role("option", name="Cell 1: What is 2 + 2?").click()
    expect(words(page)).to_contain_text("Too few to say, with n = 1")
    expect(page.locator("#verdict-accuracy")).to_be_hidden()
    expect(page.get_by_text("Nothing is judged yet")).to_be_visible()


def test_words_tables_and_pictures_are_there_and_the_method_is_a_click_away(visit: Any) -> None:
    page = visit()
    head(page).click()
    expect(page.locator("#verdict-counts table")).to_contain_text("Thinking not right")
    expect(page.locator("#verdict-enough table")).to_contain_text("no thinking")
    expect(page.locator("#verdict-tags")).to_contain_text("equations")
    for name in PICTURES:
        expect(page.locator(f"#verdict-{name} svg.marks")).to_be_visible()
        expect(page.locator(f"#verdict-{name} svg.marks")).to_contain_text("Thinking")
    method = page.get_by_text("McNemar's exact test")
    expect(method).to_be_hidden()
    page.get_by_role("button", name="How this was computed").click()
    expect(method).to_be_visible()


def test_the_verdict_can_be_taken_away_as_picture_and_data(visit: Any) -> None:
    page = visit()
    head(page).click()
    with page.expect_download() as picture:
        page.get_by_role("button", name="The verdict as a picture (SVG)").click()
    assert picture.value.suggested_filename == "verdict.svg"
    assert Path(picture.value.path()).read_text("utf-8").startswith("<svg ")
    with page.expect_download() as data:
        page.get_by_role("button", name="Data (CSV)").first.click()
    assert data.value.suggested_filename == "verdict-accuracy.csv"
    with open(data.value.path(), encoding="utf-8", newline="") as file:
        assert [row["budget"] for row in csv.DictReader(file)] == ["no thinking", "64", "free"]
    with page.expect_download() as drawn:
        page.locator("#verdict-waits").get_by_role("button", name="Export").click()
    assert drawn.value.suggested_filename == "chart.png"


def test_the_links_that_only_the_page_clicks_never_show(page: Page, served: Served) -> None:
    run(page, "What is 2 + 2?")
    head(page).click()
    expect(words(page)).to_contain_text("with n = 1")
    # Drawn once, they are there when the next change shows what they stand in again.
    run(page, "What is 2 + 3?")
    expect(words(page)).to_contain_text("another one: 2")
    for link in ("#verdict-file", "#results-csv"):
        expect(page.locator(link)).to_have_count(1)
        expect(page.locator(link)).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_in_portuguese_shows_all_of_it_in_its_width(visit: Any, scheme: str) -> None:
    page = visit(viewport={"width": 390, "height": 800}, color_scheme=scheme, locale="pt-BR")
    head(page).click()
    expect(head(page)).to_contain_text("O que o raciocínio traz")
    expect(words(page)).to_contain_text("Thinking acerta")
    for name in PICTURES:
        expect(page.locator(f"#verdict-{name} svg.marks")).to_be_visible()
    expect(page.locator("#verdict-waits svg.marks")).to_contain_text("Espera, em segundos")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
