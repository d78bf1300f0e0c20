"""What a problem is, who may see it, and how its answer is graded.

Knows nothing of phrasings, of conversations or of any model.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

Language = Literal["en", "pt"]
LANGUAGES: tuple[Language, ...] = ("en", "pt")

HELD_OUT_SHARE = 20  # one problem in this many is never trained on

_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)


@dataclass(frozen=True)
class Problem:
    """One problem with its worked answer.

    `family` names the phrasings that fit, `slots` fills them, `key` is the operands alone (so that
    one problem in two phrasings stays one problem), `result` is what the answer sets in bold and
    `hint` the little that a model which does not think says before its answer.
    """

    task: str
    family: str
    slots: Mapping[str, str]
    key: str
    steps: str
    answer: str
    result: tuple[str, ...]
    hint: str = ""

    @property
    def held_out(self) -> bool:
        """Decided by the operands only, so that no phrasing, language or seed can leak it."""
        digest = hashlib.blake2b(f"{self.task}:{self.key}".encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big") % HELD_OUT_SHARE == 0


Generator = Callable[[random.Random, Language], Problem]


def draw(
    generator: Generator, rng: random.Random, language: Language, *, held_out: bool
) -> Problem:
    """Draw until the problem falls on the asked side of the split."""
    while True:
        problem = generator(rng, language)
        if problem.held_out == held_out:
            return problem


def bold_parts(answer: str) -> tuple[str, ...]:
    """What an answer sets in bold: the part that is graded."""
    return tuple(_BOLD.findall(answer))


def is_right(problem: Problem, answer: str) -> bool:
    """Exactly the expected results, in order, and nothing else in bold."""
    return bold_parts(answer) == problem.result
