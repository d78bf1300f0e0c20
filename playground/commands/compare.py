"""`python -m playground compare`: one prompt on both models, once or many times, perhaps judged."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from typing import Any

from playground import running, terminal
from playground.commands.asking import (
    add_expected,
    add_measures,
    add_models,
    add_options,
    budgets_of,
    expected_of,
    options_of,
    python_of,
    repeats_of,
)
from playground.commands.codes import ANSWERED, INTERRUPTED, NOT_ANSWERED, interrupts
from playground.commands.printing import print_safely, write_progress
from playground.domain.expected import Expected
from playground.judging.packing import agreement_line, judged_data, judged_rows


def add_compare(commands: Any) -> None:
    """Add the command to a parser's commands."""
    compare = commands.add_parser(
        "compare",
        help="answer one prompt with both models",
        usage="%(prog)s PROMPT [OPTION…]  (--help lists them)",
    )
    compare.set_defaults(command=_compare)
    compare.add_argument("prompt", metavar="PROMPT")
    add_models(compare)
    add_expected(add_measures(compare))
    add_options(compare)
    compare.add_argument("--json", action="store_true", help="print both results as JSON")


def _compare(given: argparse.Namespace) -> int:
    options, expected = options_of(given), expected_of(given)
    if given.repeats is not None or given.budgets:
        return _many(given, options, expected)
    comparison = running.own_comparison()
    requests = running.requests_for(comparison, given.prompt, options, given.pair)
    width = shutil.get_terminal_size().columns
    progress = terminal.ProgressLine(write_progress, width)
    show = progress.show if sys.stderr.isatty() else None
    with interrupts() as seen:
        compared = running.ask(comparison, requests, show, lambda: bool(seen))
    lanes, python = compared.lanes, python_of(given)
    if given.json:
        data = compared.to_json()
        if expected is not None:
            data["judged"] = judged_data(lanes, expected, python)
        print_safely(json.dumps(data, indent=2) + "\n")
    else:
        judged = judged_rows(lanes, expected, python)
        print_safely(terminal.draw(lanes, width, judged))
        if judged and (line := agreement_line(lanes)):
            print_safely(terminal.plain(line) + "\n")
    if seen:
        return INTERRUPTED
    answered = all(r.has_answer and r.ending != "error" for r in lanes.values())
    return ANSWERED if answered else NOT_ANSWERED


def _many(given: argparse.Namespace, options: dict[str, Any], expected: Expected | None) -> int:
    from playground.commands.batch import run_batch
    from playground.listing import Asked, listing

    asked = Asked(
        prompt=given.prompt,
        options=options,
        pair=given.pair,
        expected=expected,
        repeats=repeats_of(given),
        budgets=budgets_of(given),
    )
    comparison = running.own_comparison()
    listed = listing(comparison, asked)
    return run_batch(comparison, listed, python_of(given), as_json=given.json)
