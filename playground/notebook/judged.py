"""How a notebook's runs are judged, and how that is said: the same on the page and in the exports.

An expected answer holds for a run that asked what the cell asks now. Texts of models and people are
cut to one short line in what is said. Knows no file's form and no page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from playground.domain.expected import Expected
from playground.domain.request import LANES, Lane
from playground.domain.text import cut
from playground.judging import (
    Agreement,
    FinalAnswer,
    Grade,
    RunPython,
    agreement,
    comparison_words,
    grade,
    rule_words,
    why_words,
)
from playground.notebook.document import PromptCell, Run
from playground.notebook.plan import expected_by_run
from playground.notebook.variables import asked_with
from playground.rendering.plain_maths import plain_maths
from playground.results.value import Result
from playground.words import number, say

SHORT = 60
ANOTHER_PROMPT = "It asked something else than the cell asks now."


@dataclass(frozen=True, slots=True)
class JudgedRun:
    """What is said of one run: its lanes' grades where an answer is expected, and whether two
    lanes that ended agree."""

    expected: Expected | None
    grades: dict[Lane, Grade]
    agreement: Agreement | None


def judge_of(cell: PromptCell, run_python: RunPython | None = None) -> Callable[[Run], JudgedRun]:
    """A look-up from a run of the cell to how it is judged now."""
    expected_of = expected_by_run(cell)

    def judged(run: Run) -> JudgedRun:
        expected, ended = expected_of(run), [r for r in run.results if r.ending is not None]
        grades: dict[Lane, Grade] = {}
        if expected is not None:
            other = not asks_still(cell, run)
            grades = {
                result.request.lane: _not_asked(result, expected)
                if other
                else grade(result, expected, run_python)
                for result in ended
            }
        by_lane = {result.request.lane: result for result in ended}
        both = len(by_lane) == len(LANES)
        agreeing = agreement(by_lane["left"], by_lane["right"]) if both else None
        return JudgedRun(expected, grades, agreeing)

    return judged


def asks_still(cell: PromptCell, run: Run) -> bool:
    """Whether the run asked what asking it again would ask."""
    asked = asked_with(cell.prompt, run.values)
    return all(result.request.question == asked for result in run.results)


def _not_asked(result: Result, expected: Expected) -> Grade:
    return Grade("not_judged", expected.kind, None, ANOTHER_PROMPT)


def short(text: str) -> str:
    """One short line of an answer, its formulas as plain text."""
    return cut(plain_maths(text), SHORT)


def wanted(expected: Expected) -> str:
    """The expected answer in short: "4042", "4042 ± 0.5", "one of 3 values"."""
    match expected.kind:
        case "number" if expected.tolerance:
            return f"{short(expected.value)} ± {number(f'{expected.tolerance:g}')}"
        case "one_of" if len(expected.values) > 3:
            return say("one of {count} values", count=len(expected.values))
        case "one_of":
            return f" {say('or')} ".join(map(short, expected.values))
        case "pattern":
            return f"/{cut(expected.value, SHORT)}/"
        case "python":
            return say("tests that pass")
        case _:
            return short(expected.value)


def grade_title(grade: Grade) -> str:
    """The grade in a word or two."""
    match grade.kind:
        case "right":
            return say("Right answer")
        case "wrong":
            return say("Wrong answer")
        case "no_answer":
            return say("No answer")
        case "not_judged":
            return say("Not judged")


def grade_reason(grade: Grade, expected: Expected) -> str:
    """Why in short: "4042", "4,042 = 4042", "expected 4042, got 666"."""
    final = short(grade.final.text) if grade.final is not None else ""
    match grade.kind:
        case "right" if expected.kind in ("pattern", "python") or not final:
            return wanted(expected)
        case "right" if final == wanted(expected):
            return final
        case "right" if expected.kind in ("value", "choice"):
            return f"{final} = {wanted(expected)}"
        case "right":
            return say("{final} is {answer}", final=final, answer=wanted(expected))
        case "wrong" if final:
            return say("expected {answer}, got {final}", answer=wanted(expected), final=final)
        case "not_judged":
            return why_words(grade)
        case _:
            return say("expected {answer}", answer=wanted(expected))


def agreement_title(found: Agreement) -> str:
    """Whether two answers agree, in a word or two."""
    match found.kind:
        case "agree":
            return say("Same answer")
        case "disagree":
            return say("Different answers")
        case "cannot_tell":
            return say("Cannot tell whether they agree")


def agreement_reason(found: Agreement, labels: Mapping[Lane, str]) -> str:
    """The two final answers in short: "4042", "4,042 = 4042", "Instruct: 666 · Thinking: 4042"."""
    if found.left is None and found.right is None:
        return say("no final answer on either side")
    left, right = (
        say("no final answer") if each is None else short(each.text)
        for each in (found.left, found.right)
    )
    if found.kind == "agree":
        return left if left == right else f"{left} = {right}"
    return f"{labels['left']}: {left} · {labels['right']}: {right}"


def compared_how(found: Agreement) -> str:
    """How two final answers were compared; "" where there was nothing to compare."""
    if found.left is None or found.right is None:
        return ""
    return comparison_words(found.rule)


def found_how(final: FinalAnswer | None) -> str:
    """How a final answer was found."""
    return say("none of the rules finds one") if final is None else rule_words(final.rule)


def agreement_line(found: Agreement, labels: Mapping[Lane, str]) -> str:
    """The agreement and both final answers, in one line."""
    how = compared_how(found)
    line = f"{agreement_title(found)}: {agreement_reason(found, labels)}"
    return f"{line} ({how})" if how else line
