"""A question with a list of options, as sets of multiple choice have them, as one text: options
become lettered lines, the right one's place or text its letter.

Knows how such sets name their columns; knows no problem.
"""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from typing import Any

from playground.domain.errors import BadRequest

OPTIONS = ("options", "choices")
QUESTIONS = ("question", "prompt", "problem", "input")
ANSWERS = ("expected", "answer", "target")
# In the order in which they are asked for the right one: its place from 0, its text or its letter.
RIGHT_ONES = ("answer_index", *ANSWERS, "label")


def with_lettered_options(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A row whose options are in its question; one without a list of them as it is."""
    listed = next((name for name in OPTIONS if isinstance(row.get(name), list)), None)
    question = next((name for name in QUESTIONS if isinstance(row.get(name), str)), None)
    if listed is None or question is None:
        return row
    options = [str(option) for option in row[listed]]
    asked = f"{row[question]}\n\n{lettered(options)}"
    letters = (_letter(row.get(name), options) for name in RIGHT_ONES)
    letter = next((each for each in letters if each is not None), None)
    if letter is None:
        return {name: each for name, each in row.items() if name != listed} | {question: asked}
    answer = next((name for name in ANSWERS if name in row), ANSWERS[0])
    kept = {name: each for name, each in row.items() if name not in (listed, *RIGHT_ONES)}
    return {**kept, question: asked, answer: letter, "kind": "choice"}


def _letter(given: object, options: Sequence[str]) -> str | None:
    """The letter of the right one, as far as this says which it is."""
    letters = string.ascii_uppercase[: len(options)]
    match given:
        case int() if not isinstance(given, bool) and 0 <= given < len(letters):
            return letters[given]
        case str() if given in options:
            return letters[options.index(given)]
        case str() if given and given in letters:
            return given
        case _:
            return None


def lettered(options: Sequence[str]) -> str:
    """A) …, B) … a line each. Raises BadRequest where the letters do not suffice."""
    if len(options) > len(string.ascii_uppercase):
        raise BadRequest(
            f"A question has {len(options)} options, but letters for 26. Take it out, or choose"
            " another set."
        )
    letters = string.ascii_uppercase[: len(options)]
    return "\n".join(f"{letter}) {text}" for letter, text in zip(letters, options, strict=True))
