"""The KV cache of one run: it grows in place, is cut back, and is measured in bytes.

transformers' own copies everything at each token; this one has room ahead, so that memory and time
grow with the context and with nothing else. Knows no ids and no other run.
"""

from __future__ import annotations

from typing import Any

import torch
from transformers import Cache
from transformers.cache_utils import DynamicLayer

# Room ahead of a growing text: an eighth more than there is, so that copies stay rare.
GROWTH = 8
LEAST_GROWTH = 256
CUDA_GROWTH = 2048  # each growth there costs a recording


class GrowingLayer(DynamicLayer):  # type: ignore[misc]
    """One layer's keys and values, `[batch, heads, tokens, head size]`, in buffers with room."""

    def __init__(self, zeroed: bool) -> None:
        super().__init__()
        self.reserved = 0
        self._zeroed = zeroed
        self._length = 0
        self._buffers: tuple[torch.Tensor, torch.Tensor] | None = None

    def update(
        self, key_states: torch.Tensor, value_states: torch.Tensor, *_: Any, **__: Any
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Put the new states behind the others; all of them."""
        if not self.is_initialized:
            self.lazy_initialization(key_states, value_states)
        start, end = self._length, self._length + key_states.shape[-2]
        if end > self.capacity:
            self._grow(end, key_states, value_states)
        assert self._buffers is not None
        for buffer, states in zip(self._buffers, (key_states, value_states), strict=True):
            buffer[..., start:end, :] = states
        self._set_length(end)
        return self.keys, self.values

    def write(
        self, key: torch.Tensor, value: torch.Tensor, position: torch.Tensor, window: int
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Put one token's states at `position` `[1]`; the first `window` places, unwritten too.

        Changes no length, so that it can be recorded: `lengthen` does.
        """
        assert self._buffers is not None
        for buffer, states in zip(self._buffers, (key, value), strict=True):
            buffer.index_copy_(-2, position, states)
        keys, values = self._buffers
        return keys[..., :window, :], values[..., :window, :]

    def make_room(self, tokens: int) -> None:
        """Grow now, if so many do not fit; something must have been written."""
        if tokens > self.capacity:
            assert self._buffers is not None
            self._grow(tokens, *self._buffers)

    def lengthen(self, tokens: int) -> None:
        """So many tokens were written."""
        self._set_length(self._length + tokens)

    @property
    def capacity(self) -> int:
        """Tokens that fit before it must grow."""
        return 0 if self._buffers is None else int(self._buffers[0].shape[-2])

    @property
    def buffer_bytes(self) -> int:
        """What the buffers take."""
        return sum(buffer.nbytes for buffer in self._buffers or ())

    def get_seq_length(self) -> int:
        """Tokens in it."""
        return self._length

    def cut(self, length: int) -> None:
        """Forget all tokens from number `length` on."""
        if self._buffers is not None and length < self._length:
            self._set_length(length)

    def crop(self, tokens_to_remove: int) -> None:
        """Forget the last tokens; the number is negative, as everywhere in transformers."""
        self.cut(self._length - abs(tokens_to_remove))

    def _set_length(self, length: int) -> None:
        assert self._buffers is not None
        self._length = length
        self.keys, self.values = (buffer[..., :length, :] for buffer in self._buffers)

    def _grow(self, needed: int, *states: torch.Tensor) -> None:
        capacity = max(self.reserved, grown(needed) if self._length else needed)
        old = self._buffers
        grown_buffers = []
        for place, new in enumerate(states):
            make = new.new_zeros if self._zeroed else new.new_empty
            buffer = make((*new.shape[:-2], capacity, new.shape[-1]))
            if old is not None:
                buffer[..., : self._length, :] = old[place][..., : self._length, :]
            grown_buffers.append(buffer)
        self._buffers = (grown_buffers[0], grown_buffers[1])
        self._set_length(self._length)


def grown(tokens: int, least: int = LEAST_GROWTH) -> int:
    """The capacity to take when `tokens` no longer fit."""
    return tokens + max(least, tokens // GROWTH)


class GrowingCache(Cache):  # type: ignore[misc]
    """All layers of a model whose every layer attends to everything before.

    `zeroed`: what lies beyond the text are numbers, since a recording looks at it.
    """

    def __init__(self, layers: int, zeroed: bool = False) -> None:
        super().__init__(layers=[GrowingLayer(zeroed) for _ in range(layers)])
        self.recording: object | None = None  # bound to the buffers (`recording`)

    def __len__(self) -> int:
        return len(self.layers)

    @property
    def length(self) -> int:
        """Tokens in it."""
        return int(self.layers[0].get_seq_length())

    @property
    def capacity(self) -> int:
        """Tokens that fit before it must grow."""
        return int(self.layers[0].capacity)

    @property
    def buffer_bytes(self) -> int:
        """What all buffers take."""
        return sum(layer.buffer_bytes for layer in self.layers)

    @property
    def device(self) -> torch.device:
        """Where it is; something must have been written."""
        keys: torch.Tensor = self.layers[0].keys
        return keys.device

    def write(
        self,
        layer: int,
        key: torch.Tensor,
        value: torch.Tensor,
        position: torch.Tensor,
        window: int,
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """`GrowingLayer.write` of one layer."""
        keys, values = self.layers[layer].write(key, value, position, window)
        return keys, values

    def make_room(self, tokens: int) -> None:
        """Grow now, if so many do not fit; something must have been written."""
        for layer in self.layers:
            layer.make_room(tokens)

    def lengthen(self, tokens: int) -> None:
        """So many tokens were written into every layer."""
        for layer in self.layers:
            layer.lengthen(tokens)

    def reserve(self, tokens: int) -> None:
        """When it grows next, make room for so many tokens at once."""
        for layer in self.layers:
            layer.reserved = tokens

    def cut(self, length: int) -> None:
        """Forget all tokens from number `length` on, in every layer."""
        for layer in self.layers:
            layer.cut(length)


def bytes_per_token(config: Any, item_bytes: int) -> int:
    """What one token takes in the cache of a model with this (text) configuration."""
    heads = getattr(config, "num_key_value_heads", None) or config.num_attention_heads
    head_size = getattr(config, "head_dim", None) or (
        config.hidden_size // config.num_attention_heads
    )
    return int(2 * config.num_hidden_layers * heads * head_size * item_bytes)
