"""The keyboard, as in Jupyter: a cell is edited or selected, and letters mean one or the other."""

from __future__ import annotations

import json

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Served
from tests.browser.test_lists import add, button, done, rows
from tests.browser.test_running import lane, prompt, run


def cell(page: Page, number: int = 0) -> Locator:
    return page.locator(".nb-cell").nth(number)


def keys(page: Page, *names: str) -> None:
    for name in names:
        page.keyboard.press(name)


def three(page: Page) -> None:
    """Prompts one, two, three; the last one is selected."""
    for number, text in enumerate(("one", "two", "three")):
        if number:
            page.get_by_role("button", name="Prompt", exact=True).click()
        expect(prompt(page, number)).to_be_visible()
        prompt(page, number).fill(text)
    keys(page, "Escape")
    expect(cell(page, 2)).to_be_focused()


def texts(page: Page, *wanted: str) -> None:
    boxes = page.get_by_role("textbox", name="Prompt", exact=True)
    expect(boxes).to_have_count(len(wanted))
    for number, text in enumerate(wanted):
        expect(boxes.nth(number)).to_have_value(text)


def test_escape_selects_the_cell_and_enter_writes_in_it(page: Page, served: Served) -> None:
    prompt(page).fill("Hello")
    keys(page, "Escape")
    expect(cell(page)).to_be_focused()
    keys(page, "Enter")
    expect(prompt(page)).to_be_focused()
    page.keyboard.type(" dd ajk?/")
    expect(prompt(page)).to_have_value("Hello dd ajk?/")


def test_cells_are_added_around_and_selected(page: Page, served: Served) -> None:
    prompt(page).fill("middle")
    keys(page, "Escape", "b")
    expect(cell(page, 1)).to_be_focused()
    keys(page, "k")
    expect(cell(page, 0)).to_be_focused()
    keys(page, "a")
    expect(page.locator(".nb-cell")).to_have_count(3)
    expect(cell(page, 0)).to_be_focused()
    keys(page, "ArrowDown", "j", "ArrowDown")
    expect(cell(page, 2)).to_be_focused()
    texts(page, "", "middle", "")


def test_d_twice_deletes_and_z_takes_it_back(page: Page, served: Served) -> None:
    three(page)
    keys(page, "k", "d")
    texts(page, "one", "two", "three")
    keys(page, "d")
    texts(page, "one", "three")
    expect(cell(page, 1)).to_be_focused()
    keys(page, "z")
    texts(page, "one", "two", "three")
    expect(cell(page, 1)).to_be_focused()
    keys(page, "Shift+Z")
    texts(page, "one", "three")
    expect(cell(page, 1)).to_be_focused()


def test_the_last_cell_deleted_leaves_an_empty_one_selected(page: Page, served: Served) -> None:
    prompt(page).fill("alone")
    keys(page, "Escape", "d", "d")
    texts(page, "")
    expect(cell(page)).to_be_focused()


def test_undo_takes_typed_text_back(page: Page, served: Served) -> None:
    prompt(page).fill("first")
    keys(page, "Escape", "b")
    expect(cell(page, 1)).to_be_focused()
    keys(page, "Enter")
    page.keyboard.type("second")
    keys(page, "Escape", "z")
    texts(page, "first", "")


def test_m_and_y_turn_a_cell_into_a_note_and_back(page: Page, served: Served) -> None:
    prompt(page).fill("## Plain *words*")
    keys(page, "Escape", "m")
    expect(page.locator(".nb-note em")).to_have_text("words")
    expect(cell(page)).to_be_focused()
    keys(page, "y")
    expect(prompt(page)).to_have_value("## Plain *words*")
    expect(cell(page)).to_be_focused()


def test_shift_with_an_arrow_moves_the_cell(page: Page, served: Served) -> None:
    three(page)
    keys(page, "Shift+ArrowUp")
    texts(page, "one", "three", "two")
    expect(cell(page, 1)).to_be_focused()
    keys(page, "Control+Shift+ArrowDown")
    texts(page, "one", "two", "three")
    expect(cell(page, 2)).to_be_focused()


def test_a_selected_cell_runs_and_the_next_is_selected(page: Page, served: Served) -> None:
    three(page)
    keys(page, "k", "k", "Shift+Enter")
    expect(cell(page, 1)).to_be_focused()
    expect(lane(page, "right").locator(".nb-state")).to_have_text("done")
    keys(page, "k", "o")  # it was unfolded while it was written
    expect(lane(page, "right").locator(".nb-trace")).to_be_hidden()
    keys(page, "o")
    expect(lane(page, "right").locator(".nb-trace")).to_contain_text("Two and two make four.")
    expect(lane(page, "right").locator(".nb-trace")).to_be_visible()


def test_help_opens_and_gives_the_focus_back(page: Page, served: Served) -> None:
    prompt(page).focus()
    keys(page, "Escape", "?")
    dialog = page.get_by_role("dialog", name="Keyboard help")
    expect(dialog).to_contain_text("Select the cell below")
    keys(page, "d", "d", "Escape")
    expect(dialog).to_be_hidden()
    expect(cell(page)).to_be_focused()
    expect(page.locator(".nb-cell")).to_have_count(1)


def test_keys_stay_out_of_gradios_own_fields(page: Page, served: Served) -> None:
    system = page.get_by_role("textbox", name="System prompt")
    system.focus()
    page.keyboard.type("/?ddf")
    expect(system).to_have_value("/?ddf")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("combobox", name="Search the notebook")).to_be_hidden()


def test_a_menu_is_walked_by_keyboard(page: Page, served: Served) -> None:
    more = page.get_by_role("button", name="More", exact=True)
    more.focus()
    keys(page, "ArrowDown")
    expect(more).to_have_attribute("aria-expanded", "true")
    items = page.get_by_role("menuitem")
    expect(items.first).to_be_focused()
    keys(page, "ArrowUp")
    expect(items.last).to_be_focused()
    keys(page, "n")
    expect(page.get_by_role("menuitem", name="Note below")).to_be_focused()
    keys(page, "Escape")
    expect(page.get_by_role("menu")).to_be_hidden()
    expect(more).to_be_focused()


def test_saving_takes_along_what_was_typed_last(page: Page, served: Served) -> None:
    prompt(page).fill("Typed just now.")
    with page.expect_download() as download:
        keys(page, "Control+s")
    assert download.value.suggested_filename.endswith(".ipynb")
    with open(download.value.path(), encoding="utf-8") as file:
        saved = json.load(file)
    assert "Typed just now." in "".join(saved["cells"][0]["source"])


def test_typing_is_not_taken_for_a_command_while_text_is_composed(
    page: Page, served: Served
) -> None:
    run(page, "Once.")
    expect(lane(page, "right").locator(".nb-state")).to_have_text("done")
    keys(page, "Escape")
    composed = "new KeyboardEvent('keydown', {key: 'a', isComposing: true, bubbles: true})"
    cell(page).evaluate(f"node => node.dispatchEvent({composed})")
    keys(page, "b")
    expect(page.locator(".nb-cell")).to_have_count(2)


def test_a_row_keeps_the_focus_while_the_list_runs(page: Page, served: Served) -> None:
    served.play(answer="word " * 60 + "The answer is **4**.", token_s=0.01)
    add(page)
    button(page, "Run the list").click()
    rows(page).first.focus()
    done(page)
    expect(rows(page).first).to_contain_text("4")
    expect(rows(page).first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(rows(page).nth(1)).to_be_focused()
