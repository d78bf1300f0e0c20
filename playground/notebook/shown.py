"""Results as another program shows them: both answers in Markdown, traces folded, the figures.

Model text can do no harm there. Knows results and their words; knows no cell and no file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from playground.domain.request import Lane
from playground.domain.text import as_markdown_text, cut
from playground.notebook.exports import saying
from playground.notebook.variables import Values
from playground.rendering.quoting import fenced, quoted
from playground.results.figures import figures
from playground.results.value import Result

Results = Mapping[Lane, Result]
LONGEST_LINE = 200

_MARKUP = re.compile(r"[<\[#\r\0]|```|~~~")


def to_markdown(results: Results, values: Values = ()) -> str:
    """The variables' values, each lane's answer under its model, and the figures as a table."""
    parts = [as_markdown_text(cut(f"{name} = {value}", LONGEST_LINE)) for name, value in values]
    labels = saying.labels_of(results)
    for lane, result in results.items():
        parts.append(f"**{labels[lane]}: {as_markdown_text(saying.model_label(result))}**")
        parts += _lane(result)
    head = ["", *(as_markdown_text(saying.model_label(result)) for result in results.values())]
    rows = [head, ["---"] * len(head)]
    rows += [[name, *map(as_markdown_text, by.values())] for name, by in figures(results)]
    return "\n\n".join([*parts, "\n".join(f"| {' | '.join(row)} |" for row in rows)])


def to_plain(results: Results) -> str:
    """A line a lane: the beginning of its answer, or how it ended."""
    return "\n".join(
        cut(
            f"{saying.model_label(result)}: {result.output.answer or _outcome(result)}",
            LONGEST_LINE,
        )
        for result in results.values()
    )


def _lane(result: Result) -> list[str]:
    thought, ending = saying.thought(result), saying.ending(result)
    parts = []
    if thought:
        # The empty lines let Markdown go on inside the element.
        trace = fenced(result.output.thinking or "")
        parts = [f"<details><summary>{thought}</summary>", trace, "</details>"]
    if result.has_answer:
        parts.append(_quoted(result.output.answer))
    if ending:
        parts.append(f"**{as_markdown_text(ending)}.**")
    if result.error is not None:
        parts.append(as_markdown_text(result.error.message))
    return parts + [f"*{as_markdown_text(notice.text)}*" for notice in result.notices]


@lru_cache(maxsize=2048)  # a notebook is saved again and again
def _quoted(text: str) -> str:
    return quoted(text) if _MARKUP.search(text) else text.strip("\n")


def _outcome(result: Result) -> str:
    return saying.ending(result) if result.error is None else result.error.message
