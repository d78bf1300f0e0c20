"""`python app.py` as a person starts and ends it."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.apps import free_port, start


@pytest.fixture
def running() -> Iterator[subprocess.Popen[str]]:
    app = start("--host", "0.0.0.0", "--port", str(free_port()))
    yield app
    app.kill()
    app.communicate()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_it_says_where_it_is_warns_on_an_open_host_and_ends_cleanly_on_ctrl_c(
    running: subprocess.Popen[str],
) -> None:
    assert running.stdout is not None
    assert "Qwen3 side by side is at http" in running.stdout.readline()
    running.send_signal(signal.SIGINT)
    _, errors = running.communicate(timeout=60)
    assert running.returncode == 0
    assert "anyone on the network can use this page" in errors
    assert "Traceback" not in errors


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--left", "not a model"), "is not a model name"),
        (("--auth", "user"), "USER:PASSWORD"),
    ],
)
def test_what_cannot_be_opened_is_one_line_and_exit_code_two(
    arguments: tuple[str, ...], message: str
) -> None:
    app = start(*arguments)
    _, errors = app.communicate(timeout=120)
    assert (app.returncode, message in errors, "Traceback" in errors) == (2, True, False), errors
