"""The sidebar's picker in a browser: a pair chosen by its name, and what is said of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from playground.catalog import PAIRS, known, parse_name
from playground.comparison.run import Comparison
from playground.domain.engine import ModelCard
from playground.domain.sampling import Sampling
from playground.engines.scripted import ScriptedEngine, write_script
from playground.ui.launch import launch
from playground.ui.page import Page as PlaygroundPage
from tests.browser.conftest import EXAMPLES, ORIGIN, TIMEOUT_MS
from tests.tools import tools


class Unloaded(ScriptedEngine):
    """One that nobody has loaded yet."""

    @property
    def card(self) -> ModelCard:
        return self._card


def engine_of(name: str) -> ScriptedEngine:
    entry = known(parse_name(name))
    assert entry is not None
    label = parse_name(name).label
    card = ModelCard(name, label, entry.thinks, entry.context, Sampling(), ORIGIN, lease="local")
    return Unloaded(card, write_script("", "ok", origin=ORIGIN))


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    engines = {name: engine_of(name) for pair in PAIRS.values() for name in pair}
    models = {"left": "demo-instruct", "right": "demo-thinking"}
    page = PlaygroundPage(
        Comparison(engines.__getitem__),
        models,  # type: ignore[arg-type]
        lambda _: "A scripted pair.",
        lambda _: EXAMPLES,
        model_tools=tools(free_gb=24),
    )
    yield launch(page, "127.0.0.1", None, None)
    page.close()


@pytest.fixture
def page(browser: Browser, url: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    context.set_default_timeout(TIMEOUT_MS)
    visitor = context.new_page()
    visitor.goto(url)
    yield visitor
    context.close()


def lanes(page: Page) -> list[str]:
    return [box.input_value() for box in page.locator(".side-model input").all()]


def test_a_pair_is_chosen_by_its_name_and_its_models_go_to_the_lanes(page: Page) -> None:
    pair = page.locator("#pair input")
    expect(pair).to_have_value("Built-in pair · fits")
    pair.click()
    page.get_by_role("option", name="Qwen3-4B · fits up to 46,080 tokens · 16.1 GB").click()
    expect(page.locator(".side-picker")).to_contain_text("with a context of up to 46,080 tokens")
    assert lanes(page) == list(PAIRS["qwen3-4b"])
    expect(page.locator("#load")).to_have_text("Download and load (16.1 GB)")
    page.get_by_role("button", name="Published figures").click()
    expect(page.get_by_role("cell", name="AIME25")).to_be_visible()
    page.get_by_role("button", name="What fits here").click()
    expect(page.locator(".side-picker")).to_contain_text("16.1 GB weights + 6.8 GB for 46,080")


def test_the_offer_chooses_the_real_pair_and_loads_it(page: Page) -> None:
    page.locator("#offer").click()
    expect(page.locator("#pair input")).to_have_value(re.compile("Qwen3-4B · "))
    assert lanes(page) == list(PAIRS["qwen3-4b"])


def test_models_of_no_pair_are_other_models(page: Page) -> None:
    expect(page.locator("#pair input")).to_have_value("Built-in pair · fits")
    left = page.locator(".side-model input").first
    left.click()
    left.fill(PAIRS["qwen3-4b"][0])
    left.press("Enter")
    expect(page.locator("#pair input")).to_have_value("Other models")


def test_a_list_that_the_keyboard_leaves_closes(page: Page) -> None:
    lists = page.locator('.sidebar [role="listbox"]')
    page.locator(".side-model input").first.focus()
    expect(lists.first).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    for at in range(lists.count()):
        expect(lists.nth(at)).to_be_hidden()
