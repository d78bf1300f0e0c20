"""The table of tags: where thinking pays. Sortable by value and shown in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from playground.results import wording
from playground.ui.summary import in_words
from playground.verdict import numerals
from playground.verdict.statistics import Difference, Share
from playground.verdict.value import Call, TagVerdict, Verdict
from playground.verdict.words import name
from playground.words import say

MOST_TAGS = 200


def call_words(call: Call) -> str:
    """Whether it pays, in a word."""
    calls: Mapping[Call, str] = {
        "pays": say("pays"),
        "does_not": say("does not pay"),
        "cannot_say": say("cannot say"),
    }
    return calls[call]


def tags_shown(verdict: Verdict) -> Any:
    """A row a tag, as a Styler."""
    left, right = (name(lane.label) for lane in verdict.lanes)
    difference_head, tokens_head = say("Points gained"), say("Times the tokens")
    rows = [
        {
            say("Tag"): tag.tag,
            say("Does it pay?"): call_words(tag.call),
            say("Problems"): tag.problems,
            say("{lane} right", lane=left): _percent(tag.left),
            say("{lane} right", lane=right): _percent(tag.right),
            difference_head: tag.difference and 100 * tag.difference.value,
            say("Interval"): _interval(tag.difference),
            tokens_head: tag.tokens and tag.tokens.value,
        }
        for tag in verdict.tags[:MOST_TAGS]
    ]
    table = pd.DataFrame(rows)
    percent = in_words(lambda value: numerals.percent(value / 100))
    formats = {
        say("{lane} right", lane=left): percent,
        say("{lane} right", lane=right): percent,
        difference_head: in_words(lambda value: numerals.points(value / 100)),
        tokens_head: in_words(wording.ratio),
    }
    return table.style.format(formats).hide(axis="index")


def _percent(share: Share | None) -> float | None:
    return None if share is None else 100 * share.value


def _interval(difference: Difference | None) -> str:
    if difference is None or difference.interval is None:
        return say("too few to say")
    return numerals.points_interval(difference.interval)


def has_tags(verdict: Verdict | None) -> bool:
    """Whether there is a row at all; one tag on every problem says nothing that the verdict does
    not."""
    tags: tuple[TagVerdict, ...] = () if verdict is None else verdict.tags
    paired = None if verdict is None else verdict.paired
    return len(tags) > 1 or any(tag.problems != (paired and paired.problems) for tag in tags)
