"""Judgements on the wire: a run's grades and agreement, as badges. No Gradio.

They are made anew with every view, so that a changed expected answer judges old runs at once.
"""

from __future__ import annotations

from collections.abc import Mapping

from playground.domain.expected import Expected
from playground.domain.request import Lane
from playground.judging import Agreement, FinalAnswer, Grade, RunPython, why_words
from playground.notebook import judged
from playground.notebook.document import PromptCell, Run
from playground.ui.python_tests import StillRunning
from playground.ui.wire_judging import Badge, Fact
from playground.words import say

LONGEST = 400
JUDGED_BY = {
    "value": "Same value",
    "exact": "Exact text",
    "number": "Number within",
    "choice": "Multiple choice",
    "one_of": "One of several",
    "pattern": "Pattern",
    "python": "Python tests",
}


def run_badges(
    cell: PromptCell, run: Run, labels: Mapping[Lane, str], run_python: RunPython | None
) -> tuple[dict[Lane, Badge], Badge | None]:
    """The lanes' grades, where an answer is expected, and the run's agreement."""
    try:
        found = judged.judge_of(cell, run_python)(run)
    except StillRunning:
        found = judged.judge_of(cell)(run)
        waiting = Badge(
            kind="waiting",
            title=say("Being judged…"),
            reason=say("the tests run"),
            rule="",
            facts=[],
        )
        grades = dict.fromkeys(found.grades, waiting)
    else:
        grades = {
            lane: grade_badge(grade, found.expected, labels[lane])
            for lane, grade in found.grades.items()
            if found.expected is not None
        }
    agreement = None if found.agreement is None else agreement_badge(found.agreement, labels)
    return grades, agreement


def grade_badge(grade: Grade, expected: Expected, label: str) -> Badge:
    """One lane's grade."""
    how = say(JUDGED_BY[expected.kind])
    facts = [Fact(label=say("Expected"), text=_cut("\n".join(expected.values)), how=how)]
    if grade.kind != "not_judged" or grade.final is not None:
        facts.append(_final(label, grade.final))
    if grade.why:
        facts.append(Fact(label=say("Why"), text=why_words(grade), how=""))
    if grade.said:
        facts.append(Fact(label=say("The tests said"), text=_cut(grade.said), how=""))
    return Badge(
        kind=grade.kind,
        title=judged.grade_title(grade),
        reason=judged.grade_reason(grade, expected),
        rule=grade.rule,
        facts=facts,
    )


def agreement_badge(found: Agreement, labels: Mapping[Lane, str]) -> Badge:
    """Whether two lanes agree."""
    facts = [_final(labels["left"], found.left), _final(labels["right"], found.right)]
    if how := judged.compared_how(found):
        facts.append(Fact(label=say("How"), text=how, how=""))
    return Badge(
        kind=found.kind,
        title=judged.agreement_title(found),
        reason=judged.agreement_reason(found, labels),
        rule=found.rule,
        facts=facts,
    )


def _final(label: str, final: FinalAnswer | None) -> Fact:
    text = say("no final answer") if final is None else _cut(final.text)
    return Fact(label=label, text=text, how=judged.found_how(final))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
