"""The decode loop: transformers' tokens, one seed's tokens, and a stop that is seen."""

from __future__ import annotations

import itertools
import threading
import warnings
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoModelForCausalLM

from playground.domain.engine import StopReason, StopSignal
from playground.domain.sampling import Sampling
from playground.engines.local import decoding, threads, watching
from playground.engines.local.choosing import Chooser
from playground.engines.local.decoding import Decoder, PromptRead, Step, Stopped, Token
from tests.engines.signals import Never, StopAfter

GREEDY = Sampling(temperature=0.0)
WARM = Sampling(temperature=1.2, top_k=50, top_p=0.95)
PROMPT = [5, 99, 240, 17, 17, 301, 8]


@pytest.fixture(scope="module")
def model(instruct: Path) -> Any:
    return AutoModelForCausalLM.from_pretrained(instruct).eval()


def steps(
    model: Any, prompt: list[int], sampling: Sampling, limit: int = 40, seed: int = 1
) -> list[Step]:
    return decoded(Decoder(model), prompt, Chooser(sampling, seed, prompt), limit)


def decoded(
    decoder: Decoder,
    prompt: list[int],
    chooser: Chooser,
    limit: int,
    stop: StopSignal | None = None,
) -> list[Step]:
    with decoder.open(prompt, "left", "model") as reading:
        return list(reading.steps(chooser, limit, stop or Never()))


def ids(steps: list[Step]) -> list[int]:
    return [step.id for step in steps if isinstance(step, Token)]


def generated(model: Any, prompt: list[int], limit: int = 40, **arguments: Any) -> list[int]:
    given = torch.tensor([prompt])
    output = model.generate(
        given,
        attention_mask=torch.ones_like(given),
        max_new_tokens=limit,
        eos_token_id=None,
        pad_token_id=0,
        **{"do_sample": False, "temperature": None, "top_k": None, "top_p": None, **arguments},
    )
    new: list[int] = output[0, len(prompt) :].tolist()
    return new


def test_greedy_equals_generate_token_for_token(model: Any) -> None:
    for start in range(5):
        prompt = [token_id + start for token_id in PROMPT]
        assert ids(steps(model, prompt, GREEDY)) == generated(model, prompt)


def test_repetition_penalty_equals_generate(model: Any) -> None:
    sampling = Sampling(temperature=0.0, repetition_penalty=1.5)
    assert ids(steps(model, PROMPT, sampling)) == generated(model, PROMPT, repetition_penalty=1.5)


def test_a_prompt_read_in_chunks_gives_the_same_answer(
    model: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    prompt = PROMPT * 5
    whole = steps(model, prompt, GREEDY)
    monkeypatch.setattr(decoding, "chunk_tokens", lambda *_: 8)
    chunked = steps(model, prompt, GREEDY)
    assert ids(chunked) == ids(whole) == generated(model, prompt)
    assert [step.done for step in chunked if isinstance(step, PromptRead)] == [8, 16, 24, 32, 35]


def test_sixteen_bits_equal_generate_until_two_tokens_are_nearly_equal(instruct: Path) -> None:
    model = AutoModelForCausalLM.from_pretrained(instruct, dtype=torch.bfloat16).eval()
    ours, theirs = ids(steps(model, PROMPT, GREEDY)), generated(model, PROMPT)
    for place, (mine, yours) in enumerate(zip(ours, theirs, strict=True)):
        if mine != yours:
            context = torch.tensor([PROMPT + ours[:place]])
            best = model(context).logits[0, -1].float().topk(2).values
            assert float(best[0] - best[1]) < 0.05 * float(best[0].abs())
            return


def test_the_same_seed_gives_the_same_tokens(model: Any) -> None:
    first, second = (ids(steps(model, PROMPT, WARM, seed=5)) for _ in range(2))
    assert first == second != ids(steps(model, PROMPT, WARM, seed=6))


def test_a_seed_gives_the_same_tokens_while_other_runs_go_on(model: Any, thinking: Path) -> None:
    other = AutoModelForCausalLM.from_pretrained(thinking).eval()
    tasks = [(m, seed) for m, seed in itertools.product((model, other), (1, 2))]
    alone = [ids(steps(m, PROMPT, WARM, 60, seed)) for m, seed in tasks]
    together: dict[int, list[int]] = {}
    barrier = threading.Barrier(len(tasks))

    def work(place: int) -> None:
        barrier.wait()
        m, seed = tasks[place]
        together[place] = ids(steps(m, PROMPT, WARM, 60, seed))

    workers = [threading.Thread(target=work, args=(place,)) for place in range(len(tasks))]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [together[place] for place in range(len(tasks))] == alone


def test_the_limit_is_exact(model: Any) -> None:
    assert len(ids(steps(model, PROMPT, GREEDY, limit=1))) == 1
    assert len(ids(steps(model, PROMPT, GREEDY, limit=7))) == 7


def test_times_never_go_back(model: Any) -> None:
    times = [s.at_s for s in steps(model, PROMPT, GREEDY) if not isinstance(s, Stopped)]
    assert times == sorted(times)


def test_a_stop_is_seen_before_anything_is_read(model: Any) -> None:
    run = decoded(Decoder(model), PROMPT, Chooser(GREEDY, 0, ()), 9, StopAfter(0, "deadline"))
    assert run == [Stopped("deadline")]


def test_a_stop_is_seen_between_chunks_of_the_prompt(
    model: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoding, "chunk_tokens", lambda *_: 2)
    run = decoded(Decoder(model), PROMPT, Chooser(GREEDY, 0, ()), 9, StopAfter(2))
    assert [getattr(step, "done", None) for step in run] == [2, 4, None]
    assert run[-1] == Stopped("user")


def test_a_stop_is_seen_within_one_token(model: Any) -> None:
    run = decoded(Decoder(model), PROMPT, Chooser(GREEDY, 0, ()), 99, StopAfter(1 + 3))
    assert len(ids(run)) == 3
    assert run[-1] == Stopped("user")


class _StopInside:
    """Stops once it is asked from within the model."""

    def reason(self) -> StopReason | None:
        return "user" if watching._current.stop is self else None

    def closes_thought(self) -> bool:
        return False


def test_a_slow_model_sees_a_stop_between_its_layers(
    instruct: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoding, "needs_watching", lambda *_: True)
    model = AutoModelForCausalLM.from_pretrained(instruct).eval()
    decoder = Decoder(model)
    run = decoded(decoder, PROMPT, Chooser(GREEDY, 0, ()), 9, _StopInside())
    assert run == [Stopped("user")]
    # Neither the next run nor another user of the model is touched by it.
    assert watching._current.stop is None
    again = decoded(decoder, PROMPT, Chooser(GREEDY, 0, ()), 20)
    assert ids(again) == generated(model, PROMPT, 20)


def test_the_cache_goes_by_the_name_that_the_model_has_for_it(model: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # an older name is a warning to every reader
        steps(model, PROMPT, GREEDY, limit=2)


def test_the_consumers_code_is_not_put_into_inference_mode(model: Any) -> None:
    with Decoder(model).open(PROMPT, "left", "model") as reading:
        for _ in reading.steps(Chooser(GREEDY, 0, ()), 3, Never()):
            assert not torch.is_inference_mode_enabled()
            assert torch.is_grad_enabled()


def test_the_consumers_thread_count_is_left_alone(model: Any) -> None:
    with Decoder(model).open(PROMPT, "left", "model") as reading:
        for _ in reading.steps(Chooser(GREEDY, 0, ()), 3, Never()):
            assert torch.get_num_threads() == threads.ALL
