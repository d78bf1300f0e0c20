"""Cells on the page: notes, a cell's own settings, variables, one lane alone, folding, phones."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import TIMEOUT_MS, Served
from tests.browser.test_editing import finished
from tests.browser.test_running import lane, prompt, run

MARKDOWN = "## Notes\n\nWhat *we* saw, $x^2$:\n\n```python\nprint(1)\n```"


def more(page: Page, name: str, cell: int = 0) -> None:
    """Choose from a cell's menu."""
    page.get_by_role("button", name="More", exact=True).nth(cell).click()
    page.get_by_role("menuitem", name=name, exact=True).click()


def settings(page: Page, cell: int = 0) -> Locator:
    """A cell's settings, opened."""
    page.get_by_role("button", name="Settings of this cell", exact=True).nth(cell).click()
    panel = page.get_by_role("region", name="Settings of this cell")
    expect(panel).to_be_visible()
    return panel


def second_cell(page: Page, text: str) -> None:
    page.get_by_role("button", name="Prompt", exact=True).click()
    expect(prompt(page, 1)).to_be_focused()
    prompt(page, 1).fill(text)


def test_a_note_is_written_shown_and_edited_again(page: Page, served: Served) -> None:
    page.get_by_role("button", name="Note", exact=True).click()
    field = page.get_by_role("textbox", name="Note", exact=True)
    expect(field).to_be_focused()
    field.fill(MARKDOWN)
    field.press("Control+Enter")
    note = page.locator(".nb-note")
    expect(note.locator("em")).to_have_text("we")
    expect(note.locator("math")).to_be_visible()
    expect(note.locator(".highlight")).to_contain_text("print(1)")
    expect(page.locator(".nb-cell").nth(1)).to_be_focused()
    note.locator("p").first.dblclick()
    expect(field).to_be_focused()
    expect(field).to_have_value(MARKDOWN)
    field.fill("")
    field.press("Escape")
    expect(page.get_by_text("Empty note.")).to_be_visible()


def test_hostile_text_in_a_note_stays_text(page: Page, served: Served) -> None:
    page.get_by_role("button", name="Note", exact=True).click()
    hostile = "<img src=x onerror='window.bad = 1'> ${window.bad = 1} [x](javascript:window.bad=1)"
    page.get_by_role("textbox", name="Note", exact=True).fill(hostile)
    page.keyboard.press("Escape")
    expect(page.locator(".nb-note")).to_contain_text("${window.bad = 1}")
    assert page.locator(".nb-note img, .nb-note a[href^=javascript]").count() == 0
    assert page.evaluate("window.bad") is None


def test_a_cell_shows_what_it_sets_itself(page: Page, served: Served) -> None:
    prompt(page).fill("What is 2 + 2?")
    panel = settings(page)
    expect(panel.get_by_label("Continue the conversation above")).to_be_hidden()
    temperature = panel.get_by_role("textbox", name="Temperature, Instruct")
    expect(temperature).to_have_attribute("placeholder", "0.6")
    temperature.fill("0.2")
    panel.get_by_role("combobox", name="System prompt").select_option("Its own")
    panel.get_by_role("textbox", name="own system prompt").fill("Be brief.")
    panel.get_by_role("combobox", name="Schedule").select_option("Together")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(page.get_by_role("button", name="Settings of this cell", exact=True)).to_be_focused()
    own = page.locator(".nb-own")
    expect(own).to_contain_text("0.2")
    expect(own).to_contain_text("system prompt")
    run(page, "What is 2 + 2?")
    finished(page)
    expect(lane(page, "left").locator(".nb-numbers")).to_contain_text("together")
    expect(page.locator(".nb-stale")).to_be_hidden()
    panel = settings(page)
    expect(panel.get_by_role("textbox", name="Temperature, Instruct")).to_have_value("0.2")
    panel.get_by_role("textbox", name="Temperature, Instruct").fill("")
    panel.get_by_role("textbox", name="Temperature, Instruct").blur()
    expect(page.locator(".nb-stale")).to_contain_text("temperature was 0.2")


def test_a_conversation_goes_on_from_the_cell_above(page: Page, served: Served) -> None:
    run(page, "What is 2 + 2?")
    finished(page)
    second_cell(page, "And twice that?")
    settings(page, 1).get_by_label("Continue the conversation above").check()
    expect(page.locator(".nb-own").nth(1)).to_contain_text("continues the conversation")
    more(page, "Exact prompt…", 1)
    dialog = page.get_by_role("dialog", name="What the models are sent")
    expect(dialog).to_contain_text("And twice that?")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="More", exact=True).nth(1)).to_be_focused()


