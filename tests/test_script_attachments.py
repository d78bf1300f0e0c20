"""Documents that a script attaches: by path, or by name and text."""

from __future__ import annotations

from pathlib import Path

import pytest

from playground import compare, script
from playground.domain.errors import BadRequest
from tests.played import comparison_of, demo_pair


def test_documents_are_attached_by_path_or_by_text(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    left, right = demo_pair()
    comparison = comparison_of(left, right)
    monkeypatch.setattr(script, "own_comparison", lambda: comparison)
    path = tmp_path / "notes.md"
    path.write_text("# Notes", encoding="utf-8")
    compare("Why?", attachments=[path, str(path), {"name": "b.txt", "text": "more"}])
    request = left.requests[0]
    assert [(each.name, each.text) for each in request.attachments] == [
        ("notes.md", "# Notes"),
        ("notes.md", "# Notes"),
        ("b.txt", "more"),
    ]
    assert request.question == "Why?" and right.requests[0].prompt == request.prompt
    for wrong, words in (("notes.md", "must be a list"), ([tmp_path / "no"], "could not be read")):
        with pytest.raises(BadRequest, match=words):
            compare("Why?", attachments=wrong)  # type: ignore[arg-type]
