"""What a reader does with a model that thinks: a budget, an end, going on, a loop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect

from playground.catalog import PAIRS
from playground.domain.events import Counts, Ended, Started, Text
from playground.engines.scripted import ScriptedEvent
from tests.browser.conftest import ORIGIN, Served
from tests.browser.stored import kept
from tests.browser.test_running import lane, prompt, run

CIRCLES = "Let me see. " + "Wait, let me check that again and again. " * 3000
FOCUSED = "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent"


@pytest.fixture(autouse=True)
def able(served: Served) -> Iterator[None]:
    """Engines that can close a thought and go on."""
    before = {name: engine._card for name, engine in served.engines.items()}
    for engine in served.engines.values():
        able = ("close_thought", "continue")
        engine._card = replace(engine._card, abilities=able, context=262_144)
    yield
    for name, card in before.items():
        served.engines[name]._card = card


def cut(served: Served, part: str, *words: str) -> None:
    """From now on the thinking lane says these words and is cut at the limit."""
    counts = {"thinking": 0, "answer": 0, part: len(words)}
    events = [
        Started(3, 0, 8, None, True, 2048, ORIGIN, 0.0),
        *(Text(part, word, 1, 0.0) for word in words),  # type: ignore[arg-type]
        Ended("limit", Counts(**counts), 0.0),
    ]
    script = tuple(ScriptedEvent(0.0, event) for event in events)
    served.engines[PAIRS["demo"][1]]._script = script


def test_a_thought_is_closed_from_the_keyboard_and_says_what_happened(
    page: Page, served: Served
) -> None:
    served.play(thinking="word " * 2000, token_s=0.01)
    run(page, "Think long")
    close = lane(page, "right").get_by_role("button", name="Close the thought and answer now")
    close.focus()
    page.keyboard.press("Enter")
    expect(lane(page, "right").locator(".nb-state")).to_have_text("done")
    expect(lane(page, "right").locator("strong")).to_have_text("4")
    expect(lane(page, "right")).to_contain_text("The thought was closed on request.")
    expect(lane(page, "right").locator(".nb-numbers")).to_contain_text("forced 1 token")
    expect(close).to_be_hidden()
    assert page.evaluate(FOCUSED) == "Run (Ctrl+Enter)"


def test_a_lane_that_cannot_close_its_thought_has_no_button_for_it(
    page: Page, served: Served
) -> None:
    for engine in served.engines.values():
        engine._card = replace(engine._card, abilities=())
    served.play(thinking="word " * 2000, token_s=0.01)
    run(page, "Think long")
    expect(lane(page, "right").locator("summary")).to_contain_text("Thinking…")
    expect(lane(page, "right").locator(".nb-urgent")).to_be_hidden()
    page.get_by_role("button", name="Stop Thinking").click()
    expect(lane(page, "right").locator(".nb-outcome")).to_contain_text("Stopped by you.")
    expect(page.get_by_role("button", name="Continue", exact=True)).to_have_count(0)


def test_a_trace_that_repeats_itself_raises_an_alarm_and_stops_nothing(
    page: Page, served: Served
) -> None:
    served.play(thinking=CIRCLES, token_s=0.001)
    run(page, "Go in circles")
    alarm = lane(page, "right").locator(".nb-alarm")
    expect(alarm).to_contain_text("The trace has been repeating itself for")
    expect(page.locator("[aria-live=polite]").first).to_contain_text("repeating itself")
    expect(lane(page, "right").locator(".nb-state")).to_contain_text("thinking")
    alarm.get_by_role("button", name="Stop", exact=True).click()
    expect(lane(page, "right").locator(".nb-outcome")).to_contain_text("Stopped by you.")
    expect(lane(page, "right").locator(".nb-notices")).to_contain_text("repeats itself")
    expect(alarm).to_be_hidden()
    lane(page, "right").get_by_role("button", name="presence penalty 1").click()
    expect(page.locator("#presence_penalty-right input")).to_have_value("1")
    page.keyboard.press("Escape")


def test_a_thought_goes_on_where_it_stopped_with_the_other_lane_beside_it(
    page: Page, served: Served
) -> None:
    cut(served, "thinking", "Two and ", "two")
    run(page, "What is 2 + 2?")
    outcome = lane(page, "right").locator(".nb-outcome")
    expect(outcome).to_contain_text("No answer:")
    field = outcome.get_by_role("textbox", name="more tokens")
    expect(field).to_have_value("512")
    expect(lane(page, "left").locator("pre")).to_contain_text("print")
    answer = lane(page, "left").locator(".nb-answer").text_content()
    served.play(thinking=" make four.")
    field.fill("100")
    field.press("Enter")
    expect(lane(page, "right").locator(".nb-state")).to_have_text("done")
    expect(page.locator(".nb-pager")).to_contain_text("2 / 2")
    expect(page.locator(".nb-about")).to_have_text("Unlike run 1: Thinking goes on from run 1")
    assert page.evaluate(FOCUSED) == "Run (Ctrl+Enter)"
    assert lane(page, "left").locator(".nb-answer").text_content() == answer
    expect(lane(page, "right").locator(".nb-numbers")).to_contain_text("2 segments: 2 + ")
    trace = lane(page, "right").locator("details")
    if trace.get_attribute("open") is None:
        trace.locator("summary").click()
    expect(trace).to_contain_text("Two and two make four.")
    mark = trace.locator(".nb-mark")
    expect(mark).to_have_count(1)
    before = mark.evaluate("node => node.previousSibling.data")
    assert before == "Two and two"
    page.get_by_role("button", name="Older run").click()
    expect(outcome).to_contain_text("No answer:")
    expect(trace.locator(".nb-mark")).to_have_count(0)
    page.get_by_role("button", name="Newer run").click()
    expect(page.locator(".nb-pager")).to_contain_text("2 / 2")
    kept(page, "make four.", runs=2)
    page.reload()
    expect(page.locator(".nb-pager")).to_contain_text("2 / 2")
    expect(lane(page, "right").locator(".nb-state")).to_have_text("done")
    expect(lane(page, "left").locator("strong")).to_have_text("4")


def test_an_answer_goes_on_with_a_mark_at_the_passage_where_it_does(
    page: Page, served: Served
) -> None:
    cut(served, "answer", "First.\n\n", "Second ")
    run(page, "Two passages")
    expect(lane(page, "right").locator(".nb-outcome")).to_contain_text("Cut off:")
    cut(served, "answer", "goes on.\n\n", "Third.")
    lane(page, "right").get_by_role("button", name="Continue", exact=True).click()
    expect(page.locator(".nb-pager")).to_contain_text("2 / 2")
    blocks = lane(page, "right").locator(".nb-block")
    expect(blocks).to_have_count(3)
    expect(lane(page, "right").locator(".nb-continued")).to_have_text("Second goes on.")


def test_advice_of_the_cards_is_put_behind_the_prompt_once_and_undone(page: Page) -> None:
    prompt(page).fill("What is 2 + 2?")
    page.get_by_role("button", name="More", exact=True).first.click()
    page.get_by_role("menuitem", name="boxed answer").click()
    expect(prompt(page)).to_have_value(
        "What is 2 + 2?\n\nPlease reason step by step, and put your final answer within \\boxed{}."
    )
    expect(prompt(page)).to_be_focused()
    page.get_by_role("button", name="More", exact=True).first.click()
    item = page.get_by_role("menuitem", name="boxed answer")
    expect(item).to_contain_text("it is there")
    expect(item).to_have_attribute("aria-disabled", "true")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Undo").click()
    expect(prompt(page)).to_have_value("What is 2 + 2?")


def test_a_budget_is_set_in_the_sidebar_and_taken_out_again(page: Page, served: Served) -> None:
    budget = page.locator("#thinking_budget-right input")
    expect(page.locator("#thinking_budget-left input")).to_be_disabled()
    expect(page.locator("#thinking_budget-left input")).to_have_attribute("placeholder", "no trace")
    expect(budget).to_have_attribute("placeholder", "no limit")
    budget.fill("7")
    budget.press("Tab")
    expect(page.locator(".side-quiet").get_by_text("1 value differs")).to_be_visible()
    run(page, "With a budget")
    expect(lane(page, "right").locator(".nb-state")).to_have_text("done")
    newest = list(served.page.sessions._by_secret.values())[-1]
    result = newest.document.prompts[0].runs[-1].result("right")
    assert result.request.sampling.thinking_budget == 7
    budget.fill("")
    budget.press("Tab")
    expect(page.locator(".side-quiet").get_by_text("All values are")).to_be_visible()
    run(page, "Without one")
    expect(page.locator(".nb-pager")).to_contain_text("2 / 2")
    result = newest.document.prompts[0].runs[-1].result("right")
    assert result.request.sampling.thinking_budget is None


def test_a_cells_own_budget_is_grey_where_the_model_does_not_think(page: Page) -> None:
    page.get_by_role("button", name="Settings of this cell").first.click()
    left = page.get_by_role("textbox", name="Thinking budget, Instruct")
    expect(left).to_be_disabled()
    expect(left).to_have_attribute("title", "this model does not think.")
    right = page.get_by_role("textbox", name="Thinking budget, Thinking")
    right.fill("12")
    right.press("Tab")
    expect(page.locator(".nb-own")).to_contain_text("thinking budget 12")


def test_on_a_phone_alarm_and_going_on_fit(browser: Browser, served: Served) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(served.url)
    served.play(thinking=CIRCLES, token_s=0.001)
    run(page, "Go in circles")
    expect(lane(page, "right").locator(".nb-alarm")).to_be_visible()
    lane(page, "right").locator(".nb-alarm").get_by_role("button", name="Stop").click()
    expect(lane(page, "right").locator(".nb-go-on")).to_be_visible()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
    context.close()
