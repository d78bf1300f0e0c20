"""A notebook's file while its prompts run without a page: nothing that has ended is ever lost.

The whole file is written at first, at last, and between as often as that is cheap; what comes
meanwhile goes into the journal beside it. Knows paths; knows nothing of how things run.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from playground.notebook.asking import Describe
from playground.notebook.document import Document
from playground.notebook.journal import Journal, Pace, only_new_runs
from playground.notebook.saving import read_text, save_atomically
from playground.notebook.settings import Settings
from playground.notebook.storage import read, write


def opened(path: Path, describe: Describe) -> tuple[Document, Settings | None]:
    """What a file holds, with the runs beside it that it does not have yet. Raises BadRequest."""
    document, settings = read(read_text(path), path.name, describe)
    return Journal(path).with_runs(document), settings


class KeptFile:
    """The file that takes the runs."""

    def __init__(
        self,
        path: Path,
        settings: Settings,
        describe: Describe,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._path = path
        self._settings = settings
        self._describe = describe
        self._journal = Journal(path)
        self._pace = Pace(clock)
        self._kept: Document | None = None

    def keep(self, document: Document) -> None:
        """Keep the document as it is now. Raises BadRequest."""
        runs = None if self._kept is None else only_new_runs(self._kept, document)
        if runs is None or self._pace.is_due():
            self._pace.timed(lambda: self._write(document))
        else:
            self._journal.add(runs)
        self._kept = document

    def finish(self) -> None:
        """Write what only the journal has. Raises BadRequest."""
        if self._kept is not None and self._journal.pending:
            self._write(self._kept)

    def _write(self, document: Document) -> None:
        save_atomically(self._path, write(document, self._settings, self._describe))
        self._journal.clear()
