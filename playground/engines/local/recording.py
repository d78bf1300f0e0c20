"""A step that is recorded once and played for each token: a GPU then never waits for Python.

A recording is bound to one cache's buffers and looks at a window of them, of which a mask hides
what is not written yet; it is made anew when the text outgrows either. Knows no ids, no choice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch

from playground.engines.local.attention import attend_last
from playground.engines.local.cache import GrowingCache
from playground.engines.local.stepping import Step

LEAST_WINDOW = 1024
# What makes a recording of some work: how to play it, and where its output is each time.
Record = Callable[[Callable[[], torch.Tensor]], tuple[Callable[[], None], torch.Tensor]]


def cuda_graph(work: Callable[[], torch.Tensor]) -> tuple[Callable[[], None], torch.Tensor]:
    """Record what `work` does on the current GPU as a CUDA graph."""
    side = torch.cuda.Stream()  # type: ignore[no-untyped-call]
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):  # compiles, and takes the libraries' workspaces
        for _ in range(2):
            work()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    # Another lane's thread may use the GPU meanwhile.
    with torch.cuda.graph(graph, capture_error_mode="thread_local"):
        output = work()
    return graph.replay, output


@dataclass(slots=True)
class Recording:
    """One recorded step on one cache's buffers."""

    window: int
    capacity: int
    ids: torch.Tensor
    positions: torch.Tensor
    play: Callable[[], None]
    logits: torch.Tensor


class RecordedStep:
    """A model's step as recordings, one at a time for each cache."""

    def __init__(self, step: Step, scaling: float, record: Record = cuda_graph) -> None:
        self._step = step
        self._scaling = scaling
        self._record = record

    def run(self, cache: GrowingCache, token_id: int) -> torch.Tensor:
        """The logits after one more token, which `cache` then holds; valid until the next call."""
        position = cache.length
        cache.make_room(position + 1)
        recording = cache.recording
        if not (
            isinstance(recording, Recording)
            and recording.capacity == cache.capacity
            and position < recording.window
        ):
            recording = cache.recording = self._recorded(cache, token_id, position)
        recording.ids.fill_(token_id)
        recording.positions.fill_(position)
        recording.play()
        cache.lengthen(1)
        return recording.logits

    def _recorded(self, cache: GrowingCache, token_id: int, position: int) -> Recording:
        cache.recording = None  # frees the memory of the one before
        window = window_for(position + 1, cache.capacity)
        device = cache.device
        # Recorded as if it were the token itself: what is written meanwhile is right.
        ids = torch.full((1, 1), token_id, dtype=torch.long, device=device)
        positions = torch.full((1, 1), position, dtype=torch.long, device=device)
        places = torch.arange(window, device=device).view(1, 1, 1, window)

        def work() -> torch.Tensor:
            mask = places <= positions

            def attend(
                number: int, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor
            ) -> torch.Tensor:
                keys, values = cache.write(number, key, value, positions.view(1), window)
                return attend_last(query, keys, values, self._scaling, mask)

            return self._step.run(ids, positions, attend)

        play, logits = self._record(work)
        return Recording(window, cache.capacity, ids, positions, play, logits)


def window_for(tokens: int, capacity: int) -> int:
    """How many places a recording looks at: a power of two, so that there are few of them."""
    return min(capacity, max(LEAST_WINDOW, 1 << (tokens - 1).bit_length()))
