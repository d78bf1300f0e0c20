"""Public sets on a stand-in of the Hub on loopback: a few rows each, in the files that the real
ones have."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from tests.engines.local.hubs.standin import Asked, Reply, StandIn, git_sha1

COMMIT = "0123456789abcdef0123456789abcdef01234567"
GATED = "Idavidrein/gpqa"


def lines(*rows: Mapping[str, object]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


AIME = lines(
    {"problem": "Find $x$ where $x+1=71$.", "answer": "70", "id": "0"},
    {"problem": "Find $y$ where $y=588$.", "answer": "588", "id": "1"},
)
MATH = lines(
    {"problem": "What is $\\frac12+0$?", "solution": "…", "answer": "\\frac{1}{2}",
     "subject": "Algebra", "level": 2, "unique_id": "test/algebra/1.json"},
)  # fmt: skip
GPQA = (
    "Question,Correct Answer,Incorrect Answer 1,Incorrect Answer 2,Incorrect Answer 3,"
    "High-level domain\n"
    "Which one is red?,Rot,Blau,Grün,Gelb,Physics\n"
).encode()
OWN = {
    "data/train.csv": b"question,answer\nTrain?,1\n",
    "data/test.csv": b"question,answer,topic\nTest?,2,hard\n",
}
CHOICES = lines({"question": "Which?", "choices": ["a", "b", "c"], "answer": 2})
SETS: dict[str, dict[str, bytes]] = {
    "math-ai/aime25": {"README.md": b"#", ".gitattributes": b"", "test.jsonl": AIME},
    "HuggingFaceH4/MATH-500": {"README.md": b"#", "test.jsonl": MATH},
    GATED: {"gpqa_diamond.csv": GPQA, "gpqa_main.csv": GPQA + GPQA.split(b"\n")[1] + b"\n"},
    "someone/own": OWN,
    "someone/choices": {"en/test.jsonl": CHOICES, "pt/test.jsonl": CHOICES},
    "someone/pictures": {"image.png": b"\x89PNG"},
}


class HubSets(StandIn):
    """The Hub's API for data sets as its client uses it."""

    token: str | None = None

    def __init__(self) -> None:
        super().__init__({})
        self.sets = {name: dict(files) for name, files in SETS.items()}

    def route(self, asked: Asked) -> Reply:
        found = re.fullmatch(
            r"/api/datasets/([\w.-]+/[\w.-]+)(?:/revision/([\w.]+))?", asked.path
        ) or re.fullmatch(r"/datasets/([\w.-]+/[\w.-]+)/resolve/([\w.]+)/(.+)", asked.path)
        if found is None or found[1] not in self.sets:
            return _refused(404, "RepoNotFound")
        if found[1] == GATED and asked.headers.get("authorization") != f"Bearer {self.token}":
            return _refused(403, "GatedRepo")
        if found[2] not in (None, "main", "v1", COMMIT):
            return _refused(404, "RevisionNotFound")
        files = self.sets[found[1]]
        if asked.path.startswith("/api/"):
            return Reply.of_json(_info(found[1], files))
        name = found[3]
        self.files = {asked.path.lstrip("/"): files[name]} if name in files else {}
        etag = ("ETag", f'"{git_sha1(files.get(name, b""))}"')
        return self.serve(asked.path.lstrip("/"), asked, ("X-Repo-Commit", COMMIT), etag)


def _info(name: str, files: Mapping[str, bytes]) -> dict[str, object]:
    siblings = [
        {"rfilename": path, "size": len(data), "blobId": git_sha1(data)}
        for path, data in files.items()
    ]
    return {"id": name, "sha": COMMIT, "siblings": siblings, "private": False, "downloads": 1,
            "disabled": False, "gated": False, "tags": [], "likes": 0}  # fmt: skip


def _refused(status: int, code: str) -> Reply:
    return Reply(status, b"{}", (("X-Error-Code", code), ("Content-Type", "application/json")))
