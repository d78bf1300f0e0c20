"""When a thought is to be closed for the model, and with which words.

Knows budgets and the reader's wish; neither the model nor what was thought.
"""

from __future__ import annotations

from dataclasses import dataclass

from playground.domain.engine import StopSignal
from playground.domain.events import Notice
from playground.engines.splitter import CLOSE_TAG

# Qwen's own advice for a budget: without a word of it the model goes on thinking in its answer.
WORDS = (
    "\n\nConsidering the limited time by the user, I have to give the solution based on the"
    " thinking directly now."
)
MOST_WORDS = 40  # tokens
PLAIN = f"\n{CLOSE_TAG}\n\n"  # as every template of these models writes it


@dataclass(frozen=True, slots=True)
class Closer:
    """What closes one run's thought: `budget` thinking tokens (null: none), or the stop signal.

    `ids` are put in; they stand for `text`.
    """

    budget: int | None
    stop: StopSignal
    ids: tuple[int, ...]
    text: str

    def notice(self, thinking_tokens: int) -> Notice | None:
        """Why to close the thought now, after so many tokens of it; null: let it go on."""
        if self.budget is not None and thinking_tokens >= self.budget:
            why = f"after {thinking_tokens:,} tokens, its thinking budget"
        elif self.stop.closes_thought():
            why = f"on request, after {thinking_tokens:,} tokens"
        else:
            return None
        return Notice(
            "budget",
            f"The thought was closed {why}: {self.text.strip()!r} was put in, {len(self.ids):,}"
            " tokens that count as forced.",
        )
