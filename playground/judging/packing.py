"""Judgements as JSON-ready data and as the rows of a table: the same for every door.

Knows results and what is expected; does not know who asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playground.domain.expected import Expected
from playground.domain.request import LANES, Lane, Request, RunId
from playground.judging.agreement import Agreement, agreement
from playground.judging.finals import FinalAnswer
from playground.judging.grading import Grade, grade
from playground.judging.python_tests import RunPython
from playground.judging.wording import agreement_words, grade_words
from playground.rendering.plain_maths import plain_maths
from playground.results import wording
from playground.results.figures import Row
from playground.results.value import Output, Result
from playground.words import say

Results = Mapping[Lane, Result]


def agreement_of(results: Results) -> Agreement | None:
    """Whether the lanes agree; null where one ran alone."""
    if len(results) < len(LANES):
        return None
    return agreement(results["left"], results["right"])


def grades_of(
    results: Results, expected: Expected | None, run_python: RunPython | None = None
) -> dict[Lane, Grade]:
    """Each lane's grade; empty where nothing is expected."""
    if expected is None:
        return {}
    return {lane: grade(result, expected, run_python) for lane, result in results.items()}


def judged_data(
    results: Results, expected: Expected | None, run_python: RunPython | None = None
) -> dict[str, Any]:
    """The lanes' agreement and each one's grade: null where there is none."""
    agreed = agreement_of(results)
    grades = grades_of(results, expected, run_python)
    data: dict[str, Any] = {"agreement": None if agreed is None else agreement_data(agreed)}
    for lane in results:
        data[lane] = grade_data(grades[lane]) if lane in grades else None
    return data


def agreement_data(agreed: Agreement) -> dict[str, Any]:
    """agree, disagree or cannot_tell, by which comparison, and both final answers."""
    return {
        "kind": agreed.kind,
        "rule": agreed.rule,
        "left": _final_data(agreed.left),
        "right": _final_data(agreed.right),
    }


def grade_data(graded: Grade) -> dict[str, Any]:
    """right, wrong, no_answer or not_judged, by which rule, and why; what its tests said."""
    data = {
        "grade": graded.kind,
        "rule": graded.rule,
        "final": _final_data(graded.final),
        "why": graded.why,
    }
    return {**data, "said": graded.said} if graded.said else data


def _final_data(final: FinalAnswer | None) -> dict[str, str] | None:
    return None if final is None else {"text": final.text, "rule": final.rule}


def judged_rows(
    results: Results, expected: Expected | None, run_python: RunPython | None = None
) -> list[Row]:
    """What a table of two lanes says of their answers where one is expected."""
    grades = grades_of(results, expected, run_python)
    if not grades:
        return []
    finals = {lane: _final_words(each.final) for lane, each in grades.items()}
    words = {lane: grade_words(each) for lane, each in grades.items()}
    return [(say("final answer"), finals), (say("judged"), words)]


def agreement_line(results: Results) -> str:
    """Whether both lanes say the same; empty where one ran alone."""
    agreed = agreement_of(results)
    if agreed is None:
        return ""
    return say("Both final answers: {agreement}.", agreement=agreement_words(agreed))


def _final_words(final: FinalAnswer | None) -> str:
    return wording.UNKNOWN if final is None else plain_maths(final.text)


def answered(lane: Lane, answer: str) -> Result:
    """An answer that came from elsewhere, as what can be judged."""
    request = Request(id=RunId(""), created_at="", lane=lane, model="", prompt="")
    return Result(request, "ended", "end_of_turn", Output(answer=answer))
