"""What the panel says of a verdict, as Markdown: the verdict, its four counts, how it came about.

Words of tags, models and prompts are a stranger's: they go in as text. No Gradio.
"""

from __future__ import annotations

from collections.abc import Iterable

from playground.catalog import parse_name
from playground.domain.request import LANES
from playground.domain.text import as_markdown_text
from playground.results.wording import UNKNOWN
from playground.ui.panel.weighed import Weighed
from playground.verdict import numerals
from playground.verdict.curve import Curve
from playground.verdict.curve_words import budget_words, curve_words
from playground.verdict.grouping import Group
from playground.verdict.statistics import FEWEST
from playground.verdict.value import Verdict
from playground.verdict.words import name, not_counted_words, verdict_words
from playground.words import say, whole

MOST_OTHERS = 5


def words(weighed: Weighed) -> str:
    """The verdict in one paragraph."""
    if weighed.verdict is None:
        return say("No run has come to its end here yet.")
    return as_markdown_text(verdict_words(weighed.verdict))


def enough(weighed: Weighed) -> str:
    """How much thinking is enough; empty where only one budget was tried."""
    tried = [each for each in weighed.curves if sum(p.alone.thinks for p in each.points) > 1]
    return "\n\n".join(part for curve in tried for part in _curve(curve))


def _curve(curve: Curve) -> Iterable[str]:
    """In words, and for whoever cannot point at the picture as a table."""
    yield as_markdown_text(curve_words(curve))
    lines = [
        f"| {say('Thinking tokens at most')} | {say('Right answers')} | {say('Tokens a run')} |",
        "|---|---:|---:|",
    ]
    for point in curve.points:
        right, tokens = point.alone.right, point.alone.tokens
        share = UNKNOWN if right is None else numerals.share(right)
        count = UNKNOWN if tokens is None else numerals.thousands(whole(tokens.median))
        lines.append(f"| {budget_words(point)} | {share} | {count} |")
    yield "\n".join(lines)


def counts(verdict: Verdict | None) -> str:
    """The pairs of runs by which lanes are right, two by two; empty where none is judged."""
    paired = None if verdict is None else verdict.paired
    if verdict is None or paired is None or paired.counts is None:
        return ""
    found = paired.counts
    left, right = (as_markdown_text(name(lane.label)) for lane in verdict.lanes)
    heads = [say("{lane} right", lane=left), say("{lane} not right", lane=left)]
    rows = [
        (say("{lane} right", lane=right), found.both_right, found.only_right),
        (say("{lane} not right", lane=right), found.only_left, found.neither),
    ]
    table = [f"| | {' | '.join(heads)} |", "|---|---:|---:|"]
    table += [
        f"| {head} | {numerals.thousands(a)} | {numerals.thousands(b)} |" for head, a, b in rows
    ]
    return "\n".join(table)


def group_label(group: Group, newest: Group) -> str:
    """A group in a list of choices: its models, and what was otherwise than in the newest one."""
    models = " · ".join(_model(group.models[lane]) for lane in LANES if lane in group.models)
    unlike = () if group is newest else group.unlike(newest)
    return ", ".join([models, *unlike])


def _model(given: str) -> str:
    return parse_name(given).label


def method(weighed: Weighed) -> str:
    """How it was computed, of how much, and what was left out and why: as a list."""
    verdict = weighed.verdict
    if verdict is None or weighed.group is None:
        return ""
    sentences = [*_of_what(weighed.group, verdict), *_how(weighed), *_left_out(weighed, verdict)]
    return "\n".join(f"- {sentence}" for sentence in sentences)


def _of_what(group: Group, verdict: Verdict) -> Iterable[str]:
    sides = [
        say("{model} ({lane} lane)", model=as_markdown_text(model), lane=say(lane))
        for lane, model in group.models.items()
    ]
    yield say("Compared: {models}.", models=", ".join(sides))
    for lane in verdict.lanes:
        judged = lane.right.runs if lane.right is not None else 0
        yield say(
            "{lane}: {runs} of {problems}, {judged} of them judged.",
            lane=as_markdown_text(name(lane.label)),
            runs=numerals.runs(lane.runs),
            problems=numerals.problems(lane.problems),
            judged=numerals.thousands(judged),
        )


def _how(weighed: Weighed) -> Iterable[str]:
    verdict = weighed.verdict
    assert verdict is not None
    if any(lane.right is not None for lane in verdict.lanes):
        yield say(
            "An answer is right when its final answer is the expected one; a run without an"
            " answer is not right."
        )
    repeated = any(lane.runs > lane.problems for lane in verdict.lanes)
    yield (
        say(
            "Intervals hold at 95 %: Wilson's for a share, at the number of runs that count as"
            " independent, since repeats of one problem are alike."
        )
        if repeated
        else say("Intervals hold at 95 %: Wilson's for a share.")
    )
    difference = verdict.paired.difference if verdict.paired is not None else None
    if difference is not None:
        yield (
            say("The difference is paired, on the problems that both ran: a bootstrap over"
                " problems, and p by McNemar's exact test.")
            if difference.method == "mcnemar_exact"
            else say("The difference is paired, on the problems that both ran: a bootstrap over"
                     " problems, and p by an exact sign-flip test over problems.")
        )  # fmt: skip
    yield say(
        "Times the tokens and times the wait are ratios of medians over the same problems; the"
        " wait is until the first word of the answer."
    )
    if verdict.tags:
        yield say("Each tag's p is corrected for looking at all of them.")
    yield say("Under {n} problems there is no interval and no test.", n=FEWEST)
    if any(len(curve.points) > 2 for curve in weighed.curves):
        yield say("Of several thinking budgets the largest counts in the verdict.")


def _left_out(weighed: Weighed, verdict: Verdict) -> Iterable[str]:
    yield from not_counted_words(verdict)
    others = [group for group in weighed.groups if group is not weighed.group]
    for group in others[:MOST_OTHERS]:
        yield say(
            "Not in this verdict, under other models or settings: {results} ({what}).",
            results=numerals.results(len(group.attempts)),
            what=as_markdown_text(group_label(group, weighed.group or group)),
        )
    if len(others) > MOST_OTHERS:
        yield say(
            "Not in this verdict, under still others: {results}.",
            results=numerals.results(sum(len(group.attempts) for group in others[MOST_OTHERS:])),
        )
    if weighed.unweighed:
        yield say(
            "Older runs that this page does not weigh: {n}.",
            n=numerals.thousands(weighed.unweighed),
        )
