"""Who is who: one `Session` an open page, found by Gradio's session hash or by its own secret.

A session outlives its tab by an hour (a laptop that slept comes back), and the oldest idle one
goes when there are too many. Knows neither components nor events.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

from playground.domain.errors import BadRequest
from playground.ui.python_tests import PythonTests, VisitorsTests
from playground.ui.session import Session

IDLE_S = 3600.0
CAPACITY = 500


class Sessions:
    """The process's sessions; `create` makes one for a new visitor.

    `python_tests` tests answers, where the operator allows it.
    """

    def __init__(
        self, create: Callable[[], Session], clock: Callable[[], float], most: int = CAPACITY
    ) -> None:
        self.python_tests: PythonTests | None = None
        self._create = create
        self._most = most
        self._clock = clock
        self._lock = threading.Lock()
        self._by_hash: OrderedDict[str, Session] = OrderedDict()
        self._by_secret: dict[str, Session] = {}
        self._left_at_s: dict[str, float] = {}

    def of(self, session_hash: str) -> Session:
        """This visitor's session, made when there is none."""
        with self._lock:
            session = self._by_hash.get(session_hash)
            if session is None:
                session = self._by_hash[session_hash] = self._create()
                if self.python_tests is not None:
                    session.run_python = VisitorsTests(self.python_tests)
                self._by_secret[session.secret] = session
            self._by_hash.move_to_end(session_hash)
            self._left_at_s.pop(session_hash, None)
            self._forget()
            return session

    def by_secret(self, secret: object) -> Session:
        """The session that handed this secret out. Raises BadRequest."""
        session = self._by_secret.get(str(secret))
        if session is None:
            raise BadRequest("This page's session has ended. Reload the page.")
        return session

    def leave(self, session_hash: str) -> None:
        """The visitor's tab closed: stop what runs; the session is kept for a while."""
        with self._lock:
            session = self._by_hash.get(session_hash)
            if session is not None:
                self._left_at_s[session_hash] = self._clock()
        if session is not None:
            session.stop("", reason="interrupted")

    def chosen_models(self) -> set[str]:
        """The models of all open pages' lanes."""
        with self._lock:
            pages = [page for key, page in self._by_hash.items() if key not in self._left_at_s]
        return {model for page in pages for model in page.settings.models.values()}

    def stop_all(self) -> None:
        """Stop every run, when the app ends."""
        for session in list(self._by_secret.values()):
            session.stop("", reason="interrupted")

    def _forget(self) -> None:
        now_s = self._clock()
        old = [key for key, left_s in self._left_at_s.items() if now_s - left_s > IDLE_S]
        # Those whose tab is closed go first, then the one that has been idle longest.
        idle = sorted(
            (key for key, session in self._by_hash.items() if session.live is None),
            key=lambda key: key not in self._left_at_s,
        )
        crowded = len(self._by_hash) - len(old) - self._most
        old += [key for key, _ in zip(idle, range(crowded), strict=False) if key not in old]
        for key in old:
            self._left_at_s.pop(key, None)
            session = self._by_hash.pop(key)
            self._by_secret.pop(session.secret, None)
