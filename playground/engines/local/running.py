"""One run of a loaded model: a request in, events out.

Puts encoder, decoder and output together, and closes a thought when it is time. Knows nothing of
how the model was loaded and of who listens.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import assert_never

from playground.domain.engine import StopSignal
from playground.domain.errors import EngineFailed, PlaygroundError, PromptTooLong
from playground.domain.events import (
    Ended,
    Ending,
    Event,
    Notice,
    Prefill,
    Started,
)
from playground.domain.request import Request
from playground.domain.sampling import draw_seed
from playground.engines.local.choosing import Chooser, NoProbability
from playground.engines.local.closing import Closer
from playground.engines.local.continuing import RE_ENCODED, WRITTEN, Earlier, earlier_output
from playground.engines.local.decoding import PromptRead, Put, Reading, Step, Stopped, Token
from playground.engines.local.loading import LoadedModel
from playground.engines.local.memory import is_out_of_memory
from playground.engines.local.output import WrittenOutput
from playground.engines.local.prompt import EncodedPrompt


def run_loaded(model: LoadedModel, request: Request, stop: StopSignal) -> Iterator[Event]:
    """`Started` … `Ended`. Raises PromptTooLong, BadRequest, EngineFailed."""
    try:
        yield from _run(model, request, stop)
    except NoProbability as exc:
        raise EngineFailed(
            f"{request.model!r} computed no usable numbers ({exc}). Try ?dtype=bf16 or"
            " ?dtype=fp32 in the model's name, or download the model again."
        ) from exc
    except PlaygroundError:
        raise
    except Exception as exc:
        if is_out_of_memory(exc):
            raise model.decoder.out_of_memory(request.model) from exc
        raise EngineFailed(
            f"{request.model!r} failed while it ran: {type(exc).__name__}: {exc}. Run it again; if"
            " it fails again, restart the playground."
        ) from exc


def _run(model: LoadedModel, request: Request, stop: StopSignal) -> Iterator[Event]:
    started_at_s = time.monotonic()
    sampling = request.sampling
    prompt = model.encoder.encode(request.prompt, request.system, request.history)
    earlier = earlier_output(model.encoder, prompt.start, request)
    ids = [*prompt.ids, *earlier.ids]
    limit = _room(model, request, len(ids))
    seed = sampling.seed if sampling.seed is not None else draw_seed()
    tags = (model.encoder.open_id, model.encoder.close_id)
    output = WrittenOutput(prompt.start, tags, model.new_detokenizer, sampling.stop)
    output.go_on_from(earlier.ids)
    chooser = Chooser(sampling, seed, prompt.ids)
    chooser.go_on_from(earlier.ids, earlier.draws)
    closer = Closer(sampling.thinking_budget, stop, *model.encoder.closing())
    with model.decoder.open(ids, request.lane, request.model) as reading:
        yield Started(
            prompt_tokens=len(ids),
            cached_tokens=reading.cached_tokens,
            limit=limit,
            seed=seed,
            thinks=prompt.start != "answer",
            context=model.context,
            origin=model.origin,
            at_s=started_at_s,
        )
        yield from _notices(model, request, prompt, len(ids), limit)
        if not earlier.exact:
            yield Notice("continued", RE_ENCODED)
        written = _Written(earlier)
        ended: Ended | None = None
        try:
            steps = reading.steps(chooser, limit, stop)
            for event in _events(steps, reading, output, closer, written, model.end_ids, limit):
                if isinstance(event, Ended):
                    ended = event
                else:
                    yield event
        finally:
            if ended is None or ended.ending not in ("end_of_turn", "stop_string"):
                WRITTEN.keep(request.model, request.id, request.lane, written.ids, written.draws)
    # Once the cache is kept: nobody takes another step after this.
    if ended is not None:
        yield ended


class _Written:
    """All ids after the prompt so far, and how many of them were chosen by chance."""

    def __init__(self, earlier: Earlier) -> None:
        self.ids = [*earlier.ids]
        self.draws = earlier.draws
        self.new = 0

    def add(self, ids: Sequence[int], draws: int = 0) -> None:
        self.ids += ids
        self.draws += draws
        self.new += len(ids)


def _events(
    steps: Iterator[Step],
    reading: Reading,
    output: WrittenOutput,
    closer: Closer,
    written: _Written,
    end_ids: frozenset[int],
    limit: int,
) -> Iterator[Event]:
    """From the first step to `Ended`."""
    ending: Ending = "limit"
    last_token_at_s: float | None = None
    yield from _close_if_due(reading, output, closer, limit)
    for step in steps:
        match step:
            case PromptRead(done, at_s):
                yield Prefill(done, reading.prompt_tokens, at_s)
            case Put(tokens, at_s):
                written.add(closer.ids[:tokens])
                yield from output.close(tokens, at_s)
            case Token(token_id, at_s):
                last_token_at_s = at_s
                written.add((token_id,), draws=1)
                if token_id in end_ids:
                    output.take_end()
                    ending = "end_of_turn"
                    break
                yield from output.take(token_id, at_s)
                if output.stopped:
                    ending = "stop_string"
                    break
                yield from _close_if_due(reading, output, closer, limit - written.new)
            case Stopped(reason):
                ending = reason
            case _:
                assert_never(step)
    yield from output.flush(time.monotonic())
    yield Ended(ending, output.counts(), time.monotonic(), last_token_at_s)


def _close_if_due(
    reading: Reading, output: WrittenOutput, closer: Closer, room: int
) -> Iterator[Notice]:
    """Close the thought where it is time, and an answer still has room."""
    if output.thinks and len(closer.ids) < room:
        notice = closer.notice(output.thinking_tokens)
        if notice is not None:
            reading.put(closer.ids)
            yield notice


def _room(model: LoadedModel, request: Request, tokens: int) -> int:
    """How many tokens may be generated after so many. Raises PromptTooLong."""
    wanted = request.sampling.max_new_tokens
    if model.context is None:
        return wanted
    if tokens >= model.context:
        raise PromptTooLong(
            f"The prompt has {tokens:,} tokens, but {request.model!r} has a context of"
            f" {model.context:,}, answer included. Shorten the prompt by at least"
            f" {tokens - model.context + 1:,} tokens."
        )
    return min(wanted, model.context - tokens)


def _notices(
    model: LoadedModel, request: Request, prompt: EncodedPrompt, tokens: int, limit: int
) -> Iterator[Notice]:
    if limit < request.sampling.max_new_tokens:
        yield Notice(
            "clamped",
            f"max_new_tokens is {request.sampling.max_new_tokens:,}, but after a prompt of"
            f" {tokens:,} tokens the context of {model.context:,} leaves {limit:,}.",
        )
    for note in prompt.notes:
        yield Notice("history", note)
    if request.sampling.thinking_budget is not None and prompt.start == "answer":
        yield Notice("unsupported", "This model does not think; a thinking budget has no effect.")
    if model.asked_not_to_think and prompt.start == "thinking":
        yield Notice("unsupported", "This model always thinks; thinking=off has no effect on it.")
