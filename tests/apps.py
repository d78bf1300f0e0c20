"""`python app.py` as tests start it: on a free port, as a process that can be killed."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "app.py", *arguments],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def started(*arguments: str) -> subprocess.Popen[str]:
    """An app that has said where it is, its models loaded."""
    app = start(*arguments)
    assert app.stdout is not None
    loaded = 0
    while loaded < 2:
        line = app.stdout.readline()
        assert line, app.communicate()[1]
        loaded += line.startswith("Loaded ")
    return app
