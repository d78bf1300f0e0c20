"""A notebook bound to a file (`--notebook FILE`): saved after every change, never over an edit of
another program's.

One session at a time keeps the file; the one that came last. Beside the file stand what runs, until
it has ended, the ended runs of a long list that goes on, until the file has them, and the notebook
that another one replaced. What could not be saved is tried again every second. Knows no page; what
a file looks like is in `playground.notebook`.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from playground.domain.errors import PlaygroundError
from playground.notebook.document import Document
from playground.notebook.history import History
from playground.notebook.journal import Journal, Pace, only_new_runs
from playground.notebook.packing import run_data
from playground.notebook.saving import read_text, save_atomically
from playground.notebook.settings import Settings
from playground.notebook.storage import read, write
from playground.said_errors import said
from playground.ui.keeping import usable, with_run_data
from playground.ui.session import Session
from playground.words import say, speaking

LOOK_S = 1.0


class BoundFile:
    """The file behind a page."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self.path = path
        self._journal = Journal(path)
        self._pace = Pace(clock)
        self._journaled: Document | None = None
        self._running = path.with_name(f".{path.name}.running")
        self._before = path.with_name(f".{path.name}.before")
        self._lock = threading.RLock()
        self._wake = threading.Event()
        self._owner: Session | None = None
        self._saved = (-1, -1, "")
        self._written: tuple[Document, Settings] | None = None
        self._replaced: Document | None = None
        self._unsaved = ""
        self._conflict = False
        self._closed = False
        self._writer = threading.Thread(target=self._keep_saving, daemon=True)
        self._writer.start()

    def open(self) -> tuple[Document, Settings | None]:
        """What the file holds; an empty notebook when there is no file yet. Raises BadRequest."""
        with self._lock:
            if not self.path.exists():
                self._saved = (-1, -1, "")
                return Document(), None
            text = read_text(self.path)
            document, settings = read(text, self.path.name)
            self._saved = (*self._stamp(), _digest(text))
            return self._with_cut_off_run(self._journal.with_runs(document)), settings

    def attach(self, session: Session) -> None:
        """From now on this session keeps the file. Raises BadRequest."""
        with self._lock:
            before = self._owner
            if before is session:
                return
            if before is not None:
                self.flush()
                before.file = ""
                with speaking(before.language):
                    before.tell(
                        say("This notebook was opened in another tab. Changes here are not kept.")
                    )
            document, settings = self.open()
            session.install(document, usable(session, settings))
            session.before = self._read_before(session)
            self._replaced = None if session.before is None else session.before[0].document
            session.file, session.saved = self.path.name, True
            session.changed = self._wake.set
            self._owner, self._conflict, self._written = session, False, None
            self._journaled = None
            self._unsaved = ""

    def flush(self) -> None:
        """Write what has changed, now."""
        with self._lock:
            session = self._owner
            if session is None or self._conflict:
                return
            with session.lock:
                document, settings, live = session.document, session.settings, session.live
                before, going_on = session.before, live is not None or bool(session.queue)
                draft = None if live is None else run_data(live.kept())
            # First: a notebook that is replaced stands beside the file before it leaves it.
            if before is not None and before[0].document is not self._replaced:
                text = write(before[0].document, before[1], session.describe)
                save_atomically(self._before, text)
                self._replaced = before[0].document
            # While something runs this comes every second, and writing a large notebook takes one.
            written = self._written
            same = written is not None and written[1] == settings
            if not same or written is None or written[0] is not document:
                put_off = going_on and same and not self._pace.is_due()
                if not (put_off and self._journal_runs(document)):
                    self._pace.timed(lambda: self._write(session, document, settings))
                    if self._conflict:
                        return
            # Last: the draft of a run that has ended stays until its notebook is whole.
            if live is not None:
                save_atomically(self._running, json.dumps({"cell": live.cell, "run": draft}))
            else:
                with suppress(OSError):
                    self._running.unlink(missing_ok=True)

    def _write(self, session: Session, document: Document, settings: Settings) -> None:
        text = write(document, settings, session.describe)
        digest = _digest(text)
        if digest != self._saved[2]:
            if self._edited_elsewhere():
                self._tell_of_conflict(session)
                return
            save_atomically(self.path, text)
            self._saved = (*self._stamp(), digest)
        self._written, self._journaled = (document, settings), document
        self._journal.clear()

    def _journal_runs(self, document: Document) -> bool:
        """Put the runs beside the file that are new; false where more than runs is new."""
        runs = None if self._journaled is None else only_new_runs(self._journaled, document)
        if runs is None:
            return False
        if runs:
            self._journal.add(runs)
        self._journaled = document
        return True

    def close(self) -> None:
        """Write what has changed, and stop."""
        self._closed = True
        with suppress(PlaygroundError):
            self.flush()
        self._wake.set()

    def _keep_saving(self) -> None:
        while not self._closed:
            self._wake.wait(LOOK_S)
            owner = self._owner
            busy = owner is not None and owner.live is not None
            asked = self._wake.is_set()
            self._wake.clear()
            if owner is None or self._closed:
                continue
            try:
                with speaking(owner.language):
                    if asked or busy or self._unsaved or self._journal.pending:
                        self.flush()
                        self._say_saved(owner)
                    elif not self._conflict and self._edited_elsewhere():
                        self._tell_of_conflict(owner)
            except PlaygroundError as exc:
                with speaking(owner.language):
                    self._say_unsaved(owner, exc)

    def _say_unsaved(self, session: Session, error: PlaygroundError) -> None:
        message = said(error)
        session.saved = False
        if self._unsaved != message:
            session.tell(message)
        self._unsaved = message

    def _say_saved(self, session: Session) -> None:
        session.saved = not self._conflict
        if self._unsaved and session.notice in ("", self._unsaved):
            session.tell(say("{name} is saved again.", name=self.path.name))
        self._unsaved = ""

    def _edited_elsewhere(self) -> bool:
        stamp = self._stamp()
        if stamp == self._saved[:2]:
            return False
        with suppress(OSError, UnicodeDecodeError):
            if _digest(self.path.read_text(encoding="utf-8")) == self._saved[2]:
                self._saved = (*stamp, self._saved[2])
                return False
        return stamp != (-1, -1) or self._saved[2] != ""

    def _tell_of_conflict(self, session: Session) -> None:
        self._conflict, session.saved = True, False
        session.tell(
            say(
                "Another program has changed {name}. Nothing was overwritten, and changes here are"
                " no longer kept. Save yours under another name (File, Save), or reload the page"
                " to open the file as it is now.",
                name=self.path.name,
            )
        )

    def _stamp(self) -> tuple[int, int]:
        try:
            found = self.path.stat()
        except OSError:
            return -1, -1
        return found.st_mtime_ns, found.st_size

    def _read_before(self, session: Session) -> tuple[History, Settings] | None:
        """The notebook that the one in the file replaced."""
        try:
            document, settings = read(read_text(self._before), self.path.name)
        except PlaygroundError:
            return None  # there was none
        return History(document), usable(session, settings)

    def _with_cut_off_run(self, document: Document) -> Document:
        """The document with the run that was going on when the app was killed."""
        try:
            kept = json.loads(self._running.read_text(encoding="utf-8"))
            return with_run_data(document, kept["cell"], kept["run"])
        except (OSError, ValueError, KeyError, TypeError, PlaygroundError):
            return document  # there was none, or it is of no use any more


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
