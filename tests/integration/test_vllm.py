"""A real vLLM with the built-in pair: what the lane shows is what the models write in process."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from playground.demo_pair import FOLDERS
from playground.domain.errors import PromptTooLong
from playground.domain.sampling import Sampling
from playground.engines import examine
from tests.integration.asking import GREEDY, QUESTION, Stop, ask, becomes_true, read
from tests.integration.conftest import Serve

PARSER = ("--reasoning-parser", "qwen3")
PARTS = ("thinking_tokens", "answer_tokens", "marker_tokens", "generated_tokens", "prompt_tokens")


@pytest.mark.parametrize(
    ("name", "flags"),
    [("demo-thinking", PARSER), ("demo-thinking", ()), ("demo-instruct", PARSER)],
    ids=["thinking in its own field", "closing tag only", "an Instruct model behind a parser"],
)
def test_text_and_counts_are_those_of_the_same_model_in_process(
    vllm: Serve, name: str, flags: tuple[str, ...]
) -> None:
    here, there = ask(name), ask(f"{vllm(name, *flags)}/v1?model={name}")
    assert there.output == here.output
    assert {part: getattr(there.numbers, part) for part in PARTS} == {
        part: getattr(here.numbers, part) for part in PARTS
    }
    assert (there.numbers.counts, there.ending) == ("server", "end_of_turn")
    assert there.notices == ()
    assert there.origin is not None and (there.origin.server or "").startswith("vLLM 0.")


def random_weights(folder: Path) -> Path:
    """A Qwen3 of the built-in shape that has learnt nothing, with a real template."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    shutil.copytree(FOLDERS["demo-thinking"], folder)
    torch.manual_seed(0)
    model = AutoModelForCausalLM.from_config(AutoConfig.from_pretrained(folder))
    model.to(torch.bfloat16).save_pretrained(folder)
    return folder


def test_a_model_that_never_closes_its_thought_has_no_answer(vllm: Serve, tmp_path: Path) -> None:
    root = vllm("random-thinking", *PARSER, folder=random_weights(tmp_path / "random"))
    sampling = Sampling(temperature=1.0, max_new_tokens=50, seed=3)
    result = ask(f"{root}/v1?model=random-thinking", sampling=sampling)
    assert (result.ending, result.output.answer) == ("limit", "")
    assert result.output.thinking
    numbers = result.numbers
    assert (numbers.generated_tokens, numbers.counts) == (50, "server")
    assert (numbers.thinking_tokens or 0) + (numbers.marker_tokens or 0) == 50


def test_a_run_that_ends_inside_the_thought_has_no_answer(vllm: Serve) -> None:
    model = f"{vllm('demo-thinking', *PARSER)}/v1?model=demo-thinking"
    result = ask(model, sampling=replace(GREEDY, max_new_tokens=20))
    assert (result.ending, result.output.answer) == ("limit", "")
    assert result.numbers.thinking_tokens == result.numbers.generated_tokens == 20


def test_the_same_seed_repeats_a_run_and_another_does_not(vllm: Serve) -> None:
    model = f"{vllm('demo-thinking', *PARSER)}/v1?model=demo-thinking"
    hot = Sampling(temperature=2.0, max_new_tokens=60, seed=7)
    one, again = (ask(model, sampling=hot).output for _ in range(2))
    assert one == again
    assert one != ask(model, sampling=replace(hot, seed=8)).output


def test_a_stop_string_ends_the_answer_before_it(vllm: Serve) -> None:
    model = f"{vllm('demo-thinking', *PARSER)}/v1?model=demo-thinking"
    result = ask(model, sampling=replace(GREEDY, stop=(" = **",)))
    assert result.output.answer == "47 × 86"
    parts = (result.numbers.thinking_tokens, result.numbers.answer_tokens)
    assert sum(map(int, filter(None, parts))) <= (result.numbers.generated_tokens or 0)


def test_a_stop_ends_the_generation_on_the_server(vllm: Serve) -> None:
    root = vllm("demo-thinking", *PARSER)
    endless = replace(GREEDY, repetition_penalty=0.1, max_new_tokens=900)
    result = ask(f"{root}/v1?model=demo-thinking", sampling=endless, stop=Stop(after=5))
    assert result.ending == "user" and result.output.thinking
    idle = re.compile(r"vllm:num_requests_running\{[^}]*\} 0\.0")
    assert becomes_true(lambda: idle.search(read(f"{root}/metrics")) is not None)
    assert (result.numbers.generated_tokens or 0) < 900


def test_a_prompt_that_does_not_fit_is_refused_with_the_numbers(vllm: Serve) -> None:
    model = f"{vllm('demo-thinking', *PARSER)}/v1?model=demo-thinking"
    with pytest.raises(PromptTooLong, match=r"has [\d,]+ tokens.*context of 1,024"):
        ask(model, prompt="7 " * 2000)


def test_a_limit_beyond_the_context_is_lowered_and_said(vllm: Serve) -> None:
    model = f"{vllm('demo-thinking', *PARSER)}/v1?model=demo-thinking"
    result = ask(model, sampling=replace(GREEDY, max_new_tokens=30_000))
    assert result.ending == "end_of_turn"
    assert [notice.kind for notice in result.notices] == ["clamped"]


@pytest.mark.parametrize(
    ("name", "flags", "verdict"),
    [
        ("demo-thinking", PARSER, "Thinking arrives in a field of its own."),
        ("demo-thinking", (), "Thinking arrives inside the answer"),
        ("demo-instruct", PARSER, "A reasoning parser takes this model's answer for thinking"),
    ],
)
def test_the_doctor_finds_flags_that_were_set_wrongly(
    vllm: Serve, name: str, flags: tuple[str, ...], verdict: str
) -> None:
    findings = list(examine(f"{vllm(name, *flags)}/v1?model={name}"))
    texts = [finding.text for finding in findings]
    assert any(text.startswith(verdict) for text in texts), texts
    for works in ("seed works", "top_k works", "min_p works", "presence_penalty "):
        assert any(text.startswith(works) for text in texts), texts
    assert any("Context 1,024 tokens" in text for text in texts)
    assert "failed" not in {finding.level for finding in findings}


def test_the_token_count_before_a_run_is_the_one_of_the_run(vllm: Serve) -> None:
    from playground.engines import open_engine

    model = f"{vllm('demo-thinking', *PARSER)}/v1?model=demo-thinking"
    engine = open_engine(model)
    list(engine.load())
    assert engine.count_tokens(QUESTION, "", ()) == ask(model).numbers.prompt_tokens
