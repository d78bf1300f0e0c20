"""Attempts for tests: a lane's marks, one a problem, and lists of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from playground.domain.request import Lane
from playground.verdict.attempt import Attempt

LABELS = {"left": "Instruct", "right": "Thinking"}
GRADES = {"+": "right", "-": "wrong", "0": "no_answer", "?": None}


def attempt(problem: str, lane: Lane = "right", mark: str = "+", **changes: Any) -> Attempt:
    """`mark` is + right, - wrong, 0 no answer, ? not judged; its final answer is the mark."""
    values: dict[str, Any] = {
        "repeat": 0,
        "label": LABELS[lane],
        "grade": GRADES[mark],
        "final": None if mark == "0" else mark,
        "no_answer": mark == "0",
        "thinks": lane == "right",
        "generated_tokens": 400 if lane == "right" else 50,
        "total_s": 40.0 if lane == "right" else 5.0,
        "first_answer_s": None if mark == "0" else 30.0 if lane == "right" else 0.5,
    }
    return Attempt(problem=problem, lane=lane, **{**values, **changes})


def marked(lane: Lane, marks: str, **changes: Any) -> list[Attempt]:
    """One attempt a mark, at problems p0, p1, …"""
    return [attempt(f"p{place}", lane, mark, **changes) for place, mark in enumerate(marks)]


def repeated(lane: Lane, marks: Sequence[str], **changes: Any) -> list[Attempt]:
    """A problem for each entry, a repeat for each of its marks."""
    return [
        attempt(f"p{place}", lane, mark, repeat=repeat, **changes)
        for place, repeats in enumerate(marks)
        for repeat, mark in enumerate(repeats)
    ]


def lists(left: str, right: str, **changes: Any) -> list[Attempt]:
    """Both lanes on the same problems."""
    return [*marked("left", left, **changes), *marked("right", right, **changes)]
