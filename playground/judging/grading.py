"""Whether a run's answer is the one that was expected.

One rule a kind of expectation; each grade says what decided. Pure: the answer's Python is run by
whoever is given for that. Does not know who expects what, or who counts grades.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, assert_never

from playground.domain.errors import BadRequest
from playground.domain.expected import Expected, ExpectedKind
from playground.judging import python_grading
from playground.judging.expected_values import chosen, is_number, within_tolerance
from playground.judging.expected_values import same_as_expected as same
from playground.judging.extraction import WHOLE_ENDINGS, final_answer_of
from playground.judging.finals import FinalAnswer
from playground.judging.patterns import BadPattern, check_pattern, found_in
from playground.judging.python_tests import RunPython
from playground.results.value import Result

GradeKind = Literal["right", "wrong", "no_answer", "not_judged"]
Judged = tuple[GradeKind, str]

NOT_ENDED = "The run has not ended."
NOTHING = "There is no answer."
CUT_OFF = "The run ended before its final answer."
EXPECTED = "The final answer is the expected one."
ANOTHER = "The final answer is another one."
UNTOLD = "It cannot be told whether the final answer is the expected one."
NOT_FOUND = "No final answer was found, and the answer as a whole is not the expected one."
WITHIN = "The number is within the tolerance."
OUTSIDE = "The number is outside the tolerance."
NO_NUMBER = "The final answer is no number."
NO_OPTION = "The final answer names no option."
EXACTLY = "The answer is exactly the expected one."
NOT_EXACTLY = "The answer is not exactly the expected one."
PATTERN = "The pattern is in the answer."
NO_PATTERN = "The pattern is not in the answer."
PATTERN_SLOW = "The pattern took too long."
PATTERN_BAD = "The pattern cannot be read."
WHYS = (
    NOT_ENDED, NOTHING, CUT_OFF, EXPECTED, ANOTHER, UNTOLD, NOT_FOUND, WITHIN, OUTSIDE, NO_NUMBER,
    NO_OPTION, EXACTLY, NOT_EXACTLY, PATTERN, NO_PATTERN, PATTERN_SLOW, PATTERN_BAD,
    *python_grading.WHYS,
)  # fmt: skip
_LISTED = re.compile(r"-?\d{1,15}(?:\s*,\s*-?\d{1,15}){3,200}")


@dataclass(frozen=True, slots=True)
class Grade:
    """`rule` is the kind of expectation, `why` one of WHYS; `said` is what its tests said."""

    kind: GradeKind
    rule: ExpectedKind
    final: FinalAnswer | None
    why: str = ""
    said: str = ""


def check_expected(expected: Expected) -> None:
    """Raises BadRequest for what can never be judged, such as a broken pattern."""
    value = expected.value
    match expected.kind:
        case "pattern":
            check_pattern(value)
        case "number" if not is_number(value):
            raise BadRequest(
                f"expected.value is {value!r}, but must be a number for kind number. Give one, such"
                " as 3.5, or use kind value."
            )
        case "choice" if chosen(value) is None:
            raise BadRequest(
                f"expected.value is {value!r}, but must be an option's letter for kind choice, A"
                " to J. Give one, or use kind value."
            )
        case "python":
            python_grading.check_tests(value)
        case _:
            pass


def grade(result: Result, expected: Expected, run_python: RunPython | None = None) -> Grade:
    """Is this run's answer right?"""
    final = final_answer_of(result)
    if result.phase != "ended":
        return Grade("not_judged", expected.kind, None, NOT_ENDED)
    if not result.has_answer:
        return Grade("no_answer", expected.kind, None, NOTHING)
    answer, whole = result.output.answer, result.ending in WHOLE_ENDINGS
    if expected.kind == "python":
        tried, why, said = python_grading.graded(answer, expected.value, run_python)
        if tried == "wrong" and not whole:
            return Grade("no_answer", "python", final, CUT_OFF)
        return Grade(tried, "python", final, why, said)
    if not whole and final is None and expected.kind not in ("exact", "pattern"):
        return Grade("no_answer", expected.kind, None, CUT_OFF)
    kind, why = _judged(answer, final, expected)
    if kind == "wrong" and not whole and final is None:
        return Grade("no_answer", expected.kind, None, CUT_OFF)
    return Grade(kind, expected.kind, final, why)


def _judged(answer: str, final: FinalAnswer | None, expected: Expected) -> Judged:
    match expected.kind:
        case "value" | "one_of":
            return _by_value(answer, final, expected.values)
        case "number":
            return _by_number(answer if final is None else final.text, expected)
        case "choice":
            return _by_choice(answer, final, expected.value)
        case "exact":
            same_text = _lines(answer) == _lines(expected.value)
            return ("right", EXACTLY) if same_text else ("wrong", NOT_EXACTLY)
        case "pattern":
            return _by_pattern(answer, expected.value)
        case "python":
            raise AssertionError("tests are python_grading's")
        case _:
            assert_never(expected.kind)


def _by_value(answer: str, final: FinalAnswer | None, values: tuple[str, ...]) -> Judged:
    verdicts = [same(answer, value) for value in values]
    if True in verdicts:
        return "right", EXPECTED
    if final is not None:
        verdicts = [same(final.text, value) for value in values]
        if True in verdicts:
            return "right", EXPECTED
    if final is not None and any(_is_in_another_order(final.text, value) for value in values):
        return "wrong", ANOTHER
    if None in verdicts:
        return "not_judged", UNTOLD
    return "wrong", NOT_FOUND if final is None else ANOTHER


def _is_in_another_order(given: str, expected: str) -> bool:
    """Whether these are the numbers of a sorted list that was expected, in another order.

    Four or more: of fewer, as the roots of an equation are, the order may not matter.
    """
    if not (_LISTED.fullmatch(given.strip()) and _LISTED.fullmatch(expected.strip())):
        return False
    came, wanted = ([int(each) for each in text.split(",")] for text in (given, expected))
    is_sorted = wanted in (sorted(wanted), sorted(wanted, reverse=True))
    return is_sorted and came != wanted and sorted(came) == sorted(wanted)


def _by_number(text: str, expected: Expected) -> Judged:
    if not expected.tolerance:
        return _by_value(text, FinalAnswer(text, "whole"), expected.values)
    if not is_number(text):
        return "wrong", NO_NUMBER
    match within_tolerance(text, expected.value, expected.tolerance):
        case None:
            return "not_judged", UNTOLD
        case True:
            return "right", WITHIN
        case False:
            return "wrong", OUTSIDE


def _by_choice(answer: str, final: FinalAnswer | None, value: str) -> Judged:
    letter = chosen(value)
    named = chosen(answer if final is None else final.text)
    if letter is not None and named is not None:
        return ("right", EXPECTED) if named == letter else ("wrong", ANOTHER)
    if same(final.text if final is not None else answer, value) is True:
        return "right", EXPECTED
    return "wrong", NO_OPTION


def _by_pattern(answer: str, pattern: str) -> Judged:
    try:
        found = found_in(pattern, answer)
    except BadPattern:
        return "not_judged", PATTERN_BAD
    if found is None:
        return "not_judged", PATTERN_SLOW
    return ("right", PATTERN) if found else ("wrong", NO_PATTERN)


def _lines(text: str) -> str:
    return "\n".join(text.strip().splitlines())
