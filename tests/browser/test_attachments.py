"""Files beside a prompt on the page: attached, counted, looked into, removed, kept."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Served
from tests.browser.stored import kept
from tests.browser.test_accessibility import serious
from tests.browser.test_editing import finished
from tests.browser.test_running import lane, prompt, run

WORDS = "word " * 40 + "<b>not bold</b> ${1 + 1}\n"
DROP = """(node, [kind, files]) => {
  const brought = new DataTransfer();
  for (const [name, text] of files) brought.items.add(new File([text], name));
  const event = kind === "paste"
    ? new ClipboardEvent(kind, { bubbles: true, cancelable: true, clipboardData: brought })
    : new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: brought });
  node.dispatchEvent(event);
}"""


def chips(page: Page) -> Locator:
    return page.locator(".nb-attachment:not(.nb-reading)")


def tokens(page: Page) -> Locator:
    return page.locator(".nb-tokens").first


def bring(page: Page, kind: str, *files: tuple[str, str]) -> None:
    page.locator(".nb-text").first.evaluate(DROP, [kind, [list(each) for each in files]])


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.txt"
    path.write_text(WORDS, encoding="utf-8")
    return path


def attach(page: Page, *paths: Path) -> None:
    with page.expect_file_chooser() as chosen:
        page.get_by_role("button", name="Attach documents").first.click()
    chosen.value.set_files(paths)
    expect(chips(page)).to_have_count(len(paths))


def test_a_chosen_file_is_a_chip_and_is_counted_against_the_context(
    page: Page, served: Served, report: Path
) -> None:
    attach(page, report)
    expect(chips(page)).to_contain_text("report.txt")
    expect(chips(page)).to_contain_text("45 tokens")
    expect(tokens(page)).to_have_text("54 of 2,048 tokens")
    prompt(page).fill("What is it?")
    expect(tokens(page)).to_have_text("57 of 2,048 tokens")
    assert serious(page) == []


def test_a_prompt_that_is_too_long_says_by_how_much_in_red(page: Page, served: Served) -> None:
    bring(page, "drop", ("long.txt", "word " * 2100))
    expect(tokens(page)).to_contain_text(" of 2,048 tokens: 62 too many")
    expect(tokens(page)).to_have_class("nb-tokens nb-tone-error")


def test_another_system_prompt_is_counted_along(page: Page, served: Served) -> None:
    prompt(page).fill("What is it?")
    expect(tokens(page)).to_have_text("3 of 2,048 tokens")
    system = page.get_by_role("textbox", name="System prompt")
    system.fill("word " * 40)
    system.blur()
    expect(tokens(page)).to_have_text(re.compile(r"^4\d of 2,048 tokens"))
    system.fill("")
    system.blur()
    expect(tokens(page)).to_have_text("3 of 2,048 tokens")


def test_the_text_is_looked_at_as_text(page: Page, served: Served, report: Path) -> None:
    attach(page, report)
    chips(page).get_by_role("button", name="report.txt").first.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("pre")).to_have_text(WORDS)
    expect(dialog.locator("pre b")).to_have_count(0)
    assert serious(page) == []
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(chips(page).locator(".nb-look")).to_be_focused()


def test_a_file_is_removed_and_brought_back(page: Page, served: Served, report: Path) -> None:
    attach(page, report)
    page.get_by_role("button", name="Remove report.txt").press("Enter")
    expect(chips(page)).to_have_count(0)
    expect(prompt(page)).to_be_focused()
    page.get_by_role("button", name="Undo: Attachments changed.").click()
    expect(chips(page)).to_have_count(1)


def test_files_are_dropped_onto_their_cell(page: Page, served: Served) -> None:
    prompt(page).fill("one")
    prompt(page).press("Shift+Enter")
    expect(page.locator(".nb-cell")).to_have_count(2)
    second = page.locator(".nb-cell").nth(1)
    second.locator(".nb-text").evaluate(DROP, ["dragover", [["a.txt", "x"]]])
    expect(second.locator(".nb-box")).to_have_class("nb-box nb-drop")
    second.locator(".nb-text").evaluate(DROP, ["drop", [["a.txt", "x"], ["b.md", "y"]]])
    expect(second.locator(".nb-attachment-name")).to_have_text(["a.txt", "b.md"])
    expect(page.locator(".nb-drop")).to_have_count(0)
    expect(page.locator(".nb-cell").first.locator(".nb-look")).to_have_count(0)


def test_a_pasted_file_is_attached(page: Page, served: Served) -> None:
    bring(page, "paste", ("a.csv", "x,y\n1,2\n"))
    expect(chips(page)).to_contain_text("a.csv")
    expect(prompt(page)).to_have_value("")


def test_what_is_no_text_is_refused_in_words(page: Page, served: Served) -> None:
    bring(page, "drop", ("photo.png", "\0\1"))
    expect(page.locator(".nb-notice").first).to_contain_text("'photo.png' is no text")
    expect(page.locator(".nb-attachment")).to_have_count(0)


def test_every_refused_file_is_named_beside_those_that_are_attached(
    page: Page, served: Served
) -> None:
    bring(page, "drop", ("photo.png", "\0\1"), ("old.doc", "x"), ("a.csv", "1,2"), ("b.txt", " "))
    expect(chips(page)).to_contain_text("a.csv")
    notice = page.locator(".nb-notice").first
    for name in ("'photo.png' is no text", "'old.doc' is a file of an office", "'b.txt' is empty"):
        expect(notice).to_contain_text(name)
    expect(tokens(page)).to_contain_text(" of 2,048 tokens")
    expect(notice).to_be_visible()  # what the page is told later does not take it away


def test_a_dropped_notebook_is_opened_also_on_a_cell(page: Page, served: Served) -> None:
    book = """{"cells": [{"cell_type": "markdown", "id": "n", "metadata": {}, "source": "Mine"}],
      "metadata": {}, "nbformat": 4, "nbformat_minor": 5}"""
    bring(page, "drop", ("book.ipynb", book))
    expect(page.locator(".nb-note")).to_contain_text("Mine")


def test_the_page_shows_the_question_alone_and_knows_other_files(
    page: Page, served: Served, report: Path
) -> None:
    attach(page, report)
    run(page, "What is it?")
    finished(page)
    expect(prompt(page)).to_have_value("What is it?")
    expect(lane(page, "left")).to_contain_text("The answer is")
    expect(page.locator(".nb-stale")).to_be_hidden()
    page.get_by_role("button", name="Remove report.txt").click()
    expect(page.locator(".nb-stale")).to_have_text("the attached files were different")


def test_a_reload_keeps_the_files(page: Page, served: Served, report: Path) -> None:
    attach(page, report)
    run(page, "What is it?")
    finished(page)
    kept(page, "digest", runs=1)
    page.reload()
    expect(chips(page)).to_contain_text("report.txt")
    expect(lane(page, "left")).to_contain_text("The answer is")
    expect(page.locator(".nb-stale")).to_be_hidden()
    chips(page).locator(".nb-look").click()
    expect(page.get_by_role("dialog").locator("pre")).to_have_text(WORDS)


def test_a_phone_has_room_for_it(page: Page, served: Served, report: Path) -> None:
    attach(page, report)
    expect(chips(page)).to_contain_text("45 tokens")
    page.set_viewport_size({"width": 390, "height": 844})
    box = page.get_by_role("button", name="Remove report.txt").bounding_box()
    assert box is not None and box["width"] >= 40 and box["height"] >= 40
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
