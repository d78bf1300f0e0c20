"""The candidates and their probabilities are transformers', the draw is fair, the seed decides."""

from __future__ import annotations

import itertools
import threading

import pytest
import torch
from transformers import (
    LogitsProcessorList,
    MinPLogitsWarper,
    RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

from playground.domain.sampling import Sampling
from playground.engines.local.choosing import Chooser, NoProbability, Penalties, candidates

COMBINATIONS = [
    Sampling(temperature=temperature, top_p=top_p, top_k=top_k, min_p=min_p)
    for temperature, top_p, top_k, min_p in itertools.product(
        (0.3, 1.0, 1.7), (0.0, 0.5, 0.8, 0.95, 1.0), (0, 1, 20, 100, 5000), (0.0, 0.05, 1.0)
    )
]


def logits(seed: int, size: int = 1000, ties: bool = False) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    drawn = torch.randn(size, generator=generator) * 4
    return (drawn * 2).round() / 2 if ties else drawn


def theirs(scores: torch.Tensor, sampling: Sampling) -> torch.Tensor:
    """The probabilities that transformers would sample from."""
    warpers = LogitsProcessorList()
    if sampling.temperature != 1:
        warpers.append(TemperatureLogitsWarper(sampling.temperature))
    if sampling.top_k:
        warpers.append(TopKLogitsWarper(sampling.top_k))
    if sampling.top_p < 1:
        warpers.append(TopPLogitsWarper(sampling.top_p))
    if sampling.min_p:
        warpers.append(MinPLogitsWarper(sampling.min_p))
    return torch.softmax(warpers(torch.zeros(1, 1, dtype=torch.long), scores[None])[0], dim=-1)


def ours(scores: torch.Tensor, sampling: Sampling) -> torch.Tensor:
    ids, weights = candidates(scores, sampling)
    probabilities = torch.zeros(scores.shape[-1], dtype=torch.float64)
    probabilities[torch.as_tensor(ids)] = torch.as_tensor(weights, dtype=torch.float64)
    return probabilities / probabilities.sum()


def test_the_same_tokens_stay_with_the_same_probabilities() -> None:
    for seed, sampling in enumerate(COMBINATIONS):
        scores = logits(seed)
        expected, got = theirs(scores, sampling), ours(scores, sampling)
        assert torch.equal(got > 0, expected > 0), sampling
        torch.testing.assert_close(got.float(), expected, msg=str(sampling))


def test_with_ties_as_many_stay_and_only_equals_are_exchanged() -> None:
    for seed, sampling in enumerate(COMBINATIONS):
        scores = logits(seed, ties=True)
        expected, got = theirs(scores, sampling), ours(scores, sampling)
        assert torch.equal(scores[got > 0].sort().values, scores[expected > 0].sort().values)
        torch.testing.assert_close(got.float().sort().values, expected.sort().values)


def test_of_equals_at_the_edge_of_top_p_the_first_stay() -> None:
    few, many = torch.ones(10), torch.ones(1000)
    assert sorted(candidates(few, Sampling(top_k=9, top_p=0.35))[0]) == [0, 1, 2, 3]
    assert sorted(candidates(few, Sampling(top_p=0.35))[0]) == [0, 1, 2, 3]
    assert sorted(candidates(many, Sampling(top_p=0.0035))[0]) == [0, 1, 2, 3]
    assert sorted(candidates(many, Sampling(top_k=70, top_p=0.0035))[0]) == [0, 1, 2, 3]


def test_a_vocabulary_of_true_size_keeps_the_same_tokens() -> None:
    for seed, sampling in enumerate(
        (
            Sampling(temperature=0.6, top_p=0.95, top_k=20),
            Sampling(temperature=0.7, top_p=0.8),
            Sampling(temperature=2.0, top_p=0.99),
            Sampling(min_p=0.02),
        )
    ):
        scores = logits(seed, 151_936)
        assert torch.equal(ours(scores, sampling) > 0, theirs(scores, sampling) > 0), sampling


def test_the_draw_follows_the_probabilities() -> None:
    scores = logits(1, 12)
    draws = 6_000
    for sampling in (Sampling(top_k=8), Sampling(temperature=1.5), Sampling(top_p=0.9)):
        expected = theirs(scores, sampling) * draws
        chooser = Chooser(sampling, 7, ())
        seen = torch.bincount(
            torch.tensor([chooser.choose(scores) for _ in range(draws)]), minlength=12
        )
        likely = expected >= 5
        chi_square = float((((seen - expected) ** 2) / expected)[likely].sum())
        assert seen[expected == 0].sum() == 0
        # The 99.9th percentile for 11 degrees of freedom.
        assert chi_square < 31.3, (sampling, chi_square)


def test_temperature_zero_takes_the_likeliest() -> None:
    scores = logits(4)
    assert Chooser(Sampling(temperature=0), 1, ()).choose(scores) == int(scores.argmax())


def test_greedy_of_equals_takes_the_first_as_generate_does() -> None:
    scores = torch.tensor([1.0, 3.0, 3.0, 2.0])
    assert Chooser(Sampling(temperature=0), 1, ()).choose(scores) == int(scores.argmax()) == 1


def chosen(seed: int, sampling: Sampling, count: int = 60) -> list[int]:
    chooser = Chooser(sampling, seed, ())
    return [chooser.choose(logits(position)) for position in range(count)]


def test_the_seed_decides() -> None:
    sampling = Sampling(temperature=1.5, top_k=50)
    assert chosen(1, sampling) == chosen(1, sampling) != chosen(2, sampling)


def test_a_seed_gives_the_same_tokens_beside_other_threads_and_draws() -> None:
    sampling = Sampling(temperature=1.5, top_p=0.95)
    alone = {seed: chosen(seed, sampling) for seed in range(4)}
    together: dict[int, list[int]] = {}

    def work(seed: int) -> None:
        torch.manual_seed(0)
        together[seed] = chosen(seed, sampling)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in alone]
    for thread in threads:
        thread.start()
    torch.rand(100)
    for thread in threads:
        thread.join()
    assert together == alone


