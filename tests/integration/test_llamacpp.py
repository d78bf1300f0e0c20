"""A real llama-server with SmolLM2-135M and with the built-in Thinking model."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from dataclasses import replace

import pytest

from playground.domain.errors import PromptTooLong
from playground.domain.sampling import Sampling
from playground.engines import examine
from tests.integration.asking import GREEDY, Stop, ask, becomes_true, read

QUESTION = "Name three rivers."


def tokens_of(root: str, text: str) -> int:
    """The server's tokens of a text: an independent count."""
    body = json.dumps({"content": text}).encode()
    asked = urllib.request.Request(f"{root}/tokenize", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(asked, timeout=10) as answer:
        return len(json.load(answer)["tokens"])


def test_counts_agree_with_the_servers_tokenizer(llamacpp: str) -> None:
    result = ask(f"{llamacpp}/v1?model=smollm2", QUESTION, replace(GREEDY, max_new_tokens=200))
    numbers = result.numbers
    assert (result.ending, numbers.counts) == ("end_of_turn", "server")
    assert numbers.answer_tokens == tokens_of(llamacpp, result.output.answer)
    assert numbers.generated_tokens == (numbers.answer_tokens or 0) + 1, "and the end of the turn"


def test_our_rate_agrees_with_the_servers_own(llamacpp: str) -> None:
    result = ask(f"{llamacpp}/v1?model=smollm2", QUESTION, replace(GREEDY, max_new_tokens=200))
    theirs = dict(result.server_numbers)["tokens_per_s"]
    assert result.numbers.tokens_per_s == pytest.approx(theirs, rel=0.5)


def test_every_parameter_is_taken_and_a_seed_repeats(llamacpp: str) -> None:
    hot = Sampling(
        temperature=1.2, top_p=0.9, top_k=30, min_p=0.02, presence_penalty=0.5,
        repetition_penalty=1.1, max_new_tokens=40, seed=3, stop=("§",),
    )  # fmt: skip
    one, again = (ask(f"{llamacpp}/v1?model=smollm2", QUESTION, hot) for _ in range(2))
    assert one.output == again.output
    assert [notice.kind for notice in one.notices] == ["doubtful"]


def test_a_stop_ends_the_generation_on_the_server(llamacpp: str) -> None:
    endless = replace(GREEDY, repetition_penalty=0.3, max_new_tokens=1500)
    prompt = "Count from one to one thousand in words."
    result = ask(f"{llamacpp}/v1?model=smollm2", prompt, endless, stop=Stop(after=5))
    assert result.ending == "user" and result.output.answer

    def idle() -> bool:
        return not any(slot["is_processing"] for slot in json.loads(read(f"{llamacpp}/slots")))

    assert becomes_true(idle)


def test_a_prompt_that_does_not_fit_is_refused_with_the_numbers(llamacpp: str) -> None:
    with pytest.raises(PromptTooLong, match=r"has [\d,]+ tokens.*context of 2,048"):
        ask(f"{llamacpp}/v1?model=smollm2", "river " * 5000)


def test_the_doctor_knows_it_and_what_it_honours(llamacpp: str) -> None:
    texts = [finding.text for finding in examine(f"{llamacpp}/v1")]
    assert texts[0].startswith("llama.cpp")
    for works in ("seed works", "top_k works", "min_p works", "presence_penalty works"):
        assert any(text.startswith(works) for text in texts), texts
    assert "Context 2,048 tokens: little for a Thinking model's trace." in texts


@pytest.mark.parametrize(
    ("flags", "verdict"),
    [
        ((), "Thinking arrives in a field of its own."),
        (("--reasoning-format", "none"), "Thinking arrives inside the answer"),
    ],
    ids=["its own field", "inside the answer"],
)
def test_a_thinking_models_text_and_counts_are_those_in_process(
    llamacpp_thinking: Callable[..., str], flags: tuple[str, ...], verdict: str
) -> None:
    root = llamacpp_thinking(*flags)
    here, there = ask("demo-thinking"), ask(f"{root}/v1?model=demo-thinking")
    assert there.output == here.output
    for part in ("thinking_tokens", "answer_tokens", "marker_tokens", "generated_tokens"):
        assert getattr(there.numbers, part) == getattr(here.numbers, part)
    assert (there.numbers.counts, there.notices) == ("server", ())
    assert any(finding.text.startswith(verdict) for finding in examine(f"{root}/v1"))
