"""A session whose first cell is a list of sums; the fakes answer each prompt back."""

from __future__ import annotations

from typing import Any

from playground.notebook.document import CellId, PromptCell
from playground.ui.list_rows import list_rows
from playground.ui.session import Session
from tests.ui.fake import first

TABLE = 'prompt,expected,tags\nOne,One,"a, b"\nTwo,Ten,a\nThree,,b\n'


def add(session: Session, text: str = TABLE, **intent: Any) -> CellId:
    """The list, in the place of the empty first cell."""
    session.change({"action": "list", "text": text, **intent})  # type: ignore[typeddict-item]
    return CellId(first(session))


def cell(session: Session) -> PromptCell:
    return session.document.prompts[0]


def rows(session: Session, known: str = "", last: str = "") -> list[list[Any]]:
    """The rows that are new; one alone is the row of the list's first cell."""
    return list_rows(session, cell(session).id, known, last)["rows"]
