"""The `/judge` endpoint: what it judges and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from playground.domain.errors import BadRequest
from playground.ui.api_judge import judged


def test_one_answer_is_held_against_what_is_expected() -> None:
    given = judged({"right": "The answer is **7**.", "expected": "7"})
    assert given["right"] is not None and given["right"]["grade"] == "right"
    assert (given["left"], given["agreement"]) == (None, None)


def test_two_answers_are_compared_without_any_expected() -> None:
    given = judged({"left": "**1/2**", "right": "**0.5**"})
    assert given["agreement"] is not None and given["agreement"]["kind"] == "agree"
    assert given["left"] is None


def test_code_from_anywhere_is_never_run() -> None:
    code = "```python\ndef f():\n    return 1\n```"
    given = judged({"left": code, "expected": {"kind": "python", "value": "assert f() == 1"}})
    assert given["left"] is not None and given["left"]["grade"] == "not_judged"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "There is nothing to judge"),
        ({"left": "x"}, "There is nothing to judge"),
        ({"left": 4, "expected": 4}, "left is 4, but must be a string"),
        ({"left": "x" * 200_001, "expected": 4}, "left has 200,001 characters"),
        ({"answer": "x"}, "Unknown key 'answer' in options"),
    ],
)
def test_what_cannot_be_judged_is_refused(options: dict[str, Any], words: str) -> None:
    with pytest.raises(BadRequest, match=words):
        judged(options)
