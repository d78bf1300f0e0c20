"""A cell's thinking budgets, between a text field and the document: "256, 1024, free".

Knows no session and no Gradio.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from playground.domain.errors import BadRequest
from playground.domain.text import check_text
from playground.notebook.changes import Judge
from playground.notebook.document import PromptCell
from playground.notebook.plan import check_budgets
from playground.words import say

_NO_LIMIT = ("free", "none", "null", "no limit")


def with_budgets(cell: PromptCell, typed: object) -> Judge:
    """The change that gives a cell these thinking budgets, as typed: "256, 1024, free".

    Raises BadRequest.
    """
    budgets = check_budgets("budgets", budgets_from(check_text("budgets", typed)))
    return Judge(cell.id, cell.expected, cell.repeats, cell.problems, budgets)


def budgets_from(typed: str) -> list[int | None]:
    """Thinking budgets as typed, in any order; null is no limit. Raises BadRequest."""
    parts = (part.strip() for part in re.split(r"[,;\n]", typed))
    return [_budget(part) for part in parts if part]


def _budget(text: str) -> int | None:
    if text.casefold() in (*_NO_LIMIT, say("free"), say("no limit")):
        return None
    if re.fullmatch(r"0|[1-9][0-9]{0,8}", text) is None:
        raise BadRequest(
            f"{text[:40]!r} is no thinking budget. Write numbers of tokens, and free for no limit:"
            " 256, 1024, free."
        )
    return int(text)


def budget_words(budgets: Sequence[int | None]) -> str:
    """Budgets as they are typed."""
    return ", ".join(say("free") if each is None else str(each) for each in budgets)
