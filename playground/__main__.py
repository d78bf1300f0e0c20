"""The command line: everything but the page, which `app.py` opens.

`python -m playground compare "PROMPT"` answers with both models, in a table or as JSON. Exit
codes: 0 both answered, 1 a lane failed or gave no answer, 2 a bad request, 130 stopped by Ctrl+C.
`python -m playground run BOOK.ipynb` runs a notebook's prompts in order; the same codes.
`python -m playground doctor [URL]` examines a server, or all that run on this machine: 0 all well,
1 a warning or a failure. `python -m playground models` tells what fits this machine.
`python -m playground space check|readme|push` is for Hugging Face Spaces; `python -m playground
verdict BOOK.ipynb` says where thinking pays. Knows arguments and exit
codes; the drawing is in `terminal`, the running in `running`.
"""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from playground import catalog, running, terminal
from playground.attachments import read_path
from playground.catalog.judging import all_pairs
from playground.domain.engine import ModelCard
from playground.domain.errors import BadRequest
from playground.domain.request import LANES, SCHEDULES
from playground.domain.sampling import FIELD_BY_NAME, FIELDS
from playground.engines import examine, find_servers
from playground.engines.server.commands import start_commands
from playground.headless import Headless, Progress, Watcher, Which
from playground.notebook.settings import Settings
from playground.pairing import MODEL_TOOLS, PAIR_CHOICES
from playground.space.commands import add_space
from playground.verdict.commands import add_verdict
from playground.words import size

ANSWERED, NOT_ANSWERED, BAD_REQUEST, INTERRUPTED = 0, 1, 2, 130


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
    compare = commands.add_parser(
        "compare",
        help="answer one prompt with both models",
        usage="%(prog)s PROMPT [OPTION…]  (--help lists them)",
    )
    compare.set_defaults(command=_compare)
    compare.add_argument("prompt", metavar="PROMPT")
    compare.add_argument(
        "--pair",
        default=catalog.AUTO,
        help=f"the models, one of: {', '.join(PAIR_CHOICES)} (default: %(default)s)",
    )
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
    add_space(commands, tuple(catalog.PAIRS), _print_safely)
    add_verdict(commands, _print_safely)
    for lane in LANES:
        compare.add_argument(f"--{lane}", metavar="MODEL", help=f"the {lane} lane's model")
    compare.add_argument("--system", default="", metavar="TEXT", help="system prompt")
    compare.add_argument(
        "--attach",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="a document to put before the prompt (text, source code, HTML, PDF); may be repeated",
    )
    compare.add_argument("--schedule", default=SCHEDULES[0], help=" or ".join(SCHEDULES))
    compare.add_argument("--json", action="store_true", help="print both results as JSON")
    sampling = compare.add_argument_group(
        "sampling", "for both lanes; what is left out is each model's own default"
    )
    for field in FIELDS:
        sampling.add_argument(
            "--" + field.name.replace("_", "-"),
            action="append" if field.kind == "strings" else "store",
            metavar="TEXT" if field.kind == "strings" else "N",
            help=f"{field.help} {field.allowed().capitalize()}.".replace("%", "%%"),
        )
    for lane in LANES:
        sampling.add_argument(
            f"--{lane}-sampling",
            nargs="+",
            default=[],
            metavar="KEY=VALUE",
            help=f"for the {lane} lane only, for instance temperature=0 top_k=20",
        )
    return parser


