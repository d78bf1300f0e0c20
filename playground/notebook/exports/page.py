"""A notebook as one HTML file that stands alone: it loads nothing, runs nothing, and prints.

Model text is rendered by `rendering` or escaped; the style is in the CSS files beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import assert_never

from playground.domain.request import Lane
from playground.judging import RunPython
from playground.notebook.document import Cell, Document, ForeignCell, NoteCell, PromptCell
from playground.notebook.exports import saying
from playground.notebook.exports.lists import ListTable, table_of
from playground.notebook.judged import (
    JudgedRun,
    agreement_line,
    grade_reason,
    grade_title,
    judge_of,
)
from playground.notebook.plan import is_batch
from playground.rendering.markdown import render
from playground.results import wording
from playground.results.figures import Row, figures
from playground.results.segments import earlier_s
from playground.results.spans import Span, cost, marks, spans
from playground.results.value import Result
from playground.said_errors import said
from playground.words import say, spoken

_ROOM = Path(__file__).parent
STYLE = "".join((_ROOM / name).read_text(encoding="utf-8") for name in ("page.css", "text.css"))
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
LONG = 3000
Results = Mapping[Lane, Result]
Labels = Mapping[Lane, str]


def to_html(
    document: Document, run_python: RunPython | None = None, votes: Sequence[str] = ()
) -> str:
    """The whole document as a page; `votes` are what its blind votes come to, a paragraph each."""
    title = escape(saying.title_of(document.title))
    cells, place = [], 0
    for cell in document.cells:
        place += isinstance(cell, PromptCell)
        cells.append("".join(_cell(cell, place, run_python)))
    if votes:
        told = "".join(f'<p class="votes" dir="auto">{escape(words)}</p>\n' for words in votes)
        title_of_votes = escape(say("Blind votes"))
        cells.append(f'<section class="cell">\n<h2>{title_of_votes}</h2>\n{told}</section>\n')
    return f"""<!doctype html>
<html lang="{spoken()}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<style>
{STYLE}</style>
</head>
<body>
<main>
<h1 dir="auto">{title}</h1>
{"".join(cells)}</main>
</body>
</html>
"""


def _cell(cell: Cell, place: int, run_python: RunPython | None) -> Iterable[str]:
    match cell:
        case PromptCell():
            yield '<section class="cell">\n'
            yield f"<h2>{escape(say('Prompt {number}', number=place))}</h2>\n"
            yield from _prompt(cell, run_python)
            yield "</section>\n"
        case NoteCell():
            yield f'<div class="note text">{_text(render(cell.text, 1))}</div>\n'
        case ForeignCell():
            yield f'<pre class="foreign">{escape(cell.text)}</pre>\n'
        case _:
            assert_never(cell)


def _prompt(cell: PromptCell, run_python: RunPython | None) -> Iterable[str]:
    run = cell.run
    batch = is_batch(cell)
    asked = cell.prompt if batch else saying.asked_in(cell)
    yield f'<div class="prompt">{escape(asked)}</div>\n'
    results = {} if run is None else saying.results_of(run)
    labels = saying.labels_of(results)
    said = [say("Not run yet.")] if run is None else saying.run_words(cell, run)
    said = saying.measured_words(cell) + ([] if batch and run is not None else said)
    attached = [words] if (words := saying.attached_to(cell)) else []
    yield _list("about", [*said, *attached, *saying.own_words(cell, labels)])
    if run is None or not results:
        return
    if batch:
        yield _list_table(table_of(cell, run_python))
        return
    judged = judge_of(cell, run_python)(run)
    texts = [part or "" for r in results.values() for part in (r.output.thinking, r.output.answer)]
    # On paper, beside a long text the other column would be empty for pages.
    yield f'<div class="lanes{" long" if max(map(len, texts)) > LONG else ""}">\n'
    for lane, result in results.items():
        yield from _lane(lane, labels[lane], result, _grade(judged, lane))
    yield "</div>\n"
    if judged.agreement is not None:
        agreed = escape(agreement_line(judged.agreement, labels))
        yield f'<p class="agreement" dir="auto">{agreed}</p>\n'
    yield from _timeline(results, labels)
    yield "<details>\n<summary>"
    yield f"{escape(say('All numbers, and what was asked of the models'))}</summary>\n"
    yield '<div class="tables">\n'
    yield _table(say("Numbers"), figures(results), labels)
    yield _table(say("Request parameters"), saying.parameters(results), labels)
    yield "</div>\n</details>\n"
    if others := saying.other_runs(cell, labels):
        said_of = say("Other runs of this cell: {runs}.", runs="; ".join(others))
        yield f'<p class="others">{escape(said_of)}</p>\n'


def _text(blocks: Iterable[str]) -> str:
    """Each block in its own direction, by its first letter outside code."""
    code = '<code dir="ltr"'
    return "".join(f'<div dir="auto">{each.replace("<code", code)}</div>' for each in blocks)


def _grade(judged: JudgedRun, lane: Lane) -> str:
    """A lane's grade and why; "" where nothing is expected."""
    if judged.expected is None or lane not in judged.grades:
        return ""
    grade = judged.grades[lane]
    title, reason = grade_title(grade), grade_reason(grade, judged.expected)
    return f'<p class="grade {grade.kind}"><b>{escape(title)}</b> {escape(reason)}</p>\n'


