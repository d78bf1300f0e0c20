"""Lists on the page: made in a dialog, run, paused and resumed, their problems in a table."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import TIMEOUT_MS, Served
from tests.browser.stored import kept
from tests.browser.test_accessibility import serious
from tests.browser.test_running import lane

TABLE = "prompt,expected,tags\nTwo and two?,4,easy\nTwo and three?,5,hard\nOne and three?,4,hard\n"
SLOW = "word " * 200 + "The answer is **4**."


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def rows(page: Page) -> Locator:
    return page.locator(".nb-rows tbody tr")


def words(page: Page) -> Locator:
    return page.locator(".nb-list-words").first


def paste(page: Page, table: str) -> None:
    button(page, "List…").click()
    page.get_by_role("textbox", name="The problems as a table").fill(table)


def add(page: Page, table: str = TABLE) -> None:
    paste(page, table)
    button(page, "Add the list").click()
    expect(rows(page).first).to_be_visible()


def done(page: Page, count: int = 3) -> None:
    expect(words(page)).to_have_text(f"all {count} have run")


def test_a_pasted_table_is_looked_at_and_becomes_a_cell(page: Page, served: Served) -> None:
    paste(page, TABLE)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("3 problems · Tags: easy (1), hard (2)")
    expect(dialog).to_contain_text("expected → the expected answer")
    expect(dialog.get_by_role("cell", name="Two and three?")).to_be_visible()
    assert serious(page) == []
    button(page, "Add the list").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("textbox", name="Prompt", exact=True)).to_have_value("{{prompt}}")
    expect(rows(page)).to_have_count(3)
    expect(words(page)).to_have_text("3 runs")


def test_a_table_with_a_fault_says_in_which_line_and_is_not_lost(
    page: Page, served: Served
) -> None:
    paste(page, "prompt,expected\nOne,1\n,2\n")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("alert")).to_contain_text("Line 3 has no prompt")
    expect(button(page, "Add the list")).to_be_disabled()
    expect(dialog.get_by_role("textbox")).to_have_value("prompt,expected\nOne,1\n,2\n")


def test_a_file_is_read_in_the_encodings_of_spreadsheets_and_a_spreadsheet_is_refused(
    page: Page, served: Served, tmp_path: Path
) -> None:
    button(page, "List…").click()
    for encoding in ("utf-8-sig", "windows-1252", "utf-16"):
        path = tmp_path / f"{encoding}.csv"
        path.write_bytes("pergunta;resposta\nQuanto é dois e dois?;4\n".encode(encoding))
        with page.expect_file_chooser() as chosen:
            button(page, "Choose a file…").click()
        chosen.value.set_files(path)
        expect(page.get_by_role("cell", name="Quanto é dois e dois?")).to_be_visible()
        expect(page.get_by_role("dialog")).to_contain_text("1 problem")
    sheet = tmp_path / "list.xlsx"
    sheet.write_bytes(b"PK\x03\x04")
    with page.expect_file_chooser() as chosen:
        button(page, "Choose a file…").click()
    chosen.value.set_files(sheet)
    expect(page.get_by_role("alert")).to_contain_text("Save the table as CSV")


def test_built_in_problems_run_and_the_list_says_what_came_of_them(
    page: Page, served: Served
) -> None:
    button(page, "List…").click()
    button(page, "Built-in problems").click()
    button(page, "Add the list").click()
    button(page, "Run the list").click()
    done(page, 1)
    expect(page.locator(".nb-list-says")).to_contain_text("Too few to say, with n = 1")
    expect(rows(page)).to_contain_text("4")


def test_each_row_tells_both_lanes_answers_and_whether_they_are_right(
    page: Page, served: Served
) -> None:
    add(page)
    page.keyboard.press("Control+Enter")
    done(page)
    right, wrong = rows(page).nth(0), rows(page).nth(1)
    expect(right.get_by_role("gridcell", name="Instruct, correct, 4")).to_be_visible()
    expect(wrong.get_by_role("gridcell", name="Thinking, wrong, 4")).to_be_visible()
    expect(right.get_by_role("gridcell", name="the same")).to_be_visible()
    expect(page.locator(".nb-results")).to_be_hidden()
    assert serious(page) == []


def test_rows_are_narrowed_down_by_what_came_of_them_by_tag_and_by_words(
    page: Page, served: Served
) -> None:
    add(page)
    button(page, "Run the list").click()
    done(page)
    button(page, "both wrong 1").click()
    expect(rows(page)).to_have_count(1)
    expect(rows(page)).to_contain_text("Two and three?")
    button(page, "all 3").click()
    page.get_by_role("combobox", name="Tag").select_option("easy")
    expect(rows(page)).to_contain_text(["Two and two?"])
    page.get_by_role("combobox", name="Tag").select_option("")
    search = page.get_by_role("searchbox", name="Search the list")
    search.fill("ONE AND")
    expect(rows(page)).to_contain_text(["One and three?"])
    search.fill("nothing like it")
    expect(page.get_by_text("No problem is like that.")).to_be_visible()
    search.press("Escape")
    expect(rows(page)).to_have_count(3)


def test_a_click_on_a_head_sorts_and_another_turns_it_round(page: Page, served: Served) -> None:
    add(page)
    head = page.get_by_role("columnheader", name="Problem")
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    expect(rows(page).first).to_contain_text("One and three?")
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    expect(rows(page).first).to_contain_text("Two and two?")


def test_arrows_move_enter_opens_a_problem_and_escape_comes_back(
    page: Page, served: Served
) -> None:
    add(page)
    button(page, "Run the list").click()
    done(page)
    rows(page).first.focus()
    page.keyboard.press("ArrowDown")
    expect(rows(page).nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="Problem 2")).to_be_visible()
    expect(dialog).to_contain_text("Expected: 5 · hard")
    expect(dialog.locator(".nb-together")).to_be_hidden()
    expect(dialog.locator(".nb-left strong")).to_have_text("4")
    dialog.locator(".nb-right summary").click()
    expect(dialog.locator(".nb-right .nb-trace")).to_contain_text("Two and two make four.")
    assert serious(page) == []
    page.keyboard.press("j")
    expect(dialog.get_by_role("heading", name="Problem 3")).to_be_visible()
    expect(dialog.locator(".nb-right .nb-state")).to_have_text("done")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(rows(page).nth(2)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".nb-cell").first).to_be_focused()


def test_a_pause_lets_the_problem_end_and_resume_runs_what_is_left(
    page: Page, served: Served
) -> None:
    served.play(answer=SLOW, token_s=0.01)
    add(page)
    button(page, "Run the list").click()
    expect(lane(page, "left")).to_contain_text("word word")
    expect(page.locator(".nb-row-runs")).to_contain_text("Two and two?")
    button(page, "Pause").click()
    expect(words(page)).to_have_text(re.compile("^[12] of 3 have run"))
    served.play()
    button(page, "Resume").click()
    done(page)
    expect(button(page, "Done")).to_be_disabled()


def test_a_list_that_was_reloaded_in_the_middle_goes_on(page: Page, served: Served) -> None:
    add(page)
    served.play(answer=SLOW, token_s=0.01)
    button(page, "Run the list").click()
    kept(page, "The answer is **4**", runs=1)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(words(page)).to_have_text(re.compile("^[12] of 3 have run"))
    served.play()
    button(page, "Resume").click()
    done(page)


def test_all_anew_is_asked_for_twice(page: Page, served: Served) -> None:
    add(page, "prompt\nTwo and two?\n")
    page.keyboard.press("Control+Enter")
    done(page, 1)
    page.keyboard.press("Control+Enter")
    toast = page.locator(".nb-toast")
    expect(toast).to_contain_text("This run again?")
    toast.get_by_role("button", name="Run all anew").click()
    expect(page.locator(".nb-number").first).to_have_text("[2]")
    done(page, 1)


def test_problems_are_edited_as_a_table_and_old_runs_are_judged_anew(
    page: Page, served: Served
) -> None:
    add(page)
    button(page, "Run the list").click()
    done(page)
    button(page, "Edit list…").click()
    field = page.get_by_role("textbox", name="The problems as a table")
    expect(field).to_have_value(TABLE)
    field.fill(TABLE.replace(",5,", ",4,"))
    button(page, "Save the list").click()
    expect(rows(page).nth(1).get_by_role("gridcell", name="Thinking, correct, 4")).to_be_visible()
    done(page)


def test_budgets_are_a_field_of_the_cells_settings(page: Page, served: Served) -> None:
    add(page, "prompt,expected\nTwo and two?,4\n")
    button(page, "Settings of this cell").first.click()
    field = page.get_by_role("textbox", name=re.compile("^Thinking budgets to compare"))
    field.fill("256, free")
    field.press("Tab")
    expect(words(page)).to_have_text("2 runs · 1 problem")
    field.fill("much")
    field.press("Tab")
    expect(page.locator(".nb-notice")).to_contain_text("'much' is no thinking budget")


def test_with_budgets_a_row_tells_the_largest_and_the_choices_count_as_the_verdict_does(
    page: Page, served: Served
) -> None:
    add(page)
    button(page, "Settings of this cell").first.click()
    field = page.get_by_role("textbox", name=re.compile("^Thinking budgets to compare"))
    field.fill("0, free")
    field.press("Tab")
    button(page, "Run the list").click()
    expect(words(page)).to_have_text("all 6 have run · 3 problems")
    for choice in ("both right 2", "both wrong 1", "same answer 3"):
        expect(button(page, choice)).to_be_visible()
    expect(
        rows(page).nth(1).get_by_role("gridcell", name="Thinking, wrong, 4", exact=True)
    ).to_be_visible()
    rows(page).first.click()
    expect(page.get_by_role("dialog")).to_contain_text("2 / 2 · no thinking budget")


def test_hundreds_of_problems_are_a_page_of_rows_at_a_time(page: Page, served: Served) -> None:
    table = "prompt,expected\n" + "".join(f"Number {n}?,{n}\n" for n in range(1, 501))
    add(page, table)
    expect(rows(page)).to_have_count(50)
    expect(page.locator(".nb-list-pages").first).to_contain_text("1–50 of 500")
    rows(page).first.focus()
    page.keyboard.press("End")
    expect(rows(page).last).to_be_focused()
    expect(rows(page).last).to_contain_text("Number 500?")
    button(page, "Page before").click()
    expect(rows(page).first).to_contain_text("Number 401?")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_rows_are_cards_within_the_screen(
    browser: Browser, served: Served, scheme: str
) -> None:
    served.play()
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    context.set_default_timeout(TIMEOUT_MS)
    page = context.new_page()
    page.goto(served.url)
    page.locator("#notebook textarea").first.wait_for()
    add(page)
    button(page, "Run the list").click()
    done(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.get_by_role("combobox", name="Sort by").select_option("prompt")
    expect(rows(page).first).to_contain_text("One and three?")
    rows(page).first.click()
    expect(page.get_by_role("dialog").locator(".nb-left strong")).to_have_text("4")
    assert serious(page) == []
    context.close()
