"""A verdict in one plain paragraph that claims no more than was tested.

In the language that is spoken. Knows verdicts; does not know where the words are shown.
"""

from __future__ import annotations

from collections.abc import Iterable

from playground.domain.request import LANES
from playground.results import wording
from playground.verdict import numerals
from playground.verdict.statistics import FEWEST
from playground.verdict.value import Call, LaneVerdict, Paired, TagVerdict, Verdict
from playground.verdict.weighing import SIGNIFICANT
from playground.words import say, whole


def verdict_words(verdict: Verdict) -> str:
    """What the runs say, what it costs, and what is left out of it."""
    sentences = [*_main(verdict), *_about(verdict)]
    return " ".join(sentence for sentence in sentences if sentence)


def name(label: str) -> str:
    """A lane's name; a side's in the language that is spoken."""
    return say(label) if label in [lane.capitalize() for lane in LANES] else label


def _main(verdict: Verdict) -> Iterable[str]:
    if not verdict.lanes:
        yield say("No run has come to its end here yet.")
    elif len(verdict.lanes) < len(LANES):
        yield from _alone(verdict.lanes[0])
    elif verdict.paired is None:
        yield from (_right_alone(lane) for lane in verdict.lanes if lane.right)
        yield say("The lanes ran different problems, so they are not compared.")
    elif verdict.paired.difference is None:
        yield _agreement(verdict)
        if verdict.agreeing is not None and verdict.agreeing.cannot_tell:
            untold = verdict.agreeing.cannot_tell
            yield (
                say("Of 1 pair it cannot be told.")
                if untold == 1
                else say("Of {n} pairs it cannot be told.", n=numerals.thousands(untold))
            )
        yield _cost(verdict.paired)
    else:
        yield _comparison(verdict, verdict.paired)


def _alone(lane: LaneVerdict) -> Iterable[str]:
    if lane.right is not None:
        yield _right_alone(lane)
    if lane.tokens is not None and lane.total_s is not None:
        yield say(
            "{lane} takes {tokens} tokens and {time} for a run (medians).",
            lane=name(lane.label),
            tokens=numerals.thousands(whole(lane.tokens.median)),
            time=wording.seconds(lane.total_s.median),
        )
    yield say("Only one lane ran, so there is nothing to compare.")


def _right_alone(lane: LaneVerdict) -> str:
    right = lane.right
    assert right is not None
    if right.interval is None:
        return say(
            "Too few to say, with n = {n}: {lane} is right {count} of {runs} times.",
            n=right.problems,
            lane=name(lane.label),
            count=right.count,
            runs=right.runs,
        )
    return say(
        "{lane} is right {share}, with n = {n}.",
        lane=name(lane.label),
        share=numerals.share(right),
        n=numerals.thousands(right.problems),
    )


def _agreement(verdict: Verdict) -> str:
    """Where nothing was expected, only whether the lanes say the same can be told."""
    agreeing = verdict.agreeing
    if agreeing is None or agreeing.share is None:
        return say("Nothing that was expected tells who is right, and no two answers compare.")
    share = agreeing.share
    if share.interval is None:
        return say(
            "Too few to say, with n = {n}: the final answers agree {count} of {runs} times; nothing"
            " that was expected tells who is right.",
            n=share.problems,
            count=share.count,
            runs=share.runs,
        )
    return say(
        "The final answers agree {share}, with n = {n}; nothing that was expected tells who is"
        " right.",
        share=numerals.share(share),
        n=numerals.thousands(share.problems),
    )


def _comparison(verdict: Verdict, paired: Paired) -> str:
    difference, counts = paired.difference, paired.counts
    left, right = verdict.lanes
    assert difference is not None and counts is not None
    assert left.right is not None and right.right is not None
    n, cost = numerals.thousands(difference.problems), _cost_clause(paired)
    names = {"left": name(left.label), "right": name(right.label)}
    if difference.problems < FEWEST:
        few = say(
            "Too few to say, with n = {n}: {right} is right {right_count} of {right_runs} times,"
            " {left} {left_count} of {left_runs}",
            n=n,
            right_count=right.right.count,
            right_runs=right.right.runs,
            left_count=left.right.count,
            left_runs=left.right.runs,
            **names,
        )
        return _joined(few, cost)
    if counts.both_right == difference.pairs:
        return _joined(
            say("Both are right every time, with n = {n}: this list cannot tell them apart", n=n),
            cost,
        )
    if not counts.both_right + counts.only_left + counts.only_right:
        return _joined(
            say("Neither is right even once, with n = {n}: this list cannot tell them apart", n=n),
            cost,
        )
    shares = say(
        "{right} is right {right_share}, {left} {left_share}, with n = {n}",
        right_share=numerals.share(right.right),
        left_share=numerals.share(left.right),
        n=n,
        **names,
    )
    gain = numerals.gain(difference)
    if difference.p >= SIGNIFICANT:
        gain = say("no difference that this list can show: {gain}", gain=gain)
    return _joined(f"{shares}: {gain}", cost)


