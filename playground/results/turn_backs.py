"""Where a trace turns back on itself: sentences that begin with "Wait", "But", "Mas" and the like.

A count of words, not of thoughts: it tells how a trace reads, never whether it is right. Pure.
"""

from __future__ import annotations

import re
from functools import lru_cache

from playground.words import number, say

ENGLISH = (
    "Wait",
    "But",
    "Actually",
    "Hm+",
    "Alternatively",
    "Hold on",
    "On second thought",
    "Let me (?:double[- ]check|re-?check|check again|reconsider)",
)
PORTUGUESE = (
    "Esper[ae]",
    "Mas",
    "Na verdade",
    "Hum+",
    "Alternativamente",
    "Pensando (?:bem|melhor)",
    "(?:Deixe-me|Deixa eu|Vou) (?:verificar|conferir|checar)",
)
# At the start of a line or after the end of a sentence, whatever quotes and stars stand there.
_TURN = re.compile(
    r"(?:^[ \t]*(?:[-*>•][ \t]+)?|(?<=[.!?…])[\"”’')\]*_]{0,3}\s+)[\"“‘'(*_]{0,3}"
    rf"({'|'.join((*ENGLISH, *PORTUGUESE))})\b",
    re.MULTILINE,
)


@lru_cache(maxsize=64)
def turn_backs(text: str) -> tuple[int, ...]:
    """Where in the text each of them begins."""
    return tuple(found.start(1) for found in _TURN.finditer(text))


def turns_in_words(turns: int) -> str:
    """ "1 turn-back", "7 turn-backs"."""
    if turns == 1:
        return say("1 turn-back")
    return say("{count} turn-backs", count=number(f"{turns:,}"))
