"""`python -m playground verdict …`: its arguments, its report, its exit codes.

0: said; 2: a bad request. Knows the terminal only by a function that writes. What computes is
imported when the command runs.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playground.domain.errors import BadRequest
from playground.words import say

if TYPE_CHECKING:
    from playground.judging import RunPython
    from playground.verdict.grouping import Group

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
    from playground.verdict.weighing import verdict_of

    if given.picture is not None and given.picture.suffix.lower() != PICTURE:
        raise BadRequest(f"{str(given.picture)!r} is no SVG file. Name one that ends with .svg.")
    found = _groups(given.file, given.cell, run_python if given.allow_python_tests else None)
    if given.json:
        write(json.dumps({"groups": [_data(group) for group in found]}, indent=2) + "\n")
    else:
        write(_said(found))
    if given.picture is not None and found:
        save_atomically(given.picture, picture(verdict_of(found[0])))
    return SAID


def _groups(file: Path, cell: int | None, run_python: RunPython | None) -> tuple[Group, ...]:
    from playground.notebook.saving import read_text
    from playground.notebook.storage import read
    from playground.verdict.from_document import groups_of_cell, groups_of_document
    from playground.verdict.from_lines import groups_of_lines

    kind = file.suffix.lower()
    if kind not in (NOTEBOOK, LINES):
        raise BadRequest(
            f"{str(file)!r} is neither a notebook (.ipynb) nor results (.jsonl). Choose one."
        )
    text = read_text(file)
    if kind == LINES:
        if cell is not None:
            raise BadRequest(f"--cell is {cell}, but a file of results has no cells. Leave it out.")
        return groups_of_lines(text, file.name, run_python)
    document, _ = read(text, file.name)
    if cell is None:
        return groups_of_document(document, run_python)
    if not 1 <= cell <= len(document.prompts):
        raise BadRequest(
            f"--cell is {cell}, but {file.name!r} has {len(document.prompts)} prompts. Give a"
            " number from 1 on."
        )
    return groups_of_cell(document.prompts[cell - 1], run_python)


def _data(group: Group) -> dict[str, Any]:
    from playground.verdict.curve import curve_data, curves
    from playground.verdict.value import verdict_data
    from playground.verdict.weighing import verdict_of

    return {
        "models": group.models,
        "verdict": verdict_data(verdict_of(group)),
        "curves": [curve_data(curve) for curve in curves(group.attempts)],
    }


def _said(found: tuple[Group, ...]) -> str:
    """A paragraph a group, the newest first; each after it with what was otherwise."""
    from playground.verdict.curve import curves
    from playground.verdict.curve_words import curve_words
    from playground.verdict.weighing import verdict_of
    from playground.verdict.words import tag_words, verdict_words

    paragraphs = []
    for group in found:
        verdict = verdict_of(group)
        lines = [_head(group, found[0])] if len(found) > 1 else []
        lines += [verdict_words(verdict), tag_words(verdict)]
        lines += [curve_words(curve) for curve in curves(group.attempts)]
        paragraphs.append("\n".join(line for line in lines if line))
    return "\n\n".join(paragraphs or [say("No run has come to its end here yet.")]) + "\n"


def _head(group: Group, newest: Group) -> str:
    unlike = () if group is newest else group.unlike(newest)
    return " · ".join([*group.models.values(), *unlike])
