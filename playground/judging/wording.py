"""Judgements in words, in the language that is spoken.

Each rule has its words in a fixed table; knows nothing of where they are shown.
"""

from __future__ import annotations

from collections.abc import Mapping

from playground.judging.agreement import Agreement, AgreementKind
from playground.judging.equality import Comparison
from playground.judging.finals import Rule
from playground.judging.grading import Grade, GradeKind
from playground.words import say

RULE_WORDS: Mapping[Rule, str] = {
    "boxed": "in a box",
    "json_field": "the answer field of JSON",
    "stated": "stated as the answer",
    "json": "the JSON in the answer",
    "option": "the option that was chosen",
    "bold": "in bold at the end",
    "yes_no": "the yes or no at its start",
    "code": "the code in the answer",
    "whole": "the whole answer",
    "number": "the last number",
}
COMPARISON_WORDS: Mapping[Comparison, str] = {
    "number": "compared as numbers",
    "unit": "compared as amounts",
    "formula": "compared as formulas",
    "list": "compared as lists",
    "choice": "compared as options",
    "date": "compared as dates or times",
    "data": "compared as JSON",
    "code": "compared as code, letter by letter",
    "text": "compared as text",
    "missing": "a final answer is missing",
}
AGREEMENT_WORDS: Mapping[AgreementKind, str] = {
    "agree": "agree",
    "disagree": "disagree",
    "cannot_tell": "cannot tell",
}
GRADE_WORDS: Mapping[GradeKind, str] = {
    # "right" alone is a lane.
    "right": "right answer",
    "wrong": "wrong answer",
    "no_answer": "no answer",
    "not_judged": "not judged",
}


def rule_words(rule: Rule) -> str:
    """How a final answer was found."""
    return say(RULE_WORDS[rule])


def comparison_words(rule: Comparison) -> str:
    """How two final answers were compared."""
    return say(COMPARISON_WORDS[rule])


def agreement_words(agreement: Agreement) -> str:
    """Agree, disagree or cannot tell."""
    return say(AGREEMENT_WORDS[agreement.kind])


def grade_words(grade: Grade) -> str:
    """Right answer, wrong answer, no answer or not judged."""
    return say(GRADE_WORDS[grade.kind])


def why_words(grade: Grade) -> str:
    """What decided a grade."""
    return say(grade.why)