def test_choosing_leaves_the_global_random_state_alone() -> None:
    torch.manual_seed(3)
    expected = torch.rand(3)
    torch.manual_seed(3)
    chosen(9, Sampling(), 5)
    assert torch.equal(torch.rand(3), expected)


@pytest.mark.parametrize("seed", [0, 2**63 - 1])
def test_the_whole_range_of_seeds_works(seed: int) -> None:
    assert len(chosen(seed, Sampling(top_k=5), 3)) == 3


def test_repetition_penalty_is_transformers() -> None:
    prompt, generated = [3, 5, 5, 9], [11, 3]
    scores = logits(6, 50)
    sampling = Sampling(repetition_penalty=1.3)
    penalties = Penalties(sampling, prompt)
    for token_id in generated:
        penalties.saw(token_id)
    expected = RepetitionPenaltyLogitsProcessor(1.3)(
        torch.tensor([prompt + generated]), scores.clone()[None]
    )[0]
    torch.testing.assert_close(penalties.apply(scores), expected)


def test_presence_penalty_is_taken_once_from_generated_tokens_alone() -> None:
    penalties = Penalties(Sampling(presence_penalty=1.5), [2, 4])
    for token_id in (7, 7, 8):
        penalties.saw(token_id)
    expected = torch.zeros(10)
    expected[[7, 8]] = -1.5
    torch.testing.assert_close(penalties.apply(torch.zeros(10)), expected)


def test_a_penalty_moves_greedy_on() -> None:
    scores = torch.tensor([0.0, 2.0, 1.9, 1.8])
    chooser = Chooser(Sampling(temperature=0, presence_penalty=0.5), 0, [1])
    assert [chooser.choose(scores) for _ in range(4)] == [1, 2, 3, 1]


def test_penalties_do_not_change_the_models_own_numbers() -> None:
    scores = torch.ones(5)
    chooser = Chooser(Sampling(presence_penalty=2, repetition_penalty=2), 0, [1])
    for _ in range(4):
        chooser.choose(scores)
    assert torch.equal(scores, torch.ones(5))


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
@pytest.mark.parametrize(
    "sampling", [Sampling(temperature=0), Sampling(top_k=3), Sampling(top_p=0.9), Sampling()]
)
def test_logits_that_are_no_numbers_are_refused(sampling: Sampling, value: float) -> None:
    scores = logits(1, 20)
    scores[4] = value
    with pytest.raises(NoProbability):
        Chooser(sampling, 0, ()).choose(scores)
    with pytest.raises(NoProbability):
        Chooser(sampling, 0, ()).choose(torch.full((20,), float("nan")))


def test_excluded_tokens_are_never_chosen() -> None:
    scores = torch.full((30,), -float("inf"))
    scores[[4, 9]] = 1.0
    for sampling in (Sampling(), Sampling(top_k=20), Sampling(top_p=0.9), Sampling(top_k=5)):
        chooser = Chooser(sampling, 0, ())
        assert {chooser.choose(scores) for _ in range(60)} == {4, 9}


def test_sixteen_bit_logits_are_read_as_they_are() -> None:
    scores = logits(8).bfloat16()
    sampling = Sampling(temperature=0.7, top_k=20, top_p=0.9)
    assert torch.equal(ours(scores.float(), sampling) > 0, theirs(scores.float(), sampling) > 0)
    assert Chooser(Sampling(temperature=0), 0, ()).choose(scores) == int(scores.argmax())
