"""Opens the page: settings → engines → page → launch. No logic; `python app.py --help`."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path

# Until the app is up, Ctrl+C has nothing to clean up.
signal.signal(signal.SIGINT, lambda *_: os._exit(130))

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")

from playground.space import zero

zero.prepare()  # before anything that may touch CUDA

from playground.catalog import AUTO
from playground.comparison.allowed import only
from playground.comparison.residents import Residents
from playground.comparison.run import Comparison
from playground.domain.errors import PlaygroundError
from playground.domain.events import Event
from playground.domain.request import Lane
from playground.engines import (
    SERVER_LEASE,
    examine,
    find_servers,
    open_engine,
    tell_threads_by,
    unload_unused,
)
from playground.engines.idle import unload_when_idle
from playground.engines.server.commands import START
from playground.hosting import add_arguments, get_ready, hosting
from playground.judging.python_tests import run_python
from playground.pairing import MODEL_TOOLS, PAIR_CHOICES
from playground.terminal import told
from playground.ui.bound import BoundFile
from playground.ui.launch import LOOPBACK, launch
from playground.ui.page import Page
from playground.ui.python_tests import PythonTests
from playground.ui.servers import ServerTools
from playground.welcome import examples, problems, quiet_line

# How long the runs that a stop finds under way may take to hand over their text.
PATIENCE_S = 10.0
OPEN_TO_ALL = (
    "Warning: on {} anyone on the network can use this page and its models."
    " Add --auth USER:PASSWORD to ask for a login."
)


def arguments() -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(description="Qwen3 Instruct and Thinking side by side.")
    parser.add_argument(
        "--pair",
        choices=PAIR_CHOICES,
        default=AUTO,
        help="default: auto, which is qwen3-4b where it is on disk and fits, else demo",
    )
    parser.add_argument(
        "--left", metavar="MODEL", help="the left lane's model, instead of a pair's"
    )
    parser.add_argument("--right", metavar="MODEL", help="the right lane's model")
    parser.add_argument("--port", type=port, help="default: the first free one from 7860 on")
    parser.add_argument("--host", help="default: 127.0.0.1; 0.0.0.0 opens the page to the network")
    parser.add_argument("--auth", metavar="USER:PASSWORD", help="ask visitors to log in")
    parser.add_argument(
        "--notebook",
        metavar="FILE",
        type=Path,
        help="work on this file (.ipynb): opened, and saved",
    )
    parser.add_argument(
        "--unload-after",
        type=count,
        metavar="MINUTES",
        help="free a model's memory when nobody has run it for so long",
    )
    parser.add_argument(
        "--runs", type=count, default=32, metavar="N", help="runs on servers at a time (default 32)"
    )
    add_arguments(parser)
    return parser.parse_args()


def port(text: str) -> int:
    """A TCP port from the command line."""
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65_536:
        raise argparse.ArgumentTypeError(f"{text!r} is no port; use a number from 1 to 65535")
    return int(text)


def count(text: str) -> int:
    """A positive number from the command line."""
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number; use 1 or more")
    return int(text)


def load(models: Mapping[Lane, str], chosen: Callable[[], Collection[str]] = tuple) -> None:
    """Load both models; a failure shows again when a cell runs.

    Where all open pages have `chosen` others by then, their memory is not taken.
    """
    for name in dict.fromkeys(models.values()):
        if name not in (chosen() or (name,)):
            continue
        with suppress(PlaygroundError):
            for _ in tell(name, open_engine(name).load(download=True)):
                pass


def tell(name: str, events: Iterable[Event]) -> Iterator[Event]:
    """Pass a load's events on, and tell the terminal of them."""
    return told(name, events, write_now, columns())


def columns() -> int | None:
    """How wide the terminal is; null where the output goes elsewhere."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def write_now(text: str) -> None:
    """Write to the terminal at once, what it cannot show as question marks."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
    sys.stdout.flush()


def main() -> int:
    """Run the app until Ctrl+C; the exit code."""
    asked = arguments()
    ended = threading.Event()
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, lambda *_: ended.set())
    try:
        plan = hosting(asked)
        models = plan.models
        get_ready(plan)
        tell_threads_by(zero.emulate_cuda_here)
        for name in plan.offer or models.values():
            open_engine(name)
        open_allowed = open_engine if plan.offer is None else only(open_engine, plan.offer)
        comparison = Comparison(
            open_allowed,
            transport=plan.gpu,
            places={SERVER_LEASE: plan.runs},
            # On a public page the operator's models stay.
            residents=Residents() if plan.in_public else Residents(unload_unused),
            limits=plan.limits,
            in_public=plan.in_public,
        )
        if zero.on_zero_gpu():
            load(models)  # what is placed now is there for every call
        file = BoundFile(asked.notebook) if asked.notebook else None
        if file is not None:
            file.open()  # a file that cannot be read is said before there is a page
        page = Page(
            comparison,
            models,
            partial(quiet_line, can_choose=plan.offer is None),
            examples,
            file=file,
            tools=ServerTools(find_servers, examine, START),
            offer=plan.offer,
            model_tools=MODEL_TOOLS,
            login=plan.login,
            problems=problems,
            tell=tell,
        )
        page.sessions.python_tests = PythonTests(run_python) if plan.python_tests else None
        url = launch(page, plan.host, plan.port, asked.auth, plan.origins, asked.mcp)
        if asked.auth is None and not plan.in_public and plan.host not in LOOPBACK:
            print(OPEN_TO_ALL.format(plan.host), file=sys.stderr, flush=True)
    except PlaygroundError as exc:
        print(exc, file=sys.stderr)
        return 2
    print(f"Qwen3 side by side is at {url} (Ctrl+C ends it).", flush=True)
    if not zero.on_zero_gpu():
        chosen = page.sessions.chosen_models
        threading.Thread(target=load, args=(models, chosen), daemon=True).start()
    if asked.unload_after is not None:
        unload_when_idle(60.0 * asked.unload_after, ended)
    ended.wait()
    page.close(PATIENCE_S)
    return 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    # Threads inside torch or the web server must not hold the terminal back.
    os._exit(code)
