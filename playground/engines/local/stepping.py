"""One token through a Qwen3 model by its weights: transformers' arithmetic in its order, no more.

What stands around each matrix product there (masks, hooks, keywords) takes longer than a small
model's arithmetic, and a GPU waits for it. Equal to the bit as long as nothing is compiled. Knows
one token's states; neither ids before it nor how the next one is chosen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

import torch
from torch.nn import Embedding, Linear
from torch.nn.functional import embedding, linear, silu
from transformers import Qwen3ForCausalLM

from playground.engines.local.watching import check
from playground.engines.local.widening import WideningLinear

# How far apart two tokens are rotated does not depend on how many there are.
STEADY_ROTATIONS = ("default", "linear", "yarn")
# From a layer's number and its new query, key and value `[1, heads, 1, size]` to what is attended
# to, `[1, 1, heads, size]`; keeps key and value.
Attend = Callable[[int, torch.Tensor, torch.Tensor, torch.Tensor], torch.Tensor]


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer's weights, `[out, in]`, and norms."""

    norm: torch.Tensor
    query: torch.Tensor
    key: torch.Tensor
    value: torch.Tensor
    query_norm: torch.Tensor
    key_norm: torch.Tensor
    output: torch.Tensor
    second_norm: torch.Tensor
    gate: torch.Tensor
    up: torch.Tensor
    down: torch.Tensor

    @classmethod
    def of(cls, module: Any) -> Layer:
        """The weights of a Qwen3DecoderLayer, which stay where they are."""
        attention, mlp = module.self_attn, module.mlp
        parts = (
            module.input_layernorm,
            attention.q_proj,
            attention.k_proj,
            attention.v_proj,
            attention.q_norm,
            attention.k_norm,
            attention.o_proj,
            module.post_attention_layernorm,
            mlp.gate_proj,
            mlp.up_proj,
            mlp.down_proj,
        )
        assert len(parts) == len(fields(cls))
        return cls(*(part.weight for part in parts))


def rms_norm(hidden: torch.Tensor, weight: torch.Tensor, epsilon: float) -> torch.Tensor:
    """Qwen3RMSNorm, rounding where it does."""
    wide = hidden.float()
    wide = wide * torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + epsilon)
    return weight * wide.to(hidden.dtype)


def rotated(states: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
    """`[1, heads, 1, size]` turned to its position."""
    half = states.shape[-1] // 2
    turned = torch.cat((-states[..., half:], states[..., :half]), dim=-1)
    return states * cos + turned * sin


def before_attention(
    hidden: torch.Tensor, layer: Layer, cos: torch.Tensor, sin: torch.Tensor, epsilon: float
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """From `[1, 1, width]` to query, key and value."""
    entering = rms_norm(hidden, layer.norm, epsilon)
    shape = (1, 1, -1, cos.shape[-1])
    query = rms_norm(linear(entering, layer.query).view(shape), layer.query_norm, epsilon)
    key = rms_norm(linear(entering, layer.key).view(shape), layer.key_norm, epsilon)
    value = linear(entering, layer.value).view(shape).transpose(1, 2)
    return rotated(query.transpose(1, 2), cos, sin), rotated(key.transpose(1, 2), cos, sin), value


def after_attention(
    hidden: torch.Tensor, attended: torch.Tensor, layer: Layer, epsilon: float
) -> torch.Tensor:
    """From what was attended to the next layer's `[1, 1, width]`."""
    hidden = hidden + linear(attended.reshape(1, 1, -1), layer.output)
    entering = rms_norm(hidden, layer.second_norm, epsilon)
    inner = silu(linear(entering, layer.gate)) * linear(entering, layer.up)
    return hidden + linear(inner, layer.down)


@dataclass(frozen=True, slots=True)
class Step:
    """A model's weights in the order in which a token meets them."""

    embedding: torch.Tensor
    layers: tuple[Layer, ...]
    norm: torch.Tensor
    head: torch.Tensor
    rotary: Any
    epsilon: float
    before: Callable[..., tuple[torch.Tensor, torch.Tensor, torch.Tensor]] = before_attention
    after: Callable[..., torch.Tensor] = after_attention

    def compiled(self, backend: str = "inductor") -> Step:
        """The same with its small operations melted into few; rounds differently."""
        return replace(
            self,
            before=torch.compile(before_attention, dynamic=False, backend=backend),
            after=torch.compile(after_attention, dynamic=False, backend=backend),
        )

    def run(self, ids: torch.Tensor, positions: torch.Tensor, attend: Attend) -> torch.Tensor:
        """From one id and its position, both `[1, 1]`, to the logits `[vocabulary]`."""
        hidden = embedding(ids, self.embedding)
        cos, sin = (part.unsqueeze(1) for part in self.rotary(hidden, positions))
        for number, layer in enumerate(self.layers):
            check()
            query, key, value = self.before(hidden, layer, cos, sin, self.epsilon)
            hidden = self.after(hidden, attend(number, query, key, value), layer, self.epsilon)
        return linear(rms_norm(hidden, self.norm, self.epsilon), self.head)[0, -1]


def step_of(model: Any) -> Step | None:
    """The step of a plain Qwen3 model; null for any other (adapters, quantized weights, …)."""
    if not isinstance(model, Qwen3ForCausalLM):
        return None
    config, parts = model.config, model.model
    products = [part for part in parts.modules() if isinstance(part, Linear)]
    plain = all(
        type(part) in (Linear, WideningLinear) and part.bias is None
        for part in (*products, model.lm_head)
    )
    expected = 7 * len(parts.layers)
    if (
        not plain
        or type(parts.embed_tokens) is not Embedding
        or len(products) != expected
        or config.hidden_act != "silu"
        or parts.rotary_emb.rope_type not in STEADY_ROTATIONS
    ):
        return None
    return Step(
        embedding=parts.embed_tokens.weight,
        layers=tuple(Layer.of(layer) for layer in parts.layers),
        norm=parts.norm.weight,
        head=model.lm_head.weight,
        rotary=parts.rotary_emb,
        epsilon=config.rms_norm_eps,
    )
