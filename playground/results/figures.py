"""A result's figures as labelled words, the rows of every table of two lanes.

Knows what is worth showing and in which order; does not know where it is shown.
"""

from __future__ import annotations

from collections.abc import Mapping

from playground.domain.request import LANES, Lane
from playground.results import segments, wording
from playground.results.value import Result
from playground.words import say

Row = tuple[str, dict[Lane, str]]


def figures(results: Mapping[Lane, Result]) -> list[Row]:
    """One row a figure; rows that say nothing for any lane are left out."""
    by_lane = {lane: _figures(results[lane]) for lane in LANES if lane in results}
    names = next(iter(by_lane.values()), {})
    rows = [(name, {lane: by_lane[lane][name] for lane in by_lane}) for name in names]
    return [row for row in rows if any(value != wording.UNKNOWN for value in row[1].values())]


def _figures(result: Result) -> dict[str, str]:
    numbers = result.numbers
    seed = result.request.sampling.seed
    tokens = {
        label: wording.count(value, numbers.counts)
        for label, value in (
            (say("prompt tokens"), numbers.prompt_tokens),
            (say("read before"), numbers.cached_tokens or None),
            (say("thinking tokens"), numbers.thinking_tokens),
            (say("answer tokens"), numbers.answer_tokens),
            (say("forced tokens"), numbers.forced_tokens or None),
            (say("generated tokens"), numbers.generated_tokens),
        )
    }
    return {
        say("ending"): wording.ending(result),
        say("first token"): wording.seconds(numbers.first_token_s),
        say("first answer"): wording.seconds(numbers.first_answer_s),
        say("thinking"): wording.seconds(numbers.thinking_s),
        say("total"): wording.seconds(numbers.total_s),
        **tokens,
        say("segments"): segments.in_words(result) or wording.UNKNOWN,
        say("tokens/s"): wording.rate(numbers.tokens_per_s),
        say("waited"): wording.seconds(numbers.queue_s or None),
        say("loaded in"): wording.seconds(numbers.load_s or None),
        say("seed"): wording.UNKNOWN if seed is None else str(seed),
        say("schedule"): say(result.request.schedule.replace("_", " ")),
    }
