"""Guards of every test: no network but loopback, no Hub, no sleeping in our own code."""

from __future__ import annotations

import ipaddress
import os
import socket
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest

# Before anything imports a library that reads them.
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["HF_HUB_CACHE"] = os.path.join(tempfile.gettempdir(), "playground-no-models")
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

ROOT = Path(__file__).resolve().parent.parent
OURS = tuple(f"{ROOT / name}{os.sep}" for name in ("playground", "tests"))
# These wait for real servers and real pages.
MAY = ("browser", "benchmarks", "integration")
MAY_SLEEP = tuple(f"{ROOT / 'tests' / name}{os.sep}" for name in MAY)


class Guarded(BaseException):
    """A test did what no test may; no `except Exception` hides it."""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("filterwarnings", "error::pytest.PytestUnhandledThreadExceptionWarning")
    _guard_sockets()
    _guard_sleep()


def _guard_sockets() -> None:
    for name in ("connect", "connect_ex", "sendto"):
        setattr(socket.socket, name, _guarded_method(getattr(socket.socket, name)))
    look_up = socket.getaddrinfo

    def getaddrinfo(host: Any, *args: Any, **options: Any) -> Any:
        _check_host(host)
        return look_up(host, *args, **options)

    socket.getaddrinfo = getaddrinfo


def _guarded_method(method: Any) -> Any:
    def guarded(self: socket.socket, *args: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            _check_host(args[-1][0])
        return method(self, *args)

    return guarded


def _check_host(host: str | bytes | None) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost"):
        return
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        raise Guarded(f"No test may reach {name!r}: only loopback.") from None
    if not (address.is_loopback or address.is_unspecified):
        raise Guarded(f"No test may reach {name!r}: only loopback.")


def _guard_sleep() -> None:
    sleep = time.sleep

    def guarded(seconds: float) -> None:
        caller = sys._getframe(1).f_code.co_filename
        if caller.startswith(OURS) and not caller.startswith(MAY_SLEEP):
            raise Guarded("No test sleeps: inject a clock, or wait for a threading primitive.")
        sleep(seconds)

    time.sleep = guarded
