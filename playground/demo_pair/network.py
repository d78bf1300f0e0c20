"""The shape of the two networks, and the padded batches that they are trained on.

Knows token ids only: no text, no task.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from transformers import Qwen3Config, Qwen3ForCausalLM

CONTEXT = 2048


def build(vocabulary: int, pad: int, end: int) -> Qwen3ForCausalLM:
    """About two million parameters, tied embeddings, grouped-query attention."""
    config = Qwen3Config(
        vocab_size=vocabulary,
        hidden_size=192,
        intermediate_size=512,
        num_hidden_layers=5,
        num_attention_heads=6,
        num_key_value_heads=2,
        head_dim=32,
        max_position_embeddings=CONTEXT,
        tie_word_embeddings=True,
        pad_token_id=pad,
        bos_token_id=None,
        eos_token_id=end,
        initializer_range=0.02,
    )
    return Qwen3ForCausalLM(config)


@dataclass(frozen=True)
class Batch:
    """Conversations of similar length, padded on the right; `targets` is -100 where not learned."""

    ids: torch.Tensor
    targets: torch.Tensor

    @property
    def learned(self) -> int:
        """How many tokens count in the loss."""
        return int((self.targets != -100).sum())


def batches(
    conversations: list[tuple[list[int], list[bool]]], pad: int, room: int, rng: random.Random
) -> Iterator[Batch]:
    """Sorted by length, so that little is padding, then in random order."""
    remaining = sorted(conversations, key=lambda pair: -len(pair[0]))
    groups = []
    while remaining:
        # Few distinct shapes: the matrix kernels are prepared anew for each.
        width = _round_up(len(remaining[0][0]) - 1, 16)
        rows = max(4, room // width // 4 * 4)
        groups.append((rows, width, remaining[:rows]))
        remaining = remaining[rows:]
    rng.shuffle(groups)
    for rows, width, group in groups:
        inputs = torch.full((rows, width), pad)
        targets = torch.full((rows, width), -100)
        for row, (ids, learned) in enumerate(group):
            length = len(ids) - 1
            inputs[row, :length] = torch.tensor(ids[:-1])
            shifted = [
                one if mark else -100 for one, mark in zip(ids[1:], learned[1:], strict=True)
            ]
            targets[row, :length] = torch.tensor(shifted)
        yield Batch(inputs, targets)


def _round_up(value: int, step: int) -> int:
    return -(-value // step) * step
