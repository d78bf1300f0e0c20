"""Results of the built-in pair with an answer, an age and settings of their own, in cells."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from playground.domain.request import LANES, Lane, RunId
from playground.notebook.document import CellId, PromptCell, Run
from playground.notebook.variables import Values
from playground.results.value import Numbers, Result
from tests.notebook.notebooks import result

PROMPT = "What is 2 + 2?"


def answered(lane: Lane, run: str, answer: str = "**4**", **changes: Any) -> Result:
    """An ended result; what is no field of it changes its request's or its sampling's."""
    sampling = {
        name: changes.pop(name)
        for name in ("temperature", "seed", "thinking_budget")
        if name in changes
    }
    asked = {
        name: changes.pop(name) for name in ("prompt", "model", "continuing") if name in changes
    }
    numbers = Numbers(generated_tokens=9, total_s=2.0, first_answer_s=1.0)
    made = result(lane, run, answer, **{"numbers": numbers, **changes})
    request = replace(made.request, sampling=replace(made.request.sampling, **sampling), **asked)
    return replace(made, request=request)


def ran(
    number: int,
    left: str | None = "**4**",
    right: str | None = "**4**",
    values: Values = (),
    repeat: int = 0,
    **changes: Any,
) -> Run:
    """A run with these answers; a lane without one did not run."""
    name = f"r{number}"
    given = {
        lane: text for lane, text in zip(LANES, (left, right), strict=True) if text is not None
    }
    results = tuple(answered(lane, name, text, **changes) for lane, text in given.items())
    return Run(RunId(name), number, results, values, repeat)


def cell(*runs: Run, prompt: str = PROMPT, **changes: Any) -> PromptCell:
    return PromptCell(CellId(changes.pop("id", "a")), prompt, runs, **changes)