def _joined(clause: str, cost: str) -> str:
    return f"{clause}, {cost}." if cost else f"{clause}."


def _cost_clause(paired: Paired) -> str:
    tokens, wait = numerals.times(paired.tokens), numerals.times(paired.first_answer_s)
    if tokens and wait:
        return say(
            "for {tokens} times the tokens and {wait} times the wait", tokens=tokens, wait=wait
        )
    if tokens:
        return say("for {tokens} times the tokens", tokens=tokens)
    return say("for {wait} times the wait", wait=wait) if wait else ""


def _cost(paired: Paired) -> str:
    """The cost as a sentence of its own, where nothing is gained that it could be the price of."""
    tokens, wait = numerals.times(paired.tokens), numerals.times(paired.first_answer_s)
    if not tokens or not wait:
        return ""
    return say(
        "The right lane takes {tokens} times the tokens and {wait} times the wait.",
        tokens=tokens,
        wait=wait,
    )


def _about(verdict: Verdict) -> Iterable[str]:
    """What a reader must know to take the first sentence for no more than it is."""
    for lane in verdict.lanes:
        if lane.no_answer is not None and lane.no_answer.count:
            yield say(
                "{lane} came to no answer in {share} of its runs.",
                lane=name(lane.label),
                share=numerals.percent(lane.no_answer.value),
            )
    paired = verdict.paired
    if paired is not None and paired.problems < verdict.problems:
        yield say(
            "Both lanes ran {n} of the {all} problems; the difference is of these.",
            n=numerals.thousands(paired.problems),
            all=numerals.thousands(verdict.problems),
        )
    yield from _repeats(verdict)
    if verdict.not_judged and any(lane.right for lane in verdict.lanes):
        yield say(
            "Not judged, hence not in what is right: {results}.",
            results=numerals.results(verdict.not_judged),
        )
    yield from not_counted_words(verdict)
    if any(lane.estimated for lane in verdict.lanes):
        yield say("Token counts are estimates.")


def not_counted_words(verdict: Verdict) -> Iterable[str]:
    """How many results are left out, and why."""
    if verdict.not_counted:
        yield say(
            "Not counted, because stopped, failed or interrupted: {results}.",
            results=numerals.results(verdict.not_counted),
        )
    if verdict.outdated:
        yield say(
            "Not counted, because the prompt was another one: {results}.",
            results=numerals.results(verdict.outdated),
        )


def _repeats(verdict: Verdict) -> Iterable[str]:
    if not any(lane.runs > lane.problems for lane in verdict.lanes):
        return
    found = [lane.right for lane in verdict.lanes]
    found += [verdict.agreeing.share] if verdict.agreeing is not None else []
    if any(share is not None and share.interval is not None for share in found):
        yield say("The intervals allow for a problem's repeats being alike.")
    both = [lane for lane in reversed(verdict.lanes) if lane.majority is not None]
    shares = [
        f"{name(lane.label)} {numerals.share(lane.majority)}" for lane in both if lane.majority
    ]
    if shares:
        yield say("By the most frequent answer of its repeats: {shares}.", shares=", ".join(shares))


_CALLS: tuple[Call, ...] = ("pays", "does_not", "cannot_say")


def tag_words(verdict: Verdict) -> str:
    """Where it pays, where it does not, where that cannot be said; empty without tags."""
    sentences = [_tags(call, [t for t in verdict.tags if t.call == call]) for call in _CALLS]
    if sum(tag.p is not None for tag in verdict.tags) > 1:
        sentences.append(say("Each tag's p is corrected for looking at all of them."))
    return " ".join(sentence for sentence in sentences if sentence)


def _tags(call: Call, tags: list[TagVerdict]) -> str:
    if not tags:
        return ""
    listed = "; ".join(_tag(tag) for tag in tags)
    match call:
        case "pays":
            return say("It pays for: {tags}.", tags=listed)
        case "does_not":
            return say("It does not pay for: {tags}.", tags=listed)
        case "cannot_say":
            return say("It cannot be said for: {tags}.", tags=listed)


def _tag(tag: TagVerdict) -> str:
    difference = tag.difference
    assert difference is not None
    interval = difference.interval
    return say(
        "{tag} ({points} points, n = {n})"
        if interval is None
        else "{tag} ({points} points, {interval}, n = {n})",
        tag=tag.tag,
        points=numerals.points(difference.value),
        interval="" if interval is None else numerals.points_interval(interval),
        n=tag.problems,
    )
