"""A server on loopback that plays what other servers said: by route, as scripted, and listens.

It notes every request, and may cut a stream, hold one open until the client leaves, redirect, or
answer 200 to anything. It never sleeps: what it waits for are events.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal

RECORDINGS = Path(__file__).parent / "recordings"
WAIT_S = 20.0
Then = Literal["end", "cut", "close", "hold"]


def recorded(name: str) -> str:
    """A recording's text without the lines at its head that say where it comes from; short lines
    written out as the messages that they stand for."""
    lines = (RECORDINGS / name).read_text("utf-8").splitlines()
    return "\n".join(_written_out(line for line in lines if not line.startswith("#"))) + "\n"


def _written_out(lines: Iterable[str]) -> Iterator[str]:
    """After a line `each: MESSAGE`, one such as `7 6 {…}` is that message with its counts, and
    `{…}` the message with this delta."""
    each = ""
    for line in lines:
        if line.startswith("each: "):
            each = line.removeprefix("each: ")
        elif each and line.startswith("{"):
            yield f"data: {each.replace('DELTA', line)}\n"
        elif line[:1].isdigit():
            generated, thinking, delta = line.split(" ", 2)
            prompt = int(re.findall(r'"prompt_tokens":(\d+)', each)[0])
            message = each.replace("TOTAL", str(prompt + int(generated)))
            message = message.replace("GENERATED", generated).replace("THINKING", thinking)
            yield f"data: {message.replace('DELTA', delta)}\n"
        else:
            yield f"{line}\n" if line.startswith("data:") else line


def recorded_json(name: str) -> Any:
    return json.loads(recorded(name))


def messages(name: str) -> list[dict[str, Any]]:
    """The messages of a recorded stream, of either dialect, without the closing [DONE]."""
    lines = [line.removeprefix("data: ") for line in recorded(name).splitlines()]
    return [json.loads(line) for line in lines if line.startswith("{")]


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer. `pieces` are sent one by one; `then`: end well, cut the chunked stream off,
    close a stream without a length (which looks like its end), or hold it until the client left.
    """

    pieces: tuple[bytes, ...] = ()
    status: int = 200
    type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    then: Then = "end"
    gate: threading.Event | None = None  # what comes after the first piece waits for it


def json_reply(body: object, status: int = 200, headers: Sequence[tuple[str, str]] = ()) -> Reply:
    return Reply((json.dumps(body).encode(),), status, headers=tuple(headers))


def text_reply(text: str, status: int = 200, type: str = "text/plain") -> Reply:
    return Reply((text.encode(),), status, type)


def redirect(to: str, status: int = 307) -> Reply:
    return Reply((), status, headers=(("Location", to),))


def stream(text: str, then: Then = "end", gate: threading.Event | None = None) -> Reply:
    """A stream of events or lines, sent as they are in the text."""
    separator = "\n\n" if text.startswith(("data:", ":")) else "\n"
    pieces = tuple(f"{part}{separator}".encode() for part in text.split(separator) if part.strip())
    kind = "text/event-stream" if separator == "\n\n" else "application/x-ndjson"
    return Reply(pieces, type=kind, then=then, gate=gate)


def events(*messages: Mapping[str, Any]) -> str:
    """Messages as the text of an OpenAI stream."""
    return "".join(f"data: {json.dumps(m)}\n\n" for m in messages) + "data: [DONE]\n\n"


def delta(finish: str | None = None, **fields: Any) -> dict[str, Any]:
    """One message of an OpenAI stream with this delta."""
    return {
        "id": "chat",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "model",
        "choices": [{"index": 0, "delta": fields, "finish_reason": finish}],
    }


def usage(prompt: int, generated: int, **more: Any) -> dict[str, Any]:
    """The last message of an OpenAI stream: no choice, only the counts."""
    counts = {"prompt_tokens": prompt, "completion_tokens": generated}
    return {
        **delta(),
        "choices": [],
        "usage": {**counts, "total_tokens": prompt + generated, **more},
    }


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that came in."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Any


@dataclass
class Script:
    """What to answer by route: replies in order, the last one again and again."""

    routes: dict[str, list[Reply]] = field(default_factory=dict)
    otherwise: Reply = field(default_factory=lambda: json_reply({"detail": "Not Found"}, 404))
    asked: list[Asked] = field(default_factory=list)
    left: threading.Event = field(default_factory=threading.Event)  # the client hung up
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next_reply(self, asked: Asked) -> Reply:
        with self.lock:
            self.asked.append(asked)
            replies = self.routes.get(asked.path)
            if not replies:
                return self.otherwise
            return replies.pop(0) if len(replies) > 1 else replies[0]


class StandIn:
    """The running stand-in."""

    def __init__(self) -> None:
        self.script = Script()
        self.first: list[Callable[[], object]] = []  # what to close before it
        script = self.script

        class Handler(_Handler):
            played = script

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64  # all probes of a server come at once

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )
        self._thread.start()

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        return f"{self.root}/v1"

    @property
    def left(self) -> threading.Event:
        return self.script.left

    def on(self, path: str, *replies: Reply) -> StandIn:
        """Answer `path` with these, one after the other."""
        self.script.routes[path] = list(replies)
        return self

    def otherwise(self, reply: Reply) -> StandIn:
        """Answer every other path with this."""
        self.script.otherwise = reply
        return self

    def asked(self, path: str) -> list[Asked]:
        """The requests to this path so far."""
        with self.script.lock:
            return [asked for asked in self.script.asked if asked.path == path]

    def close(self) -> None:
        while self.first:
            self.first.pop()()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    played: Script
    protocol_version = "HTTP/1.1"
    timeout = WAIT_S

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def version_string(self) -> str:
        return "stand-in"

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        asked = Asked(
            self.command, self.path, dict(self.headers.items()), json.loads(body) if body else None
        )
        reply = self.played.next_reply(asked)
        try:
            self._send(reply)
        except OSError:
            self.played.left.set()
            self.close_connection = True

    def _send(self, reply: Reply) -> None:
        own_server = any(name.lower() == "server" for name, _ in reply.headers)
        if own_server:
            self.send_response_only(reply.status)
        else:
            self.send_response(reply.status)
        for name, value in reply.headers:
            self.send_header(name, value)
        self.send_header("Content-Type", reply.type)
        streamed = reply.then != "end" or ("json" not in reply.type and "plain" not in reply.type)
        if not streamed:
            self.send_header("Content-Length", str(sum(map(len, reply.pieces))))
        elif reply.then == "close":
            self.send_header("Connection", "close")
        else:
            self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for place, piece in enumerate(reply.pieces):
            if place and reply.gate is not None:
                assert reply.gate.wait(WAIT_S), "nobody opened the gate"
            chunked = streamed and reply.then != "close"
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece)
            self.wfile.flush()
        match reply.then:
            case "end":
                if streamed:
                    self.wfile.write(b"0\r\n\r\n")
            case "cut" | "close":
                self.close_connection = True
            case "hold":
                self._wait_until_the_client_leaves()

    def _wait_until_the_client_leaves(self) -> None:
        self.close_connection = True
        self.connection.settimeout(WAIT_S)
        try:
            gone = self.connection.recv(1) == b""
        except TimeoutError:
            return
        except OSError:
            gone = True
        if gone:
            self.played.left.set()


def running() -> Iterator[StandIn]:
    """A stand-in for the time of a test."""
    server = StandIn()
    try:
        yield server
    finally:
        server.close()
