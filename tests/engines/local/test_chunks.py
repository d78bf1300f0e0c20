"""Chunks of a prompt depend on the model's shape alone, and never take long."""

from __future__ import annotations

import itertools

from playground.engines.local.chunks import (
    BUDGET_S,
    FLOPS_PER_S,
    MAXIMUM,
    MINIMUM,
    Shape,
    chunk_tokens,
    needs_watching,
)

DEMO = Shape(1_800_000, 5, 192)
SMALL = Shape(440_000_000, 28, 2048)  # Qwen3-0.6B
LARGE = Shape(3_600_000_000, 36, 4096)  # Qwen3-4B


def test_a_small_model_reads_in_the_largest_chunks_and_needs_no_watching() -> None:
    assert chunk_tokens(DEMO, "cpu", 0) == MAXIMUM
    assert not needs_watching(DEMO, "cpu")


def test_a_layer_of_a_chunk_stays_within_the_budget_on_a_slow_processor() -> None:
    for shape, position in itertools.product((SMALL, LARGE), (0, 1000, 10_000)):
        size = chunk_tokens(shape, "cpu", position)
        seconds = size * shape.layer_flops(position) / FLOPS_PER_S["cpu"]
        assert seconds <= BUDGET_S
        assert needs_watching(shape, "cpu")


def test_chunks_get_smaller_as_attention_grows_but_never_tiny() -> None:
    sizes = [chunk_tokens(LARGE, "cpu", position) for position in range(0, 200_000, 5000)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] == MINIMUM


def test_a_graphics_processor_reads_large_chunks() -> None:
    assert chunk_tokens(LARGE, "cuda", 0) == MAXIMUM
    assert not needs_watching(LARGE, "cuda")


def test_an_unknown_device_is_treated_as_slow() -> None:
    assert chunk_tokens(LARGE, "xpu", 0) == MINIMUM
