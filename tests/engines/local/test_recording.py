"""A recorded step: what it writes and sees, when it is made anew. Recorded here by a stand-in that
does the work each time it is played; a CUDA graph needs a GPU."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoModelForCausalLM

from playground.domain.sampling import Sampling
from playground.engines.local import attention, decoding, recording
from playground.engines.local.cache import GrowingCache
from playground.engines.local.choosing import Chooser
from playground.engines.local.decoding import Decoder, Token
from playground.engines.local.recording import LEAST_WINDOW, RecordedStep, cuda_graph, window_for
from playground.engines.local.stepping import step_of
from playground.engines.local.ways import cache_argument, through_modules
from tests.engines.signals import Never

PROMPT = torch.tensor([[5, 99, 240, 17, 17, 301, 8]])


@pytest.fixture(scope="module")
def model(instruct: Path) -> Any:
    model = AutoModelForCausalLM.from_pretrained(instruct, dtype=torch.float32).eval()
    assert attention.use(model)
    return model


class StandIn:
    """Records by remembering the work; like a graph it writes where it wrote, with new inputs."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self, work: Callable[[], torch.Tensor]) -> tuple[Callable[[], None], torch.Tensor]:
        self.made += 1
        work()
        output = work()

        def play() -> None:
            output.copy_(work())

        return play, output


def text(model: Any, room: int) -> GrowingCache:
    cache = GrowingCache(len(model.model.layers), zeroed=True)
    cache.reserve(PROMPT.shape[1] + room)
    with torch.inference_mode():
        model(input_ids=PROMPT, use_cache=True, **{cache_argument(model): cache})
    return cache


def recorded(model: Any, record: Any) -> RecordedStep:
    step = step_of(model)
    assert step is not None
    return RecordedStep(step, model.model.layers[0].self_attn.scaling, record)


@pytest.mark.parametrize("room", [100, 3], ids=["roomy", "outgrown"])
@torch.inference_mode()
def test_it_computes_what_the_modules_compute(model: Any, room: int) -> None:
    ours, theirs = text(model, room), text(model, room)
    way = recorded(model, StandIn())
    for token_id in range(40, 80):
        expected = through_modules(model)(theirs, token_id)
        torch.testing.assert_close(way.run(ours, token_id), expected, rtol=1e-4, atol=1e-4)
    assert ours.length == theirs.length == PROMPT.shape[1] + 40


@torch.inference_mode()
def test_the_cache_holds_the_same_states_afterwards(model: Any) -> None:
    ours, theirs = text(model, 100), text(model, 100)
    way = recorded(model, StandIn())
    for token_id in range(40, 50):
        way.run(ours, token_id)
        through_modules(model)(theirs, token_id)
    for one, other in zip(ours.layers, theirs.layers, strict=True):
        torch.testing.assert_close(one.keys, other.keys, rtol=1e-4, atol=1e-4)
        torch.testing.assert_close(one.values, other.values, rtol=1e-4, atol=1e-4)


@torch.inference_mode()
def test_one_recording_serves_until_its_window_or_the_room_is_full(
    model: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "LEAST_WINDOW", 16)
    stand_in = StandIn()
    way, cache = recorded(model, stand_in), text(model, 25)
    for token_id in range(16 - cache.length):
        way.run(cache, token_id)
    assert (cache.length, stand_in.made) == (16, 1)
    way.run(cache, 1)  # beyond the window of 16
    assert stand_in.made == 2
    while cache.length < cache.capacity:
        way.run(cache, 1)
    assert (cache.capacity, stand_in.made) == (32, 2)
    way.run(cache, 1)  # beyond the buffers
    assert (cache.capacity > 32, stand_in.made) == (True, 3)


@torch.inference_mode()
def test_a_text_that_is_cut_back_is_played_on(model: Any) -> None:
    stand_in = StandIn()
    way, cache = recorded(model, stand_in), text(model, 50)
    for token_id in range(40, 60):
        way.run(cache, token_id)
    cache.cut(PROMPT.shape[1] + 3)
    again = text(model, 50)
    for token_id in range(40, 43):
        through_modules(model)(again, token_id)
    expected = through_modules(model)(again, 7)
    torch.testing.assert_close(way.run(cache, 7), expected, rtol=1e-4, atol=1e-4)
    assert stand_in.made == 1


@torch.inference_mode()
def test_buffers_that_grew_meanwhile_are_recorded_anew(model: Any) -> None:
    stand_in = StandIn()
    way, cache, again = recorded(model, stand_in), text(model, 20), text(model, 20)
    for token_id in range(40, 45):
        way.run(cache, token_id)
        through_modules(model)(again, token_id)
    cache.make_room(500)
    expected = through_modules(model)(again, 7)
    torch.testing.assert_close(way.run(cache, 7), expected, rtol=1e-4, atol=1e-4)
    assert stand_in.made == 2


def test_windows_are_powers_of_two_within_the_room() -> None:
    assert window_for(10, 100_000) == LEAST_WINDOW
    assert window_for(1024, 100_000) == 1024
    assert window_for(1025, 100_000) == 2048
    assert window_for(1025, 1500) == 1500


def test_a_whole_run_is_the_same_recorded_or_not(
    model: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def written() -> list[int]:
        ids = PROMPT[0].tolist()
        sampling = Sampling(temperature=0.0, max_new_tokens=60)
        with Decoder(model).open(ids, "left", "m") as reading:
            steps = reading.steps(Chooser(sampling, 0, ids), 60, Never())
            return [step.id for step in steps if isinstance(step, Token)]

    plain = written()
    monkeypatch.setattr(decoding, "way_for", lambda model: recorded(model, StandIn()).run)
    monkeypatch.setattr(Decoder, "new_cache", lambda self: GrowingCache(2, zeroed=True))
    assert written() == plain


@pytest.mark.skipif(not torch.cuda.is_available(), reason="CUDA graphs need a GPU")
@torch.inference_mode()
def test_a_cuda_graph_computes_what_the_modules_compute(instruct: Path) -> None:
    model = AutoModelForCausalLM.from_pretrained(instruct, dtype=torch.float32).eval().cuda()
    assert attention.use(model)
    caches = []
    for _ in range(2):
        cache = GrowingCache(len(model.model.layers), zeroed=True)
        cache.reserve(100)
        model(input_ids=PROMPT.cuda(), use_cache=True, **{cache_argument(model): cache})
        caches.append(cache)
    way = recorded(model, cuda_graph)
    for token_id in range(40, 60):
        expected = through_modules(model)(caches[1], token_id)
        torch.testing.assert_close(way.run(caches[0], token_id), expected, rtol=1e-3, atol=1e-3)
