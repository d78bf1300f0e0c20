"""A comparison in a Jupyter cell: live while it runs, then as HTML or Markdown.

IPython is used when it is running and never needed. Knows Results, not who runs them.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from playground.catalog import parse_name
from playground.domain.request import LANES, Lane
from playground.results import wording
from playground.results.figures import figures
from playground.results.fold import Fold
from playground.results.value import Result
from playground.ui.markdown import render

UPDATE_S = 0.25
TAIL = 2000


class LiveDisplay:
    """Shows folds in place, a few times a second, and their last state for good."""

    def __init__(
        self, update: Callable[[str], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._update = update
        self._clock = clock
        self._shown_s: float | None = None

    def show(self, folds: Mapping[Lane, Fold]) -> None:
        """Show the folds if it is time, and always when all have ended."""
        now_s = self._clock()
        ended = all(fold.phase == "ended" for fold in folds.values())
        if not ended and self._shown_s is not None and now_s - self._shown_s < UPDATE_S:
            return
        self._shown_s = now_s
        self._update(to_html({lane: fold.result() for lane, fold in folds.items()}))


def live_display() -> LiveDisplay | None:
    """A display in the running Jupyter cell; null where there is none."""
    shell = _shell()
    if shell is None or not hasattr(shell, "kernel"):
        return None
    from IPython.display import HTML, display

    handle = display(HTML(""), display_id=True)
    return LiveDisplay(lambda html: handle.update(HTML(html)))


def execution() -> int | None:
    """The number of the Jupyter execution that is running; null where there is none."""
    return getattr(_shell(), "execution_count", None)


def _shell() -> Any:
    module = sys.modules.get("IPython")
    return None if module is None else module.get_ipython()


def label(result: Result) -> str:
    """A lane's model, short."""
    return parse_name(result.request.model).label


def to_html(results: Mapping[Lane, Result]) -> str:
    """Both lanes side by side; model text is escaped or rendered with raw HTML off."""
    names = "".join(f"<th>{escape(label(results[lane]))}</th>" for lane in LANES)
    texts = "".join(f"<td>{_text(results[lane])}</td>" for lane in LANES)
    rows = "".join(
        f"<tr><th>{escape(name)}</th>"
        + "".join(f"<td>{escape(values[lane])}</td>" for lane in LANES)
        + "</tr>"
        for name, values in figures(results)
    )
    return (
        '<table class="playground"><thead><tr><th></th>'
        f"{names}</tr></thead><tbody><tr><th></th>{texts}</tr>{rows}</tbody></table>"
    )


def _text(result: Result) -> str:
    thinking, answer = result.output.thinking, result.output.answer
    parts = []
    if thinking:
        shown = thinking if result.phase == "ended" else thinking[-TAIL:]
        summary = _thought(result)
        parts.append(f"<details><summary>{summary}</summary><pre>{escape(shown)}</pre></details>")
    if result.error is not None:
        parts.append(f"<p>{escape(result.error.message)}</p>")
    if result.phase == "ended":
        parts += render(answer)
    else:
        parts.append(f"<pre>{escape(answer[-TAIL:])}</pre>")
    return "".join(parts)


def _thought(result: Result) -> str:
    numbers = result.numbers
    tokens = wording.count(numbers.thinking_tokens, numbers.counts)
    verb = "Thinking…" if result.phase == "thinking" else "Thought for"
    return f"{verb} {wording.seconds(numbers.thinking_s)} · {tokens} tokens"


def to_markdown(results: Mapping[Lane, Result]) -> str:
    """The answers, then the figures as a table."""
    parts = []
    for lane in LANES:
        result = results[lane]
        said = result.output.answer if result.error is None else result.error.message
        parts.append(f"**{label(result)}** ({wording.ending(result)})\n\n{said}")
    head = " | ".join(label(results[lane]) for lane in LANES)
    rows = [f"| | {head} |", "|---|---|---|"]
    for name, values in figures(results):
        rows.append(f"| {name} | {' | '.join(values[lane] for lane in LANES)} |")
    return "\n\n".join([*parts, "\n".join(rows)])
