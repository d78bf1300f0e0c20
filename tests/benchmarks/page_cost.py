"""What one update costs the browser: 10, 120, 300 KB of trace, and 1, 50, 200 cells on the page.

    python -m tests.benchmarks.page_cost [--rounds 3] [--seconds 5]

The real page with a scripted engine in Chromium; a figure is main-thread time a tick. All cases
are measured in turn in each round; the median of the rounds' ratios is printed. Goals: 300 KB
at most 1.1 times 10 KB, and 200 cells at most 1.2 times one.
"""

from __future__ import annotations

import argparse
import statistics
from dataclasses import dataclass, replace

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from playground.comparison.run import Comparison
from playground.domain.engine import ModelCard
from playground.domain.events import Origin, Started, Text
from playground.domain.request import LANES, Lane, Request, RunId
from playground.domain.sampling import Sampling
from playground.engines.scripted import ScriptedEngine, ScriptedEvent, write_script
from playground.notebook.document import Document, PromptCell, Run
from playground.results.fold import fold
from playground.results.value import Result
from playground.ui.launch import launch
from playground.ui.page import Page as PlaygroundPage
from tests.browser.conftest import ARGUMENTS, executable

KILOBYTE = "thinking about it, "[:16] * 64
ORIGIN = Origin("scripted", device="cpu")
MODELS: dict[Lane, str] = {"left": "demo-instruct", "right": "demo-thinking"}
TICKS = "window.ticks = 0; document.addEventListener('notebook-tick', () => window.ticks++)"


@dataclass(frozen=True)
class Case:
    """A page: so many cells with results, and the size of the trace that is streaming."""

    trace_kb: int
    cells: int

    def __str__(self) -> str:
        return f"{self.trace_kb:>3} KB of trace, {self.cells:>3} cells"


CASES = (Case(10, 1), Case(120, 1), Case(300, 1), Case(10, 50), Case(10, 200))


def result(lane: Lane, number: int) -> Result:
    request = Request(RunId(f"run{number}"), "2026-01-01", lane, MODELS[lane], f"prompt {number}")
    script = write_script("so " * 10_000 if lane == "right" else "", "It is **4**.", token_s=0)
    return fold(request, [entry.event for entry in script])


def document(cells: int) -> Document:
    """A notebook with one empty cell on top and results below."""
    sample = {lane: result(lane, 0) for lane in LANES}
    filled = []
    for number in range(1, cells):
        run = RunId(f"run{number}")
        results = tuple(
            replace(sample[lane], request=replace(sample[lane].request, id=run)) for lane in LANES
        )
        filled.append(PromptCell(prompt=f"prompt {number}", runs=(Run(run, number, results),)))
    return Document((PromptCell(), *filled), runs_made=cells)


def engines(case: Case) -> dict[str, ScriptedEngine]:
    """The right lane has the trace at once and goes on slowly; the left one answers at once."""
    started = Started(9, 0, 99_999, 1, True, 262_144, ORIGIN, 0.0)
    growing = ScriptedEvent(0.02, Text("thinking", "and so on ", 1, 0.0))
    scripts = {
        "demo-instruct": write_script("", "Done."),
        "demo-thinking": (
            ScriptedEvent(0.0, started),
            ScriptedEvent(0.0, Text("thinking", KILOBYTE * case.trace_kb, 9, 0.0)),
            *(growing for _ in range(50_000)),
        ),
    }
    return {
        name: ScriptedEngine(
            ModelCard(name, name, "thinking" in name, 262_144, Sampling(), ORIGIN), script
        )
        for name, script in scripts.items()
    }


def task_s(session: CDPSession) -> float:
    metrics = session.send("Performance.getMetrics")["metrics"]
    return float(next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration"))


def measure_ms(browser: Browser, case: Case, seconds: float) -> float:
    """Main-thread milliseconds a tick, on a fresh page."""
    playground = PlaygroundPage(
        Comparison(engines(case).__getitem__),
        MODELS,
        lambda _: "",
        lambda _: (),
        document(case.cells),
    )
    url = launch(playground, "127.0.0.1", None, None)
    page: Page = browser.new_page(viewport={"width": 1400, "height": 900})
    try:
        page.goto(url)
        page.locator("#notebook textarea").first.fill("Go on.")
        page.keyboard.press("Control+Enter")
        page.get_by_text("thinking…").first.wait_for()
        page.evaluate(TICKS)
        page.wait_for_timeout(3000)
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable")
        ticks, before_s = page.evaluate("window.ticks"), task_s(session)
        page.wait_for_timeout(1000 * seconds)
        ticks, spent_s = page.evaluate("window.ticks") - ticks, task_s(session) - before_s
        return 1000 * spent_s / max(1, ticks)
    finally:
        page.close()
        playground.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5)
    asked = parser.parse_args()
    figures: dict[Case, list[float]] = {case: [] for case in CASES}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        for _ in range(asked.rounds):
            for case in CASES:
                figures[case].append(measure_ms(browser, case, asked.seconds))
        browser.close()
    for case, values in figures.items():
        ratios = [value / base for value, base in zip(values, figures[CASES[0]], strict=True)]
        print(
            f"{case}: {statistics.median(values):5.1f} ms a tick,"
            f" {statistics.median(ratios):.2f} of the smallest"
            f" (from {min(ratios):.2f} to {max(ratios):.2f})"
        )


if __name__ == "__main__":
    main()
