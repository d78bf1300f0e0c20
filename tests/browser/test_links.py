"""A prompt in the page's address becomes a cell, once, and nothing runs by itself."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Served
from tests.browser.stored import kept

QUERY = "?__theme=light&prompt=What%20is%202%20%2B%202%3F&temperature=0.5"


def test_a_prompt_in_the_address_becomes_a_cell_that_has_not_run(
    served: Served, page: Page
) -> None:
    page.goto(served.url + QUERY)
    prompt = page.locator(".notebook textarea").first
    expect(prompt).to_have_value("What is 2 + 2?")
    expect(page.locator(".notebook")).to_contain_text("temperature 0.5")
    expect(page).to_have_url(served.url + "?__theme=light")
    assert page.locator(".nb-lane").count() == 0
    kept(page, "What is 2 + 2?")
    page.reload()
    expect(page.locator(".notebook textarea").first).to_have_value("What is 2 + 2?")
    assert page.locator(".notebook textarea").count() == 1


def test_a_value_that_cannot_be_is_said_and_no_cell_is_made(served: Served, page: Page) -> None:
    page.goto(served.url + "?prompt=Why%3F&temperature=99")
    expect(page.locator(".notebook")).to_contain_text("temperature is 99")
    expect(page.locator(".notebook textarea").first).to_have_value("")
