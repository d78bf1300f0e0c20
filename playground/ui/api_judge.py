"""The `/judge` endpoint: answers from anywhere, held against each other or what is expected.

Asks no model. Knows judging and how options are given.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

import gradio as gr

from playground.comparison.options import JudgeOptions, section
from playground.domain.errors import BadRequest, PlaygroundError
from playground.domain.expected import Expected, expected_from
from playground.domain.request import LANES
from playground.domain.text import check_text
from playground.judging import check_expected
from playground.judging.packing import answered, judged_data

LONGEST = 200_000
DESCRIPTION = (
    "Judge answers without asking a model. `options` may hold left and right (answers as text) and"
    " expected (a text, a number, or {kind, value or values, tolerance}). Ends with {agreement,"
    " left, right}: whether both final answers are the same by value, and each one's grade."
)
_NO_OPTIONS: JudgeOptions = {}


class JudgedAnswers(TypedDict):
    """What the answers were judged to be; null where there is nothing to judge."""

    agreement: dict[str, Any] | None
    left: dict[str, Any] | None
    right: dict[str, Any] | None


def expected_in(options: Mapping[str, object]) -> Expected | None:
    """The answer that options expect. Raises BadRequest, also for what can never be judged."""
    expected = expected_from(options.get("expected"))
    if expected is not None:
        check_expected(expected)
    return expected


def judged(options: object) -> JudgedAnswers:
    """The judgement of the answers in these options. Raises BadRequest."""
    given = section("options", options, JudgeOptions)
    expected = expected_in(given)
    results = {}
    for lane in LANES:
        if lane in given:
            text = check_text(lane, given[lane])
            if len(text) > LONGEST:
                raise BadRequest(
                    f"{lane} has {len(text):,} characters, but {LONGEST:,} is the most. Shorten it."
                )
            results[lane] = answered(lane, text)
    if not results or (expected is None and len(results) < len(LANES)):
        raise BadRequest(
            "There is nothing to judge. Give left and right, or one of them and expected."
        )
    data = judged_data(results, expected)
    return JudgedAnswers(
        agreement=data["agreement"], left=data.get("left"), right=data.get("right")
    )


def add_judge_api() -> None:
    """Add the endpoint to the Blocks whose context this is called in."""

    def judge(options: JudgeOptions = _NO_OPTIONS) -> JudgedAnswers:
        try:
            return judged(options)
        except PlaygroundError as exc:
            raise gr.Error(str(exc), print_exception=False) from exc

    judge.__annotations__["return"] = JudgedAnswers
    gr.api(judge, api_name="judge", api_description=DESCRIPTION)
