"""A stand-in for ZeroGPU's device service, as the package `spaces` 0.51 asks it over HTTP."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

GRANTED: tuple[int, dict[str, str], Any] = (
    200,
    {},
    {"idle": True, "nvidiaIndex": 0, "nvidiaUUID": "GPU-0", "allowToken": "t"},
)
NO_GPU: tuple[int, dict[str, str], Any] = (503, {}, {})


def refused(left_s: int, wait: str, **headers: str) -> tuple[int, dict[str, str], Any]:
    """The service's answer when the visitor has too little left."""
    return 429, headers, {"left": left_s, "wait": wait}


class DeviceService:
    """Answers `/schedule` with `answers` in order, then grants; `asked` keeps each call's path and
    parameters."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, dict[str, str], Any]] = []
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.url = ""

    def calls(self, path: str) -> list[dict[str, str]]:
        """The parameters of all calls of this path."""
        return [parameters for called, parameters in self.asked if called == path]


@contextmanager
def device_service() -> Iterator[DeviceService]:
    """The service on a free port of loopback."""
    service = DeviceService()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            parts = urlsplit(self.path)
            given = {name: values[0] for name, values in parse_qs(parts.query).items()}
            service.asked.append((parts.path, given))
            status, headers, data = 200, {}, {}
            if parts.path == "/schedule":
                status, headers, data = service.answers.pop(0) if service.answers else GRANTED
            body = json.dumps(data).encode()
            self.send_response(status)
            for name, value in {"content-type": "application/json", **headers}.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        service.url = f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield service
        server.shutdown()
