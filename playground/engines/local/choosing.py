"""Choose the next token from logits: penalties, temperature, top_k, top_p, min_p, then a draw.

The order and the meaning of each step are transformers', the presence penalty is OpenAI's. Keeps
the same candidates with the same probabilities as transformers' processors, but sorts only those
that can matter. Knows no model, no text and no clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, inf

import torch

from playground.domain.sampling import Sampling

# Up to this many candidates, plain Python is faster than tensor operations.
FEW = 64
# Without top_k, this many of the likeliest tokens are looked at first to find top_p's edge.
FIRST_LOOK = 512


class NoProbability(ArithmeticError):
    """The logits are not finite numbers, so nothing can be chosen."""


class Chooser:
    """One run's choices; the same seed and logits give the same tokens."""

    def __init__(self, sampling: Sampling, seed: int, prompt_ids: Sequence[int]) -> None:
        self._sampling = sampling
        self._generator = torch.Generator().manual_seed(seed)
        self._penalties = Penalties(sampling, prompt_ids)

    @torch.inference_mode()
    def choose(self, logits: torch.Tensor) -> int:
        """The next id, from the model's logits (one row, any float type, any device)."""
        scores = self._penalties.apply(logits.float())
        if self._sampling.greedy:
            top, index = scores.max(dim=-1)
            _check_finite(float(top))
            chosen = int(index)
        else:
            chosen = self._draw(*candidates(scores, self._sampling))
        self._penalties.saw(chosen)
        return chosen

    def saw(self, ids: Sequence[int]) -> None:
        """These ids were put in by someone else."""
        for token_id in ids:
            self._penalties.saw(token_id)

    def go_on_from(self, ids: Sequence[int], draws: int) -> None:
        """An earlier run with the same seed wrote these ids, so many of them by chance."""
        self.saw(ids)
        for _ in range(0 if self._sampling.greedy else draws):
            torch.rand((), dtype=torch.float64, generator=self._generator)

    def _draw(self, ids: list[int] | torch.Tensor, weights: list[float] | torch.Tensor) -> int:
        share = float(torch.rand((), dtype=torch.float64, generator=self._generator))
        if isinstance(weights, torch.Tensor):
            sums = weights.cumsum(0)
            place = int(torch.searchsorted(sums, share * sums[-1], right=True))
            return int(ids[min(place, len(ids) - 1)])
        left = share * sum(weights)
        for token_id, weight in zip(ids, weights, strict=True):
            left -= weight
            if left < 0:
                return int(token_id)
        return int(ids[-1])


class Penalties:
    """Lower the scores of tokens that were seen: repetition in prompt and output, presence in
    the output alone."""

    def __init__(self, sampling: Sampling, prompt_ids: Sequence[int]) -> None:
        self._repetition = sampling.repetition_penalty
        self._presence = sampling.presence_penalty
        self._seen = _IdSet(prompt_ids if self._repetition != 1 else ())
        self._generated = _IdSet(())

    def apply(self, scores: torch.Tensor) -> torch.Tensor:
        """The penalized scores; `scores` itself may be the model's and stays as it is."""
        if self._repetition == 1 and self._presence == 0:
            return scores
        scores = scores.clone()
        if self._repetition != 1 and len(seen := self._seen.tensor(scores.device)):
            old = scores[seen]
            scores[seen] = torch.where(old < 0, old * self._repetition, old / self._repetition)
        if self._presence != 0 and len(made := self._generated.tensor(scores.device)):
            scores[made] -= self._presence
        return scores

    def saw(self, token_id: int) -> None:
        """`token_id` was generated."""
        if self._repetition != 1:
            self._seen.add(token_id)
        if self._presence != 0:
            self._generated.add(token_id)


class _IdSet:
    """Distinct ids as a growing tensor."""

    def __init__(self, ids: Sequence[int]) -> None:
        self._ids = set(ids)
        self._tensor = torch.tensor(sorted(self._ids), dtype=torch.long)

    def add(self, token_id: int) -> None:
        if token_id not in self._ids:
            self._ids.add(token_id)
            self._tensor = torch.cat((self._tensor, self._tensor.new_tensor([token_id])))

    def tensor(self, device: torch.device) -> torch.Tensor:
        if self._tensor.device != device:
            self._tensor = self._tensor.to(device)
        return self._tensor


