"""Running cells: both lanes live, apart, stoppable; nothing that came is lost."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import THOUGHT, Served
from tests.browser.stored import kept

LONG = "word " * 400


def prompt(page: Page, number: int = 0):  # type: ignore[no-untyped-def]
    return page.get_by_role("textbox", name="Prompt", exact=True).nth(number)


def lane(page: Page, side: str, cell: int = 0):  # type: ignore[no-untyped-def]
    return page.locator(f".nb-lane.nb-{side}").nth(cell)


def run(page: Page, text: str) -> None:
    prompt(page).fill(text)
    prompt(page).press("Control+Enter")


def test_both_lanes_answer_with_the_trace_apart(page: Page, served: Served) -> None:
    run(page, "What is 2 + 2?")
    for side in ("left", "right"):
        expect(lane(page, side).locator(".nb-state")).to_have_text("done")
        expect(lane(page, side).locator("strong")).to_have_text("4")
        expect(lane(page, side).locator("pre")).to_contain_text("print(2 + 2)")
    summary = lane(page, "right").locator("summary")
    expect(summary).to_contain_text("Thought for")
    expect(summary).to_contain_text("10 tokens")
    summary.click()
    expect(lane(page, "right").locator("details")).to_contain_text("Two and two make four.")
    expect(lane(page, "left").locator("details")).to_be_hidden()
    expect(lane(page, "left")).not_to_contain_text("Two and two")


def test_the_timeline_says_what_thinking_cost(page: Page, served: Served) -> None:
    served.play(token_s=0.01)
    run(page, "What is 2 + 2?")
    expect(page.get_by_text("the wait for the first word of the answer")).to_be_visible()


def test_a_stopped_lane_keeps_its_text_and_the_other_still_runs(page: Page, served: Served) -> None:
    served.play(answer=LONG, token_s=0.01)
    run(page, "Until the tab closes.")
    expect(lane(page, "left").locator(".nb-state")).to_contain_text("answering")
    page.get_by_role("button", name="Stop Instruct").click()
    expect(lane(page, "left").locator(".nb-state")).to_have_text("stopped")
    expect(lane(page, "left")).to_contain_text("word word")
    expect(lane(page, "right").locator(".nb-state")).to_contain_text("answering")
    prompt(page).press("Escape")
    expect(lane(page, "right").locator(".nb-state")).to_have_text("stopped")


def test_a_lane_that_has_ended_is_rendered_and_can_be_copied_while_the_other_runs(
    page: Page, served: Served
) -> None:
    served.play(thinking=LONG, token_s=0.01)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    run(page, "What is 2 + 2?")
    expect(lane(page, "left").locator(".nb-state")).to_have_text("done")
    expect(lane(page, "left").locator(".nb-tail")).to_be_hidden()
    expect(lane(page, "left").locator("pre")).to_contain_text("print(2 + 2)")
    lane(page, "left").locator(".nb-copy-answer").click()
    expect(lane(page, "left").get_by_role("button", name="Copied")).to_be_visible()
    assert "**4**" in page.evaluate("navigator.clipboard.readText()")
    expect(lane(page, "right").locator(".nb-state")).to_contain_text("thinking")
    expect(lane(page, "right").locator(".nb-copy-answer")).to_be_hidden()
    prompt(page).press("Escape")
    expect(lane(page, "right").locator(".nb-state")).to_have_text("stopped")


def test_escape_in_a_running_cell_stops_both_lanes(page: Page, served: Served) -> None:
    served.play(answer=LONG, token_s=0.01)
    run(page, "Until the tab closes.")
    expect(lane(page, "left").locator(".nb-state")).to_contain_text("answering")
    prompt(page).press("Escape")
    for side in ("left", "right"):
        expect(lane(page, side).locator(".nb-state")).to_have_text("stopped")


def test_ten_presses_are_one_run(page: Page, served: Served) -> None:
    served.play(thinking=THOUGHT * 10, token_s=0.02)
    prompt(page).fill("Once.")
    for _ in range(10):
        prompt(page).press("Control+Enter")
    expect(lane(page, "right").locator(".nb-state")).to_have_text("done")
    expect(page.locator(".nb-pager")).to_be_hidden()


def test_closing_the_tab_stops_the_lanes(page: Page, served: Served) -> None:
    served.play(answer=LONG * 50, token_s=0.01)
    run(page, "Until the tab closes.")
    expect(lane(page, "left").locator(".nb-state")).to_contain_text("answering")
    session = next(
        s
        for s in served.page.sessions._by_secret.values()
        if s.document.cells[0].text == "Until the tab closes."
    )
    page.goto("about:blank")
    for _ in range(200):
        if session.live is None:
            break
        page.wait_for_timeout(50)
    run_kept = session.document.cells[0].run
    assert run_kept is not None
    assert run_kept.results[0].ending in ("user", "interrupted")
    assert "word" in run_kept.results[0].output.answer


def test_the_pager_goes_back_to_an_earlier_run(page: Page, served: Served) -> None:
    run(page, "Again?")
    expect(lane(page, "right").locator(".nb-state")).to_have_text("done")
    served.play(answer="Another answer.")
    prompt(page).press("Control+Enter")
    expect(lane(page, "left")).to_contain_text("Another answer.")
    expect(page.locator(".nb-pager")).to_contain_text("2 / 2")
    page.get_by_role("button", name="Older run").click()
    expect(lane(page, "left").locator("strong")).to_have_text("4")


def test_the_pager_says_which_run_goes_on(page: Page, served: Served) -> None:
    for answer in ("One answer.", "Another answer."):
        served.play(answer=answer)
        run(page, "Again?")
        expect(lane(page, "right")).to_contain_text(answer)
        expect(lane(page, "right").locator(".nb-state")).to_have_text("done")
    expect(page.locator(".nb-pager")).to_contain_text("2 / 2")
    served.play(answer=LONG, token_s=0.01)
    prompt(page).press("Control+Enter")
    expect(page.locator(".nb-pager")).to_contain_text("running: 3")
    prompt(page).press("Escape")
    expect(page.locator(".nb-pager")).to_contain_text("3 / 3")


def test_typing_goes_on_while_another_cell_streams(page: Page, served: Served) -> None:
    served.play(answer=LONG, token_s=0.01)
    run(page, "Until the tab closes.")
    expect(lane(page, "left").locator(".nb-state")).to_contain_text("answering")
    page.get_by_role("button", name="Prompt", exact=True).click()
    expect(prompt(page, 1)).to_be_focused()
    page.keyboard.type("typed while it streams", delay=20)
    page.keyboard.press("Home")
    page.keyboard.type("all ", delay=20)
    expect(prompt(page, 1)).to_have_value("all typed while it streams")
    expect(prompt(page, 1)).to_be_focused()


def test_a_reader_who_scrolled_up_in_the_trace_is_not_pulled_down(
    page: Page, served: Served
) -> None:
    served.play(thinking="line of thought\n" * 400, answer="Done.", token_s=0.003)
    run(page, "Think long.")
    box = lane(page, "right").locator(".nb-trace")
    expect(box).to_contain_text("line of thought\n" * 40)
    box.evaluate("node => { node.scrollTop = 0 }")
    expect(lane(page, "right").locator(".nb-state")).to_have_text("done")
    assert box.evaluate("node => node.scrollTop") == 0


def test_a_server_that_forgot_the_notebook_gets_it_back(page: Page, served: Served) -> None:
    served.play(answer=LONG, token_s=0.01)
    run(page, "Forget me.")
    expect(page.locator(".nb-lane.nb-left")).to_contain_text("word word")
    kept(page, "word word")
    for session in list(served.page.sessions._by_secret.values()):
        session.stop("", reason="interrupted")
    served.page.sessions._by_secret.clear()
    served.page.sessions._by_hash.clear()
    expect(page.get_by_text("Your notebook is back")).to_be_visible()
    expect(page.locator(".nb-lane.nb-left")).to_contain_text("word word")
    expect(page.locator(".nb-lane.nb-left .nb-state")).to_have_text("interrupted")
    expect(prompt(page)).to_have_value("Forget me.")


def test_what_streams_stays_when_the_view_comes_after_the_first_tick(
    page: Page, served: Served
) -> None:
    served.play(answer=LONG, token_s=0.01)
    page.evaluate(
        """() => {
          window.seen = [];
          new MutationObserver(() => {
            const text = document.querySelector('.nb-left')?.innerText ?? '';
            window.seen.push(text.includes('word word'));
          }).observe(document.body, { childList: true, subtree: true, characterData: true });
          const send = window.fetch;
          window.fetch = async (...asked) => {
            const late = String(asked[0]).includes('component_server');
            if (late) await new Promise((done) => setTimeout(done, 500));
            return send(...asked);
          };
        }"""
    )
    run(page, "Stay.")
    expect(lane(page, "left")).to_contain_text("word " * 300)
    seen = page.evaluate("window.seen")
    assert all(seen[seen.index(True) :])
