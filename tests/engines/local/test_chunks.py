"""Chunks of a prompt depend on the model's shape alone, and never take long."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from playground.engines.local.chunks import (
    BUDGET_S,
    CUDA_FLOPS_PER_S,
    MAXIMUM,
    MINIMUM,
    WORTH_S,
    Shape,
    chunk_tokens,
    least_reuse,
    needs_watching,
)

DEMO = Shape(1_800_000, 5, 192)
SMALL = Shape(440_000_000, 28, 2048)  # Qwen3-0.6B
LARGE = Shape(3_600_000_000, 36, 4096)  # Qwen3-4B
T4 = replace(LARGE, flops_per_s=40 * CUDA_FLOPS_PER_S, watched=False)
H100 = replace(LARGE, flops_per_s=132 * CUDA_FLOPS_PER_S, watched=False)


def test_a_small_model_reads_in_the_largest_chunks_and_needs_no_watching() -> None:
    assert chunk_tokens(DEMO, 0) == MAXIMUM
    assert not needs_watching(DEMO)


def test_a_stop_is_seen_within_the_budget_on_a_slow_processor() -> None:
    for shape, position in itertools.product((SMALL, LARGE), (0, 1000, 10_000, 100_000)):
        size = chunk_tokens(shape, position)
        assert size * shape.step_flops(position) / shape.flops_per_s <= BUDGET_S or size == MINIMUM
        assert needs_watching(shape)


def test_chunks_get_smaller_as_attention_grows_but_never_tiny() -> None:
    sizes = [chunk_tokens(LARGE, position) for position in range(0, 260_000, 5000)]
    assert sizes == sorted(sizes, reverse=True)
    assert [chunk_tokens(LARGE, position) for position in (0, 12_000, 24_000)] == [512, 512, 256]
    assert sizes[-1] < 64


def test_a_graphics_processor_reads_large_chunks_and_smaller_ones_at_depth() -> None:
    assert chunk_tokens(T4, 0) == MAXIMUM
    assert chunk_tokens(H100, 40_000) == MAXIMUM
    assert chunk_tokens(T4, 80_000) < chunk_tokens(H100, 80_000) < MAXIMUM
    assert not needs_watching(H100)


def test_what_is_read_in_a_moment_is_read_again() -> None:
    assert least_reuse(DEMO) > 2048
    assert least_reuse(LARGE) == 9
    assert least_reuse(T4) > 1000


@pytest.mark.parametrize("shape", [DEMO, SMALL, LARGE, T4, Shape(400_000, 2, 128)])
def test_attention_counts_in_what_is_worth_to_be_known(shape: Shape) -> None:
    def cost(tokens: int) -> float:
        return sum(shape.layers * shape.layer_flops(place) for place in range(tokens))

    least = least_reuse(shape)
    assert cost(least - 1) < shape.flops_per_s * WORTH_S <= cost(least)
