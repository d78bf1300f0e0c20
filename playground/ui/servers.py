"""Model servers on the page: what was found on this machine, how to start one, a doctor's report.

Markdown from plain values. What a server says is untrusted: it is shown as text, never as markup.
Knows no engine; whoever makes the page gives it the tools.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from playground.domain.text import as_markdown_text
from playground.said_errors import said
from playground.words import say

_MARKS = {"ok": "✓", "warning": "⚠", "failed": "✗"}


class Found(Protocol):
    """A server that answered: what it is, and the names of its models."""

    @property
    def label(self) -> str: ...
    @property
    def models(self) -> tuple[str, ...]: ...


class Finding(Protocol):
    """One line of a doctor's report."""

    @property
    def level(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def fix(self) -> str: ...


@dataclass(frozen=True, slots=True)
class ServerTools:
    """What the page can do about servers: find those on this machine, examine one, say how to
    start one (label and command lines)."""

    find: Callable[[], Sequence[Found]]
    examine: Callable[[str], Iterator[Finding]]
    start: tuple[tuple[str, str], ...]


def found_text(found: Sequence[Found], start: Sequence[tuple[str, str]]) -> str:
    """What runs here; when nothing does, the commands that start something."""
    if found:
        lines = [f"- {as_markdown_text(server.label)}: {_models(server)}" for server in found]
        return say("Found on this machine, and in the lists above:") + "\n\n" + "\n".join(lines)
    blocks = [f"**{label}**\n```\n{lines}\n```" for label, lines in start]
    none = say("No server was found on this machine. To start one:")
    return "\n\n".join([none, *blocks])


def _models(server: Found) -> str:
    count = len(server.models)
    return say("1 model") if count == 1 else say("{count} models", count=count)


def report_text(findings: Sequence[Finding]) -> str:
    """A report, as far as it has come."""
    lines = []
    for finding in findings:
        lines.append(f"{_MARKS[finding.level]} {as_markdown_text(said(finding.text))}")
        if finding.fix:
            lines.append(f"→ {as_markdown_text(said(finding.fix))}")
    return "  \n".join(lines)
