"""The arguments that say what models are asked and how, and the options that they make.

For every command that asks: models, system prompt, documents, sampling, what is expected.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from playground import catalog
from playground.attachments import read_path
from playground.domain.errors import BadRequest
from playground.domain.expected import EXPECTED_KINDS, Expected, expected_from
from playground.domain.request import LANES, SCHEDULES
from playground.domain.sampling import FIELD_BY_NAME, FIELDS
from playground.judging import RunPython, check_expected, run_python
from playground.notebook.plan import check_budgets, check_repeats
from playground.pairing import PAIR_CHOICES

FREE = ("free", "null", "none")


def add_models(parser: argparse.ArgumentParser) -> None:
    """Who is asked."""
    parser.add_argument(
        "--pair",
        default=catalog.AUTO,
        help=f"the models, one of: {', '.join(PAIR_CHOICES)} (default: %(default)s)",
    )
    for lane in LANES:
        parser.add_argument(f"--{lane}", metavar="MODEL", help=f"the {lane} lane's model")


def add_options(parser: argparse.ArgumentParser) -> None:
    """How they are asked."""
    parser.add_argument("--system", default="", metavar="TEXT", help="system prompt")
    parser.add_argument(
        "--attach",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="a document to put before the prompt (text, source code, HTML, PDF); may be repeated",
    )
    parser.add_argument("--schedule", default=SCHEDULES[0], help=" or ".join(SCHEDULES))
    sampling = parser.add_argument_group(
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


def add_measures(parser: argparse.ArgumentParser) -> argparse._ArgumentGroup:
    """How often they are asked, and how their answers are judged."""
    judging = parser.add_argument_group("judging")
    judging.add_argument(
        "--repeats", type=int, metavar="N", help="ask so many times, under successive seeds"
    )
    judging.add_argument(
        "--budgets",
        metavar="N,N,free",
        help="ask lanes that think under each of these thinking budgets",
    )
    judging.add_argument(
        "--allow-python-tests",
        action="store_true",
        help="run the models' code where tests are expected to pass: on this machine, no sandbox",
    )
    return judging


def add_expected(judging: argparse._ArgumentGroup) -> None:
    """The answer that one prompt should have."""
    judging.add_argument("--expected", metavar="ANSWER", help="the answer that is right")
    judging.add_argument(
        "--expected-kind",
        choices=EXPECTED_KINDS,
        help="how answers are held against it (default: the same final answer by value)",
    )
    judging.add_argument("--tolerance", type=float, help="for --expected-kind number")


def options_of(given: argparse.Namespace) -> dict[str, Any]:
    """The options of a comparison. Raises BadRequest."""
    options: dict[str, Any] = {
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
    return options


def expected_of(given: argparse.Namespace) -> Expected | None:
    """The expected answer. Raises BadRequest."""
    if given.expected is None:
        for name in ("expected_kind", "tolerance"):
            if getattr(given, name) is not None:
                flag = "--" + name.replace("_", "-")
                raise BadRequest(f"{flag} is given without --expected. Give the answer too.")
        return None
    data: dict[str, Any] = {"value": given.expected}
    if given.tolerance is not None:
        data |= {"tolerance": given.tolerance, "kind": "number"}
    if given.expected_kind is not None:
        data["kind"] = given.expected_kind
    if given.expected_kind == "one_of":
        data["values"] = [part.strip() for part in data.pop("value").split("|")]
    expected = expected_from(data)
    if expected is not None:
        check_expected(expected)
    return expected


def repeats_of(given: argparse.Namespace) -> int:
    """How often. Raises BadRequest."""
    return 1 if given.repeats is None else check_repeats("--repeats", given.repeats)


def budgets_of(given: argparse.Namespace) -> tuple[int | None, ...]:
    """The thinking budgets. Raises BadRequest."""
    parts = [part.strip() for part in (given.budgets or "").split(",") if part.strip()]
    return check_budgets("--budgets", [_number(None if p in FREE else p) for p in parts])


def python_of(given: argparse.Namespace) -> RunPython | None:
    """What runs the models' code, if that is allowed."""
    return run_python if given.allow_python_tests else None


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


def _number(text: str | None) -> object:
    """A number or null if the text is one; the field's own check refuses the rest."""
    if text is None or text in ("null", "none"):
        return None
    for convert in (int, float):
        try:
            return convert(text)
        except ValueError:
            pass
    return text
