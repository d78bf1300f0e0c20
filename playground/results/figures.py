"""A result's figures as labelled words, the rows of every table of two lanes.

Knows what is worth showing and in which order; does not know where it is shown.
"""

from __future__ import annotations

from collections.abc import Mapping

from playground.domain.request import LANES, Lane
from playground.results import wording
from playground.results.value import Result

Row = tuple[str, dict[Lane, str]]


def figures(results: Mapping[Lane, Result]) -> list[Row]:
    """One row a figure; rows that say nothing for either lane are left out."""
    by_lane = {lane: _figures(results[lane]) for lane in LANES}
    rows = [(label, {lane: by_lane[lane][label] for lane in LANES}) for label in by_lane["left"]]
    return [row for row in rows if any(value != wording.UNKNOWN for value in row[1].values())]


def _figures(result: Result) -> dict[str, str]:
    numbers = result.numbers
    seed = result.request.sampling.seed
    tokens = {
        label: wording.count(value, numbers.counts)
        for label, value in (
            ("prompt tokens", numbers.prompt_tokens),
            ("thinking tokens", numbers.thinking_tokens),
            ("answer tokens", numbers.answer_tokens),
            ("generated tokens", numbers.generated_tokens),
        )
    }
    return {
        "ending": wording.ending(result),
        "first token": wording.seconds(numbers.first_token_s),
        "first answer": wording.seconds(numbers.first_answer_s),
        "thinking": wording.seconds(numbers.thinking_s),
        "total": wording.seconds(numbers.total_s),
        **tokens,
        "tokens/s": wording.rate(numbers.tokens_per_s),
        "waited": wording.seconds(numbers.queue_s or None),
        "loaded in": wording.seconds(numbers.load_s or None),
        "seed": wording.UNKNOWN if seed is None else str(seed),
        "schedule": result.request.schedule.replace("_", " "),
    }
