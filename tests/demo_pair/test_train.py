"""The pieces of the training loop that can be checked without training."""

from __future__ import annotations

import pytest
import torch

from playground.demo_pair.network import build
from playground.demo_pair.train import Average, _schedule


def test_the_rate_rises_then_falls_to_almost_nothing() -> None:
    rates = [_schedule(progress / 100, 0.05) for progress in range(101)]
    top = rates.index(max(rates))
    assert 3 <= top <= 6
    assert rates[: top + 1] == sorted(rates[: top + 1])
    assert rates[top:] == sorted(rates[top:], reverse=True)
    assert rates[-1] == pytest.approx(0.01)
    assert _schedule(1.5, 0.05) == rates[-1]


def test_the_average_follows_the_weights_slowly() -> None:
    model = build(32, 0, 1)
    average = Average(model)
    name = "model.layers.0.mlp.up_proj.weight"
    before = model.state_dict()[name].clone()
    with torch.no_grad():
        model.state_dict()[name].add_(1.0)
    average.take(model, share=0.25)
    assert torch.allclose(average.weights[name], before + 0.25)
