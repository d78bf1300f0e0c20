"""A stand-in for the Hub's API and for a Space that it builds, as huggingface_hub asks them."""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

RESULT = {"ending": "limit", "error": None, "numbers": {"generated_tokens": 48}}
Answer = tuple[int, dict[str, str], Any]


class HubService:
    """One account, "me", and its Spaces. `refuse` maps a path's end to an answer that comes
    instead; `stages` are told one after the other, the last for ever."""

    def __init__(self) -> None:
        self.url = ""
        self.spaces: dict[str, dict[str, Any]] = {}
        self.refuse: dict[str, Answer] = {}
        self.stages = ["BUILDING", "APP_STARTING", "RUNNING"]
        self.build_log = ["Collecting torch==99\n", "ERROR: No matching distribution\n"]
        self.results: Any = {"left": RESULT, "right": RESULT}
        self.asked: list[str] = []
        self.tokens: set[str] = set()

    def answer(self, method: str, path: str, body: bytes, token: str) -> Answer:
        """What the service answers; `path` has no parameters."""
        self.asked.append(f"{method} {path}")
        self.tokens.add(token)
        for end, answer in self.refuse.items():
            if path.endswith(end):
                return answer
        if path == "/api/whoami-v2":
            return 200, {}, {"name": "me", "type": "user"}
        if path == "/api/repos/create":
            return self._create(json.loads(body))
        if path == "/api/validate-yaml":
            return 200, {}, {"errors": [], "warnings": []}
        if path.startswith("/gradio_api/"):
            return self._page(path)
        found = re.fullmatch(r"/api/spaces/([\w.-]+/[\w.-]+)(/.*)?", path)
        if found is None or found[1] not in self.spaces:
            return 404, {"X-Error-Code": "RepoNotFound"}, {"error": "Repository not found"}
        given = json.loads(body) if body and not path.endswith("/commit/main") else {}
        return self._space(method, self.spaces[found[1]], found[1], found[2] or "", given, body)

    def _create(self, given: dict[str, Any]) -> Answer:
        name = f"{given['organization'] or 'me'}/{given['name']}"
        if name in self.spaces:
            return 409, {}, {"error": "You already created this space repo"}
        self.spaces[name] = {
            "hardware": given["hardware"], "visibility": given.get("visibility"),
            "variables": {}, "secrets": {}, "files": {".gitattributes": b""},
        }  # fmt: skip
        return 200, {}, {"url": f"{self.url}/spaces/{name}", "id": name}

    def _space(
        self, method: str, space: dict[str, Any], name: str, rest: str, given: Any, body: bytes
    ) -> Answer:
        if rest == "":
            return 200, {}, {"id": name, "_id": "1", "sha": "c" * 40, "host": self.url}
        if rest == "/variables":
            if method == "POST":
                space["variables"][given["key"]] = given["value"]
            shown = {k: {"key": k, "value": v} for k, v in space["variables"].items()}
            return 200, {}, shown
        if rest == "/secrets":
            if method == "POST":
                space["secrets"][given["key"]] = given["value"]
            return 200, {}, {k: {"key": k} for k in space["secrets"]}
        if rest == "/hardware":
            space["hardware"] = given["flavor"]
        if rest in ("/runtime", "/hardware", "/restart"):
            stage = self.stages[0]
            if rest == "/runtime" and len(self.stages) > 1:
                self.stages.pop(0)
            hardware = {"current": None, "requested": space["hardware"]}
            return 200, {}, {"stage": stage, "hardware": hardware}
        if rest.startswith("/tree/"):
            listed = [
                {"type": "file", "path": path, "size": len(data), "oid": "0" * 40}
                for path, data in space["files"].items()
            ]
            return 200, {}, listed
        if rest.startswith("/preupload/"):
            files = [
                {"path": each["path"], "uploadMode": "regular", "shouldIgnore": False}
                for each in given["files"]
            ]
            return 200, {}, {"files": files}
        if rest.startswith("/commit/"):
            self._commit(space, body)
            commit = {"commitUrl": f"{self.url}/spaces/{name}/commit/1", "commitOid": "d" * 40}
            return 200, {}, commit
        if rest.startswith("/logs/"):
            lines = [
                {"data": line, "timestamp": "2026-01-01T00:00:00.000Z"} for line in self.build_log
            ]
            events = "".join(f"data: {json.dumps(line)}\n\n" for line in lines)
            return 200, {"content-type": "text/event-stream"}, events
        return 404, {}, {"error": f"no {rest}"}

    def _commit(self, space: dict[str, Any], body: bytes) -> None:
        for line in body.decode().splitlines():
            operation = json.loads(line)
            value = operation["value"]
            if operation["key"] == "file":
                space["files"][value["path"]] = base64.b64decode(value["content"])
            elif operation["key"] == "deletedFile":
                del space["files"][value["path"]]

    def _page(self, path: str) -> Answer:
        if path.endswith("/v2/compare"):
            return 200, {}, {"event_id": "event"}
        ended = json.dumps([self.results])
        data = f"event: generating\ndata: [{{}}]\n\nevent: complete\ndata: {ended}\n\n"
        return 200, {"content-type": "text/event-stream"}, data


@contextmanager
def hub_service() -> Iterator[HubService]:
    """The service on a free port of loopback."""
    service = HubService()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            if self.headers.get("transfer-encoding") == "chunked":
                body = b"".join(self._chunks())
            token = self.headers.get("authorization", "").removeprefix("Bearer ")
            path = self.path.partition("?")[0]
            status, headers, data = service.answer(self.command, path, body, token)
            sent = (data if isinstance(data, str) else json.dumps(data)).encode()
            self.send_response(status)
            for name, value in {"content-type": "application/json", **headers}.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def _chunks(self) -> Iterator[bytes]:
            while size := int(self.rfile.readline(), 16):
                yield self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()

        def log_message(self, *_: Any) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        service.url = f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield service
        server.shutdown()
