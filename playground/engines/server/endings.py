"""How an answer ended, and whether its thought kept to a budget, as far as a server tells.

Knows no particular server: what they say differs by their profiles.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from playground.domain.events import Counts, Ending, Notice
from playground.engines.server.profile import Profile
from playground.engines.server.reader import Reader

_ENDINGS: Mapping[str, Ending] = {"length": "limit", "abort": "interrupted"}
CUT_OFF = "The server's stream stopped before it said that the answer had ended. What came is kept."
UNTOLD = "This server does not tell whether a stop string or the end of the turn ended the answer."


def ending_of(
    reader: Reader, profile: Profile, stops: tuple[str, ...]
) -> tuple[Ending, Notice | None]:
    """How the stream that was read to its end had ended; `stops` were sent."""
    finish = reader.finish
    if finish is None and reader.started and reader.usage.generated is None:
        return "interrupted", Notice("cut_off", CUT_OFF)
    if finish is not None and finish in _ENDINGS:
        return _ENDINGS[finish], None
    if profile.stop_finish is not None:
        return "stop_string" if finish == profile.stop_finish else "end_of_turn", None
    if not stops or finish not in ("stop", None):
        return "end_of_turn", None
    if reader.stop is None:
        return "end_of_turn", Notice("ending", UNTOLD)
    return "stop_string" if reader.stop in stops else "end_of_turn", None


def kept_to_budget(budget: int, counts: Counts, closed: bool) -> Iterator[Notice]:
    """What became of a thinking budget, by the counts of the whole answer."""
    thinking, guessed = counts.thinking, counts.basis == "estimated"
    if thinking > (2 * budget + 16 if guessed else budget + 2):
        yield Notice(
            "unsupported",
            f"thinking_budget = {budget:,} was sent, but the trace has {thinking:,} tokens: the"
            " server did not keep to it. Start it with a reasoning parser, or leave it out.",
        )
    elif closed and thinking and thinking >= budget - 1 and not guessed:
        # One less: servers count a line break at the end of the prompt, too.
        yield Notice("budget", f"The trace ended at its budget of {budget:,} thinking tokens.")
