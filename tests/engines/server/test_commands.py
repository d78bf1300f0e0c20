"""The commands that start servers stand in the README, word for word."""

from __future__ import annotations

from pathlib import Path

from playground.engines.server.commands import START, start_commands

README = Path(__file__).resolve().parents[3] / "README.md"


def test_every_command_is_in_the_readme() -> None:
    text = README.read_text("utf-8")
    for label, lines in START:
        assert f"{label}:\n\n```\n{lines}\n```" in text


def test_the_terminal_shows_them_all() -> None:
    for label, lines in START:
        assert f"{label}:" in start_commands() and lines.splitlines()[0] in start_commands()


def test_no_command_is_one_that_todays_vllm_refuses() -> None:
    assert "--enable-reasoning" not in start_commands()
    assert "deepseek" not in start_commands()
