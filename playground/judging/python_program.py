"""The process that runs an answer's Python: JSON with code, tests and a token in, a file when they
have passed.

Runs by itself, with the standard library only; bounds itself before it runs anything.
"""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path

CPU_S = 10
MEMORY_BYTES = 1 << 30
FILE_BYTES = 1 << 20
PROCESSES = 64


def bound_this_process() -> None:
    """Let the system hold this process within bounds, where it can."""
    with contextlib.suppress(ImportError):
        import resource

        for kind, most in (
            (resource.RLIMIT_AS, MEMORY_BYTES),
            (resource.RLIMIT_FSIZE, FILE_BYTES),
            (resource.RLIMIT_NPROC, PROCESSES),
            (resource.RLIMIT_CORE, 0),
        ):
            with contextlib.suppress(OSError, ValueError):
                resource.setrlimit(kind, (most, most))
        with contextlib.suppress(OSError, ValueError):
            # At the first of the two it ends by a signal that tells why; at the second it is killed
            # as for anything else.
            resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S + 1))


def run(code: str, tests: str) -> None:
    """Define what the code defines, then run the tests, and functions among them named test_."""
    names: dict[str, object] = {"__name__": "answer"}
    exec(compile(code, "answer.py", "exec"), names)
    defined = set(names)
    exec(compile(tests, "tests.py", "exec"), names)
    for name, test in list(names.items()):
        if name.startswith("test_") and name not in defined and callable(test):
            test()


if __name__ == "__main__":
    given = json.loads(sys.stdin.buffer.read())
    passed = Path("passed").resolve()
    bound_this_process()
    run(given["code"], given["tests"])
    passed.write_text(given["token"], encoding="utf-8")
