"""Judging: an answer's final answer, whether two agree, and whether one is what was expected.

Judgements are derived from results whenever they are asked for and never stored in one. Knows
`domain` and `results` only; does not know who shows a judgement or counts it.
"""

from playground.judging.agreement import Agreement, AgreementKind, agreement
from playground.judging.equality import Comparison, same_value
from playground.judging.extraction import FinalAnswer, Rule, final_answer, final_answer_of
from playground.judging.grading import Grade, GradeKind, check_expected, grade
from playground.judging.python_tests import PythonOutcome, RunPython, run_python
from playground.judging.wording import (
    agreement_words,
    comparison_words,
    grade_words,
    rule_words,
    why_words,
)

__all__ = [
    "Agreement",
    "AgreementKind",
    "Comparison",
    "FinalAnswer",
    "Grade",
    "GradeKind",
    "PythonOutcome",
    "Rule",
    "RunPython",
    "agreement",
    "agreement_words",
    "check_expected",
    "comparison_words",
    "final_answer",
    "final_answer_of",
    "grade",
    "grade_words",
    "rule_words",
    "run_python",
    "same_value",
    "why_words",
]
