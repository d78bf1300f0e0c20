"""The panel of model servers: what a server says is shown as text, never as markup."""

from __future__ import annotations

from playground.engines.server.commands import START
from playground.engines.server.discovery import Found
from playground.engines.server.doctor import Finding
from playground.ui.servers import found_text, report_text

EVIL = "[x](http://evil) <img src=x> **bold** `code`"


def test_servers_that_were_found_are_listed_with_the_number_of_their_models() -> None:
    found = (Found("vLLM 0.32.0", "http://127.0.0.1:8000/v1", ("a", "b")), Found(EVIL, "u", ("a",)))
    text = found_text(found, START)
    assert "- vLLM 0.32.0: 2 models" in text
    assert "1 model" in text
    assert "](http" not in text and "<img" not in text.replace("\\<img", "")


def test_where_nothing_runs_every_command_is_shown() -> None:
    text = found_text((), START)
    for label, commands in START:
        assert f"**{label}**" in text and commands in text


def test_a_report_has_a_mark_a_finding_and_the_fix_below_it() -> None:
    findings = [Finding("ok", "Context 32,768 tokens"), Finding("warning", EVIL, "Start it again.")]
    lines = report_text(findings).split("  \n")
    assert lines[0] == "✓ Context 32,768 tokens"
    assert lines[1].startswith("⚠ ") and "\\*\\*bold" in lines[1]
    assert lines[2] == "→ Start it again."
