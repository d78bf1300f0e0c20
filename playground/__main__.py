"""The command line: everything but the page, which `app.py` opens.

`python -m playground compare "PROMPT"` answers with both models, in a table or as JSON. Exit
codes: 0 both answered, 1 a lane failed or gave no answer, 2 a bad request, 130 stopped by Ctrl+C.
`python -m playground list FILE` runs a list of problems, kept in a notebook; the same codes.
`python -m playground run BOOK.ipynb` runs a notebook's prompts in order; the same codes.
`python -m playground doctor [URL]` examines a server, or all that run on this machine: 0 all well,
1 a warning or a failure. `python -m playground models` tells what fits this machine.
`python -m playground space check|readme|push` is for Hugging Face Spaces; `python -m playground
verdict BOOK.ipynb` says where thinking pays. Knows arguments and exit
codes; the drawing is in `terminal`, the running in `running`.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from playground import catalog, running, terminal
from playground.catalog.judging import all_pairs
from playground.commands.codes import (
    ANSWERED,
    BAD_REQUEST,
    INTERRUPTED,
    NOT_ANSWERED,
    interrupts,
)
from playground.commands.compare import add_compare
from playground.commands.list import add_list
from playground.commands.printing import print_safely, write_progress
from playground.domain.engine import ModelCard
from playground.domain.errors import BadRequest
from playground.engines import examine, find_servers
from playground.engines.server.commands import start_commands
from playground.headless import Headless, Progress, Watcher, Which
from playground.notebook.settings import Settings
from playground.pairing import MODEL_TOOLS
from playground.space.commands import add_space
from playground.verdict.commands import add_verdict
from playground.words import size


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    given = _parser().parse_args(arguments)
    try:
        code: int = given.command(given)
        return code
    except BadRequest as exc:
        print(exc, file=sys.stderr)
        return BAD_REQUEST
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m playground", description="Two models, one prompt. The page: app.py."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    add_compare(commands)
    add_list(commands)
    run = commands.add_parser(
        "run",
        help="run a notebook's prompts in order, and save it after each",
        usage="%(prog)s BOOK.ipynb [-o OUT.ipynb] [--stale | --from N]",
    )
    run.set_defaults(command=_run)
    run.add_argument("book", metavar="BOOK.ipynb")
    run.add_argument("-o", "--output", metavar="OUT.ipynb", help="default: BOOK.ipynb itself")
    which = run.add_mutually_exclusive_group()
    which.add_argument(
        "--stale",
        "--resume",
        action="store_true",
        help="only what has not run as it and its settings are now: prompts, and runs of a list;"
        " with -o, goes on with OUT.ipynb where it is there",
    )
    which.add_argument(
        "--from", dest="first", type=int, default=1, metavar="N", help="from the N-th prompt on"
    )
    doctor = commands.add_parser("doctor", help="examine a model server by short generations")
    doctor.set_defaults(command=_doctor)
    doctor.add_argument("url", metavar="URL", nargs="?", help="default: the servers found here")
    models = commands.add_parser("models", help="the known pairs: what fits this machine")
    models.set_defaults(command=_models)
    add_space(commands, tuple(catalog.PAIRS), print_safely)
    add_verdict(commands, print_safely)
    return parser


def _run(given: argparse.Namespace) -> int:
    from playground.notebook.kept_file import KeptFile, opened

    book = Path(given.book)
    out = Path(given.output or given.book)
    comparison = running.own_comparison()

    def describe(name: str) -> ModelCard:
        return comparison.open_engine(name).card

    goes_on = given.stale and out.exists()  # a run into another file that was cut off
    document, settings = opened(out if goes_on else book, describe)
    settings = settings or Settings(catalog.pair(catalog.DEFAULT_PAIR))
    width = shutil.get_terminal_size().columns
    line = terminal.ProgressLine(write_progress, width)
    kept = KeptFile(out, settings, describe)

    def show(progress: Progress, folds: running.Folds) -> None:
        if sys.stderr.isatty():
            line.before = progress.words() + " · "
            line.show(folds)

    with interrupts() as seen:
        headless = Headless(
            comparison,
            document,
            settings,
            Watcher(
                keep=kept.keep,
                show=show,
                problem=lambda number, words: print(f"Cell {number}: {words}", file=sys.stderr),
                stopped=lambda: bool(seen),
            ),
        )
        try:
            outcome = headless.run(Which(given.first, given.stale))
        finally:
            kept.finish()
    runs = "1 run" if outcome.runs == 1 else f"{outcome.runs} runs"
    print_safely(f"{runs}, saved in {out}\n" if outcome.runs else "There was nothing to run.\n")
    if seen:
        return INTERRUPTED
    return ANSWERED if outcome.answered else NOT_ANSWERED


def _doctor(given: argparse.Namespace) -> int:
    urls = [given.url] if given.url else [server.url for server in find_servers()]
    if not urls:
        print("No server was found on this machine. Start one:\n")
        print_safely(start_commands() + "\n")
        return NOT_ANSWERED
    well = True
    for finding in (finding for url in urls for finding in examine(url)):
        well = well and finding.level == "ok"
        print_safely(terminal.draw_finding(finding.level, finding.text, finding.fix))
        sys.stdout.flush()
    return ANSWERED if well else NOT_ANSWERED


def _models(_: argparse.Namespace) -> int:
    now = MODEL_TOOLS.machine()
    print(f"{now.label}: {size(now.available_bytes)} of {size(now.total_bytes)} free\n")
    print_safely(terminal.draw_pairs(all_pairs(MODEL_TOOLS, now)))
    return ANSWERED


if __name__ == "__main__":
    sys.exit(main())
