"""Variables in prompts, `{{name}}`, and the tags that choose a lane, `/think` and `/no_think`.

Text in, text out; knows no cell and no model.
"""

from __future__ import annotations

import itertools
import math
import re
from typing import Literal

from playground.domain.errors import BadRequest

Variables = tuple[tuple[str, tuple[str, ...]], ...]
"""Each variable with the values that it takes, one run each."""
Values = tuple[tuple[str, str], ...]
"""Each variable with its value in one run."""
Tag = Literal["think", "no_think"]

MOST_RUNS = 100
LONGEST_FILLED = 10_000_000
_NAME = re.compile(r"\{\{\s*([^\W\d]\w*)\s*\}\}")
_TAG = re.compile(r"\s*(?<!\S)/(think|no_think)\s*\Z")


def is_name(text: str) -> bool:
    """Whether a variable may be called so."""
    return _NAME.fullmatch(f"{{{{{text}}}}}") is not None and text == text.strip()


def names(prompt: str) -> tuple[str, ...]:
    """The variables that a prompt holds, each once, in order."""
    return tuple(dict.fromkeys(_NAME.findall(prompt)))


def combinations(prompt: str, variables: Variables) -> tuple[Values, ...]:
    """The values of each run of a prompt: one empty run where no variable is in it.

    A name without values stays in the prompt as it is. Raises BadRequest when there are too many.
    """
    used = [(name, values) for name, values in variables if values and name in names(prompt)]
    count = math.prod(len(values) for _, values in used)
    if count > MOST_RUNS:
        raise BadRequest(
            f"These variables make {count:,} runs, but a cell may have {MOST_RUNS} at a time."
            " Give fewer values."
        )
    choices = [[(name, value) for value in values] for name, values in used]
    return tuple(itertools.product(*choices))


def filled(prompt: str, values: Values) -> str:
    """The prompt with its variables' values; what is in a value is not looked at again.

    Raises BadRequest where that is too long to be asked of anything.
    """
    given = dict(values)
    found = [each for each in _NAME.finditer(prompt) if each[1] in given]
    length = len(prompt) + sum(len(given[each[1]]) - len(each[0]) for each in found)
    if length > LONGEST_FILLED:
        raise BadRequest(
            f"With its variables the prompt has {length:,} characters, but {LONGEST_FILLED:,} is"
            " the most. Shorten it, or its values."
        )
    return _NAME.sub(lambda found: given.get(found[1], found[0]), prompt)


def asked_with(prompt: str, values: Values) -> str | None:
    """What a prompt asks with these values, without a tag; null where that is too long to ask."""
    try:
        return without_tag(filled(prompt, values))[0]
    except BadRequest:
        return None


def without_tag(prompt: str) -> tuple[str, Tag | None]:
    """The prompt without `/think` or `/no_think` at its end, and which of them stood there."""
    found = _TAG.search(prompt)
    if found is None:
        return prompt, None
    tag: Tag = "think" if found[1] == "think" else "no_think"
    return prompt[: found.start()], tag
