"""How the page is served: to one person, in public, or as one of our Spaces (then by itself).

Joins the command line to what the Space says. Knows no engine and no page.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from playground.catalog import pair
from playground.domain.errors import BadRequest
from playground.domain.limits import NAMES, PUBLIC, UNLIMITED, Limits
from playground.domain.request import LANES, Lane
from playground.pairing import models_of
from playground.space.deployed import deployed_space, lanes_of
from playground.space.value import Space
from playground.space.zero import ZeroGpu

SPACE_PORT = 7860
OAUTH = "OAUTH_CLIENT_ID"
# The site that a Space is shown on.
HUB = "https://huggingface.co"
# The caches of ended runs would tell a visitor what others have asked, by how fast it is read.
KEEP_NOTHING = ("PLAYGROUND_KEPT_GIB", "0")


@dataclass(frozen=True, slots=True)
class Hosting:
    """What follows from where and for whom the page runs.

    `offer` are the models that visitors may choose, null for any; `origins` are other sites whose
    pages may call this one. `python_tests`: answers' code may be run. `gpu` carries runs to
    ZeroGPU.
    """

    models: Mapping[Lane, str]
    limits: Limits = UNLIMITED
    in_public: bool = False
    offer: tuple[str, ...] | None = None
    login: bool = False
    python_tests: bool = False
    runs: int = 32
    gpu: ZeroGpu | None = None
    host: str = "127.0.0.1"
    port: int | None = None
    origins: tuple[str, ...] = ()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of whoever opens the page, to others or not."""
    parser.add_argument(
        "--allow-python-tests",
        action="store_true",
        help="run the models' code where tests are expected to pass: on this machine, no sandbox",
    )
    group = parser.add_argument_group("in public (a Space is, by itself)")
    group.add_argument(
        "--public", action="store_true", help="visitors may use these models only, and no server"
    )
    group.add_argument(
        "--limit",
        action="append",
        default=[],
        metavar="NAME=N",
        help=f"change a limit of --public: {', '.join(NAMES)}",
    )
    group.add_argument(
        "--allow-origin",
        action="append",
        default=[],
        metavar="URL",
        help="a site whose pages may call this one",
    )
    group.add_argument("--mcp", action="store_true", help="serve the endpoint to agents, too")


def hosting(asked: argparse.Namespace, environment: Mapping[str, str] = os.environ) -> Hosting:
    """How the page is to be served. Raises BadRequest."""
    space = deployed_space(environment)
    in_public = asked.public or space is not None
    if in_public and asked.notebook:
        raise BadRequest("--notebook is one person's. Leave it out with --public.")
    if in_public and asked.allow_python_tests:
        raise BadRequest(
            "--allow-python-tests would run strangers' tests on this machine. Leave it out with"
            " --public and on a Space."
        )
    if asked.limit and not in_public:
        raise BadRequest("--limit is for a public page. Add --public, or leave it out.")
    own = models_of(asked.pair) if space is None else _models_of(space, environment)
    models = {lane: getattr(asked, lane) or own[lane] for lane in LANES}
    limits = space.limits if space is not None else PUBLIC if in_public else UNLIMITED
    more = space.offer if space is not None else ()
    return Hosting(
        models=models,
        limits=limits.with_values(_limits(asked.limit)),
        in_public=in_public,
        offer=tuple(dict.fromkeys([*models.values(), *more])) if in_public else None,
        login=space is not None and space.login and bool(environment.get(OAUTH)),
        python_tests=asked.allow_python_tests,
        runs=space.runs if space is not None else asked.runs,
        gpu=ZeroGpu(space.gpu) if space is not None and space.gpu is not None else None,
        host=asked.host or ("127.0.0.1" if space is None else "0.0.0.0"),
        port=asked.port or (None if space is None else SPACE_PORT),
        origins=(*asked.allow_origin, *([] if space is None else [HUB])),
    )


def get_ready(plan: Hosting) -> None:
    """What must be so before an engine is opened: nothing kept of visitors, one line a lane in the
    log."""
    if not plan.in_public:
        return
    os.environ.setdefault(*KEEP_NOTHING)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(message)s"))
    log = logging.getLogger("playground")
    log.addHandler(handler)
    log.setLevel(logging.INFO)


def _models_of(space: Space, environment: Mapping[str, str]) -> dict[Lane, str]:
    return pair(space.pair) if space.pair is not None else lanes_of(space, environment)


def _limits(given: list[str]) -> dict[str, object]:
    limits: dict[str, object] = {}
    for item in given:
        name, _, value = item.partition("=")
        if not value.isascii() or not value.isdigit():
            raise BadRequest(f"--limit {item!r} is not NAME=N. Write for instance visitor_runs=1.")
        limits[name] = int(value)
    return limits
