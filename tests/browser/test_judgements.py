"""Judgements on the page: badges, what is expected, repeats; by keyboard and on a phone too."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from playground.catalog import PAIRS
from playground.domain.request import LANES
from playground.engines.scripted import write_script
from tests.browser.conftest import ORIGIN, THOUGHT, Served
from tests.browser.stored import kept
from tests.browser.test_cells import more, settings
from tests.browser.test_running import lane, prompt, run

PROMPT = "What is 47 × 86?"


def answers(served: Served, left: str, right: str, token_s: float = 0.0) -> None:
    """What each lane says from now on."""
    for name, side, text in zip(PAIRS["demo"], LANES, (left, right), strict=True):
        thought = THOUGHT if side == "right" else ""
        script = write_script(thought, text, token_s=token_s, origin=ORIGIN)
        served.engines[name]._script = script


def agreement(page: Page) -> Locator:
    return page.locator(".nb-agreement")


def grade(page: Page, side: str) -> Locator:
    return lane(page, side).locator(".nb-grade")


@pytest.fixture(autouse=True)
def unlike(served: Served, page: Page) -> None:
    answers(served, "47 × 86 = **666**", "Let me see.\n\n47 × 86 = **4,042**")


def test_two_ended_answers_are_compared_and_a_badge_opens_from_the_keyboard(page: Page) -> None:
    run(page, PROMPT)
    expect(agreement(page)).to_contain_text("Different answers")
    expect(agreement(page)).to_contain_text("Instruct: 666 · Thinking: 4,042")
    facts = agreement(page).locator("dl")
    expect(facts).to_be_hidden()
    button = agreement(page).get_by_role("button")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(facts).to_contain_text("in bold at the end")
    expect(facts).to_contain_text("compared as numbers")
    expect(grade(page, "left")).to_be_hidden()


def test_while_it_runs_nothing_is_judged(page: Page, served: Served) -> None:
    run(page, PROMPT)
    expect(agreement(page)).to_be_visible()
    answers(served, "word " * 30, "4042", token_s=0.1)
    run(page, PROMPT)
    expect(lane(page, "left").locator(".nb-state")).to_contain_text("answering")
    expect(agreement(page)).to_be_hidden()
    expect(page.locator(".nb-pager")).to_contain_text("2 / 2")
    expect(agreement(page)).to_be_visible()


def test_an_expected_answer_judges_the_runs_that_are_there(page: Page, served: Served) -> None:
    run(page, PROMPT)
    expect(agreement(page)).to_be_visible()
    panel = settings(page)
    value = panel.get_by_role("textbox", name="Expected answer")
    value.fill("4042")
    value.press("Tab")
    expect(grade(page, "left")).to_contain_text("Wrong answer")
    expect(grade(page, "left")).to_contain_text("expected 4042, got 666")
    expect(grade(page, "right")).to_contain_text("Right answer")
    expect(grade(page, "right")).to_contain_text("4,042 = 4042")
    expect(page.locator(".nb-own")).to_contain_text("Expected: 4042")
    expect(page.locator("#notebook .nb-pager")).to_have_count(0)
    value.fill("666")
    value.press("Tab")
    expect(grade(page, "left")).to_contain_text("Right answer")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Undo").click()
    expect(grade(page, "left")).to_contain_text("Wrong answer")
    page.get_by_role("button", name="Undo").click()
    expect(grade(page, "left")).to_be_hidden()
    expect(page.locator(".nb-own")).to_be_hidden()


def test_what_is_wrong_in_the_form_is_said_beside_its_field_and_not_taken(page: Page) -> None:
    panel = settings(page)
    kind = panel.get_by_role("combobox", name="How the answer is judged")
    value = panel.get_by_role("textbox", name="Expected answer")
    expect(kind.locator("option", has_text="Python tests")).to_have_count(0)
    kind.select_option("Pattern")
    value.fill("(")
    value.press("Tab")
    fault = panel.get_by_role("alert").filter(has_text="no regular expression")
    expect(fault).to_be_visible()
    expect(value).to_have_attribute("aria-invalid", "true")
    repeats = panel.get_by_role("textbox", name="Ask it so many times")
    repeats.fill("5000")
    repeats.press("Tab")
    expect(panel.get_by_role("alert").filter(has_text="from 1 to 100")).to_be_visible()
    expect(page.locator(".nb-own")).to_be_hidden()
    repeats.fill("3")
    value.fill(r"\d+")
    value.press("Tab")
    expect(page.locator(".nb-own")).to_contain_text(r"Expected: /\d+/")
    expect(page.locator(".nb-own")).to_contain_text("3 repeats")
    expect(fault).to_be_hidden()
    expect(value).to_have_attribute("aria-invalid", "false")


def test_what_was_typed_last_holds_for_the_run_that_follows(page: Page) -> None:
    prompt(page).fill(PROMPT)
    panel = settings(page)
    panel.get_by_role("textbox", name="Expected answer").fill("4042")
    prompt(page).press("Control+Enter")
    expect(grade(page, "right")).to_contain_text("Right answer")


def test_a_tolerance_is_asked_for_numbers_alone(page: Page) -> None:
    run(page, PROMPT)
    panel = settings(page)
    tolerance = panel.get_by_label("Tolerance")
    expect(tolerance).to_be_hidden()
    panel.get_by_role("combobox", name="How the answer is judged").select_option("Number within")
    panel.get_by_role("textbox", name="Expected answer").fill("4040")
    tolerance.fill("2.5")
    tolerance.press("Tab")
    expect(page.locator(".nb-own")).to_contain_text("Expected: 4040 ± 2.5")
    expect(grade(page, "right")).to_contain_text("Right answer")


def test_run_five_times_and_read_what_they_say_together(page: Page) -> None:
    prompt(page).fill(PROMPT)
    panel = settings(page)
    panel.get_by_role("textbox", name="Expected answer").fill("4042")
    page.keyboard.press("Escape")
    more(page, "Run 5 times")
    expect(page.locator(".nb-pager")).to_contain_text("5 / 5")
    together = page.get_by_role("table", name="5 runs under the same models and settings")
    expect(together.get_by_role("row", name="right answers")).to_contain_text("0 of 5")
    expect(together.get_by_role("row", name="right answers")).to_contain_text("5 of 5 100 %")
    expect(together.get_by_role("row", name="most frequent answer")).to_contain_text("4,042")
    expect(page.locator("#results-table, table").last).to_be_visible()
    kept(page, "4,042", runs=5)
    page.reload()
    expect(page.locator(".nb-together caption")).to_contain_text("5 runs")
    expect(grade(page, "right")).to_contain_text("Right answer")
    more(page, "Run 5 times")
    expect(page.locator(".nb-pager")).to_contain_text("10 / 10")


def test_what_a_model_says_stays_text_in_a_badge(page: Page, served: Served) -> None:
    hostile = "<img src=x onerror='window.bad = 1'> ${window.bad = 1}"
    answers(served, f"The answer is: {hostile}", "4")
    run(page, PROMPT)
    expect(agreement(page)).to_contain_text("onerror")
    agreement(page).get_by_role("button").click()
    assert page.locator(".nb-agreement img").count() == 0
    assert page.evaluate("window.bad") is None


def test_badges_speak_portuguese_and_fit_a_phone(browser: Browser, served: Served) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="pt-BR")
    page = context.new_page()
    page.goto(served.url)
    field = page.get_by_role("textbox", name="Prompt", exact=True)
    field.fill(PROMPT)
    field.press("Control+Enter")
    expect(agreement(page)).to_contain_text("Respostas diferentes")
    button = agreement(page).get_by_role("button")
    box = button.bounding_box()
    assert box is not None and box["height"] >= 44
    button.click()
    expect(agreement(page).locator("dl")).to_contain_text("comparadas como números")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()
