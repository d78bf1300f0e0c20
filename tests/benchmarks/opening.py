"""How long a large notebook takes to open on the page: 200 cells, each with a trace of 40 KB.

    python -m tests.benchmarks.opening [--rounds 3] [--cells 200]

The real page in Chromium; from choosing the file to the last cell being on the page, and from a
reload to the same (the browser brings the notebook back). Goal: under 3 s each.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from playground.comparison.run import Comparison
from playground.domain.request import LANES, RunId
from playground.notebook.document import Document, PromptCell, Run
from playground.notebook.settings import Settings
from playground.notebook.storage import write
from playground.ui.launch import launch
from playground.ui.page import Page as PlaygroundPage
from tests.benchmarks.page_cost import CASES, KILOBYTE, MODELS, engines, result
from tests.browser.conftest import ARGUMENTS, executable
from tests.browser.stored import kept

TRACE_KB = 40


def document(cells: int) -> Document:
    """A notebook whose every cell has a long trace."""
    filled = []
    for number in range(cells):
        run = RunId(f"run{number}")
        results = tuple(
            replace(
                sample,
                request=replace(sample.request, id=run),
                output=replace(
                    sample.output, thinking=KILOBYTE * TRACE_KB if lane == "right" else None
                ),
            )
            for lane in LANES
            for sample in [result(lane, number)]
        )
        filled.append(PromptCell(prompt=f"prompt {number}", runs=(Run(run, number + 1, results),)))
    return Document(tuple(filled), runs_made=cells)


# Milliseconds, by the page's own clock, until all cells and the first answers are on the page.
UNTIL_THERE = """async ([cells, from]) => {
  const there = () => document.querySelectorAll(".nb-cell").length === cells
    && document.querySelector(".nb-answer strong");
  while (!there()) await new Promise(requestAnimationFrame);
  return performance.now() - window[from];
}"""
MARK_THE_CHOICE = """() => document.addEventListener(
  "change", () => { window.chosenAt = performance.now(); }, { capture: true, once: true })"""


def opened_s(page: Page, file: Path, cells: int) -> float:
    """From the file's being chosen; the time in which it comes to the browser is not in it."""
    page.evaluate(MARK_THE_CHOICE)
    page.locator("#notebook input[type=file][accept]").set_input_files(file)
    return float(page.evaluate(UNTIL_THERE, [cells, "chosenAt"])) / 1000


def reloaded_s(page: Page, cells: int) -> float:
    """From the beginning of the page's own loading."""
    page.reload()
    page.evaluate("window.zero = 0")
    return float(page.evaluate(UNTIL_THERE, [cells, "zero"])) / 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cells", type=int, default=200)
    asked = parser.parse_args()
    text = write(document(asked.cells), Settings(MODELS))
    playground = PlaygroundPage(
        Comparison(engines(CASES[0]).__getitem__), MODELS, lambda _: "", lambda _: ()
    )
    url = launch(playground, "127.0.0.1", None, None)
    opened, reloaded = [], []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder, "large.ipynb")
        file.write_text(text, encoding="utf-8")
        print(f"{asked.cells} cells, {len(text) / 1e6:.1f} MB")
        browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        for _ in range(asked.rounds):
            context = browser.new_context(viewport={"width": 1400, "height": 900})
            page = context.new_page()
            page.goto(url)
            page.locator("#notebook textarea").first.wait_for()
            opened.append(opened_s(page, file, asked.cells))
            kept(page, "", asked.cells)
            reloaded.append(reloaded_s(page, asked.cells))
            print(f"opened in {opened[-1]:.2f} s, back after a reload in {reloaded[-1]:.2f} s")
            context.close()
        browser.close()
    playground.close()
    print(
        f"median: opened in {statistics.median(opened):.2f} s,"
        f" back after a reload in {statistics.median(reloaded):.2f} s"
    )


if __name__ == "__main__":
    main()
