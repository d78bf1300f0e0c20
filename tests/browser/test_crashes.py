"""Nothing is lost: a server that is killed at a random moment, and a tab that crashes."""

from __future__ import annotations

import random
import re
import secrets
import subprocess
from contextlib import suppress
from pathlib import Path

import nbformat
from playwright.sync_api import BrowserContext, Error, Locator, Page, expect

from playground.notebook.storage import read
from tests.apps import free_port, started
from tests.browser.conftest import Served
from tests.browser.stored import kept
from tests.browser.test_editing import finished
from tests.browser.test_running import prompt, run

KILLS = 3
# What a person types is kept after a tenth of a second; on a busy machine that takes longer.
MOMENT_MS = 1000


def test_a_server_that_is_killed_in_mid_run_loses_nothing(visitor: BrowserContext) -> None:
    """Killed at random moments of a run, each time started anew on the same port; then the tab is
    closed, or crashes."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    app = started("--port", str(port))
    page = visitor.new_page()
    seed = secrets.randbelow(10**6)
    moments = random.Random(seed)
    try:
        page.goto(url)
        for number in range(KILLS):
            text = f"Solve {number + 2}x^2 + 3x - 5 = 0."
            if number:
                page.get_by_role("button", name="Prompt", exact=True).last.click()
            prompt(page, number).fill(text)
            prompt(page, number).press("Control+Enter")
            page.wait_for_timeout(moments.uniform(100, 2500))
            seen = [state(page, earlier) for earlier in range(number + 1)]
            app.kill()
            app.communicate()
            # It would load itself anew at any moment.
            crash(page) if moments.random() < 0.5 else page.close()
            app = started("--port", str(port))
            page = visitor.new_page()
            page.goto(url)
            expect(prompt(page, number), f"seed {seed}").to_have_value(text)
            for earlier, before in enumerate(seen):
                if before == "done":
                    wanted = re.compile("done|interrupted|limit")
                    expect(states(page, earlier), f"seed {seed}").to_have_text(wanted)
    finally:
        app.kill()
        app.communicate()


def states(page: Page, number: int) -> Locator:
    """The left lane's state in a cell, brought into sight."""
    cell = page.locator(".nb-cell").nth(number)
    cell.scroll_into_view_if_needed()
    return cell.locator(".nb-left .nb-state")


def state(page: Page, number: int) -> str:
    """What it is now; empty where nothing has begun."""
    left = page.locator(".nb-cell").nth(number).locator(".nb-left .nb-state")
    return left.inner_text() if left.count() else ""


def crash(page: Page) -> None:
    """The tab's process ends: nothing of the page's runs any more."""
    with page.expect_event("crash"), suppress(Error):
        page.goto("chrome://crash", timeout=3000)


def test_a_tab_that_crashes_finds_what_was_typed_a_moment_before(
    visitor: BrowserContext, served: Served
) -> None:
    served.play()
    page = visitor.new_page()
    page.goto(served.url)
    prompt(page).fill("First.")
    kept(page, "First.")
    page.get_by_role("button", name="Prompt", exact=True).last.click()
    prompt(page, 1).fill("Typed just now.")
    page.wait_for_timeout(MOMENT_MS)
    crash(page)
    page = visitor.new_page()
    page.goto(served.url)
    expect(prompt(page)).to_have_value("First.")
    expect(prompt(page, 1)).to_have_value("Typed just now.")


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


def test_a_notebook_file_that_is_killed_at_any_moment_is_whole_and_has_every_run_that_ended(
    visitor: BrowserContext, tmp_path: Path
) -> None:
    port, book = free_port(), tmp_path / "book.ipynb"
    seed = secrets.randbelow(10**6)
    moments = random.Random(seed)
    app = started("--port", str(port), "--notebook", str(book))
    ended = 0
    try:
        for number in range(KILLS):
            page = visitor.new_page()
            page.goto(f"http://127.0.0.1:{port}/")
            prompt(page, max(0, number - 1)).wait_for()
            if number:
                page.get_by_role("button", name="Prompt", exact=True).last.click()
            prompt(page, number).fill(f"Solve {number + 2}x^2 + 3x - 5 = 0.")
            prompt(page, number).press("Control+Enter")
            page.wait_for_timeout(moments.uniform(100, 2500))
            app.kill()
            app.communicate()
            page.close()
            app = started("--port", str(port), "--notebook", str(book))
            if book.exists():
                text = book.read_text("utf-8")
                nbformat.validate(nbformat.reads(text, 4))
                runs = sum(len(cell.runs) for cell in read(text, book.name)[0].prompts)
                assert runs >= ended, f"seed {seed}"
                ended = runs
    finally:
        app.kill()
        app.communicate()
