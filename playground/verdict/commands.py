"""`python -m playground verdict …`: its arguments, its report, its exit codes.

0: said; 2: a bad request. Knows the terminal only by a function that writes. What computes is
imported when the command runs.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playground.domain.errors import BadRequest

if TYPE_CHECKING:
    from playground.judging import RunPython
    from playground.notebook.document import Document
    from playground.verdict.grouping import Group
    from playground.verdict.votes import Tally

SAID = 0
NOTEBOOK, LINES, PICTURE = ".ipynb", ".jsonl", ".svg"

Write = Callable[[str], None]


def add_verdict(commands: Any, write: Write) -> None:
    """Add the command to a parser's commands."""
    verdict = commands.add_parser(
        "verdict",
        help="where thinking pays, by a notebook's runs and what was expected of them",
        usage="%(prog)s BOOK.ipynb|RESULTS.jsonl [--cell N] [--json] [--picture FILE.svg]",
    )
    verdict.add_argument("file", metavar="BOOK.ipynb|RESULTS.jsonl", type=Path)
    verdict.add_argument("--cell", type=int, metavar="N", help="the N-th prompt alone")
    verdict.add_argument("--json", action="store_true", help="print all numbers as JSON")
    verdict.add_argument(
        "--picture", type=Path, metavar="FILE.svg", help="draw the newest verdict into this file"
    )
    verdict.add_argument(
        "--allow-python-tests",
        action="store_true",
        help="run the models' code where tests are expected to pass: on this machine, no sandbox",
    )
    verdict.set_defaults(command=lambda given: _verdict(given, write))


def _verdict(given: argparse.Namespace, write: Write) -> int:
    from playground.judging import run_python
    from playground.notebook.saving import save_atomically
    from playground.verdict.drawing import picture
    from playground.verdict.reports import report_of, said
    from playground.verdict.votes import tally_data

    if given.picture is not None and given.picture.suffix.lower() != PICTURE:
        raise BadRequest(f"{str(given.picture)!r} is no SVG file. Name one that ends with .svg.")
    python = run_python if given.allow_python_tests else None
    groups, votes = _weighed(given.file, given.cell, python)
    found = [report_of(group) for group in groups]
    if given.json:
        data: dict[str, Any] = {"groups": [report.data for report in found]}
        if votes is not None:
            data["votes"] = [tally_data(tally) for tally in votes]
        write(json.dumps(data, indent=2) + "\n")
    else:
        write(said(found, votes or ()))
    if given.picture is not None and found:
        save_atomically(given.picture, picture(found[0].verdict))
    return SAID


def _weighed(
    file: Path, cell: int | None, run_python: RunPython | None
) -> tuple[tuple[Group, ...], tuple[Tally, ...] | None]:
    """The groups of a file and its blind votes; results in lines are not told by their votes."""
    from playground.notebook.saving import read_text
    from playground.verdict.from_document import groups_of_document
    from playground.verdict.from_lines import groups_of_lines
    from playground.verdict.votes import tallies

    kind = file.suffix.lower()
    if kind not in (NOTEBOOK, LINES):
        raise BadRequest(
            f"{str(file)!r} is neither a notebook (.ipynb) nor results (.jsonl). Choose one."
        )
    text = read_text(file)
    if kind == LINES:
        if cell is not None:
            raise BadRequest(f"--cell is {cell}, but a file of results has no cells. Leave it out.")
        return groups_of_lines(text, file.name, run_python), None
    document = _document(text, file.name, cell)
    return groups_of_document(document, run_python), tallies(document)


def _document(text: str, name: str, cell: int | None) -> Document:
    """The notebook, with the one prompt that was asked for or all of it."""
    from playground.notebook.storage import read

    document, _ = read(text, name)
    if cell is None:
        return document
    if not 1 <= cell <= len(document.prompts):
        raise BadRequest(
            f"--cell is {cell}, but {name!r} has {len(document.prompts)} prompts. Give a"
            " number from 1 on."
        )
    return replace(document, cells=(document.prompts[cell - 1],))
