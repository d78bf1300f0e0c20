"""Reading two answers word by word, and finding one's way in a trace."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from playground.catalog import PAIRS
from playground.engines.scripted import write_script
from tests.browser.conftest import ORIGIN, Served
from tests.browser.test_running import lane, prompt, run

LEFT = "The capital of France is **Paris**, which has two million people."
RIGHT = "Sure! The capital of France is **Paris**, on the river Seine."
TRACE = "".join(
    f"{'Wait' if number % 5 == 4 else 'Step'} {number} of many. {'Word after word. ' * 12}\n\n"
    for number in range(60)
)


def say_both(
    served: Served,
    left: str = LEFT,
    right: str = RIGHT,
    trace: str = "Hm.",
    token_s: float = 0.0,
) -> None:
    for name, (thinking, answer) in zip(PAIRS["demo"], (("", left), (trace, right)), strict=True):
        served.engines[name]._script = write_script(
            thinking, answer, token_s=token_s, origin=ORIGIN
        )


def heard(page: Page) -> str:
    """The page as the browser tells it to a screen reader."""
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    texts = (node for node in nodes if node["role"]["value"] == "StaticText")
    return "".join(node["name"]["value"] for node in texts)


def compare(page: Page) -> Locator:
    return page.get_by_role("group", name="Compare text")


def test_what_differs_and_what_both_say_is_marked_in_the_answers_text(
    page: Page, served: Served
) -> None:
    say_both(served)
    run(page, "What is the capital of France?")
    differs = compare(page).get_by_role("button", name="What differs")
    both = compare(page).get_by_role("button", name="What both say")
    expect(differs).to_have_attribute("aria-pressed", "false")
    expect(lane(page, "left").locator(".nb-answer strong")).to_be_visible()

    differs.focus()
    page.keyboard.press("Enter")
    expect(differs).to_have_attribute("aria-pressed", "true")
    expect(lane(page, "left").locator(".nb-answer")).to_be_hidden()
    expect(lane(page, "left").locator(".nb-marked")).to_have_text(LEFT)
    expect(lane(page, "right").locator(".nb-marked")).to_have_text(RIGHT)
    assert lane(page, "left").locator("mark").all_inner_texts() == ["which has two million people."]
    expect(compare(page)).to_contain_text("6 words in both")
    mark = lane(page, "right").locator("mark").first
    expect(mark).to_have_css("text-decoration-line", "underline")  # not by colour alone
    assert "[only here: Sure! ]" in heard(page)

    both.press("Enter")
    expect(differs).to_have_attribute("aria-pressed", "false")
    expect(mark).to_have_text("The capital of France is **Paris**, ")
    expect(mark).to_have_css("text-decoration-line", "underline")
    assert "[in both: The capital" in heard(page)
    both.press("Enter")
    expect(lane(page, "left").locator(".nb-answer strong")).to_be_visible()
    expect(lane(page, "left").locator(".nb-marked")).to_be_hidden()


def test_who_compares_goes_on_comparing_in_the_next_run_and_cell(
    page: Page, served: Served
) -> None:
    say_both(served)
    run(page, "First")
    compare(page).get_by_role("button", name="What differs").click()
    expect(lane(page, "left").locator(".nb-marked")).to_be_visible()
    say_both(served, left="Another text stands here.")
    prompt(page).press("Shift+Enter")
    expect(lane(page, "left").locator(".nb-marked")).to_have_text("Another text stands here.")
    run_second = prompt(page, 1)
    run_second.fill("Second")
    run_second.press("Control+Enter")
    expect(lane(page, "left", 1).locator(".nb-marked")).to_have_text("Another text stands here.")


def test_an_answers_html_stays_text_in_its_pieces(page: Page, served: Served) -> None:
    say_both(served, left="<img src=x onerror=alert(1)> `${window.x}`")
    run(page, "Anything")
    compare(page).get_by_role("button", name="What differs").click()
    expect(lane(page, "left").locator(".nb-marked")).to_contain_text("<img src=x onerror")
    expect(lane(page, "left").locator(".nb-marked img")).to_have_count(0)


def test_one_lane_alone_has_nothing_to_compare(page: Page, served: Served) -> None:
    say_both(served)
    run(page, "What is 2 + 2? /no_think")
    expect(lane(page, "left").locator(".nb-state")).to_have_text("done")
    expect(compare(page)).to_be_hidden()


def test_the_outline_leads_to_a_paragraph(page: Page, served: Served) -> None:
    say_both(served, trace=TRACE)
    run(page, "Think long.")
    right = lane(page, "right")
    expect(right.locator("summary")).to_contain_text("12 turn-backs")
    outline = right.get_by_role("button", name="Outline")
    expect(outline).to_have_attribute("aria-expanded", "false")
    outline.press("Enter")
    entries = right.locator(".nb-outline button")
    expect(entries).to_have_count(60)
    expect(entries.nth(39)).to_contain_text("Wait 39 of many.")
    expect(entries.nth(39)).to_contain_text("tokens")
    expect(entries.nth(39)).to_contain_text("1 turn-back")

    entries.nth(39).press("Enter")
    trace = right.locator(".nb-trace")
    expect(trace).to_be_focused()
    page.wait_for_function(
        """box => {
          const range = [...CSS.highlights.get('nb-found')][0];
          const top = range.getBoundingClientRect().top - box.getBoundingClientRect().top;
          return range.toString().startsWith('Wait 39 of many') && top >= 0 && top < 60;
        }""",
        arg=trace.element_handle(),
    )


def test_a_short_trace_has_no_outline(page: Page, served: Served) -> None:
    say_both(served)
    run(page, "Think little.")
    expect(lane(page, "right").locator(".nb-trace")).to_have_text("Hm.")
    expect(lane(page, "right").get_by_role("button", name="Outline")).to_be_hidden()
