"""Weighs attempts into a verdict: each lane alone, both on the problems they share, each tag.

Of a lane with several thinking budgets the largest counts here; `curve` is about the others. Knows
neither documents nor words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from playground.domain.request import Lane
from playground.judging import same_value
from playground.verdict import gathering
from playground.verdict.attempt import Attempt
from playground.verdict.gathering import Pairs, Runs, Same
from playground.verdict.grouping import Group
from playground.verdict.majority import majority_right
from playground.verdict.spread import spread_of
from playground.verdict.statistics import Difference, holm, share_of
from playground.verdict.value import (
    MARGIN,
    Agreeing,
    Call,
    Counts,
    LaneVerdict,
    Paired,
    TagVerdict,
    Verdict,
)

SIGNIFICANT = 0.05


def verdict(
    attempts: Iterable[Attempt],
    not_counted: int = 0,
    outdated: int = 0,
    same: Same = same_value,
) -> Verdict:
    """What these attempts say. They must have been made under the same models and settings."""
    lanes = gathering.freest(attempts)
    pairs = gathering.paired_lanes(lanes)
    judged = gathering.judged(pairs)
    difference = gathering.difference(judged)
    alone = tuple(lane_verdict(lane, runs, same) for lane, runs in lanes.items())
    everything = [
        attempt for runs in lanes.values() for each in _attempts(runs) for attempt in each
    ]
    return Verdict(
        lanes=alone,
        paired=_paired(pairs, judged, difference) if pairs else None,
        agreeing=_agreeing(pairs, same) if pairs else None,
        tags=_tags(judged),
        call=call(difference, difference.p if difference else None),
        problems=len({attempt.problem for attempt in everything}),
        not_judged=sum(not attempt.judged for attempt in everything),
        not_counted=not_counted,
        outdated=outdated,
    )


def verdict_of(group: Group, same: Same = same_value) -> Verdict:
    """What a group's attempts say."""
    return verdict(group.attempts, group.not_counted, group.outdated, same)


def lane_verdict(lane: Lane, runs: Runs, same: Same = same_value) -> LaneVerdict:
    """One lane's runs under one budget."""
    attempts = list(_attempts(runs))
    first = attempts[0][0]
    judged = ((each for each in repeats if each.judged) for repeats in attempts)
    return LaneVerdict(
        lane=lane,
        label=first.label,
        budget=first.budget,
        thinks=any(each.thinks for repeats in attempts for each in repeats),
        problems=len(attempts),
        runs=sum(len(repeats) for repeats in attempts),
        right=gathering.share(judged, lambda attempt: attempt.right),
        no_answer=gathering.share(attempts, lambda attempt: attempt.no_answer),
        majority=majority_right(runs, same),
        tokens=spread_of(gathering.measured(attempts, lambda each: each.generated_tokens)),
        thinking_tokens=spread_of(gathering.measured(attempts, lambda each: each.thinking_tokens)),
        total_s=spread_of(gathering.measured(attempts, lambda each: each.total_s)),
        first_answer_s=spread_of(gathering.measured(attempts, lambda each: each.first_answer_s)),
        estimated=any(each.estimated for repeats in attempts for each in repeats),
    )


def call(difference: Difference | None, p: float | None) -> Call:
    """What may be said of a difference at this p, which may be a corrected one."""
    interval = None if difference is None else difference.interval
    if interval is None or p is None:
        return "cannot_say"
    if p < SIGNIFICANT and interval.low > 0:
        return "pays"
    lost = p < SIGNIFICANT and interval.high < 0
    return "does_not" if lost or interval.high <= MARGIN else "cannot_say"


def _attempts(runs: Runs) -> Iterable[tuple[Attempt, ...]]:
    return (tuple(repeats.values()) for repeats in runs.values())


def _paired(pairs: Pairs, judged: Pairs, difference: Difference | None) -> Paired:
    return Paired(
        problems=len(pairs),
        counts=counts_of(judged) if judged else None,
        difference=difference,
        tokens=gathering.ratio(pairs, lambda attempt: attempt.generated_tokens),
        total_s=gathering.ratio(pairs, lambda attempt: attempt.total_s),
        first_answer_s=gathering.ratio(pairs, lambda attempt: attempt.first_answer_s),
    )


def counts_of(judged: Pairs) -> Counts:
    """The pairs by which lanes are right; all must be judged."""
    sides = [(left.right, right.right) for each in judged.values() for left, right in each]
    return Counts(
        both_right=sides.count((True, True)),
        only_left=sides.count((True, False)),
        only_right=sides.count((False, True)),
        neither=sides.count((False, False)),
    )


def _agreeing(pairs: Pairs, same: Same) -> Agreeing:
    told = [
        [gathering.same_final(left, right, same) for left, right in each] for each in pairs.values()
    ]
    flat = [answer for each in told for answer in each]
    known = [[answer for answer in each if answer is not None] for each in told]
    known = [each for each in known if each]
    return Agreeing(
        agree=flat.count(True),
        disagree=flat.count(False),
        cannot_tell=flat.count(None),
        share=share_of([sum(each) for each in known], [len(each) for each in known]),
    )


def _tags(judged: Pairs) -> tuple[TagVerdict, ...]:
    """Each tag in the order in which they first come."""
    tagged: dict[str, dict[str, tuple[tuple[Attempt, Attempt], ...]]] = {}
    for problem, pairs in judged.items():
        for tag in dict.fromkeys(pairs[0][0].tags):
            tagged.setdefault(tag, {})[problem] = pairs
    differences = {tag: gathering.difference(pairs) for tag, pairs in tagged.items()}
    tested = {
        tag: each.p for tag, each in differences.items() if each is not None and each.interval
    }
    corrected = dict(zip(tested, holm(list(tested.values())), strict=True))
    return tuple(_tag(tag, tagged[tag], differences[tag], corrected) for tag in tagged)


def _tag(
    tag: str, pairs: Pairs, difference: Difference | None, corrected: Mapping[str, float]
) -> TagVerdict:
    left, right = (
        gathering.share(
            ([pair[side] for pair in each] for each in pairs.values()), lambda each: each.right
        )
        for side in (0, 1)
    )
    p = corrected.get(tag)
    tokens = gathering.ratio(pairs, lambda attempt: attempt.generated_tokens)
    return TagVerdict(
        tag, len(pairs), left, right, counts_of(pairs), difference, p, tokens, call(difference, p)
    )
