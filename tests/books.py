"""A notebook file in a test's folder, and the command that runs it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playground.__main__ import main
from playground.notebook.document import Cell, CellId, Document, PromptCell
from playground.notebook.settings import Settings
from playground.notebook.storage import read, write
from tests.notebook.notebooks import SETTINGS
from tests.played import Played

Pair = tuple[Played, Played]


def prompt(name: str, text: str, **changes: Any) -> PromptCell:
    return PromptCell(CellId(name), text, **changes)


class Book:
    """A notebook file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def save(self, *cells: Cell, settings: Settings = SETTINGS) -> None:
        self.path.write_text(write(Document(cells), settings), "utf-8")

    def open(self, path: Path | None = None) -> Document:
        return read((path or self.path).read_text("utf-8"), "book.ipynb")[0]

    def run(self, *arguments: str) -> int:
        return main(["run", str(self.path), *arguments])