Candidates = tuple[list[int] | torch.Tensor, list[float] | torch.Tensor]


def candidates(scores: torch.Tensor, sampling: Sampling) -> Candidates:
    """The ids that may be chosen and their weights (probabilities but for a common factor).

    Of equal scores at top_k's edge all stay, as in transformers; at top_p's edge the lower ids (in
    transformers it depends on the sort).
    """
    vocabulary = scores.shape[-1]
    if 0 < sampling.top_k < vocabulary:
        values, ids = _top_k(scores, sampling)
        if len(ids) <= FEW:
            return _narrow_few(values.tolist(), ids.tolist(), sampling)
        return _narrow_many(values, ids, None, sampling)
    scores = scores / sampling.temperature
    total = torch.logsumexp(scores.double(), dim=-1)
    _check_finite(float(total))
    if sampling.top_p < 1:
        ids = _holding(scores, total, sampling.top_p)
        return _narrow_many(scores[ids], ids, total, sampling)
    return _narrow_many(scores, torch.arange(vocabulary, device=scores.device), total, sampling)


def _top_k(scores: torch.Tensor, sampling: Sampling) -> tuple[torch.Tensor, torch.Tensor]:
    """The best scores, divided by the temperature, and their ids; with ties, more than top_k."""
    top_k = sampling.top_k
    values, ids = torch.topk(scores, top_k + 1)
    values = values / sampling.temperature
    top, last, next_value = values[[0, top_k - 1, top_k]].tolist()
    _check_finite(top)
    if next_value < last:
        return values[:top_k], ids[:top_k]
    scaled = scores / sampling.temperature
    ids = torch.nonzero(scaled >= last).squeeze(-1)
    return scaled[ids], ids


def _holding(scores: torch.Tensor, total: torch.Tensor, top_p: float) -> torch.Tensor:
    """Ids of the best scores, enough of them to hold `top_p` of all probability."""
    look = FIRST_LOOK
    while look < scores.shape[-1]:
        values, _ = torch.topk(scores, look)
        share = float(torch.exp(values.double() - total).sum())
        # The margin is for rounding; the exact edge is found among these.
        if share > top_p + 1e-4:
            return torch.nonzero(scores >= values[-1]).squeeze(-1)
        look *= 8
    return torch.arange(scores.shape[-1], device=scores.device)


def _narrow_few(values: list[float], ids: list[int], sampling: Sampling) -> Candidates:
    ranked = sorted((-value, token_id) for value, token_id in zip(values, ids, strict=True))
    best = ranked[0][0]
    weights = [exp(best - negated) for negated, _ in ranked]
    keep = len(ranked)
    if sampling.top_p < 1:
        allowed, mass = sampling.top_p * sum(weights), 0.0
        for place, weight in enumerate(weights):
            if place and mass >= allowed:
                keep = place
                break
            mass += weight
    while keep > 1 and weights[keep - 1] < sampling.min_p:
        keep -= 1
    return [token_id for _, token_id in ranked[:keep]], weights[:keep]


def _narrow_many(
    values: torch.Tensor, ids: torch.Tensor, log_total: torch.Tensor | None, sampling: Sampling
) -> Candidates:
    weights = torch.exp(values.double() - values.max())
    if sampling.top_p < 1:
        total = weights.sum() if log_total is None else torch.exp(log_total - values.max())
        # By id and then stably by weight: among equals the lower ids come first.
        ids, by_id = ids.sort()
        order = values[by_id].sort(descending=True, stable=True).indices
        ids, weights = ids[order], weights[by_id][order]
        before = weights.cumsum(0) - weights
        kept = before < sampling.top_p * total
        kept[0] = True
        ids, weights = ids[kept], weights[kept]
    if sampling.min_p > 0:
        kept = weights >= sampling.min_p
        ids, weights = ids[kept], weights[kept]
    return ids.cpu(), weights.cpu()


def _check_finite(value: float) -> None:
    if not abs(value) < inf:
        raise NoProbability("the model's logits are not numbers")
