"""Runs an answer's Python and a person's tests of it, in a process of its own, within bounds.

THIS IS NO SANDBOX AGAINST MALICE. The program runs as the user who runs the app: it can read that
user's files and use the network. The bounds (a temporary folder, no environment, processor time,
memory, file size, processes, a deadline) hold off accidents: endless loops, floods of output. So it
runs only where the operator has allowed it, and not for strangers. Knows nothing of answers.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

DEADLINE_S = 15.0
MOST_SAID = 2000
AT_ONCE = threading.BoundedSemaphore(2)
_PROGRAM = Path(__file__).with_name("python_program.py")


@dataclass(frozen=True, slots=True)
class PythonOutcome:
    """What came of it; `said` is the end of what was printed, errors included."""

    kind: Literal["passed", "failed", "too_long", "not_run"]
    said: str = ""


class RunPython(Protocol):
    """Runs a program and then tests of it. Raises nothing."""

    def __call__(self, code: str, tests: str) -> PythonOutcome: ...

    def __hash__(self) -> int: ...


def run_python(code: str, tests: str, deadline_s: float = DEADLINE_S) -> PythonOutcome:
    """Run the code and then its tests. No sandbox: see this file's head."""
    # Only the tests' end is a pass: a program that leaves with status 0 before it is none.
    token = secrets.token_hex(16)
    given = json.dumps({"code": code, "tests": tests, "token": token}).encode()
    try:
        with AT_ONCE, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
            folder = Path(name)
            in_time = _run(given, folder, deadline_s)
            said = _end_of(folder / "said")
            passed = (folder / "passed").is_file() and _end_of(folder / "passed") == token
    except OSError as exc:
        return PythonOutcome("not_run", str(exc))
    if not in_time:
        return PythonOutcome("too_long", said)
    return PythonOutcome("passed" if passed else "failed", said)


def _run(given: bytes, folder: Path, deadline_s: float) -> bool:
    """Whether it ended in time; whatever it has started ends with it."""
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-I", "-B", str(_PROGRAM)],
            stdin=subprocess.PIPE,
            stdout=said,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env={key: os.environ[key] for key in ("SYSTEMROOT",) if key in os.environ},
            start_new_session=True,
        )
    try:
        process.communicate(given, timeout=deadline_s)
    except subprocess.TimeoutExpired:
        return False
    finally:
        _end(process)
    return process.returncode != -getattr(signal, "SIGXCPU", 0)


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _end_of(path: Path) -> str:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 4 * MOST_SAID))
        return file.read().decode("utf-8", "replace")[-MOST_SAID:].strip()
