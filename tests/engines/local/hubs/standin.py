"""A web server on loopback that serves files as hubs do, and breaks down where a test says so.

It cuts, stalls (until an event), refuses and damages; waits for no clock.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

BLOCK_BYTES = 4096


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]

    @property
    def start(self) -> int:
        """The first byte that is asked for."""
        found = re.fullmatch(r"bytes=(\d+)-", self.headers.get("range", ""))
        return int(found[1]) if found else 0


@dataclass(frozen=True)
class Reply:
    """What is answered; `file` names the file whose bytes these are."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    file: str | None = None

    @classmethod
    def of_json(cls, data: object, status: int = 200) -> Reply:
        return cls(status, json.dumps(data).encode(), (("Content-Type", "application/json"),))


@dataclass
class Trouble:
    """What goes wrong, each until the test takes it back or it is used up.

    `cuts` are numbers of bytes after which a file's next transfers break off; at `stalls` a
    transfer waits for `go_on` after so many bytes, and says so by `stalled`. `refusals` answer
    requests whose path has the key in it.
    """

    cuts: dict[str, list[int]] = field(default_factory=dict)
    stalls: dict[str, int] = field(default_factory=dict)
    damaged: dict[str, int] = field(default_factory=dict)
    refusals: dict[str, list[Reply]] = field(default_factory=dict)
    always: dict[str, Reply] = field(default_factory=dict)
    ignores_ranges: bool = False
    stalled: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)


class StandIn:
    """The server; a hub's stand-in says in `route` what it answers."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = dict(files)
        self.trouble = Trouble()
        self.asked: list[Asked] = []
        handler = type("Handler", (_Handler,), {"standin": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def route(self, asked: Asked) -> Reply:
        """A file by its name; a hub knows more."""
        return self.serve(asked.path.lstrip("/"), asked)

    def serve(self, name: str, asked: Asked, *headers: tuple[str, str]) -> Reply:
        """A file, or the rest of it."""
        if name not in self.files:
            return Reply(404)
        data, start = self.files[name], asked.start
        if start == 0 or self.trouble.ignores_ranges:
            return Reply(200, data, headers, name)
        if start >= len(data):
            return Reply(416, headers=(("Content-Range", f"bytes */{len(data)}"),))
        span = ("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        return Reply(206, data[start:], (*headers, span), name)

    def answer(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        for part, reply in self.trouble.always.items():
            if part in asked.path:
                return reply
        for part, replies in self.trouble.refusals.items():
            if part in asked.path and replies:
                return replies.pop(0)
        return self.route(asked)

    def downloads(self, name: str) -> list[int]:
        """Where the downloads of a file started, in order."""
        return [a.start for a in self.asked if a.method == "GET" and self.file_of(a) == name]

    def file_of(self, asked: Asked) -> str | None:
        """Which file's bytes a request asks for."""
        return asked.path.lstrip("/")

    @contextmanager
    def running(self) -> Iterator[StandIn]:
        thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.trouble.go_on.set()
            self._server.shutdown()
            self._server.server_close()
            thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Clients that go away are part of the test."""


class _Handler(BaseHTTPRequestHandler):
    standin: StandIn
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(body=True)

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def log_message(self, *_: object) -> None: ...

    def _answer(self, body: bool) -> None:
        url = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(url.query).items()}
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.standin.answer(Asked(self.command, unquote(url.path), query, headers))
        self.send_response(reply.status)
        for name, value in reply.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        try:
            if body:
                self._send(reply)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _send(self, reply: Reply) -> None:
        trouble, name, data = self.standin.trouble, reply.file or "", reply.body
        if trouble.damaged.get(name, 0) > 0:
            trouble.damaged[name] -= 1
            data = data[:-1] + bytes([data[-1] ^ 1])
        stall = trouble.stalls.pop(name, None)
        cuts = trouble.cuts.get(name)
        if stall is not None:
            self.wfile.write(data[:stall])
            self.wfile.flush()
            trouble.stalled.set()
            assert trouble.go_on.wait(30)
            data = data[stall:]
        if cuts:
            data = data[: cuts.pop(0)]
            self.close_connection = True
        for start in range(0, len(data), BLOCK_BYTES):
            self.wfile.write(data[start : start + BLOCK_BYTES])


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def git_sha1(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
