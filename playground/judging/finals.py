"""What a final answer is, and the rules by which one is found: plain values.

The rules stand in their order of precedence. Knows nothing of how they look for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Rule = Literal[
    "boxed", "json_field", "stated", "json", "option", "bold", "yes_no", "code", "whole", "number"
]
RULES: tuple[Rule, ...] = get_args(Rule)


@dataclass(frozen=True, slots=True)
class FinalAnswer:
    """What an answer comes down to, as it is written there, and the rule that found it."""

    text: str
    rule: Rule
