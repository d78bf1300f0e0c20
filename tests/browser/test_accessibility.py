"""axe-core finds nothing serious on the page, at rest, running and with its parts open."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Served
from tests.browser.test_editing import finished, tool
from tests.browser.test_running import lane, prompt, run

SERIOUS = ("serious", "critical")


def serious(page: Page) -> list[str]:
    """What axe-core finds in the notebook and in the page around it."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found
        if one["impact"] in SERIOUS
        for node in one["nodes"]
    ]


def test_a_fresh_page_has_nothing_serious(page: Page, served: Served) -> None:
    assert serious(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_results_traces_and_a_note_have_nothing_serious(
    browser: Browser, served: Served, scheme: str
) -> None:
    served.play()
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    page = context.new_page()
    page.goto(served.url)
    run(page, "Two and two?")
    finished(page)
    lane(page, "right").locator("summary").click()
    assert serious(page) == []
    context.close()


def test_a_run_that_goes_on_has_nothing_serious(page: Page, served: Served) -> None:
    served.play(thinking="word " * 200, token_s=0.02)
    run(page, "Take long.")
    expect(page.locator(".nb-trace").last).to_contain_text("word word")
    assert serious(page) == []
    page.keyboard.press("Escape")


def test_cell_settings_and_dialogs_have_nothing_serious(page: Page, served: Served) -> None:
    prompt(page).fill("In {{language}}.")
    tool(page, "Settings of this cell")
    expect(page.get_by_role("textbox", name="Values of language")).to_be_visible()
    assert serious(page) == []
    page.get_by_role("button", name="File").click()
    assert serious(page) == []
    page.get_by_role("menuitem", name="Keyboard help").click()
    expect(page.get_by_role("dialog")).to_contain_text("/no_think")
    assert serious(page) == []
