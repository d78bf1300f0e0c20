"""The ids that an earlier run of the same request wrote, for a run that goes on from there.

Exact where this process still knows them; else the text is encoded again. Knows no model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from playground.domain.request import Request
from playground.engines.local.prompt import PromptEncoder
from playground.engines.local.written import WrittenRuns
from playground.engines.splitter import Start

# What the runs of this process wrote.
WRITTEN = WrittenRuns()
RE_ENCODED = (
    "The earlier text was encoded again (the playground was restarted since, or the lane changed):"
    " its tokens may differ from those it was written with, and a seed goes on differently."
)


@dataclass(frozen=True, slots=True)
class Earlier:
    """Ids after the prompt and how many of them were chosen by chance; `exact`: the very same."""

    ids: Sequence[int] = ()
    draws: int = 0
    exact: bool = True


def earlier_output(encoder: PromptEncoder, start: Start, request: Request) -> Earlier:
    """What was written before this request goes on; nothing for a request of its own.

    `start` is what its rendered prompt leaves open.
    """
    continuing = request.continuing
    if continuing is None:
        return Earlier()
    last = continuing.segments[-1].run if continuing.segments else None
    written = None if last is None else WRITTEN.of(request.model, last, request.lane)
    if written is not None:
        return Earlier(written.ids, written.draws)
    ids = encoder.encode_output(
        start, continuing.thinking, continuing.answer, continuing.thought_open
    )
    draws = sum(segment.generated_tokens or 0 for segment in continuing.segments)
    return Earlier(ids, draws, exact=False)
