"""What a cell is measured by and a run's vote, as JSON-ready data and back; unset is left out.

A list of problems may be long and is kept again and again: a browser has it once, as a text under
its digest. Knows no file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TypedDict

from playground.domain.expected import Expected
from playground.notebook import checking
from playground.notebook.document import VOTE_CHOICES, PromptCell, Vote
from playground.notebook.packing_texts import Texts, digest, text_of
from playground.notebook.plan import check_budgets, check_repeats
from playground.notebook.problems import (
    Problem,
    expected_at,
    problems_data,
    problems_from,
    short_expected,
)


class Measures(TypedDict):
    """What a cell is measured by, beside its problems."""

    expected: Expected | None
    repeats: int
    budgets: tuple[int | None, ...]


def measures_data(cell: PromptCell) -> dict[str, Any]:
    """Expected answer, repeats and budgets, as far as they are set."""
    data: dict[str, Any] = {}
    if cell.expected is not None:
        data["expected"] = short_expected(cell.expected)
    if cell.repeats != 1:
        data["repeats"] = cell.repeats
    if cell.budgets:
        data["budgets"] = list(cell.budgets)
    return data


def measures_from(where: str, given: Mapping[str, Any]) -> Measures:
    """What `measures_data` packed. Raises BadRequest."""
    return Measures(
        expected=expected_at(where, given.get("expected")),
        repeats=check_repeats(f"{where}.repeats", given.get("repeats", 1)),
        budgets=check_budgets(f"{where}.budgets", given.get("budgets", [])),
    )


@lru_cache(maxsize=16)  # a notebook is kept after every run
def _written(problems: tuple[Problem, ...]) -> str:
    return json.dumps(problems_data(problems), ensure_ascii=False)  # values keep their order


def keep_problems(problems: tuple[Problem, ...], texts: Texts) -> str:
    """Put a list into `texts`; the digest that it is kept under. An empty one is not kept."""
    if not problems:
        return ""
    text = _written(problems)
    kept_under = digest(text)
    texts[kept_under] = text
    return kept_under


def kept_problems(where: str, kept_under: object, texts: Mapping[str, str]) -> tuple[Problem, ...]:
    """The list that was kept under this digest. Raises BadRequest."""
    if not kept_under:
        return ()
    return _read(where, text_of(texts, kept_under))


@lru_cache(maxsize=16)
def _read(where: str, text: str) -> tuple[Problem, ...]:
    return problems_from(where, checking.parsed(where, text))


def vote_data(vote: Vote) -> dict[str, Any]:
    """A vote; what is not set is left out."""
    data: dict[str, Any] = {"choice": vote.choice}
    if vote.reason:
        data["reason"] = vote.reason
    if vote.blind:
        data["blind"] = True
    return data


def vote_from(where: str, data: object) -> Vote | None:
    """The vote that `vote_data` packed; null where there is none. Raises BadRequest."""
    if data is None:
        return None
    given = checking.mapping(where, data)
    return Vote(
        checking.choice(f"{where}.choice", given.get("choice"), VOTE_CHOICES),
        checking.text(f"{where}.reason", given.get("reason", "")),
        checking.boolean(f"{where}.blind", given.get("blind", False)),
    )
