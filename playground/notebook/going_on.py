"""A run that goes on where an earlier one of its cell stopped: its request.

The lane goes on; the other lane's result is carried over unchanged, so that both are read side by
side. Pure; knows no engine but by what is known of a model.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

from playground.domain.engine import ModelCard
from playground.domain.errors import BadRequest
from playground.domain.request import Lane, Request, RunId, check_prompt
from playground.domain.sampling import Sampling, parse_sampling
from playground.notebook.asking import Describe
from playground.notebook.document import PromptCell, Run
from playground.results.segments import can_go_on, continuation
from playground.results.value import Result


@dataclass(frozen=True, slots=True)
class GoesOn:
    """This lane of this run is to go on, with at most so many more tokens (as typed)."""

    run: RunId
    lane: Lane
    tokens: object


def tokens_left(result: Result, card: ModelCard) -> int | None:
    """How many tokens the context has room for after this result; null where that is unknown."""
    numbers = result.numbers
    if card.context is None or numbers.prompt_tokens is None or numbers.generated_tokens is None:
        return None
    return card.context - numbers.prompt_tokens - numbers.generated_tokens


def run_of(cell: PromptCell, wish: GoesOn) -> Run:
    """The run that is to go on. Raises BadRequest."""
    for run in cell.runs:
        if run.id == wish.run and wish.lane in run.lanes:
            return run
    raise BadRequest(f"There is no run {wish.run!r} of that lane any more. Reload the page.")


def request_to_go_on(
    run: Run, wish: GoesOn, run_id: RunId, created_at: str, describe: Describe
) -> Request:
    """What asks the lane to go on. What a file says is checked as if it were typed.

    Raises BadRequest.
    """
    result = run.result(wish.lane)
    earlier = result.request
    if "continue" not in describe(earlier.model).abilities:
        raise BadRequest(f"{earlier.model!r} cannot go on with a text here. Run the cell again.")
    if not can_go_on(result):
        raise BadRequest("This run came to its end: there is nothing to continue. Run it again.")
    values = {**asdict(earlier.sampling), "max_new_tokens": wish.tokens}
    return replace(
        earlier,
        id=run_id,
        created_at=created_at,
        prompt=check_prompt(earlier.prompt),
        sampling=parse_sampling(values, Sampling()),
        continuing=continuation(result),
    )
