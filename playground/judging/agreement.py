"""Whether two lanes came to the same final answer.

Knows how a final answer is found and compared; does not know what was expected.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from playground.judging.equality import Comparison, compared
from playground.judging.extraction import final_answer_of
from playground.judging.finals import FinalAnswer
from playground.results.value import Result

AgreementKind = Literal["agree", "disagree", "cannot_tell"]


@dataclass(frozen=True, slots=True)
class Agreement:
    """`rule` says as what the two were compared; a lane without a final answer has null."""

    kind: AgreementKind
    rule: Comparison
    left: FinalAnswer | None
    right: FinalAnswer | None


def agreement(left: Result, right: Result) -> Agreement:
    """Do the final answers of these two runs agree?"""
    one, other = final_answer_of(left), final_answer_of(right)
    if one is None or other is None:
        return Agreement("cannot_tell", "missing", one, other)
    same, rule = compared(one.text, other.text)
    if "code" in (one.rule, other.rule):
        # Only the same text is the same program.
        rule, same = "code", True if one.text == other.text else None
    kind: AgreementKind = "cannot_tell" if same is None else "agree" if same else "disagree"
    return Agreement(kind, rule, one, other)
