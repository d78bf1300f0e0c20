"""A list's runs as the rows of one table, a row a run, for every export that is read by people.

Texts, shortened to a line; whoever writes them escapes them. Knows no file's form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from playground.domain.request import LANES, Lane
from playground.domain.text import cut
from playground.judging import Grade, RunPython, agreement_words, grade_words
from playground.notebook.document import PromptCell, Run
from playground.notebook.exports import saying
from playground.notebook.judged import judge_of, wanted
from playground.rendering.plain_maths import plain_maths
from playground.results import wording
from playground.results.value import Result
from playground.words import say

LONGEST = 200


@dataclass(frozen=True, slots=True)
class ListTable:
    """A head, and rows as long as it."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def table_of(cell: PromptCell, run_python: RunPython | None = None) -> ListTable:
    """All runs of the cell, in order; columns that would be empty are left out."""
    columns: dict[str, list[str]] = {}
    judge = judge_of(cell, run_python)
    labels = _labels(cell)
    for place, run in enumerate(cell.runs):
        judged = judge(run)
        told = {say("Run"): str(run.number), **{name: _short(text) for name, text in run.values}}
        if cell.repeats > 1 or run.repeat:
            told[say("Repeat")] = str(run.repeat + 1)
        if cell.budgets:
            told[say("Thinking budget")] = saying.budget_words(_budget(run))
        if judged.expected is not None:
            told[say("Expected")] = wanted(judged.expected)
        for lane, result in saying.results_of(run).items():
            told |= _of_lane(labels[lane], result, judged.grades.get(lane))
        if judged.agreement is not None:
            told[say("Agreement")] = agreement_words(judged.agreement)
        if run.vote is not None:
            told[say("Vote")] = saying.vote_words(run.vote, labels)
        for name, text in told.items():
            cells = columns.setdefault(name, [])
            cells += [""] * (place - len(cells)) + [text]
    count = len(cell.runs)
    filled = {name: [*cells, *[""] * (count - len(cells))] for name, cells in columns.items()}
    return ListTable(tuple(filled), tuple(zip(*filled.values(), strict=True)))


def _labels(cell: PromptCell) -> Mapping[Lane, str]:
    """What the lanes are called in the newest run that has both; the models may have changed."""
    for run in reversed(cell.runs):
        if len(run.lanes) == len(LANES):
            return saying.labels_of(saying.results_of(run))
    return {lane: say(lane.capitalize()) for lane in LANES}


def _of_lane(label: str, result: Result, grade: Grade | None) -> dict[str, str]:
    numbers = result.numbers
    ending = saying.ending(result)
    judged = "" if grade is None else grade_words(grade)
    answer = _short(result.output.answer) if result.has_answer else ""
    return {
        label: " · ".join(part for part in (judged, answer, ending) if part),
        f"{label}: {say('tokens')}": wording.count(numbers.generated_tokens, numbers.counts),
        f"{label}: {say('total')}": wording.seconds(numbers.total_s),
    }


def _budget(run: Run) -> int | None:
    """The budget that its lanes that think ran under."""
    thinking = [result for result in run.results if saying.thinks(result)]
    return thinking[0].request.sampling.thinking_budget if thinking else None


def _short(text: str) -> str:
    return cut(plain_maths(text), LONGEST)
