"""Takes a file apart in a process of its own, bounded in time and memory: a bomb ends that process
and nothing else.

Knows how such a process is started and what it answers; what is in the files is `pages`' and
`webpage`'s.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from playground.attachments.limits import Limits

Kind = Literal["pdf", "html"]
Problem = Literal["encrypted", "damaged", "pictures", "pages", "long", "slow"]
AT_ONCE = threading.BoundedSemaphore(2)
_ROOT = Path(__file__).resolve().parents[2]


class Refused(Exception):
    """Why there is no text; `count` is the number that is too high, or of pages."""

    def __init__(self, problem: Problem, count: int = 0) -> None:
        super().__init__(problem, count)
        self.problem = problem
        self.count = count


def taken_apart(kind: Kind, content: bytes, limits: Limits) -> str:
    """The text in these bytes. Raises Refused."""
    bounds = [limits.pages, limits.characters, limits.memory_bytes, int(limits.seconds) + 1]
    with AT_ONCE:
        return _answer([kind, *map(str, bounds)], content, limits.seconds)


def _answer(arguments: Sequence[str], content: bytes, seconds: float) -> str:
    paths = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH", ""))))
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "playground.attachments", *arguments],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            check=False,
            env={**os.environ, "PYTHONPATH": paths},
        )
    except subprocess.TimeoutExpired as exc:
        raise Refused("slow") from exc
    try:
        said = json.loads(done.stdout)
    except ValueError as exc:  # it was ended, or ran out of memory
        raise Refused("damaged") from exc
    if "problem" in said:
        raise Refused(said["problem"], said["count"])
    text: str = said["text"]
    return text


def bound_this_process(memory_bytes: int, seconds: int) -> None:
    """Let the system end this process where it grows or runs too long, where it can."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
