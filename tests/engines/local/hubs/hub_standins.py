"""The two hubs on loopback: their APIs as far as their clients use them, over a `StandIn`."""

from __future__ import annotations

import re
from typing import Any

from tests.engines.local.hubs.standin import Asked, Reply, StandIn, git_sha1, sha256


class HubStandIn(StandIn):
    """The Hugging Face Hub's API as its client uses it; weights come from another path, as LFS."""

    commit = "0123456789abcdef0123456789abcdef01234567"
    id = "someone/tiny"
    token: str | None = None

    def route(self, asked: Asked) -> Reply:
        if asked.path.startswith("/cdn/"):  # another server: it asks for no token
            return self.serve(self.file_of(asked) or "", asked)
        if self.token and asked.headers.get("authorization") != f"Bearer {self.token}":
            return _refused(401, "RepoNotFound", "Invalid username or password.")
        if found := re.fullmatch(r"/api/models/(\w+/\w+)(?:/(revision|tree)/([^/]+))?", asked.path):
            name, what, revision = found.groups()
            if refused := self._refused(name, revision or "main"):
                return refused
            return Reply.of_json(self._tree() if what == "tree" else self._info())
        if found := re.fullmatch(r"/(\w+/\w+)/resolve/([^/]+)/(.+)", asked.path):
            name, revision, file = found.groups()
            return self._refused(name, revision) or self._resolve(file, asked)
        return Reply(404)

    def file_of(self, asked: Asked) -> str | None:
        if asked.path.startswith("/cdn/"):
            wanted = asked.path.removeprefix("/cdn/")
            return next((name for name, data in self.files.items() if sha256(data) == wanted), None)
        file = asked.path.partition("/resolve/")[2].partition("/")[2]
        return None if _is_large(file) else file

    def _refused(self, name: str, revision: str) -> Reply | None:
        if name != self.id:
            return _refused(404, "RepoNotFound", "Repository not found")
        if revision not in ("main", "v1", self.commit):
            return _refused(404, "RevisionNotFound", f"Invalid rev id: {revision}")
        return None

    def _info(self) -> dict[str, Any]:
        siblings = [
            {"rfilename": entry["path"], "size": entry["size"], "blobId": entry["oid"]}
            | ({"lfs": _lfs(self.files[entry["path"]])} if "lfs" in entry else {})
            for entry in self._tree()
        ]
        return {"id": self.id, "modelId": self.id, "sha": self.commit, "siblings": siblings}

    def _tree(self) -> list[dict[str, Any]]:
        entries = []
        for path, data in self.files.items():
            entry = {"type": "file", "path": path, "size": len(data), "oid": git_sha1(data)}
            if _is_large(path):
                entry["lfs"] = {"oid": sha256(data), "size": len(data), "pointerSize": 134}
            entries.append(entry)
        return entries

    def _resolve(self, file: str, asked: Asked) -> Reply:
        if file not in self.files:
            return _refused(404, "EntryNotFound", "Entry not found")
        data, commit = self.files[file], ("X-Repo-Commit", self.commit)
        if not _is_large(file):
            return self.serve(file, asked, commit, ("ETag", f'"{git_sha1(data)}"'))
        linked = ("X-Linked-Etag", f'"{sha256(data)}"'), ("X-Linked-Size", str(len(data)))
        elsewhere = f"{self.url.replace('127.0.0.1', 'localhost')}/cdn/{sha256(data)}"
        return Reply(302, headers=(commit, *linked, ("Location", elsewhere)))


class ModelScopeStandIn(StandIn):
    """ModelScope's API as its client uses it."""

    id = "someone/tiny"
    token: str | None = None

    def route(self, asked: Asked) -> Reply:
        if self.token and asked.headers.get("authorization") != f"Bearer {self.token}":
            return Reply.of_json({"Code": 10990101, "Message": "token"}, 401)
        if asked.path == "/":
            return Reply()
        name = asked.path.removeprefix("/api/v1/models/").partition("/repo")[0]
        if name != self.id or asked.query.get("Revision") not in ("master", "v1"):
            return Reply.of_json({"Code": 10010205001, "Message": "not found"}, 404)
        if asked.path.endswith("/repo/files"):
            listed = [
                {"Path": path, "Name": path, "Size": len(data), "Sha256": sha256(data)}
                | {"Type": "blob", "Revision": "1"}
                for path, data in self.files.items()
            ]
            return Reply.of_json({"Code": 200, "Success": True, "Data": {"Files": listed}})
        return self.serve(self.file_of(asked) or "", asked)

    def file_of(self, asked: Asked) -> str | None:
        return asked.query.get("FilePath")


def _is_large(path: str) -> bool:
    return path.endswith(".safetensors")


def _lfs(data: bytes) -> dict[str, Any]:
    return {"sha256": sha256(data), "size": len(data), "pointerSize": 134}


def _refused(status: int, code: str, message: str) -> Reply:
    reply = Reply.of_json({"error": message}, status)
    headers = (*reply.headers, ("X-Error-Code", code), ("X-Error-Message", message))
    return Reply(status, reply.body, headers)