def _compare(given: argparse.Namespace) -> int:
    options: dict[str, object] = {
        "system": given.system,
        "schedule": given.schedule,
        "attachments": [read_path(path) for path in given.attach],
        "sampling": _sampling(
            (field.name, text) for field in FIELDS for text in _listed(getattr(given, field.name))
        ),
    }
    for lane in LANES:
        model = getattr(given, lane)
        own = {"sampling": _sampling(_pairs(getattr(given, f"{lane}_sampling")))}
        options[lane] = own if model is None else {**own, "model": model}
    comparison = running.own_comparison()
    requests = running.requests_for(comparison, given.prompt, options, given.pair)
    width = shutil.get_terminal_size().columns
    progress = terminal.ProgressLine(_write_progress, width)
    show = progress.show if sys.stderr.isatty() else None
    with _interrupts() as interrupts:
        compared = running.ask(comparison, requests, show, lambda: bool(interrupts))
    if given.json:
        print(json.dumps(compared.to_json(), indent=2))
    else:
        _print_safely(terminal.draw(compared.lanes, width))
    if interrupts:
        return INTERRUPTED
    answered = all(r.has_answer and r.ending != "error" for r in compared.lanes.values())
    return ANSWERED if answered else NOT_ANSWERED


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
    line = terminal.ProgressLine(_write_progress, width)
    kept = KeptFile(out, settings, describe)

    def show(progress: Progress, folds: running.Folds) -> None:
        if sys.stderr.isatty():
            line.before = progress.words() + " · "
            line.show(folds)

    with _interrupts() as interrupts:
        headless = Headless(
            comparison,
            document,
            settings,
            Watcher(
                keep=kept.keep,
                show=show,
                problem=lambda number, words: print(f"Cell {number}: {words}", file=sys.stderr),
                stopped=lambda: bool(interrupts),
            ),
        )
        try:
            outcome = headless.run(Which(given.first, given.stale))
        finally:
            kept.finish()
    runs = "1 run" if outcome.runs == 1 else f"{outcome.runs} runs"
    _print_safely(f"{runs}, saved in {out}\n" if outcome.runs else "There was nothing to run.\n")
    if interrupts:
        return INTERRUPTED
    return ANSWERED if outcome.answered else NOT_ANSWERED


def _doctor(given: argparse.Namespace) -> int:
    urls = [given.url] if given.url else [server.url for server in find_servers()]
    if not urls:
        print("No server was found on this machine. Start one:\n")
        _print_safely(start_commands() + "\n")
        return NOT_ANSWERED
    well = True
    for finding in (finding for url in urls for finding in examine(url)):
        well = well and finding.level == "ok"
        _print_safely(terminal.draw_finding(finding.level, finding.text, finding.fix))
        sys.stdout.flush()
    return ANSWERED if well else NOT_ANSWERED


def _models(_: argparse.Namespace) -> int:
    now = MODEL_TOOLS.machine()
    print(f"{now.label}: {size(now.available_bytes)} of {size(now.total_bytes)} free\n")
    _print_safely(terminal.draw_pairs(all_pairs(MODEL_TOOLS, now)))
    return ANSWERED


@contextmanager
def _interrupts() -> Iterator[list[int]]:
    """Collects Ctrl+C instead of raising, so that the lanes end in order; a second one raises."""
    seen: list[int] = []

    def collect(number: int, _frame: FrameType | None) -> None:
        if seen:
            raise KeyboardInterrupt
        seen.append(number)

    before = signal.signal(signal.SIGINT, collect)
    try:
        yield seen
    finally:
        signal.signal(signal.SIGINT, before)


def _listed(value: object) -> Iterable[str]:
    if value is None:
        return ()
    return value if isinstance(value, list) else (str(value),)


def _pairs(items: Iterable[str]) -> Iterator[tuple[str, str]]:
    for item in items:
        key, equals, value = item.partition("=")
        if not equals:
            raise BadRequest(f"{item!r} is not KEY=VALUE. Write for instance temperature=0.")
        yield key, value


def _sampling(pairs: Iterable[tuple[str, str]]) -> Mapping[str, object]:
    """Sampling options from text; a key of strings may come many times."""
    values: dict[str, object] = {}
    for key, text in pairs:
        field = FIELD_BY_NAME.get(key)
        if field is not None and field.kind == "strings":
            values[key] = [*_listed(values.get(key)), text]
        else:
            values[key] = _number(text)
    return values


def _number(text: str) -> object:
    """A number or null if the text is one; the field's own check refuses the rest."""
    if text in ("null", "none"):
        return None
    for convert in (int, float):
        try:
            return convert(text)
        except ValueError:
            pass
    return text


def _write_progress(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()


def _print_safely(text: str) -> None:
    """Print what the terminal's encoding can; a question mark for the rest."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding))


if __name__ == "__main__":
    sys.exit(main())
