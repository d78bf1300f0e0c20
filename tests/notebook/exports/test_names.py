"""Names of files: safe everywhere, never empty."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.notebook.exports.names import MOST_BYTES, file_name

MANY = settings(max_examples=300, deadline=None, derandomize=True, database=None)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("My notes", "My-notes.md"),
        ("Comparação: São Paulo?", "Comparação-São-Paulo.md"),
        ("../../etc/passwd", "etc-passwd.md"),
        ("", "notebook.md"),
        ("...", "notebook.md"),
        ("🎉", "notebook.md"),
        ("con", "notebook-con.md"),
        ("LPT1.txt", "notebook-LPT1.txt.md"),
        ("v1.2", "v1.2.md"),
    ],
)
def test_a_title_becomes_a_name(title: str, name: str) -> None:
    assert file_name(title, "md") == name


@MANY
@given(st.text())
def test_any_title_makes_a_name_that_every_system_takes(title: str) -> None:
    stem = file_name(title, "html").removesuffix(".html")
    assert stem and len(stem.encode()) <= MOST_BYTES + len("notebook-")
    assert re.fullmatch(r"[\w.-]+", stem) and stem[0] not in ".-" and stem[-1] not in ".-"
