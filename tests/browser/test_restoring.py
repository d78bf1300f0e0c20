"""Nothing is lost: a reload, a killed server and a second tab find text, runs and numbers again."""

from __future__ import annotations

import re

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Served
from tests.browser.stored import kept
from tests.browser.test_editing import finished
from tests.browser.test_running import lane, prompt, run


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
    kept(page, '"before":{', runs=1)
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


def test_what_is_typed_in_the_last_moment_is_there_after_a_reload(
    page: Page, served: Served
) -> None:
    kept(page, '"cells":')
    page.on("dialog", lambda dialog: dialog.accept())
    prompt(page).fill("Typed, and gone.")
    page.reload()
    expect(prompt(page)).to_have_value("Typed, and gone.")


def test_the_notebook_before_a_new_one_is_there_after_a_reload(page: Page, served: Served) -> None:
    run(page, "Old.")
    finished(page)
    page.get_by_role("button", name="File").click()
    page.get_by_role("menuitem", name="New").click()
    expect(prompt(page)).to_have_value("")
    kept(page, '"before":{')
    page.reload()
    expect(prompt(page)).to_have_value("")
    page.get_by_role("button", name="File").click()
    page.get_by_role("menuitem", name="Back to the notebook before").click()
    expect(prompt(page)).to_have_value("Old.")
    expect(lane(page, "left").locator("strong")).to_have_text("4")


FILL = """async ([index, length]) => {
  const field = document.querySelectorAll("#notebook textarea")[index];
  const bytes = crypto.getRandomValues(new Uint8Array(length / 2).subarray(0, 65536));
  const noise = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  field.value = noise.repeat(length / noise.length);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}"""


def test_a_storage_that_is_full_is_said_while_everything_is_still_kept(
    visitor: BrowserContext, served: Served
) -> None:
    served.play()
    page = visitor.new_page()
    origin = served.url.rstrip("/")
    devtools = visitor.new_cdp_session(page)
    # Some room is held back (4 MB); what is written here is noise of a little more than the rest.
    quota = {"origin": origin, "quotaSize": 5_000_000}
    devtools.send("Storage.overrideQuotaForOrigin", quota)
    page.goto(served.url)
    prompt(page).fill("Small.")
    kept(page, "Small.")
    full = page.get_by_text("The browser's storage is almost full")
    expect(full).to_be_hidden()
    for number in range(1, 4):
        page.get_by_role("button", name="Prompt", exact=True).last.click()
        expect(page.locator(".nb-cell")).to_have_count(number + 1)
        page.evaluate(FILL, [number, 131_072 * 4])
        page.wait_for_timeout(1500)
        if full.is_visible():
            break
    expect(full).to_be_visible()
    expect(page.get_by_text("Kept in this browser")).to_be_visible()
    lengths = (
        "[...document.querySelectorAll('#notebook textarea')].map((field) => field.value.length)"
    )
    before = page.evaluate(lengths)
    page.reload()
    expect(page.locator(".nb-cell")).to_have_count(len(before))
    page.wait_for_function(f"() => String({lengths}) === '{','.join(map(str, before))}'")
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": origin})
