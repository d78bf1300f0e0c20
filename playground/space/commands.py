"""`python -m playground space …`: its arguments, its report, its exit codes.

0 all well, 1 a failure that is told, 2 a bad request. Knows the terminal only by a function that
writes.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from playground.domain.errors import PlaygroundError
from playground.space.checking import check
from playground.space.front_matter import with_front_matter
from playground.space.reading import ROOT, named, read_spaces

WELL, FAILED = 0, 1
_MARKS = {"ok": "✓", "failed": "✗"}

Write = Callable[[str], None]


def add_space(commands: Any, pairs: Collection[str], write: Write) -> None:
    """Add the command to a parser's commands."""
    space = commands.add_parser("space", help="check a Hugging Face Space, or put it up")
    actions = space.add_subparsers(required=True, metavar="ACTION")
    one = actions.add_parser("check", help="offline: what would go up, and whether it would work")
    one.add_argument("name", metavar="NAME", nargs="?", help="default: all of spaces.yml")
    one.set_defaults(command=lambda given: _check(given.name, pairs, write))
    head = actions.add_parser("readme", help="write README.md's head from the default Space")
    head.set_defaults(command=lambda given: _readme(write))
    push = actions.add_parser("push", help="create or update the Space, and try it")
    push.add_argument("name", metavar="NAME", nargs="?", help="default: spaces.yml's default")
    push.add_argument("--to", metavar="OWNER/NAME", help="default: your account, its own name")
    push.add_argument("--private", action="store_true", help="only you may see it")
    push.add_argument(
        "--wait", type=int, default=2400, metavar="S", help="seconds for the build (2400)"
    )
    push.set_defaults(command=lambda given: _push(given, pairs, write))


def _check(name: str | None, pairs: Collection[str], write: Write) -> int:
    spaces = read_spaces()
    names = [name] if name else list(spaces.by_name)
    well = True
    for each in names:
        for finding in check(named(spaces, each), spaces, pairs):
            well = well and finding.level == "ok"
            write(f"{_MARKS[finding.level]} {finding.text}\n")
            if finding.fix:
                write(f"  → {finding.fix}\n")
        write("\n")
    return WELL if well else FAILED


def _readme(write: Write, root: Path = ROOT) -> int:
    spaces = read_spaces(root)
    path = root / "README.md"
    text = path.read_text("utf-8")
    made = with_front_matter(text, named(spaces, None).front_matter)
    if made == text:
        write("README.md's head is right.\n")
        return WELL
    path.write_text(made, "utf-8")
    write("README.md's head was written.\n")
    return WELL


def _push(given: argparse.Namespace, pairs: Collection[str], write: Write) -> int:
    from playground.space.push import Push

    spaces = read_spaces()
    space = named(spaces, given.name)
    failures = [each for each in check(space, spaces, pairs) if each.level == "failed"]
    for finding in failures:
        write(f"✗ {finding.text}\n" + (f"  → {finding.fix}\n" if finding.fix else ""))
    if failures:
        write("Nothing was sent.\n")
        return FAILED
    try:
        Push(space, write, given.wait).run(given.to, given.private)
    except PlaygroundError as exc:
        write(f"✗ {exc}\n")
        return FAILED
    return WELL
