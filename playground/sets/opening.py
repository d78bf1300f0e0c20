"""A set by its name: a file of this machine, `demo`, or one on the Hub, as problems to run.

`NAME[/CONFIG][@REVISION][:SPLIT]` is a public one; the known ones have short names too.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playground import demo_pair
from playground.domain.errors import BadRequest
from playground.notebook.problem_tables import judgeable, problems_given, read_problems
from playground.notebook.problems import MOST_PROBLEMS, Problem, told_apart
from playground.notebook.saving import read_text
from playground.notebook.variables import names
from playground.sets.known import PLAIN, KnownSet, known_names, known_set

DEMO = "demo"
SAMPLE_SEED = 2507
_REST = r"(?:/(?P<config>[\w .-]+))?(?:@(?P<revision>[\w./-]+))?(?::(?P<split>\w+))?"
_HUB = re.compile(r"(?P<id>[\w.-]+/[\w.-]+)" + _REST)
_SHORT = re.compile(r"(?P<id>[\w.-]+)" + _REST)
_FILES = (".csv", ".jsonl", ".json", ".tsv", ".md", ".txt")


@dataclass(frozen=True, slots=True)
class ProblemSet:
    """Problems, the prompt that they fill, and where they are from; an empty licence is unknown."""

    problems: tuple[Problem, ...]
    title: str
    short_name: str
    template: str = PLAIN
    source: str = ""
    licence: str = ""


def open_set(
    name: str, limit: int | None = None, tell: Callable[[str], None] = lambda text: None
) -> ProblemSet:
    """The set of this name; `tell` hears what is downloaded. Raises PlaygroundError.

    Of a file and of the built-in set `limit` takes the first ones; of a public set, which may be
    ordered by subject, a sample: the same one on every machine, a smaller one part of a larger.
    """
    check_limit(limit)
    path = Path(name)
    if path.is_file():
        problems = judgeable(read_problems(read_text(path)).problems)
        return ProblemSet(problems[:limit], path.stem, path.stem, _template(problems), str(path))
    if name == DEMO:
        problems = problems_given("problems", demo_pair.held_out_rows())
        return ProblemSet(problems[:limit], "Built-in problems", "demo-list")
    return _from_hub(name, limit, tell)


def check_limit(limit: int | None) -> int | None:
    """How many problems are taken; null is all of them. Raises BadRequest."""
    if limit is not None and (isinstance(limit, bool) or not isinstance(limit, int) or limit < 1):
        raise BadRequest(f"limit is {limit!r}, but must be an integer of 1 or more. Change it.")
    return limit


def _template(problems: tuple[Problem, ...]) -> str:
    """A prompt with what a table has, where no column is the prompt."""
    names = [name for name, _ in problems[0].values]
    return PLAIN if "prompt" in names else "\n\n".join(f"{{{{{name}}}}}" for name in names)


def _from_hub(name: str, limit: int | None, tell: Callable[[str], None]) -> ProblemSet:
    from playground.sets.choosing import chosen
    from playground.sets.columns import problems_of
    from playground.sets.files import rows_in
    from playground.sets.hub import files_of

    asked, known = _parsed(name)
    hub_id = known.hub_id if known is not None else asked["id"]
    config = asked["config"] or (known.config if known is not None else "")
    split = asked["split"] or (known.split if known is not None else "")

    def choose(paths: list[str]) -> list[str]:
        return chosen(paths, config, split, hub_id)

    files = files_of(hub_id, asked["revision"] or None, choose, tell)
    rows = [row for file in files for row in rows_in(file)]
    if limit is not None and limit < len(rows):
        random.Random(SAMPLE_SEED).shuffle(rows)
        rows = rows[:limit]
    if len(rows) > MOST_PROBLEMS:
        raise BadRequest(
            f"{hub_id!r} has {len(rows):,} problems, but {MOST_PROBLEMS:,} is the most. Give"
            " a limit, for instance 500."
        )
    title = known.title if known is not None else hub_id
    problems = problems_of(rows, known)
    template = known.asked if known is not None else _template(problems)
    kept = told_apart(problems, names(template))
    if left_out := len(problems) - len(kept):
        tell(f"Left out, for other answers were expected of the same problem before: {left_out}\n")
    return ProblemSet(
        problems=kept,
        title=title,
        short_name=hub_id.rpartition("/")[2].lower(),
        template=template,
        source=f"https://huggingface.co/datasets/{hub_id}",
        licence=known.licence if known is not None else "",
    )


def _parsed(name: str) -> tuple[dict[str, str], KnownSet | None]:
    """The parts of a public set's name. Raises BadRequest for what is none."""
    short = _SHORT.fullmatch(name)
    if short is not None and (known := known_set(short["id"])) is not None:
        return {key: value or "" for key, value in short.groupdict().items()}, known
    found = _HUB.fullmatch(name)
    if found is None or Path(name).suffix.lower() in _FILES:
        raise BadRequest(
            f"There is no file {name!r}. Name a table (CSV, JSON, JSON lines, Markdown), {DEMO},"
            f" one of {', '.join(known_names())}, or a set on the Hub as OWNER/NAME."
        )
    return {key: value or "" for key, value in found.groupdict().items()}, known_set(found["id"])
