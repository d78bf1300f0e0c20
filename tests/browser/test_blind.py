"""A blind run on the page: A and B, a vote by key or button, and nothing before it that tells."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Served
from tests.browser.stored import kept
from tests.browser.test_accessibility import serious
from tests.browser.test_reading import LEFT, RIGHT, say_both
from tests.browser.test_running import lane, prompt, run

TRACE = "Hm, a secret thought. " * 40


def switch(page: Page) -> None:
    button = page.get_by_role("button", name="Blind", exact=True)
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")


def ballot(page: Page):  # type: ignore[no-untyped-def]
    return page.get_by_role("group", name="Which answer is better?")


def side(page: Page, name: str):  # type: ignore[no-untyped-def]
    return page.get_by_role("region", name=f"Answer {name}")


def both(page: Page) -> list[str]:
    expect(ballot(page)).to_be_visible()
    return [side(page, name).locator(".nb-answer").inner_text() for name in "AB"]


def test_nothing_tells_the_lanes_apart_until_the_vote(page: Page, served: Served) -> None:
    say_both(served, trace=TRACE)
    switch(page)
    run(page, "What is the capital of France?")
    answers = both(page)
    assert sorted(answers) == sorted(text.replace("**", "") for text in (LEFT, RIGHT))
    results = page.locator(".nb-results")
    for words in ("Instruct", "Thinking", "demo-", "tokens", "secret thought", "done"):
        expect(results).not_to_contain_text(words, use_inner_text=True)
    for gone in (".nb-lane.nb-left", ".nb-timeline", ".nb-compare", ".nb-strip", ".nb-numbers"):
        expect(results.locator(gone).first).to_be_hidden()
    expect(page.locator(".page-results", has_text="All results")).to_be_hidden()

    page.get_by_label("Why? (optional)").fill("shorter")
    page.get_by_role("button", name="A is better").click()
    better = "Instruct" if answers[0] == LEFT.replace("**", "") else "Thinking"
    expect(page.locator(".nb-voted")).to_have_text(f"Blind vote: {better} is better “shorter”")
    expect(page.locator(".nb-offscreen[aria-live=polite]")).to_have_text(
        f"Blind vote: {better} is better"
    )
    expect(page.locator(".nb-cell")).to_be_focused()
    expect(ballot(page)).to_be_hidden()
    expect(lane(page, "left")).to_contain_text("demo-instruct")
    expect(lane(page, "right").locator("summary")).to_contain_text("Thought for")
    expect(page.locator(".nb-timeline")).to_be_visible()
    expect(page.locator(".page-results", has_text="All results")).to_be_visible()
    expect(page.get_by_role("region", name="Blind votes")).to_contain_text("demo-instruct")


def test_no_tick_that_reaches_the_page_tells_anything(page: Page, served: Served) -> None:
    say_both(served, trace=TRACE, token_s=0.005)
    page.evaluate(
        "window.ticks = []; document.addEventListener('notebook-tick', ({ detail }) => {"
        " ticks.push(JSON.stringify(detail)); })"
    )
    switch(page)
    run(page, "What is the capital of France?")
    both(page)
    ticks = page.evaluate("ticks")
    assert len(ticks) > 5
    for tick in ticks:
        assert not re.search(r"Instruct|Thinking|demo-|left|right|secret|Paris|tokens", tick)


def test_while_it_runs_both_are_said_to_be_written(page: Page, served: Served) -> None:
    served.play(answer="word " * 400, token_s=0.01)
    switch(page)
    run(page, "Until I stop it.")
    expect(page.get_by_text("Both answers are being written. You see them")).to_be_visible()
    assert page.title() == "▶ blind run"
    expect(page.locator(".nb-offscreen[aria-live=polite]")).to_have_text(
        "Both answers are being written."
    )
    expect(page.locator(".nb-results")).not_to_contain_text("word")
    prompt(page).press("Escape")  # the second lane never began
    expect(ballot(page)).to_be_visible()
    none = page.get_by_text("No answer", exact=True)  # on which side is drawn by chance
    expect(none.filter(visible=True).first).to_be_visible()


def test_keys_vote_on_the_selected_cell(page: Page, served: Served) -> None:
    say_both(served)
    switch(page)
    run(page, "What is the capital of France?")
    both(page)
    prompt(page).press("1")  # in the text it is a digit
    expect(prompt(page)).to_have_value("What is the capital of France?1")
    page.keyboard.press("Backspace")
    page.keyboard.press("Escape")
    page.keyboard.press("3")
    expect(page.locator(".nb-voted")).to_have_text("Blind vote: tie")


def test_a_run_without_a_vote_stays_blind_after_a_reload(
    visitor: BrowserContext, served: Served
) -> None:
    say_both(served, trace=TRACE)
    page = visitor.new_page()
    page.goto(served.url)
    page.locator("#notebook textarea").first.wait_for()
    switch(page)
    run(page, "What is the capital of France?")
    before = both(page)
    kept(page, "river Seine", runs=1)
    page.reload()
    assert both(page) == before
    expect(page.get_by_role("button", name="Blind", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(page.locator(".nb-results")).not_to_contain_text("Instruct", use_inner_text=True)
    page.get_by_role("button", name="Reveal without a vote").click()
    expect(lane(page, "right")).to_contain_text("demo-thinking")
    expect(page.locator(".nb-voted")).to_be_hidden()


def test_a_reload_in_mid_run_keeps_what_came_blind_and_says_that_it_was_cut_off(
    visitor: BrowserContext, served: Served
) -> None:
    served.play(thinking="", answer="word " * 400, token_s=0.02)
    page = visitor.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(served.url)
    page.locator("#notebook textarea").first.wait_for()
    switch(page)
    run(page, "Take long.")
    kept(page, "word word word")
    page.reload()
    expect(page.get_by_text("This run was cut off")).to_be_visible()
    assert any("word word word" in text for text in both(page))
    expect(page.locator(".nb-results")).not_to_contain_text("Instruct", use_inner_text=True)
    page.get_by_role("button", name="Reveal without a vote").click()
    expect(lane(page, "left").locator(".nb-state")).to_have_text("interrupted")
    expect(page.get_by_text("This run was cut off")).to_be_hidden()


def test_saving_asks_before_a_file_reveals(page: Page, served: Served) -> None:
    say_both(served)
    switch(page)
    run(page, "What is the capital of France?")
    both(page)
    page.keyboard.press("Control+s")
    dialog = page.get_by_role("dialog", name="Save with blind runs?")
    expect(dialog).to_contain_text("wait for your vote: 1")
    with page.expect_download() as download:
        dialog.get_by_role("button", name="Save anyway").click()
    assert download.value.suggested_filename.endswith(".ipynb")
    expect(dialog).to_be_hidden()


def test_a_run_that_is_not_blind_follows_one_that_is(page: Page, served: Served) -> None:
    say_both(served)
    switch(page)
    run(page, "What is the capital of France?")
    both(page)
    page.get_by_role("button", name="Blind", exact=True).click()
    prompt(page).press("Control+Enter")
    expect(lane(page, "right").locator(".nb-answer")).to_contain_text("river Seine")
    expect(page.locator(".nb-timeline")).to_be_visible()
    expect(ballot(page)).to_be_hidden()
    page.get_by_role("button", name="Older run").click()
    both(page)
    expect(page.locator(".nb-timeline")).to_be_hidden()
    page.get_by_role("button", name="Newer run").click()
    expect(page.locator(".nb-timeline")).to_be_visible()
    expect(lane(page, "right").locator(".nb-answer")).to_contain_text("river Seine")


def test_a_ballot_and_marked_texts_have_nothing_serious(page: Page, served: Served) -> None:
    say_both(served)
    switch(page)
    run(page, "What is the capital of France?")
    both(page)
    assert serious(page) == []
    page.get_by_role("button", name="Tie").click()
    page.get_by_role("button", name="What differs").click()
    expect(lane(page, "left").locator("mark").first).to_be_visible()
    assert serious(page) == []


def test_a_phone_says_that_it_is_blind_and_speaks_portuguese(
    browser: Browser, served: Served
) -> None:
    say_both(served)
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="pt-BR")
    page = context.new_page()
    page.goto(served.url)
    page.locator(".nb-file").click()
    page.get_by_role("menuitem", name="Às cegas: ligar").click()
    expect(page.get_by_text("✓ Às cegas")).to_be_visible()
    field = page.get_by_role("textbox", name="Prompt", exact=True)
    field.fill("Qual é a capital da França?")
    field.press("Control+Enter")
    page.get_by_role("button", name="Ambas ruins").click()
    expect(page.locator(".nb-voted")).to_have_text("Voto às cegas: ambas ruins")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()
