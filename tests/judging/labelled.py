"""The labelled answers and pairs, and short ways to a run with an answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from playground.domain.events import Ending
from playground.results.value import Output, Result
from tests.samples import request

_ROWS: list[dict[str, Any]] = [
    json.loads(line)
    for line in (Path(__file__).parent / "answers.jsonl").read_text("utf-8").splitlines()
]
ANSWERS: list[tuple[str, str | None]] = [
    (row["answer"], row["final"]) for row in _ROWS if "answer" in row
]
PAIRS: list[tuple[str, str, str]] = [
    (row["a"], row["b"], row["label"]) for row in _ROWS if "a" in row
]


def answered(answer: str, ending: Ending = "end_of_turn", thinking: str | None = None) -> Result:
    """A run that ended so, with this answer."""
    return Result(request(), "ended", ending, Output(thinking, answer))
