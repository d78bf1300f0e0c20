"""Nothing is lost: a reload, a killed server and a second tab find text, runs and numbers again."""

from __future__ import annotations

import random
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.apps import free_port, started
from tests.browser.conftest import Served
from tests.browser.stored import kept
from tests.browser.test_editing import finished
from tests.browser.test_running import lane, prompt, run

KILLS = 3


def numbers(page: Page, side: str) -> str:
    return lane(page, side).locator(".nb-numbers").inner_text()


def test_a_reload_finds_text_answers_traces_and_numbers(page: Page, served: Served) -> None:
    run(page, "Two and two?")
    finished(page)
    prompt(page).press("Shift+Enter")
    prompt(page, 1).fill("Not run yet, only typed.")
    finished(page)
    kept(page, "Not run yet, only typed.", runs=2)
    before = numbers(page, "right")
    page.reload()
    expect(prompt(page)).to_have_value("Two and two?")
    expect(prompt(page, 1)).to_have_value("Not run yet, only typed.")
    expect(lane(page, "left").locator("strong")).to_have_text("4")
    assert numbers(page, "right") == before
    lane(page, "right").locator("summary").click()
    expect(lane(page, "right").locator(".nb-trace")).to_contain_text("Two and two make four")


def test_settings_come_back_into_the_sidebar(page: Page, served: Served) -> None:
    page.locator("#temperature-left input").fill("0.25")
    page.locator("#temperature-left input").press("Tab")
    prompt(page).fill("Typed.")
    expect(page.locator("#temperature-left")).to_have_class(re.compile("differs"))
    kept(page, '"temperature":0.25')
    kept(page, "Typed.")
    page.reload()
    expect(prompt(page)).to_have_value("Typed.")
    expect(page.locator("#temperature-left input")).to_have_value("0.25")


def test_a_reload_in_mid_run_keeps_what_came_as_interrupted(page: Page, served: Served) -> None:
    served.play(thinking="word " * 400, token_s=0.02)
    run(page, "Take long.")
    trace = lane(page, "right").locator(".nb-trace")
    expect(trace).to_contain_text("word word word")
    kept(page, "word word word")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(prompt(page)).to_have_value("Take long.")
    expect(lane(page, "right").locator(".nb-state")).to_have_text("interrupted")
    lane(page, "right").locator("summary").click()
    expect(trace).to_contain_text("word word word")


def test_a_new_notebook_is_what_a_reload_finds_then(page: Page, served: Served) -> None:
    run(page, "Old.")
    finished(page)
    page.get_by_role("button", name="File").click()
    page.get_by_role("menuitem", name="New").click()
    expect(prompt(page)).to_have_value("")
    kept(page, '"cells":', runs=0)
    page.reload()
    expect(page.locator(".nb-cell")).to_have_count(1)
    expect(prompt(page)).to_have_value("")


def test_a_second_tab_says_that_the_notebook_is_open_and_can_take_it_over(
    page: Page, served: Served
) -> None:
    prompt(page).fill("In the first tab.")
    kept(page, "In the first tab.")
    second = page.context.new_page()
    second.goto(served.url)
    expect(prompt(second)).to_have_value("In the first tab.")
    banner = second.get_by_text("open in another tab")
    expect(banner).to_be_visible()
    second.get_by_role("button", name="Keep it here instead").click()
    expect(banner).to_be_hidden()
    expect(page.get_by_text("open in another tab")).to_be_visible()


@pytest.fixture
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    yield context
    context.close()


def test_a_server_that_is_killed_in_mid_run_loses_nothing(visitor: BrowserContext) -> None:
    """Killed at random moments of a run, each time started anew on the same port."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    app = started("--port", str(port))
    page = visitor.new_page()
    moments = random.Random()
    try:
        page.goto(url)
        for number in range(KILLS):
            text = f"Solve {number + 2}x^2 + 3x - 5 = 0."
            if number:
                page.get_by_role("button", name="Prompt", exact=True).last.click()
            prompt(page, number).fill(text)
            prompt(page, number).press("Control+Enter")
            seen = f"document.querySelectorAll('.nb-cell')[{number}].innerText.length > "
            page.wait_for_function(seen + str(moments.randrange(60, 500)))
            kept(page, f'"text":"{text}"')  # the cell
            kept(page, f'"prompt":"{text}"')  # its run, or the run's draft
            app.kill()
            app.communicate()
            page.close()  # it would load itself anew at any moment
            app = started("--port", str(port))
            page = visitor.new_page()
            page.goto(url)
            expect(prompt(page, number)).to_have_value(text)
            for earlier in range(number + 1):
                cell = page.locator(".nb-cell").nth(earlier)
                states = cell.locator(".nb-state")
                expect(states.first).to_have_text(re.compile("done|interrupted|limit"))
    finally:
        app.kill()
        app.communicate()


def test_a_notebook_file_outlives_a_kill_and_opens_again(
    visitor: BrowserContext, tmp_path: Path
) -> None:
    port = free_port()
    book = str(tmp_path / "book.ipynb")
    app: subprocess.Popen[str] = started("--port", str(port), "--notebook", book)
    try:
        page = visitor.new_page()
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(f"http://127.0.0.1:{port}/")
        expect(page.get_by_text("book.ipynb").first).to_be_visible()
        run(page, "What is 12 + 30?")
        finished(page)
        saved = Path(book)
        while "What is 12 + 30?" not in (saved.read_text("utf-8") if saved.exists() else ""):
            page.wait_for_timeout(50)
        while '"total_s"' not in saved.read_text("utf-8"):
            page.wait_for_timeout(50)
        app.kill()
        app.communicate()
        page.close()
        app = started("--port", str(port), "--notebook", book)
        page = visitor.new_page()
        page.goto(f"http://127.0.0.1:{port}/")
        expect(prompt(page)).to_have_value("What is 12 + 30?")
        finished(page)
    finally:
        app.kill()
        app.communicate()
