"""The notebook as a whole: running its cells, search, title, links, files opened and saved."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Served
from tests.browser.test_cells import more, second_cell
from tests.browser.test_editing import finished
from tests.browser.test_running import lane, prompt, run


def choose(page: Page, name: str) -> None:
    """Choose from the file menu."""
    page.get_by_role("button", name="File", exact=True).click()
    page.get_by_role("menuitem", name=name, exact=True).click()


def test_run_from_here_leaves_the_cells_above(page: Page, served: Served) -> None:
    prompt(page).fill("one")
    second_cell(page, "two")
    more(page, "Run from here", 1)
    expect(page.locator(".nb-number").nth(1)).to_have_text("[1]")
    expect(page.locator(".nb-number").nth(0)).to_have_text("[ ]")


def test_only_what_is_stale_runs_again(page: Page, served: Served) -> None:
    stale = page.get_by_role("button", name="Run stale")
    expect(stale).to_be_disabled()
    run(page, "one")
    finished(page)
    expect(stale).to_be_disabled()
    second_cell(page, "two")
    stale.click()
    expect(page.locator(".nb-number").nth(1)).to_have_text("[2]")
    expect(page.locator(".nb-number").nth(0)).to_have_text("[1]")
    expect(stale).to_be_disabled()


def test_a_row_of_cells_tells_how_far_it_is(page: Page, served: Served) -> None:
    served.play(answer="word " * 100, token_s=0.02)
    prompt(page).fill("one")
    second_cell(page, "two")
    page.get_by_role("button", name="Run all").click()
    expect(page.locator(".nb-progress")).to_contain_text("1 of 2")
    page.get_by_role("button", name="Stop all").click()
    for side in ("left", "right"):
        expect(lane(page, side).locator(".nb-state")).to_have_text("stopped")
    expect(page.locator(".nb-progress")).to_be_empty()


def test_search_goes_to_the_run_and_unfolds_the_trace(page: Page, served: Served) -> None:
    served.play(thinking="An elephant never forgets.")
    run(page, "Who remembers?")
    finished(page)
    served.play(thinking="Nothing of that kind.")
    prompt(page).press("Control+Enter")
    expect(page.locator(".nb-pager")).to_contain_text("2 / 2")
    finished(page)
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    field = page.get_by_role("combobox", name="Search the notebook")
    expect(field).to_be_focused()
    field.fill("elephant")
    expect(page.get_by_role("option")).to_have_count(1)
    expect(page.get_by_role("option").locator("mark")).to_have_text("elephant")
    field.press("Enter")
    expect(field).to_be_hidden()
    expect(page.locator(".nb-pager")).to_contain_text("1 / 2")
    expect(lane(page, "right").locator(".nb-trace")).to_contain_text("An elephant never forgets.")
    expect(page.locator(".nb-cell")).to_be_focused()


def test_a_search_without_a_place_says_so_and_escape_goes_back(page: Page, served: Served) -> None:
    prompt(page).focus()
    page.keyboard.press("Escape")
    page.keyboard.press("f")
    page.get_by_role("combobox", name="Search the notebook").fill("nowhere at all")
    expect(page.get_by_text("Nothing found")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".nb-cell")).to_be_focused()


def test_the_notebook_has_a_title(page: Page, served: Served) -> None:
    title = page.get_by_role("textbox", name="Title of the notebook")
    title.fill("Bats and balls")
    title.press("Enter")
    expect(page).to_have_title("Bats and balls – Qwen3 side by side")
    page.get_by_role("button", name="Undo").first.click()
    expect(title).to_have_value("")


def test_a_link_carries_a_cell_to_another_page(page: Page, served: Served) -> None:
    prompt(page).fill("Carried by a link?")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    more(page, "Copy link")
    expect(page.get_by_text("Link copied")).to_be_visible()
    address = page.evaluate("navigator.clipboard.readText()")
    assert address.startswith(served.url) and "#cell=" in address
    choose(page, "New")
    expect(prompt(page)).to_have_value("")
    page.evaluate("address => { location.href = address }", address)
    expect(page.get_by_role("textbox", name="Prompt", exact=True).last).to_have_value(
        "Carried by a link?"
    )
    assert page.evaluate("location.hash") == ""


def test_a_saved_notebook_is_opened_again_and_the_way_back_is_offered(
    page: Page, served: Served, tmp_path: Path
) -> None:
    run(page, "Keep this.")
    finished(page)
    with page.expect_download() as download:
        choose(page, "Save (.ipynb)")
    download.value.save_as(tmp_path / "kept.ipynb")
    choose(page, "New")
    expect(prompt(page)).to_have_value("")
    with page.expect_file_chooser() as chooser:
        choose(page, "Open…")
    chooser.value.set_files(tmp_path / "kept.ipynb")
    expect(prompt(page)).to_have_value("Keep this.")
    expect(lane(page, "left").locator("strong")).to_have_text("4")
    page.get_by_role("button", name="Back to the one before").click()
    expect(prompt(page)).to_have_value("")


def test_what_is_no_notebook_is_refused_with_a_message(
    page: Page, served: Served, tmp_path: Path
) -> None:
    prompt(page).fill("Stays.")
    (tmp_path / "broken.ipynb").write_text("{", encoding="utf-8")
    with (tmp_path / "large.ipynb").open("wb") as file:
        file.truncate(100_000_001)
    field = page.locator("#notebook input[type=file][accept]")
    field.set_input_files(tmp_path / "broken.ipynb")
    expect(page.locator(".nb-notice:visible")).to_contain_text("broken.ipynb")
    field.set_input_files(tmp_path / "large.ipynb")
    expect(page.locator(".nb-notice:visible")).to_contain_text("larger than 100 MB")
    expect(prompt(page)).to_have_value("Stays.")


def test_a_file_dropped_on_the_notebook_is_opened(page: Page, served: Served) -> None:
    with page.expect_download() as download:
        prompt(page).fill("Dropped.")
        choose(page, "Save (.ipynb)")
    text = Path(download.value.path()).read_text(encoding="utf-8")
    choose(page, "New")
    expect(prompt(page)).to_have_value("")
    page.locator("#notebook .nb-cells").evaluate(
        """(node, text) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([text], 'dropped.ipynb'));
          node.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true }));
        }""",
        text,
    )
    expect(prompt(page)).to_have_value("Dropped.")


def test_exports_hold_the_answers(page: Page, served: Served) -> None:
    run(page, "What is 2 + 2?")
    finished(page)
    for name, part in {
        "Markdown": "**4**",
        "HTML": "<strong>4",
        "CSV": "lane",
        "JSONL": "{",
    }.items():
        with page.expect_download() as download:
            choose(page, f"Export as {name}")
        assert part in Path(download.value.path()).read_text(encoding="utf-8")
