"""Attempts put in order: by lane and problem, with their pairs, and the numbers of each problem.

What lanes, pairs and curve share. Knows nothing of what is made of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from statistics import median

from playground.domain.request import LANES, Lane
from playground.verdict.attempt import Attempt
from playground.verdict.spread import Ratio, ratio_of
from playground.verdict.statistics import Difference, Share, difference_of, share_of

Runs = Mapping[str, Mapping[int, Attempt]]
"""A lane's attempts under one budget: problem → repeat → attempt."""
Pairs = Mapping[str, tuple[tuple[Attempt, Attempt], ...]]
"""Problem → its pairs of attempts at the same repeat, one of each of two lanes or budgets."""
Same = Callable[[str, str], bool | None]
"""Whether two final answers are the same by value; null where that cannot be told."""
Measure = Callable[[Attempt], float | None]


def by_budget(attempts: Iterable[Attempt], lane: Lane) -> dict[int | None, Runs]:
    """The lane's attempts by budget, the smallest first and no bound last; of attempts at the same
    problem and repeat the last one counts."""
    found: dict[int | None, dict[str, dict[int, Attempt]]] = {}
    for attempt in attempts:
        if attempt.lane == lane:
            runs = found.setdefault(attempt.budget, {})
            runs.setdefault(attempt.problem, {})[attempt.repeat] = attempt
    return {budget: found[budget] for budget in sorted(found, key=freedom)}


def freedom(budget: int | None) -> tuple[bool, int]:
    """Orders budgets: no bound is the freest."""
    return (budget is None, budget or 0)


def freest(attempts: Iterable[Attempt]) -> dict[Lane, Runs]:
    """Each lane's attempts under its largest budget: what the lane can do."""
    listed = tuple(attempts)
    lanes = {lane: by_budget(listed, lane) for lane in LANES}
    return {lane: list(budgets.values())[-1] for lane, budgets in lanes.items() if budgets}


def paired(first: Runs, second: Runs) -> Pairs:
    """The pairs of the problems that both have, in the first one's order."""
    pairs = {
        problem: tuple(
            (attempt, second[problem][repeat])
            for repeat, attempt in repeats.items()
            if repeat in second[problem]
        )
        for problem, repeats in first.items()
        if problem in second
    }
    return {problem: listed for problem, listed in pairs.items() if listed}


def paired_lanes(lanes: Mapping[Lane, Runs]) -> Pairs:
    """The pairs of the left lane with the right one; none where only one ran."""
    return paired(lanes["left"], lanes["right"]) if len(lanes) == len(LANES) else {}


def judged(pairs: Pairs) -> Pairs:
    """Only the pairs that are both judged."""
    kept = {
        problem: tuple(pair for pair in listed if pair[0].judged and pair[1].judged)
        for problem, listed in pairs.items()
    }
    return {problem: listed for problem, listed in kept.items() if listed}


def same_final(a: Attempt, b: Attempt, same: Same) -> bool | None:
    """Whether two attempts came to the same; of programs only the same text is the same."""
    if a.final is None or b.final is None:
        return None
    if a.final == b.final:
        return True
    return None if a.code or b.code else same(a.final, b.final)


def share(runs: Iterable[Iterable[Attempt]], counts: Callable[[Attempt], bool]) -> Share | None:
    """The share of attempts that count, given by problem; a problem without any is left out."""
    found = [[counts(attempt) for attempt in repeats] for repeats in runs]
    found = [repeats for repeats in found if repeats]
    return share_of([sum(repeats) for repeats in found], [len(repeats) for repeats in found])


def difference(pairs: Pairs) -> Difference | None:
    """How much more often the second of a pair is right; all pairs must be judged."""
    gains = [sum(b.right - a.right for a, b in listed) for listed in pairs.values()]
    return difference_of(gains, [len(listed) for listed in pairs.values()])


def measured(runs: Iterable[Iterable[Attempt]], measure: Measure) -> list[float]:
    """One value a problem, the median of its repeats; problems of which it is unknown left out."""
    found = [[measure(attempt) for attempt in repeats] for repeats in runs]
    known = [[value for value in values if value is not None] for values in found]
    return [median(values) for values in known if values]


def ratio(pairs: Pairs, measure: Measure) -> Ratio | None:
    """The ratio of the medians over problems where both are known."""
    sides = [
        [(known_a, known_b) for a, b in listed
         if (known_a := measure(a)) is not None and (known_b := measure(b)) is not None]
        for listed in pairs.values()
    ]  # fmt: skip
    values = [(median(a for a, _ in each), median(b for _, b in each)) for each in sides if each]
    return ratio_of([a for a, _ in values], [b for _, b in values])
