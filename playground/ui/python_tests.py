"""Python tests of answers, run beside the page: a view never waits for them.

Each answer is tested once and what came of it remembered, so that looking again runs nothing.
Knows no session and no Gradio; whether tests may run at all is the operator's to say.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor

from playground.domain.expected import Expected
from playground.judging import PythonOutcome, RunPython
from playground.words import say

REMEMBERED = 2000
AT_ONCE = 2


class StillRunning(Exception):
    """The tests of an answer have not ended yet: ask again."""


class PythonTests:
    """Runs tests for all visitors, in threads of its own."""

    def __init__(self, run: RunPython) -> None:
        self._run = run
        self._lock = threading.Lock()
        self._outcomes: OrderedDict[tuple[str, str], Future[PythonOutcome]] = OrderedDict()
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="python-tests")

    def begun(self, code: str, tests: str) -> Future[PythonOutcome]:
        """What comes of these tests, now or later; they are run once."""
        with self._lock:
            outcome = self._outcomes.get((code, tests))
            if outcome is None:
                outcome = self._pool.submit(self._run, code, tests)
                self._outcomes[code, tests] = outcome
                while len(self._outcomes) > REMEMBERED:
                    self._outcomes.popitem(last=False)
            else:
                self._outcomes.move_to_end((code, tests))
        return outcome

    def close(self) -> None:
        """Begin no more tests."""
        self._pool.shutdown(wait=False, cancel_futures=True)


class VisitorsTests:
    """A `RunPython` that answers at once: with what came of the tests, or `StillRunning`.

    Only tests that this visitor entered here, or whose cell was run here, are run: what an opened
    file brings is not executed by being looked at.
    """

    def __init__(self, tests: PythonTests) -> None:
        self._tests = tests
        self._trusted: set[str] = set()

    def forget(self) -> None:
        """Trust nothing any more: another notebook has come."""
        self._trusted.clear()

    def trust(self, expectations: Iterable[Expected | None]) -> None:
        """Run the tests among these from now on."""
        for expected in expectations:
            if expected is not None and expected.kind == "python":
                self._trusted.add(expected.value)

    def __call__(self, code: str, tests: str) -> PythonOutcome:
        if tests not in self._trusted:
            return PythonOutcome("not_run", say("They came with a file: run the cell to run them."))
        outcome = self._tests.begun(code, tests)
        if not outcome.done():
            raise StillRunning
        return outcome.result()

    def known(self, code: str, tests: str) -> PythonOutcome:
        """The same for a file, which is written once: what has not ended yet was not run."""
        try:
            return self(code, tests)
        except StillRunning:
            return PythonOutcome("not_run")
