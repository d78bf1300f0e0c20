"""Which way one token is read: by measuring on a GPU, by the weights elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
import torch
from transformers import AutoModelForCausalLM

from playground.engines.local import attention, ways
from playground.engines.local.cache import GrowingCache
from playground.engines.local.ways import Way, fastest, way_for

LOGITS = torch.tensor([1.0, -8.0, 3.0])


class Clock:
    """Seconds that only the ways make pass."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s

    def way(self, token_s: float, logits: torch.Tensor = LOGITS, first_s: float = 0.0) -> Way:
        """A way that takes so long a token, and longer for the first."""
        began: list[int] = []

        def read(cache: GrowingCache, token_id: int) -> torch.Tensor:
            self.now_s += token_s if began else first_s + token_s
            began.append(token_id)
            return logits

        return read


@pytest.fixture
def clock() -> Clock:
    return Clock()


def chosen(clock: Clock, plain: Way, *others: Way) -> Way:
    return fastest(plain, others, lambda: cast(GrowingCache, None), clock)


def test_the_fastest_is_chosen(clock: Clock) -> None:
    plain, slow, fast = clock.way(9.0), clock.way(5.0), clock.way(2.0)
    assert chosen(clock, plain, slow, fast) is fast


def test_the_first_is_kept_unless_another_is_clearly_faster(clock: Clock) -> None:
    plain, first, second = clock.way(9.0), clock.way(2.1), clock.way(2.0)
    assert chosen(clock, plain, first, second) is first


def test_compiling_and_recording_do_not_count(clock: Clock) -> None:
    plain, compiled = clock.way(9.0), clock.way(2.0, first_s=60.0)
    assert chosen(clock, plain, compiled) is compiled


def test_a_way_that_computes_something_else_is_left_out(clock: Clock) -> None:
    plain, wrong = clock.way(9.0), clock.way(1.0, LOGITS + 1)
    nonsense = clock.way(1.0, torch.full((3,), torch.nan))
    assert chosen(clock, plain, wrong, nonsense) is plain


def test_rounding_differently_is_not_computing_something_else(clock: Clock) -> None:
    plain, rounded = clock.way(9.0), clock.way(1.0, LOGITS + 0.1)
    assert chosen(clock, plain, rounded) is rounded


def test_a_way_that_fails_is_left_out(clock: Clock) -> None:
    def fails(cache: GrowingCache, token_id: int) -> torch.Tensor:
        raise RuntimeError("no compiler")

    plain = clock.way(9.0)
    assert chosen(clock, plain, fails) is plain


def test_on_a_processor_a_plain_model_is_read_by_its_weights(
    instruct: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = AutoModelForCausalLM.from_pretrained(instruct).eval()
    attention.use(model)
    weights: Callable[..., Any] = object()  # type: ignore[assignment]
    monkeypatch.setattr(ways, "by_weights", lambda step, scaling: weights)
    assert way_for(model) is weights
    model.model.layers[0].mlp.more = torch.nn.Linear(2, 2)
    assert way_for(model) is not weights


def test_where_cuda_is_only_promised_nothing_is_measured(
    instruct: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = AutoModelForCausalLM.from_pretrained(instruct).eval()
    attention.use(model)
    monkeypatch.setattr(ways, "cuda_is_promised", lambda: True)
    monkeypatch.setattr(ways, "fastest", lambda *_: pytest.fail("measured"))
    monkeypatch.setattr(type(model), "device", torch.device("cuda"))
    assert way_for(model) is not None
