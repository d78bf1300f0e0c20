"""Notebooks with judged runs, made up: lists of sums of which each lane gets some right."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from playground.domain.events import Ending
from playground.domain.expected import Expected, expected_from
from playground.domain.request import LANES, Lane, RunId
from playground.domain.sampling import Sampling
from playground.notebook.document import CellId, Document, PromptCell, Run, Vote
from playground.notebook.problems import Problem
from playground.notebook.variables import Values
from playground.results.value import Numbers, Output, Result
from tests.samples import request

MODELS: dict[Lane, str] = {"left": "demo-instruct", "right": "demo-thinking"}
RIGHT: dict[Lane, float] = {"left": 0.6, "right": 0.9}


def result(
    lane: Lane,
    prompt: str,
    answer: str,
    *,
    run: str = "run",
    budget: int | None = None,
    ending: Ending = "end_of_turn",
    seed: int = 7,
    model: str | None = None,
) -> Result:
    """An ended run; its tokens and seconds follow from the seed."""
    drawn = random.Random(f"{seed} {lane} {prompt} {budget}")
    thinks = lane == "right"
    thought = min(int(drawn.lognormvariate(5.6, 0.6)), budget or 10_000) if thinks else 0
    tokens = thought + 8
    asked = request(
        lane,
        id=RunId(run),
        model=model or MODELS[lane],
        prompt=prompt,
        sampling=Sampling(seed=seed, thinking_budget=budget),
    )
    return Result(
        request=asked,
        phase="ended",
        ending=ending,
        output=Output("Let me see." if thinks else None, answer),
        numbers=Numbers(
            first_token_s=0.1,
            first_answer_s=round(0.1 + thought * 0.01, 3) if answer else None,
            total_s=round(0.1 + tokens * 0.01, 3),
            thinking_tokens=thought,
            answer_tokens=6,
            marker_tokens=2,
            generated_tokens=tokens,
        ),
    )


def run_of(
    number: int,
    prompt: str,
    answers: Sequence[str],
    *,
    values: Values = (),
    repeat: int = 0,
    vote: Vote | None = None,
    budget: int | None = None,
    ending: Ending = "end_of_turn",
    models: tuple[str, str] = ("demo-instruct", "demo-thinking"),
    lanes: tuple[Lane, ...] = LANES,
) -> Run:
    """A run of both lanes, or of these."""
    name = f"run{number}"
    results = tuple(
        result(
            lane,
            prompt,
            answer,
            run=name,
            budget=budget if lane == "right" else None,
            ending=ending,
            seed=number,
            model=model,
        )
        for lane, answer, model in zip(LANES, answers, models, strict=True)
        if lane in lanes
    )
    return Run(RunId(name), number, results, values, repeat, vote)


@cache
def listed(
    problems: int = 40,
    *,
    name: str = "list",
    repeats: int = 1,
    budgets: tuple[int | None, ...] = (),
    stopped: int = 0,
    judged: bool = True,
) -> PromptCell:
    """A list of sums, under three tags, that has run; the last `stopped` runs were stopped."""
    drawn = random.Random(problems)
    rows, runs = [], []
    for place in range(problems):
        a, b = drawn.randint(10, 99), drawn.randint(10, 99)
        tag = ("sums", "letters", "equations")[place % 3]
        text = f"What is {a} + {b}? ({place})"
        values = (("prompt", text),)
        rows.append(Problem(values, expected_from(str(a + b)) if judged else None, (tag,)))
        for repeat in range(repeats):
            for nth, budget in enumerate(budgets or (None,)):
                # What does not think has no budgets to be compared.
                lanes: tuple[Lane, ...] = LANES if nth == 0 else ("right",)
                spared = 1.0 if budget is None else min(1.0, 0.6 + budget / 1024)
                chance = {"left": RIGHT["left"], "right": RIGHT["right"] * spared}
                answers = [
                    f"It is **{a + b if drawn.random() < chance[lane] else a}**." for lane in LANES
                ]
                runs.append(
                    run_of(
                        len(runs) + 1,
                        text,
                        answers,
                        values=values,
                        repeat=repeat,
                        budget=budget,
                        lanes=lanes,
                    )
                )
    for place in range(len(runs) - stopped, len(runs)):
        ended = tuple(replace(each, ending="user") for each in runs[place].results)
        runs[place] = replace(runs[place], results=ended)
    return PromptCell(
        CellId(name),
        "{{prompt}}",
        tuple(runs),
        problems=tuple(rows),
        repeats=repeats,
        budgets=budgets,
    )


def plain(name: str, *runs: Run, expected: Expected | None = None) -> PromptCell:
    """A cell whose prompt is that of its runs."""
    prompt = runs[0].results[0].request.prompt if runs else "Why?"
    return PromptCell(CellId(name), prompt, runs, expected=expected)


def book(*cells: PromptCell) -> Document:
    """A notebook of these cells."""
    return Document(cells, sum(len(cell.runs) for cell in cells))
