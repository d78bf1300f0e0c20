"""Results become attempts, and attempts groups: one verdict is of one pair of models and settings.

A run counts when it ended by itself or at its limit; of the others only their number is told. A
lane's repeats are told apart by how often its problem was asked before, so that both lanes' runs
of one time stay a pair. Knows results and what is expected; does not know where they stand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from playground.domain.expected import Expected
from playground.domain.request import LANES, Lane, Request, RunId
from playground.judging import RunPython, final_answer_of, grade
from playground.notebook.batch import BY_ITSELF
from playground.notebook.settings import differences
from playground.results.value import Result
from playground.results.wording import lane_labels
from playground.verdict.attempt import Attempt, Graded
from playground.words import speaking

_ROUND = 1_000_000


@dataclass(frozen=True, slots=True)
class Record:
    """A result with what is needed to judge and group it. `problem` is what makes it another
    problem than its neighbours, `run` tells which results are of one run, `number` its age.

    `budgeted`: it was asked under several thinking budgets, which are no settings then but what is
    compared. `outdated`: its prompt is not asked any more, so nothing is expected of it.
    """

    result: Result
    problem: str
    run: str
    number: int
    repeat: int = 0
    expected: Expected | None = None
    tags: tuple[str, ...] = ()
    budgeted: bool = False
    outdated: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Attempts under one pair of models and settings; `asked` is a request of each lane for those.

    `not_counted` runs did not end by themselves or at their limit, `outdated` ones had another
    prompt.
    """

    asked: Mapping[Lane, Request]
    attempts: tuple[Attempt, ...]
    not_counted: int = 0
    outdated: int = 0

    @property
    def models(self) -> dict[Lane, str]:
        """The lanes' models."""
        return {lane: request.model for lane, request in self.asked.items()}

    def unlike(self, other: Group) -> tuple[str, ...]:
        """What was otherwise than in the other group, each as "temperature was 0.7"."""
        found = [
            difference
            for lane, request in self.asked.items()
            if lane in other.asked
            for difference in differences(request, other.asked[lane], seed=False)
        ]
        return tuple(dict.fromkeys(found))


_Key = tuple[Request | None, ...]


@dataclass(slots=True)
class _Growing:
    """A group while it is collected."""

    records: list[Record] = field(default_factory=list)
    newest: int = 0


def groups(records: Iterable[Record], run_python: RunPython | None = None) -> tuple[Group, ...]:
    """The groups of these records, the one with the newest run first.

    A run of one lane alone belongs to the newest group whose lane it could be.
    """
    listed = [record for record in records if record.result.request.continuing is None]
    thinking = _thinking(listed)
    runs: dict[str, list[Record]] = {}
    for record in listed:
        runs.setdefault(record.run, []).append(record)
    keys = {run: _key(of_run, thinking) for run, of_run in runs.items()}
    found: dict[_Key, _Growing] = {}
    # Whole pairs first, so that a lane alone finds the pair that it belongs to.
    for run in sorted(runs, key=lambda run: None in keys[run]):
        key = _home(keys[run], found)
        growing = found.setdefault(key, _Growing())
        growing.records += runs[run]
        growing.newest = max(growing.newest, *(record.number for record in runs[run]))
    ordered = sorted(found.items(), key=lambda item: -item[1].newest)
    return tuple(_group(key, growing.records, thinking, run_python) for key, growing in ordered)


def _thinking(records: Sequence[Record]) -> frozenset[tuple[Lane, str]]:
    """The lanes, with their models, that have a thinking part."""
    return frozenset(
        (record.result.request.lane, record.result.request.model)
        for record in records
        if record.result.output.thinking is not None
    )


def _thinks(record: Record, thinking: frozenset[tuple[Lane, str]]) -> bool:
    return (record.result.request.lane, record.result.request.model) in thinking


def _key(records: Sequence[Record], thinking: frozenset[tuple[Lane, str]]) -> _Key:
    by_lane = {record.result.request.lane: record for record in records}
    return tuple(_settings(by_lane[lane], thinking) if lane in by_lane else None for lane in LANES)


def _settings(record: Record, thinking: frozenset[tuple[Lane, str]]) -> Request:
    """The request without what may differ within one verdict."""
    request = record.result.request
    sampling = replace(request.sampling, seed=None)
    if record.budgeted or not _thinks(record, thinking):  # a budget is nothing to the others
        sampling = replace(sampling, thinking_budget=None)
    return Request(
        id=RunId(""),
        created_at="",
        lane=request.lane,
        model=request.model,
        prompt="",
        system=request.system,
        sampling=sampling,
        schedule=request.schedule,
    )


def _home(key: _Key, found: Mapping[_Key, _Growing]) -> _Key:
    """The group that a run belongs to: its own, or for a lane alone the newest that has it."""
    if None not in key:
        return key
    fitting = [
        other
        for other in found
        if all(mine is None or mine == theirs for mine, theirs in zip(key, other, strict=True))
    ]
    return max(fitting, key=lambda other: found[other].newest, default=key)


def _group(
    key: _Key,
    records: Sequence[Record],
    thinking: frozenset[tuple[Lane, str]],
    run_python: RunPython | None,
) -> Group:
    asked = {lane: request for lane, request in zip(LANES, key, strict=True) if request}
    with speaking("en"):  # data: whoever shows a label says it
        labels = lane_labels(
            {lane: (lane, request.model) in thinking for lane, request in asked.items()}
        )
    before: Counter[tuple[object, ...]] = Counter()
    attempts, not_counted, outdated = [], 0, 0
    for record in sorted(records, key=lambda record: record.number):
        thinks, request = _thinks(record, thinking), record.result.request
        budget = request.sampling.thinking_budget if thinks else None
        place = (request.lane, budget, record.problem, record.repeat)
        nth = before[place]
        counts = not record.outdated and record.result.ending in BY_ITSELF
        # Under several budgets one lane runs oftener: what was stopped must not shift its pairing.
        if counts or not record.budgeted:
            before[place] += 1
        if record.outdated:
            outdated += 1
        elif record.result.ending not in BY_ITSELF:
            not_counted += 1
        else:
            numbered = replace(record, repeat=record.repeat + nth * _ROUND)
            attempts.append(_attempt(numbered, labels[request.lane], thinks, budget, run_python))
    return Group(asked, tuple(attempts), not_counted, outdated)


def _attempt(
    record: Record, label: str, thinks: bool, budget: int | None, run_python: RunPython | None
) -> Attempt:
    result, numbers = record.result, record.result.numbers
    graded: Graded | None = None
    final = final_answer_of(result)
    if record.expected is not None:
        judged = grade(result, record.expected, run_python)
        graded = None if judged.kind == "not_judged" else judged.kind
    return Attempt(
        problem=record.problem,
        repeat=record.repeat,
        lane=result.request.lane,
        label=label,
        grade=graded,
        final=None if final is None else final.text,
        code=final is not None and final.rule == "code",
        no_answer=graded == "no_answer" or not result.has_answer,
        tags=record.tags,
        thinks=thinks,
        budget=budget,
        generated_tokens=numbers.generated_tokens,
        thinking_tokens=numbers.thinking_tokens,
        answer_tokens=numbers.answer_tokens,
        estimated=numbers.counts == "estimated",
        total_s=numbers.total_s,
        first_answer_s=numbers.first_answer_s,
        run=record.run,
    )
