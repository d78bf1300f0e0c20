"""The two built-in models, `demo-instruct` and `demo-thinking`, and the recipe that trained them.

Two tiny Qwen3 networks that show on any machine, offline, what thinking buys. Importing this room
loads no torch and no recipe: it holds where the models lie, prompts that suit them and what was
measured.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Name = Literal["demo-instruct", "demo-thinking"]

_ROOM = Path(__file__).parent

FOLDERS: dict[Name, Path] = {
    "demo-instruct": _ROOM / "instruct",
    "demo-thinking": _ROOM / "thinking",
}

EXAMPLES: tuple[str, ...] = (
    "Solve the equation 2x^2 + 3x - 5 = 0.",
    "What is 47 × 86?",
    'How many times does the letter "r" appear in "strawberry"?',
    "What is 15% of 240?",
    "Resolva a equação 4x + 7 = 31.",
    "Write a Python function to calculate Fibonacci numbers.",
)


def problem_rows() -> list[dict[str, Any]]:
    """200 problems that the models were never trained on, as rows: `prompt`, `expected`, `tags`."""
    from playground.demo_pair import held_out

    return held_out.problem_rows()


@dataclass(frozen=True)
class Accuracy:
    """How many problems, never trained on, a model got right at its default sampling."""

    right: int
    of: int

    @property
    def share(self) -> float:
        """Between 0 and 1."""
        return self.right / self.of if self.of else 0.0


@dataclass(frozen=True)
class Measured:
    """One model's figures on held-out problems in held-out phrasings."""

    overall: Accuracy
    tasks: dict[str, Accuracy]
    seen_phrasings: Accuracy
    honest: Accuracy
    greedy: Accuracy
    mean_tokens: float
    tokens_per_s: float


def measured() -> dict[Name, Measured]:
    """The figures of the shipped weights, as the evaluate command wrote them; empty before it."""
    path = _ROOM / "measured.json"
    if not path.exists():
        return {}
    figures = json.loads(path.read_text(encoding="utf-8"))["models"]
    return {name: _measured(figures[name]) for name in FOLDERS if name in figures}


def _measured(figures: dict[str, Any]) -> Measured:
    return Measured(
        overall=_accuracy(figures["overall"]),
        tasks={task: _accuracy(one) for task, one in figures["tasks"].items()},
        seen_phrasings=_accuracy(figures["seen_phrasings"]),
        honest=_accuracy(figures["honest"]),
        greedy=_accuracy(figures["greedy"]),
        mean_tokens=float(figures["mean_tokens"]),
        tokens_per_s=float(figures["tokens_per_s"]),
    )


def _accuracy(figures: dict[str, int]) -> Accuracy:
    return Accuracy(right=figures["right"], of=figures["of"])


def held_out_rows(each: int = 25) -> list[dict[str, Any]]:
    """The built-in list, so many of each task: `prompt`, `expected` and `tags`. Loads no torch."""
    from playground.demo_pair.held_out import problem_rows

    return problem_rows(each)
