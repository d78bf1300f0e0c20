"""A page with scripted engines on a free port, and Chromium to look at it.

Without a browser these tests skip and say why; with PLAYGROUND_REQUIRE_BROWSER=1 they fail.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from playground.catalog import PAIRS
from playground.comparison.run import Comparison
from playground.domain.engine import ModelCard
from playground.domain.events import Origin
from playground.domain.request import LANES
from playground.domain.sampling import Sampling
from playground.engines.scripted import ScriptedEngine, write_script
from playground.ui.launch import launch
from playground.ui.page import Page as PlaygroundPage

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# A busy machine is no defect of the page.
TIMEOUT_MS = 20_000
expect.set_options(timeout=TIMEOUT_MS)
EXAMPLES = ("What is 2 + 2?", "Who are you?")
PROBLEMS = ({"prompt": "What is 2 + 2?", "expected": "4", "tags": ["sums"]},)
ORIGIN = Origin("scripted", device="cpu", dtype="float32")
THOUGHT = "Let me think about this. Two and two make four. "
ANSWER = "The answer is **4**.\n\n```python\nprint(2 + 2)\n```\n"


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker("browser")


@dataclass
class Served:
    """A running page and the engines behind it."""

    url: str
    engines: dict[str, ScriptedEngine]
    page: PlaygroundPage

    def play(self, *, thinking: str = THOUGHT, answer: str = ANSWER, token_s: float = 0.0) -> None:
        """What both lanes say from now on; the left one does not think."""
        for lane, name in zip(LANES, PAIRS["demo"], strict=True):
            thought = thinking if lane == "right" else ""
            script = write_script(thought, answer, token_s=token_s, origin=ORIGIN)
            self.engines[name]._script = script


def sleep(seconds: float) -> None:
    """Only here may a script take its time: a person watches it."""
    time.sleep(seconds)


def executable() -> str | None:
    return (
        shutil.which("chromium")
        or shutil.which("chromium-browser")
        or shutil.which("google-chrome")
    )


# No longer than these tests: its event loop would be in the way of others in this thread.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    path = executable()
    if path is None:
        reason = "no Chromium on this machine (apt-get install chromium)"
        if os.environ.get("PLAYGROUND_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="package")
def served() -> Iterator[Served]:
    engines = {}
    for lane, name in zip(LANES, PAIRS["demo"], strict=True):
        defaults = Sampling(temperature=0.6, top_k=20, max_new_tokens=512)
        card = ModelCard(name, name, lane == "right", 2048, defaults, ORIGIN, lease="local")
        engines[name] = ScriptedEngine(card, write_script("", "ok", origin=ORIGIN), sleep=sleep)
    models = dict(zip(LANES, PAIRS["demo"], strict=True))
    page = PlaygroundPage(
        Comparison(engines.__getitem__),
        models,
        lambda _: "A scripted pair.",
        lambda _: EXAMPLES,
        problems=lambda: PROBLEMS,
    )
    yield Served(launch(page, "127.0.0.1", None, None), engines, page)
    page.close()


@pytest.fixture
def page(browser: Browser, served: Served) -> Iterator[Page]:
    """A fresh visitor at 1400 px; an error in the page's scripts fails the test."""
    served.play()
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    context.set_default_timeout(TIMEOUT_MS)
    visitor = context.new_page()
    errors: list[str] = []
    visitor.on("pageerror", lambda error: errors.append(str(error)))
    visitor.goto(served.url)
    visitor.locator("#notebook textarea").first.wait_for()
    yield visitor
    context.close()
    assert errors == []


@pytest.fixture
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    """A visitor's browser, whose pages may come and go."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    context.set_default_timeout(TIMEOUT_MS)
    yield context
    context.close()
