"""What asking many times gives back: rows with both results and what they were judged to be, a
table, and a verdict; it shows itself in Jupyter, live while it runs.

Knows documents and verdicts; does not know who runs them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any, Self

import pandas as pd

from playground import jupyter
from playground.compared import Compared, Each
from playground.domain.request import LANES, Lane
from playground.domain.text import as_markdown_text, cut
from playground.judging import RunPython, agreement_words, grade_words
from playground.notebook.document import Document, PromptCell
from playground.notebook.packing import run_data
from playground.notebook.plan import notes_of, plan
from playground.notebook.problems import short_expected
from playground.notebook.saving import save_atomically
from playground.notebook.settings import Settings
from playground.notebook.storage import write
from playground.rendering.plain_maths import plain_maths
from playground.results import wording
from playground.results.wording import lane_labels
from playground.verdict import numerals
from playground.verdict.from_document import groups_of_cell
from playground.verdict.grouping import Group
from playground.verdict.reports import Report, counts_words, report_of
from playground.verdict.rows import Row, list_data, rows_of
from playground.verdict.value import Verdict
from playground.words import say

UPDATE_S = 1.0
MOST_SHOWN = 100
LONGEST = 120
COLUMNS = ("number", "prompt", "expected", "tags", "repeat", "budget", "agreement")
OF_LANE = ("final", "grade", "answer", "ending", "tokens", "total_s", "first_answer_s")


class ComparedList(Each):
    """The runs of a list, of repeats or of thinking budgets, in the order in which they ran.

    `shown_in` is the number of the Jupyter execution that has it on display already. `run_python`
    runs an answer's code where tests are expected to pass.
    """

    cell: PromptCell
    settings: Settings

    def __new__(
        cls,
        cell: PromptCell,
        settings: Settings,
        run_python: RunPython | None = None,
        shown_in: int | None = None,
    ) -> Self:
        listed = super().__new__(cls, map(_compared, rows_of(cell, run_python)))
        listed.cell, listed.settings = cell, settings
        listed._run_python, listed._shown_in = run_python, shown_in
        return listed

    _run_python: RunPython | None
    _shown_in: int | None

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """A row a run, with the number of its problem and its thinking budget."""
        return rows_of(self.cell, self._run_python)

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The attempts under one pair of models and settings; the newest first."""
        return groups_of_cell(self.cell, self._run_python)

    @cached_property
    def verdict(self) -> Verdict | None:
        """What the runs under the newest settings say; null where none has ended."""
        return None if self._report is None else self._report.verdict

    @cached_property
    def words(self) -> str:
        """The verdict in words: in all, by tag, by thinking budget; what of the list runs once."""
        if self._report is None:
            return say("No run has come to its end here yet.")
        counts = counts_words(self._report.verdict)
        return "\n".join([*self._report.lines, *([counts] if counts else []), *notes_of(self.cell)])

    @cached_property
    def _report(self) -> Report | None:
        return report_of(self.groups[0]) if self.groups else None

    def table(self) -> pd.DataFrame:
        """One row a run, with each lane's columns as `left_grade`, `right_tokens` and so on."""
        columns = [*COLUMNS, *(f"{lane}_{name}" for lane in LANES for name in OF_LANE)]
        return pd.DataFrame([_table_row(row) for row in self.rows], columns=columns)

    def to_json(self) -> dict[str, Any]:
        """Rows, verdict and words as JSON-ready data, as the API gives them."""
        return list_data(self.cell, self._run_python)

    def save(self, path: str | Path) -> None:
        """Write it as a notebook with one cell, which the page opens. Raises BadRequest."""
        document = Document((self.cell,), runs_made=len(self.cell.runs))
        save_atomically(Path(path), write(document, self.settings))

    def _ipython_display_(self) -> None:
        if self._shown_in is None or self._shown_in != jupyter.execution():
            raise NotImplementedError("shown by its HTML or its text")

    def _repr_html_(self) -> str:
        return to_html(self)

    def _repr_markdown_(self) -> str:
        return to_markdown(self)


def _compared(row: Row) -> Compared:
    return Compared(row.results, row.values, row.repeat, row.expected, row.tags, row.run_python)


def _table_row(row: Row) -> dict[str, object]:
    agreed, grades, lanes = row.agreement, row.grades, row.lanes
    cells: dict[str, object] = {
        "number": row.number,
        "prompt": _question(row),
        "expected": _expected(row),
        "tags": ", ".join(row.tags),
        "repeat": row.repeat,
        "budget": row.budget,
        "agreement": None if agreed is None else agreed.kind,
    }
    for lane, result in lanes.items():
        graded, final = grades.get(lane), _final(row, lane)
        values = (
            *(final, None if graded is None else graded.kind, result.output.answer, result.ending),
            *(result.numbers.generated_tokens, result.numbers.total_s),
            result.numbers.first_answer_s,
        )
        cells |= {f"{lane}_{name}": value for name, value in zip(OF_LANE, values, strict=True)}
    return cells


