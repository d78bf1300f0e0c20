"""A comparison in a Jupyter cell: live while it runs, then as HTML, Markdown and data to read back.

IPython is used when it is running and never needed. Knows Results, not who runs them.
"""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from types import MappingProxyType
from typing import Any

from playground.domain.expected import Expected
from playground.domain.request import LANES, Lane
from playground.judging import RunPython
from playground.judging.packing import agreement_line, judged_rows
from playground.notebook.document import Run
from playground.notebook.exports import saying
from playground.notebook.packing import run_data
from playground.notebook.shown import to_markdown as to_markdown
from playground.notebook.shown import to_plain
from playground.notebook.variables import Values
from playground.rendering.markdown import render
from playground.results import wording
from playground.results.figures import Row, figures
from playground.results.fold import Fold
from playground.results.value import Result

UPDATE_S = 0.25
TAIL = 2000
Bundle = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Judge:
    """What answers are held against."""

    expected: Expected | None = None
    run_python: RunPython | None = None


NO_JUDGE = Judge()


class LiveDisplay:
    """Shows folds in place, a few times a second, and their last state for good.

    `update` takes what to show by MIME type, and metadata: at the end the whole run, so that the
    notebook's file can be read back with it.
    """

    def __init__(
        self,
        update: Callable[[Bundle, Bundle], None],
        values: Values = (),
        clock: Callable[[], float] = time.monotonic,
        judge: Judge = NO_JUDGE,
    ) -> None:
        self._update = update
        self._values = values
        self._judge = judge
        self._clock = clock
        self._shown_s: float | None = None

    def show(self, folds: Mapping[Lane, Fold]) -> None:
        """Show the folds if it is time, and always when all have ended."""
        now_s = self._clock()
        ended = all(fold.phase == "ended" for fold in folds.values())
        if not ended and self._shown_s is not None and now_s - self._shown_s < UPDATE_S:
            return
        self._shown_s = now_s
        results = {lane: folds[lane].result() for lane in LANES if lane in folds}
        loads = {
            lane: fold.loading.words() for lane, fold in folds.items() if fold.phase == "loading"
        }
        shown = {"text/html": to_html(results, loads, self._judge), "text/plain": to_plain(results)}
        if ended:
            shown["text/markdown"] = to_markdown(results, self._values)
        self._update(shown, self._metadata(results) if ended else {})

    def _metadata(self, results: Mapping[Lane, Result]) -> Bundle:
        first = next(iter(results.values()))
        run = Run(first.request.id, 1, tuple(results.values()), self._values)
        return {"playground": {"run": run_data(run)}}


def live_display(values: Values = (), judge: Judge = NO_JUDGE) -> LiveDisplay | None:
    """A display in the running Jupyter cell; null where there is none."""
    update = updated_display()
    return None if update is None else LiveDisplay(update, values, judge=judge)


def updated_display() -> Callable[[Bundle, Bundle], None] | None:
    """What shows something in the running Jupyter cell, in place of what it showed before; null
    where there is none."""
    shell = _shell()
    if shell is None or not hasattr(shell, "kernel"):
        return None
    from IPython.display import display

    # Said by tqdm when a model library is imported here; no progress bar of its is shown.
    warnings.filterwarnings("ignore", message="IProgress not found")
    handle = display({"text/plain": ""}, raw=True, display_id=True)
    return lambda shown, metadata: handle.update(shown, raw=True, metadata=metadata)


def show(value: object) -> None:
    """Show a value in the running Jupyter cell."""
    from IPython.display import display

    display(value)


def execution() -> int | None:
    """The number of the Jupyter execution that is running; null where there is none."""
    return getattr(_shell(), "execution_count", None)


def _shell() -> Any:
    module = sys.modules.get("IPython")
    return None if module is None else module.get_ipython()


def to_html(
    results: Mapping[Lane, Result],
    loads: Mapping[Lane, str] = MappingProxyType({}),
    judge: Judge = NO_JUDGE,
) -> str:
    """The lanes side by side; model text is escaped or rendered with raw HTML off.

    `loads` says of lanes whose models are being loaded how far that is. Lanes that have all ended
    are judged.
    """
    shown = [results[lane] for lane in LANES if lane in results]
    judged = _judged(results, judge)
    names = "".join(f"<th>{escape(saying.model_label(result))}</th>" for result in shown)
    texts = "".join(
        f"<td>{_text(result, loads.get(result.request.lane, ''))}</td>" for result in shown
    )
    rows = "".join(
        f"<tr><th>{escape(name)}</th>"
        + "".join(f"<td>{escape(value)}</td>" for value in values.values())
        + "</tr>"
        for name, values in [*judged, *figures(results)]
    )
    line = escape(agreement_line(results)) if judged else ""
    return (
        '<table class="playground"><thead><tr><th></th>'
        f"{names}</tr></thead><tbody><tr><th></th>{texts}</tr>{rows}</tbody></table>"
    ) + (f"<p>{line}</p>" if line else "")


def _judged(results: Mapping[Lane, Result], judge: Judge) -> list[Row]:
    if any(result.phase != "ended" for result in results.values()):
        return []
    return judged_rows(results, judge.expected, judge.run_python)


def _text(result: Result, load: str) -> str:
    thinking, answer = result.output.thinking, result.output.answer
    parts = [f"<p>{escape(load)}</p>"] if load else []
    if thinking:
        shown = thinking if result.phase == "ended" else thinking[-TAIL:]
        summary = escape(_thought(result))
        parts.append(f"<details><summary>{summary}</summary><pre>{escape(shown)}</pre></details>")
    if result.error is not None:
        parts.append(f"<p>{escape(result.error.message)}</p>")
    if result.phase == "ended":
        parts += render(answer)
    else:
        parts.append(f"<pre>{escape(answer[-TAIL:])}</pre>")
    return "".join(parts)


def _thought(result: Result) -> str:
    if result.phase != "thinking":
        return saying.thought(result)
    numbers = result.numbers
    tokens = wording.count(numbers.thinking_tokens, numbers.counts)
    return f"Thinking… {wording.seconds(numbers.thinking_s)} · {tokens} tokens"
