"""`python -m playground list`: a list of problems on both models, kept in a notebook, and judged.

What is in the notebook already is not run again, so the same command goes on after Ctrl+C.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from playground import running
from playground.commands.asking import (
    add_measures,
    add_models,
    add_options,
    budgets_of,
    options_of,
    python_of,
    repeats_of,
)
from playground.commands.printing import write_progress
from playground.domain.errors import BadRequest
from playground.sets import known_names

NOTEBOOK, PICTURE = ".ipynb", ".svg"


def add_list(commands: Any) -> None:
    """Add the command to a parser's commands."""
    listed = commands.add_parser(
        "list",
        help="run a list of problems, kept in a notebook, and say where thinking pays",
        usage="%(prog)s FILE|demo|HUB-ID [-o OUT.ipynb] [OPTION…]  (--help lists them)",
        epilog=f"Known sets on the Hub: {', '.join(known_names())}. Any other one whose columns"
        " can be told works too. Naming one is asking for its download.",
    )
    listed.set_defaults(command=_list)
    listed.add_argument(
        "name",
        metavar="FILE|demo|HUB-ID",
        help="a table (CSV, JSON, JSON lines, Markdown), the built-in problems, or a public set:"
        " NAME[/CONFIG][@REVISION][:SPLIT]",
    )
    listed.add_argument("-o", "--output", type=Path, metavar="OUT.ipynb")
    listed.add_argument("--limit", type=int, metavar="N", help="only the first N problems")
    listed.add_argument(
        "--prompt",
        metavar="TEMPLATE",
        help="what is asked of each, with {{prompt}} and other columns' names in it",
    )
    add_models(listed)
    add_measures(listed)
    add_options(listed)
    listed.add_argument("--json", action="store_true", help="print rows and verdict as JSON")
    listed.add_argument(
        "--picture", type=Path, metavar="FILE.svg", help="draw the verdict into this file"
    )


def _list(given: argparse.Namespace) -> int:
    from playground.commands.batch import run_batch
    from playground.listing import Asked, listing
    from playground.sets import open_set

    if given.picture is not None and given.picture.suffix.lower() != PICTURE:
        raise BadRequest(f"{str(given.picture)!r} is no SVG file. Name one that ends with .svg.")
    options, repeats, budgets = options_of(given), repeats_of(given), budgets_of(given)
    found = open_set(given.name, given.limit, write_progress)
    out = given.output or Path(f"{found.short_name}{NOTEBOOK}")
    if out.suffix.lower() != NOTEBOOK:
        raise BadRequest(f"{str(out)!r} is no notebook. Name a file that ends with .ipynb.")
    asked = Asked(
        prompt=given.prompt or found.template,
        options=options,
        pair=given.pair,
        problems=found.problems,
        repeats=repeats,
        budgets=budgets,
        title=found.title,
    )
    comparison = running.own_comparison()
    listed = listing(comparison, asked, out)
    return run_batch(
        comparison, listed, python_of(given), as_json=given.json, picture=given.picture
    )