def test_each_value_of_a_variable_is_a_run(page: Page, served: Served) -> None:
    prompt(page).fill("Say it in {{language}}.")
    panel = settings(page)
    values = panel.get_by_role("textbox", name="Values of language, one a line")
    values.fill("French\nGerman")
    page.keyboard.press("Escape")
    expect(page.locator(".nb-own")).to_contain_text("language: 2 values")
    run(page, "Say it in {{language}}.")
    expect(page.locator(".nb-pager")).to_contain_text("2 / 2")
    expect(page.locator(".nb-about")).to_contain_text("language = German")
    expect(page.locator(".nb-about")).to_contain_text("Unlike run 1")
    page.get_by_role("button", name="Older run").click()
    expect(page.locator(".nb-about")).to_contain_text("language = French")


def test_one_lane_alone_has_the_full_width(page: Page, served: Served) -> None:
    run(page, "What is 2 + 2? /no_think")
    expect(lane(page, "left").locator(".nb-state")).to_have_text("done")
    expect(page.locator(".nb-lane")).to_have_count(1)
    box, alone = page.locator(".nb-results").bounding_box(), lane(page, "left").bounding_box()
    assert box is not None and alone is not None
    assert alone["width"] > 0.95 * box["width"]
    run(page, "What is 2 + 2?")
    finished(page)
    expect(page.locator(".nb-lane")).to_have_count(2)
    page.get_by_role("button", name="Older run").click()
    expect(page.locator(".nb-lane")).to_have_count(1)


def test_a_lane_takes_the_full_width_and_gives_it_back(page: Page, served: Served) -> None:
    run(page, "What is 2 + 2?")
    finished(page)
    lane(page, "right").get_by_role("button", name="Full width").click()
    expect(lane(page, "left")).to_be_hidden()
    lane(page, "right").get_by_role("button", name="Both lanes").click()
    expect(lane(page, "left")).to_be_visible()


def test_a_folded_cell_is_one_line(page: Page, served: Served) -> None:
    run(page, "What is 2 + 2?")
    finished(page)
    more(page, "Fold the cell")
    line = page.get_by_role("button", name="What is 2 + 2?")
    expect(line).to_contain_text("1 run")
    expect(page.locator(".nb-lane").first).to_be_hidden()
    expect(prompt(page)).to_have_count(0)
    line.click()
    expect(prompt(page)).to_be_visible()
    expect(lane(page, "left").locator("strong")).to_have_text("4")


def test_a_cell_is_told_as_code(page: Page, served: Served) -> None:
    prompt(page).fill("What is 2 + 2?")
    more(page, "Copy as code…")
    dialog = page.get_by_role("dialog", name="This cell as code")
    expect(dialog.locator("pre").first).to_contain_text("What is 2 + 2?")
    dialog.get_by_role("button", name="Copy").first.click()
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()


def test_text_from_right_to_left_is_laid_out_so(page: Page, served: Served) -> None:
    served.play(answer="السلام عليكم\n\n```python\nprint(1)\n```\n")
    run(page, "مرحبا بالعالم")
    finished(page)
    direction = "node => getComputedStyle(node).direction"
    assert prompt(page).evaluate(direction) == "rtl"
    assert lane(page, "left").locator("p").first.evaluate(direction) == "rtl"
    assert lane(page, "left").locator("pre").evaluate(direction) == "ltr"


def visitor(browser: Browser, served: Served, **options: Any) -> Page:
    context = browser.new_context(**options)
    context.set_default_timeout(TIMEOUT_MS)
    page = context.new_page()
    page.goto(served.url)
    page.locator("#notebook textarea").first.wait_for()
    return page


def test_on_a_phone_the_numbers_of_both_lanes_stay_in_sight(
    browser: Browser, served: Served
) -> None:
    served.play(answer="A long answer in many words. " * 120)
    page = visitor(browser, served, viewport={"width": 390, "height": 844}, has_touch=True)
    run(page, "Tell it at length.")
    finished(page)
    strip = page.locator(".nb-strip")
    page.evaluate("window.scrollTo(0, 0)")
    expect(strip).to_be_in_viewport(ratio=0.95)
    for label in ("Instruct", "Thinking"):
        expect(strip).to_contain_text(label)
    for button in page.locator(".nb-toolbar button:visible, .nb-tools button").all():
        box = button.bounding_box()
        assert box is not None and min(box["width"], box["height"]) >= 40
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.context.close()


def test_a_portuguese_browser_gets_a_portuguese_notebook(browser: Browser, served: Served) -> None:
    page = visitor(browser, served, locale="pt-BR")
    expect(page.get_by_role("button", name="Executar tudo")).to_be_visible()
    expect(page.get_by_role("textbox", name="Título do notebook")).to_be_visible()
    page.context.close()
