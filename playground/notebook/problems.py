"""A problem of a list: what fills the prompt's variables, the answer that is expected, its tags.

As values, and as JSON-ready data and back; the data are checked as from a stranger. Tables that
people bring are read in `problem_tables`. Knows no cell and no run.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from playground.domain.errors import BadRequest
from playground.domain.expected import Expected, expected_data, expected_from
from playground.notebook import checking
from playground.notebook.variables import Values, is_name
from playground.words import number, say

MOST_PROBLEMS = 10_000
MOST_TAGS = 50
PROMPT = "prompt"
"""The variable that a problem's own text fills."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One row of a list; each name of `values` is there once."""

    values: Values
    expected: Expected | None = None
    tags: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The problem in short: its prompt, or whatever fills its first variable."""
        return dict(self.values).get(PROMPT, self.values[0][1] if self.values else "")


def problem_data(problem: Problem) -> dict[str, Any]:
    """A problem as JSON-ready data; what is not set is left out."""
    data: dict[str, Any] = {"values": dict(problem.values)}
    if problem.expected is not None:
        data["expected"] = short_expected(problem.expected)
    if problem.tags:
        data["tags"] = list(problem.tags)
    return data


def short_expected(expected: Expected) -> str | dict[str, Any]:
    """The shortest that `expected_from` takes back: a text where it is compared by value."""
    value = expected.value
    return value if expected_from(value) == expected else expected_data(expected)


def problems_data(problems: Sequence[Problem]) -> list[dict[str, Any]]:
    """All of them."""
    return [problem_data(problem) for problem in problems]


def problems_from(where: str, data: object) -> tuple[Problem, ...]:
    """The problems that `problems_data` packed. Raises BadRequest."""
    listed = checking.items(where, data, MOST_PROBLEMS)
    return tuple(_problem(f"{where}[{index}]", each) for index, each in enumerate(listed))


def _problem(where: str, data: object) -> Problem:
    given = checking.mapping(where, data)
    values = checking.mapping(f"{where}.values", given.get("values"))
    if not values:
        raise checking.refused(f"{where}.values", dict(values), "an object with a value or more")
    for name in values:
        if not is_name(name):
            raise checking.refused(f"{where}: the name", name, "letters, digits and _")
    tags = checking.items(f"{where}.tags", given.get("tags", []), MOST_TAGS)
    return Problem(
        tuple((name, checking.text(f"{where}.{name}", text)) for name, text in values.items()),
        expected_at(where, given.get("expected")),
        tuple(checking.text(f"{where}.tags", tag) for tag in tags),
    )


def expected_at(where: str, data: object) -> Expected | None:
    """The expected answer, or a BadRequest that says where it stands."""
    try:
        return expected_from(data)
    except BadRequest as exc:
        raise BadRequest(f"The expected answer of {where} cannot be used: {exc}") from exc


def asked_twice(
    problems: Sequence[Problem], used: Collection[str] | None = None
) -> tuple[tuple[int, int], ...]:
    """The problems that ask the same as an earlier one: the first one's number, from 1, and theirs.
    `used` are the values that the prompt uses, null for all."""
    first: dict[Values, int] = {}
    found = []
    for place, problem in enumerate(problems, start=1):
        asked = (value for value in problem.values if used is None or value[0] in used)
        before = first.setdefault(tuple(sorted(asked)), place)
        if before != place:
            found.append((before, place))
    return tuple(found)


def _contradictions(
    problems: Sequence[Problem], used: Collection[str] | None
) -> list[tuple[int, int]]:
    """Of the problems that ask the same as an earlier one, those that expect something else."""
    return [
        (first, later)
        for first, later in asked_twice(problems, used)
        if problems[first - 1].expected != problems[later - 1].expected
    ]


def told_apart(problems: Sequence[Problem], used: Collection[str]) -> tuple[Problem, ...]:
    """The problems without those that contradict an earlier one."""
    left_out = {later for _, later in _contradictions(problems, used)}
    return tuple(each for place, each in enumerate(problems, start=1) if place not in left_out)


def check_told_apart(problems: Sequence[Problem], used: Collection[str] | None = None) -> None:
    """Raises BadRequest where problems ask the same but expect different answers: only one of them
    could be judged by its own."""
    for first, later in _contradictions(problems, used)[:1]:
        one, other = problems[first - 1], problems[later - 1]
        same = sorted(one.values) == sorted(other.values)
        column = "" if same else " Or put what else they have into the prompt, as {{column}}."
        raise BadRequest(
            f"Problems {first} and {later} ask the same, but different answers are expected. Give"
            f" both the same expected answer, or take one of them out.{column}"
        )


def twice_words(problems: Sequence[Problem], used: Collection[str] | None = None) -> str:
    """That problems are there more than once and run once; empty where none is."""
    count = len({first for first, _ in asked_twice(problems, used)})
    if not count:
        return ""
    if count == 1:
        return say("1 problem is there more than once and runs once.")
    return say(
        "{count} problems are there more than once and run once.", count=number(f"{count:,}")
    )


def tags_of(problems: Sequence[Problem]) -> Mapping[str, int]:
    """Each tag with how many problems have it, in order of first mention."""
    counts: dict[str, int] = {}
    for problem in problems:
        for tag in problem.tags:
            counts[tag] = counts.get(tag, 0) + 1
    return counts