def _lane(lane: Lane, label: str, result: Result, grade: str) -> Iterable[str]:
    yield f'<article class="lane {lane}">\n<h3>{escape(label)} '
    yield f'<span class="model">{escape(saying.model_label(result))}</span></h3>\n'
    if thought := saying.thought(result):
        yield f'<details class="thought">\n<summary>{escape(thought)}</summary>\n'
        name = escape(say("Thinking of {model}", model=label))
        yield f'<div class="trace" tabindex="0" role="region" aria-label="{name}">'
        yield f"{escape(result.output.thinking or '')}</div>\n</details>\n"
    if result.has_answer:
        yield f'<div class="text">{_text(render(result.output.answer))}</div>\n'
    if ending := saying.ending(result):
        error = f": {said(result.error.message)}" if result.error is not None else "."
        tone = "failed" if result.error is not None else "cut"
        yield f'<p class="outcome {tone}">{escape(ending + error)}</p>\n'
    yield grade
    yield _brief(result)
    yield _list("notices", [said(notice.text) for notice in result.notices])
    yield "</article>\n"


def _brief(result: Result) -> str:
    """The figures that are compared first."""
    numbers = result.numbers
    tokens = wording.count(numbers.generated_tokens, numbers.counts)
    figures = [
        (say("first token"), wording.seconds(numbers.first_token_s), ""),
        (say("first answer"), wording.seconds(numbers.first_answer_s), ""),
        (say("total"), wording.seconds(numbers.total_s), ""),
        ("", tokens, wording.token_unit(tokens)),
        ("", wording.rate(numbers.tokens_per_s), say("tokens/s")),
    ]
    items = "".join(
        f"<li>{escape(before)} <b>{escape(value)}</b> {escape(after)}</li>"
        for before, value, after in figures
        if value != wording.UNKNOWN
    )
    return f'<ul class="numbers">{items}</ul>\n'


def _timeline(results: Results, labels: Labels) -> Iterable[str]:
    totals = {
        lane: None if r.numbers.total_s is None else r.numbers.total_s + earlier_s(r)
        for lane, r in results.items()
    }
    longest = max((total or 0.0 for total in totals.values()), default=0.0)
    sentence = "".join(
        f"<b>{escape(piece)}</b>" if index % 2 else escape(piece)
        for index, piece in enumerate(cost(results, labels))
    )
    if not longest:
        return
    yield '<div class="timeline">\n<div class="legend">\n'
    yield f'<p class="cost">{sentence}</p>\n' if sentence else ""
    kinds = {"prompt": say("prompt"), "thinking": say("thinking"), "answer": say("answer")}
    if any(map(earlier_s, results.values())):
        kinds = {"earlier": say("earlier segments"), **kinds}
    keys = "".join(
        f'<li><span class="key {kind}"></span>{escape(words)}</li>' for kind, words in kinds.items()
    )
    yield f'<ul class="keys" aria-hidden="true">{keys}</ul>\n</div>\n<div class="bars">\n'
    for lane, result in results.items():
        parts = spans(result, result.numbers.total_s)
        said = f"{labels[lane]}: " + ", ".join(
            f"{kinds[s.kind]} {wording.seconds(s.end_s - s.start_s)}" for s in parts
        )
        pieces = "".join(_piece(span, longest) for span in parts)
        yield f"<span>{escape(labels[lane])}</span>"
        yield f'<div class="rail {lane}" role="img" aria-label="{escape(said)}">{pieces}</div>'
        yield f"<span>{wording.seconds(totals[lane])}</span>\n"
    axis = "".join(
        f'<span style="left:{100 * at_s / longest:.2f}%">{label}</span>'
        for at_s, label in marks(longest)
    )
    yield f'<div class="axis" aria-hidden="true">{axis}</div>\n</div>\n</div>\n'


def _piece(span: Span, longest: float) -> str:
    left, width = 100 * span.start_s / longest, 100 * (span.end_s - span.start_s) / longest
    return f'<span class="{span.kind}" style="left:{left:.2f}%;width:{width:.2f}%"></span>'


def _list_table(table: ListTable) -> str:
    heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.head)
    lines = "".join(
        "<tr>" + "".join(f'<td dir="auto">{escape(text)}</td>' for text in row) + "</tr>\n"
        for row in table.rows
    )
    return (
        f'<div class="wide"><table><thead><tr>{heads}</tr></thead>\n'
        f"<tbody>\n{lines}</tbody></table></div>\n"
    )


def _list(kind: str, items: list[str]) -> str:
    entries = "".join(f"<li>{escape(item)}</li>" for item in items)
    return f'<ul class="{kind}">{entries}</ul>\n' if entries else ""


def _table(caption: str, rows: Iterable[Row], labels: Labels) -> str:
    heads = "".join(f'<th scope="col">{escape(label)}</th>' for label in labels.values())
    lines = "".join(
        f'<tr><th scope="row">{escape(name)}</th>'
        + "".join(f"<td>{escape(value)}</td>" for value in values.values())
        + "</tr>\n"
        for name, values in rows
    )
    return (
        f'<div class="wide"><table><caption>{escape(caption)}</caption>\n'
        f"<thead><tr><td></td>{heads}</tr></thead>\n<tbody>\n{lines}</tbody></table></div>\n"
    )
