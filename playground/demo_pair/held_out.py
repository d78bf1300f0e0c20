"""Problems that were never trained on, in phrasings that were never trained on: the built-in list.

The same ones on every machine. Knows the generators; no torch, no model.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from playground.demo_pair.conversations import TASKS
from playground.demo_pair.phrasings import ask
from playground.demo_pair.problems import LANGUAGES, Language, Problem, draw

LIST_SEED = 2507


@dataclass(frozen=True)
class Question:
    """A held-out problem in words."""

    prompt: str
    problem: Problem
    language: Language


def questions(each: int, seed: int, *, held_out_phrasings: bool = True) -> list[Question]:
    """As many of each task, both languages, each problem once, none of them seen in training."""
    rng = random.Random(f"held out/{seed}")
    drawn: dict[tuple[str, str], Question] = {}
    for generators in TASKS.values():
        for index in range(each):
            generator, _ = generators[index % len(generators)]
            language = rng.choice(LANGUAGES)
            problem = draw(generator, rng, language, held_out=True)
            while (problem.task, problem.key) in drawn:
                problem = draw(generator, rng, language, held_out=True)
            prompt = ask(problem, rng, language, held_out=held_out_phrasings)
            drawn[problem.task, problem.key] = Question(prompt, problem, language)
    return list(drawn.values())


def problem_rows(each: int = 25, seed: int = LIST_SEED) -> list[dict[str, Any]]:
    """The built-in list as rows: `prompt`, `expected` (by value) and `tags` (task, language)."""
    # One problem of each task after the other, so that any beginning of the list is a fair share.
    asked = questions(each, seed)
    turns = [asked[task * each + index] for index in range(each) for task in range(len(TASKS))]
    return [
        {
            "prompt": question.prompt,
            "expected": ", ".join(part.strip("$") for part in question.problem.result),
            "tags": [question.problem.task, question.language],
        }
        for question in turns
    ]
