"""A notebook as one Markdown file: each prompt with the run that is shown, answers and numbers.

What models and people wrote reads as they wrote it, but no HTML of theirs is live. Knows no
file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import assert_never

from playground.domain.request import LANES
from playground.domain.text import as_markdown_text
from playground.judging import RunPython
from playground.notebook.document import Cell, Document, ForeignCell, NoteCell, PromptCell, Run
from playground.notebook.exports import saying
from playground.notebook.exports.lists import table_of
from playground.notebook.judged import (
    JudgedRun,
    agreement_line,
    grade_reason,
    grade_title,
    judge_of,
)
from playground.notebook.plan import is_batch
from playground.rendering.quoting import fenced, quoted
from playground.results.figures import Row, figures
from playground.results.spans import cost
from playground.results.value import Result
from playground.words import say


def to_markdown(
    document: Document, run_python: RunPython | None = None, votes: Sequence[str] = ()
) -> str:
    """The whole document; `votes` are what its blind votes come to, a paragraph each."""
    parts = [f"# {as_markdown_text(saying.title_of(document.title))}"]
    place = 0
    for cell in document.cells:
        place += isinstance(cell, PromptCell)
        parts += _cell(cell, place, run_python)
    if votes:
        parts += [f"## {say('Blind votes')}", *map(as_markdown_text, votes)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _cell(cell: Cell, place: int, run_python: RunPython | None) -> Iterable[str]:
    match cell:
        case PromptCell():
            yield f"## {say('Prompt {number}', number=place)}"
            yield from _prompt(cell, run_python)
        case NoteCell():
            yield quoted(cell.text, deeper=1)
        case ForeignCell():
            yield fenced(cell.text)
        case _:
            assert_never(cell)


def _prompt(cell: PromptCell, run_python: RunPython | None) -> Iterable[str]:
    run = cell.run
    yield as_markdown_text(saying.attached_to(cell))
    yield fenced(cell.prompt if is_batch(cell) else saying.asked_in(cell))
    yield " · ".join(map(as_markdown_text, saying.measured_words(cell)))
    results = saying.results_of(run) if run is not None else {}
    labels = saying.labels_of(results)
    own = saying.own_words(cell, labels)
    if own:
        said = "; ".join(map(as_markdown_text, own))
        yield say("This cell sets: {settings}.", settings=said)
    if run is None:
        yield f"*{say('Not run yet.')}*"
        return
    if is_batch(cell):
        table = table_of(cell, run_python)
        yield _lines([list(table.head), *map(list, table.rows)])
        return
    yield from _run(cell, run, judge_of(cell, run_python)(run))
    others = saying.other_runs(cell, labels)
    if others:
        said = "; ".join(map(as_markdown_text, others))
        yield say("Other runs of this cell: {runs}.", runs=said)


def _run(cell: PromptCell, run: Run, judged: JudgedRun) -> Iterable[str]:
    yield " · ".join(map(as_markdown_text, saying.run_words(cell, run)))
    results = saying.results_of(run)
    labels = saying.labels_of(results)
    for lane, result in results.items():
        model = as_markdown_text(saying.model_label(result))
        yield f"### {labels[lane]}: {model}"
        yield from _result(result)
        if judged.expected is not None and lane in judged.grades:
            grade = judged.grades[lane]
            reason = as_markdown_text(grade_reason(grade, judged.expected))
            yield f"**{grade_title(grade)}:** {reason}"
    if judged.agreement is not None:
        yield as_markdown_text(agreement_line(judged.agreement, labels))
    # Odd pieces are bold.
    yield "**".join(cost(results, labels))
    head = [labels[lane] for lane in LANES if lane in labels]
    yield _table([say("number"), *head], figures(results))
    yield f"<details>\n<summary>{say('What was asked of the models')}</summary>"
    yield _table([say("parameter"), *head], saying.parameters(results))
    yield "</details>"


def _result(result: Result) -> Iterable[str]:
    thought = saying.thought(result)
    if thought:
        # The empty lines let Markdown go on inside the element.
        yield f"<details>\n<summary>{thought}</summary>"
        yield fenced(result.output.thinking or "")
        yield "</details>"
    yield quoted(result.output.answer) if result.has_answer else ""
    if ending := saying.ending(result):
        yield f"**{as_markdown_text(ending)}.**"
    if result.error is not None:
        yield fenced(result.error.message)
    yield "\n".join(f"- {as_markdown_text(notice.text)}" for notice in result.notices)


def _table(head: list[str], rows: Iterable[Row]) -> str:
    return _lines([head, *([name, *values.values()] for name, values in rows)])


def _lines(lines: list[list[str]]) -> str:
    first, *rest = (f"| {' | '.join(map(as_markdown_text, line))} |" for line in lines)
    return "\n".join([first, "|---" * len(lines[0]) + "|", *rest])
