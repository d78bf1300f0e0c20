"""Attention that copies no keys: grouped heads are taken in turn instead of being repeated.

torch's and transformers' ways write out every key and value once for each query head that shares
it (four times for Qwen3-4B) whenever a prompt is read in chunks; the memory of a long prompt is
then a multiple of its KV cache. Exact, for models whose every layer attends to all before it.
Knows no cache and no decoding.
"""

from __future__ import annotations

from typing import Any

import torch
from torch.nn.functional import scaled_dot_product_attention
from transformers import AttentionInterface
from transformers.masking_utils import AttentionMaskInterface, sdpa_mask

from playground.engines.local.watching import check
from playground.engines.local.widening import pays

NAME = "grouped_sdpa"
# Architectures without sinks, soft caps or windows of which the configuration tells nothing.
PLAIN = ("qwen3", "qwen2", "llama")


def use(model: Any) -> bool:
    """Let `model` attend this way, where it can; whether it does."""
    config = model.config.get_text_config()
    kinds = set(getattr(config, "layer_types", None) or ["full_attention"])
    plain = config.model_type in PLAIN and kinds == {"full_attention"}
    if not plain or config._attn_implementation not in ("sdpa", NAME):
        return False
    AttentionInterface.register(NAME, attend)
    AttentionMaskInterface.register(NAME, sdpa_mask)
    model.set_attn_implementation(NAME)
    return True


def attend(
    module: Any,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    scaling: float | None = None,
    **_: Any,
) -> tuple[torch.Tensor, None]:
    """Queries `[batch, heads, queries, size]`, keys and values `[batch, kv heads, tokens, size]`.

    The output is `[batch, queries, heads, size]`. Without a mask there is one query, the last
    token, or as many as tokens.
    """
    batch, heads, queries, size = query.shape
    kv_heads = key.shape[1]
    group = heads // kv_heads
    if queries == 1:
        return attend_last(query, key, value, scaling), None
    output = query.new_empty((batch, queries, heads, size))
    causal = attention_mask is None
    by_head = pays(query.device.type, query.dtype)  # in fp32, a few heads at a time
    for place in range(kv_heads if by_head else group):
        check()
        if by_head:
            chosen = slice(place * group, (place + 1) * group)
            one = slice(place, place + 1)
            q = query[:, chosen].float()
            k, v = (states[:, one].float().expand(-1, group, -1, -1) for states in (key, value))
        else:
            chosen = slice(place, None, group)
            q, k, v = query[:, chosen], key, value
        part = scaled_dot_product_attention(
            q, k, v, attn_mask=attention_mask, is_causal=causal, scale=scaling
        )
        output[:, :, chosen] = part.transpose(1, 2)
    return output, None


def attend_last(
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    scaling: float | None,
    mask: torch.Tensor | None = None,
) -> torch.Tensor:
    """The last token's query `[batch, heads, 1, size]`, to `[batch, 1, heads, size]`.

    `mask` is true where a token may be seen, `[1, 1, 1, tokens]`; without it all are.
    """
    batch, heads, _, size = query.shape
    packed = query.reshape(batch, key.shape[1], -1, size)
    output = scaled_dot_product_attention(packed, key, value, attn_mask=mask, scale=scaling)
    return output.reshape(batch, 1, heads, size)
