"""The most frequent answer of a problem's repeats (self-consistency), and how often it is right.

Answers are the same where they are so by value, as they are judged; knows nothing of how.
"""

from __future__ import annotations

from collections.abc import Sequence

from playground.verdict.attempt import Attempt
from playground.verdict.gathering import Runs, Same, same_final
from playground.verdict.statistics import Share, share_of


def majority(repeats: Sequence[Attempt], same: Same) -> Attempt | None:
    """The first attempt with the most frequent answer; of several as frequent, the one that came
    first. Null where no attempt came to an answer."""
    return next(iter(most_frequent(repeats, same)), None)


def most_frequent(repeats: Sequence[Attempt], same: Same) -> Sequence[Attempt]:
    """All attempts with the most frequent answer, in order."""
    groups: list[list[Attempt]] = []
    for attempt in repeats:
        if attempt.no_answer:
            continue
        for group in groups:
            if same_final(group[0], attempt, same):
                group.append(attempt)
                break
        else:
            groups.append([attempt])
    # `max` takes the first of equals.
    return max(groups, key=len, default=[])


def majority_right(runs: Runs, same: Same) -> Share | None:
    """The share of problems whose majority answer is right; null unless something was repeated."""
    counts = []
    for by_repeat in runs.values():
        repeats = [attempt for _, attempt in sorted(by_repeat.items()) if attempt.judged]
        if repeats:
            chosen = majority(repeats, same)
            counts.append((chosen is not None and chosen.right, len(repeats)))
    if not any(made > 1 for _, made in counts):
        return None
    return share_of([right for right, _ in counts], [1] * len(counts))