def _question(row: Row) -> str:
    return row.results[0].request.question if row.results else ""


def _expected(row: Row) -> str | None:
    if row.expected is None:
        return None
    short = short_expected(row.expected)
    return short if isinstance(short, str) else " | ".join(row.expected.values)


def _final(row: Row, lane: Lane) -> str | None:
    agreed, graded = row.agreement, row.grades.get(lane)
    finals = {} if agreed is None else {"left": agreed.left, "right": agreed.right}
    final = finals.get(lane) or (graded.final if graded is not None else None)
    return None if final is None else final.text


def to_html(listed: ComparedList) -> str:
    """The verdict, and a table of the newest runs; all text is escaped."""
    words = "".join(f"<p>{escape(line)}</p>" for line in listed.words.splitlines())
    return words + _html_table(listed.rows)


def _html_table(rows: tuple[Row, ...]) -> str:
    cells = "".join(f"<th>{escape(name)}</th>" for name in _head(rows))
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in _cells(row)) + "</tr>"
        for row in rows[-MOST_SHOWN:]
    )
    return f'<table class="playground"><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>'


def to_markdown(listed: ComparedList) -> str:
    """The same in Markdown, where model text can do no harm either."""
    rows = listed.rows
    head = _head(rows)
    lines = [head, ["---"] * len(head), *(_cells(row) for row in rows[-MOST_SHOWN:])]
    table = [f"| {' | '.join(map(as_markdown_text, cells))} |" for cells in lines]
    table[1] = f"|{'---|' * len(head)}"
    words = [as_markdown_text(line) for line in listed.words.splitlines()]
    return "\n\n".join([*words, "\n".join(table)])


def _head(rows: tuple[Row, ...]) -> list[str]:
    labels = lane_labels(_thinks(rows))
    lanes = [labels.get(lane, say(lane.capitalize())) for lane in LANES]
    return ["", say("Prompt"), say("expected"), *lanes, say("agreement")]


def _thinks(rows: tuple[Row, ...]) -> dict[Lane, bool]:
    results = [result for row in rows for result in row.results]
    found: dict[Lane, bool] = {}
    for lane in LANES:
        of_lane = [result for result in results if result.request.lane == lane]
        if of_lane:
            found[lane] = any(result.output.thinking is not None for result in of_lane)
    return found


def _cells(row: Row) -> list[str]:
    agreed = row.agreement
    number = "" if row.number is None else str(row.number)
    return [
        number if not row.repeat else f"{number} ({row.repeat + 1})".strip(),
        _cut(_question(row)),
        _cut(_expected(row) or ""),
        *(_lane_words(row, lane) for lane in LANES),
        "" if agreed is None else agreement_words(agreed),
    ]


def _lane_words(row: Row, lane: Lane) -> str:
    result, graded = row.lanes.get(lane), row.grades.get(lane)
    if result is None:
        return ""
    final = _cut(_final(row, lane) or wording.ending(result))
    return final if graded is None else f"{final} · {grade_words(graded)}"


def _cut(text: str) -> str:
    return cut(plain_maths(text), LONGEST)


class LiveList:
    """Shows a list in place while it runs, now and then, and its last state for good.

    The verdict comes at the end: weighing a long list takes longer than many a run. With it come
    the runs that were made, so that a notebook's file can be read back.
    """

    def __init__(
        self,
        update: Callable[[jupyter.Bundle, jupyter.Bundle], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._update = update
        self._clock = clock
        self._shown_s: float | None = None

    def is_due(self) -> bool:
        """Whether it is time to show it again."""
        return self._shown_s is None or self._clock() - self._shown_s >= UPDATE_S

    def show(self, listed: ComparedList, progress: str) -> None:
        """Show it as it is now."""
        self._shown_s = self._clock()
        head = f"<p><b>{escape(progress)}</b></p>"
        self._update({"text/html": head + _html_table(listed.rows), "text/plain": progress}, {})

    def end(self, listed: ComparedList, made: int) -> None:
        """Show its last state; `made` is how many of its runs were made now."""
        new = listed.cell.runs[len(listed.cell.runs) - made :]
        runs = [run_data(run) for run in new]
        head = f"<p><b>{escape(_done(listed.cell))}</b></p>"
        shown = {
            "text/html": head + to_html(listed),
            "text/plain": listed.words,
            "text/markdown": to_markdown(listed),
        }
        self._update(shown, {"playground": {"runs": runs}})


def _done(cell: PromptCell) -> str:
    planned = numerals.runs(len(plan(cell)))
    return say("{done} of {planned}", done=len(cell.runs), planned=planned)
