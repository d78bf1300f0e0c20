"""The notebook as a document: add, duplicate, move, delete with undo, stale marks, settings."""

from __future__ import annotations

import csv

from playwright.sync_api import Page, expect

from tests.browser.conftest import EXAMPLES, Served
from tests.browser.test_running import lane, prompt, run

HOSTILE = (
    '<script>window.bad = 1</script> <img src=x onerror="window.bad = 1"> ${window.bad = 1}'
    " {{value}} </think> <|im_end|> NUL\x00 end"
)


def finished(page: Page, cell: int = 0) -> None:
    for side in ("left", "right"):
        expect(lane(page, side, cell).locator(".nb-state")).to_have_text("done")


def tool(page: Page, name: str, cell: int = 0) -> None:
    page.locator(".nb-cell").nth(cell).hover()
    page.get_by_role("button", name=name, exact=True).nth(cell).click()


def item(page: Page, name: str, cell: int = 0) -> None:
    """Choose from a cell's menu."""
    tool(page, "More", cell)
    page.get_by_role("menuitem", name=name, exact=True).click()


def prompts(page: Page) -> list[str]:
    boxes = page.get_by_role("textbox", name="Prompt", exact=True)
    return [boxes.nth(index).input_value() for index in range(boxes.count())]


def test_an_example_fills_the_cell_and_does_not_run(page: Page, served: Served) -> None:
    page.get_by_role("button", name=EXAMPLES[0]).click()
    expect(prompt(page)).to_have_value(EXAMPLES[0])
    expect(prompt(page)).to_be_focused()
    expect(page.locator(".nb-lane")).to_have_count(0)


def test_shift_enter_runs_and_goes_to_a_new_cell(page: Page, served: Served) -> None:
    prompt(page).fill("First.")
    prompt(page).press("Shift+Enter")
    expect(prompt(page, 1)).to_be_focused()
    finished(page)


def test_a_deleted_cell_comes_back_with_its_answers(page: Page, served: Served) -> None:
    run(page, "Keep me.")
    finished(page)
    tool(page, "Delete")
    expect(prompt(page)).to_have_value("")
    page.get_by_role("button", name="Undo").first.click()
    expect(prompt(page)).to_have_value("Keep me.")
    expect(lane(page, "left").locator("strong")).to_have_text("4")


def test_cells_are_duplicated_and_moved_with_their_typed_text(page: Page, served: Served) -> None:
    prompt(page).fill("one")
    item(page, "Duplicate")
    expect(prompt(page, 1)).to_have_value("one")
    prompt(page, 1).fill("two")
    tool(page, "Move up", 1)
    expect(prompt(page)).to_have_value("two")
    assert prompts(page) == ["two", "one"]


def test_run_all_runs_every_cell(page: Page, served: Served) -> None:
    prompt(page).fill("one")
    item(page, "Duplicate")
    expect(prompt(page, 1)).to_have_value("one")
    page.get_by_role("button", name="Run all").click()
    finished(page, 0)
    finished(page, 1)


def test_hostile_text_is_text_in_prompts_and_answers(page: Page, served: Served) -> None:
    served.play(thinking=HOSTILE, answer=HOSTILE)
    run(page, HOSTILE)
    finished(page)
    lane(page, "right").locator("summary").click()
    for side in ("left", "right"):
        expect(lane(page, side)).to_contain_text("<script>window.bad = 1</script>")
        expect(lane(page, side)).to_contain_text("${window.bad = 1} {{value}} </think> <|im_end|>")
    assert page.evaluate("window.bad") is None
    assert page.locator("#notebook script, #notebook img").count() == 0


def test_an_empty_prompt_says_what_to_do(page: Page, served: Served) -> None:
    prompt(page).press("Control+Enter")
    expect(page.get_by_text("The prompt is empty.")).to_be_visible()


def test_a_changed_setting_marks_the_result_as_stale_and_reset_takes_it_back(
    page: Page, served: Served
) -> None:
    run(page, "What is 2 + 2?")
    finished(page)
    temperature = page.get_by_label("Temperature, left lane")
    temperature.fill("1.2")
    expect(page.get_by_text("temperature was 0.6")).to_be_visible()
    expect(page.get_by_text("1 value differs")).to_be_visible()
    page.get_by_role("button", name="Reset to the models' own").click()
    expect(temperature).to_have_value("0.6")
    expect(page.get_by_text("temperature was 0.6")).to_be_hidden()


def test_a_value_out_of_range_is_refused_with_what_is_allowed(page: Page, served: Served) -> None:
    page.get_by_label("Temperature, left lane").fill("-1")
    run(page, "What is 2 + 2?")
    expect(page.get_by_text("temperature is -1")).to_be_visible()
    expect(page.get_by_text("but must be a number from 0 to 2")).to_be_visible()


def test_greedy_on_a_thinking_model_warns(page: Page, served: Served) -> None:
    page.get_by_label("Temperature, right lane").fill("0")
    expect(page.get_by_text("Greedy decoding can make a thinking model")).to_be_visible()


def test_the_table_has_a_row_a_lane_and_the_csv_has_the_numbers(page: Page, served: Served) -> None:
    run(page, "What is 2 + 2?")
    finished(page)
    expect(page.get_by_text("All results")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").click()
    with open(download.value.path(), encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["lane"] for row in rows] == ["left", "right"]
    assert [row["thinking_tokens"] for row in rows] == ["0", "10"]
    assert [row["prompt"] for row in rows] == ["What is 2 + 2?"] * 2


def test_leaving_while_something_runs_asks_first(page: Page, served: Served) -> None:
    served.play(thinking="word " * 400, token_s=0.02)
    run(page, "Take long.")
    expect(lane(page, "right").locator(".nb-trace")).to_contain_text("word word")
    with page.expect_event("dialog") as dialog:
        page.close(run_before_unload=True)
    assert dialog.value.type == "beforeunload"
    dialog.value.accept()


def test_nothing_is_asked_of_any_other_host(page: Page, served: Served) -> None:
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    page.reload()
    run(page, "What is 2 + 2?")
    finished(page)
    assert hosts == {served.url.split("/")[2]}


def test_a_phone_sees_everything_without_scrolling_sideways(page: Page, served: Served) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()
    run(page, "What is 2 + 2?")
    finished(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    left, right = (lane(page, side).bounding_box() for side in ("left", "right"))
    assert left is not None and right is not None
    assert right["y"] >= left["y"] + left["height"]


def test_the_one_download_button_is_the_only_one_after_an_edit(page: Page, served: Served) -> None:
    prompt(page).fill("Hello.")
    prompt(page).press("Control+Enter")
    expect(page.get_by_role("button", name="Download CSV")).to_be_visible()
    prompt(page).fill("Hello again.")
    prompt(page).blur()
    expect(page.locator(".nb-stale")).to_be_visible()
    expect(page.get_by_role("button", name="Download", exact=True)).to_be_hidden()
