"""The shipped folders load as Qwen3-4B does, and their templates behave as the 2507 pair's."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer, GenerationConfig

from playground.demo_pair import EXAMPLES, FOLDERS, Name, measured
from playground.demo_pair.conversations import MODES, Mode, render, sample_turn

INSTRUCT, THINKING = FOLDERS["demo-instruct"], FOLDERS["demo-thinking"]


@cache
def _tokenizer(folder: Path) -> Any:
    return AutoTokenizer.from_pretrained(folder)


def _render(name: Name, *messages: tuple[str, Any], prompt: bool = True, **more: Any) -> str:
    tokenizer = _tokenizer(FOLDERS[name])
    listed = [{"role": role, "content": content} for role, content in messages]
    text: str = tokenizer.apply_chat_template(
        listed, tokenize=False, add_generation_prompt=prompt, **more
    )
    return text


@pytest.mark.parametrize("name", FOLDERS)
def test_a_folder_loads_and_its_files_are_small(name: Name) -> None:
    model = AutoModelForCausalLM.from_pretrained(FOLDERS[name])
    assert type(model).__name__ == "Qwen3ForCausalLM"
    assert str(model.dtype) == "torch.bfloat16"
    assert AutoConfig.from_pretrained(FOLDERS[name]).max_position_embeddings == 2048
    assert all(path.stat().st_size < 9_000_000 for path in FOLDERS[name].iterdir())


def test_the_sampling_defaults_are_those_of_the_2507_cards() -> None:
    for folder, expected in ((INSTRUCT, (0.7, 0.8, 20)), (THINKING, (0.6, 0.95, 20))):
        config = GenerationConfig.from_pretrained(folder)
        assert config.do_sample
        assert (config.temperature, config.top_p, config.top_k) == expected
        assert 0 < config.max_new_tokens < 2048
        tokenizer = _tokenizer(folder)
        assert tokenizer.convert_ids_to_tokens(config.eos_token_id) == [
            "<|im_end|>",
            "<|endoftext|>",
        ]


def test_thinking_is_prompted_to_think_and_instruct_is_not() -> None:
    question = "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n"
    assert _render("demo-instruct", ("user", "Hi")) == question
    assert _render("demo-thinking", ("user", "Hi")) == question + "<think>\n"


@pytest.mark.parametrize("name", FOLDERS)
def test_a_system_prompt_is_rendered_and_none_is_made_up(name: Name) -> None:
    text = _render(name, ("system", "Be brief."), ("user", "Hi"))
    assert text.startswith(
        "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>"
    )
    assert "system" not in _render(name, ("user", "Hi"))


@pytest.mark.parametrize("name", FOLDERS)
def test_there_is_no_switch_for_thinking(name: Name) -> None:
    assert _render(name, ("user", "Hi"), enable_thinking=False) == _render(name, ("user", "Hi"))


@pytest.mark.parametrize("name", FOLDERS)
def test_a_list_as_content_is_rendered_empty(name: Name) -> None:
    parts = [{"type": "text", "text": "Hi"}]
    assert "<|im_start|>user\n<|im_end|>" in _render(name, ("user", parts))


def test_past_thinking_is_dropped_from_history() -> None:
    history = [("user", "1 + 1"), ("assistant", "<think>\nhm\n</think>\n\ntwo"), ("user", "Why?")]
    expected = (
        "<|im_start|>user\n1 + 1<|im_end|>\n<|im_start|>assistant\ntwo<|im_end|>\n"
        "<|im_start|>user\nWhy?<|im_end|>\n<|im_start|>assistant\n<think>\n"
    )
    assert _render("demo-thinking", *history) == expected
    without_opening = [history[0], ("assistant", "a</think>b</think>\n\ntwo"), history[2]]
    assert _render("demo-thinking", *without_opening) == expected


def test_reasoning_content_in_history_is_dropped_too() -> None:
    tokenizer = _tokenizer(THINKING)
    messages = [
        {"role": "user", "content": "1 + 1"},
        {"role": "assistant", "content": "two", "reasoning_content": "hm"},
    ]
    last = tokenizer.apply_chat_template(messages, tokenize=False)
    assert last.endswith("<|im_start|>assistant\n<think>\nhm\n</think>\n\ntwo<|im_end|>\n")
    earlier = tokenizer.apply_chat_template(
        [*messages, {"role": "user", "content": "Why?"}], tokenize=False
    )
    assert "hm" not in earlier and "two" in earlier


@pytest.mark.parametrize("mode", MODES)
def test_the_templates_render_what_was_trained_on(mode: Mode) -> None:
    """Token for token, so that nothing at inference is new to the model."""
    name: Name = "demo-instruct" if mode == "instruct" else "demo-thinking"
    rng = random.Random(8)
    for _ in range(20):
        turns = [sample_turn(rng, "en"), sample_turn(rng, "pt")]
        text = "".join(piece.text for piece in render(mode, turns, "Be brief."))
        messages = [("system", "Be brief.")]
        for turn in turns:
            messages += [("user", turn.prompt), ("assistant", turn.said(mode))]
        prompt = _render(name, *messages[:-1])
        rest = text.removeprefix(prompt)
        assert rest != text
        assert rest.endswith(f"{turns[-1].said(mode)}<|im_end|>")


def test_the_quadratic_example_is_answered_right_with_its_steps() -> None:
    tokenizer = _tokenizer(THINKING)
    model = AutoModelForCausalLM.from_pretrained(THINKING)
    inputs = tokenizer.apply_chat_template(
        [{"role": "user", "content": EXAMPLES[0]}], add_generation_prompt=True, return_tensors="pt"
    )
    ids = model.generate(**inputs, do_sample=False, max_new_tokens=400)
    output = tokenizer.decode(ids[0, inputs["input_ids"].shape[1] :])
    thinking, _, answer = output.partition("</think>")
    assert "√49 = 7" in thinking
    assert r"**$x = 1$** and **$x = -\frac{5}{2}$**" in answer
    assert answer.endswith("<|im_end|>")


def test_the_measured_figures_show_the_difference() -> None:
    figures = measured()
    instruct, thinking = figures["demo-instruct"], figures["demo-thinking"]
    assert instruct.overall.of >= 1000 and thinking.overall.of >= 1000
    assert thinking.overall.share >= 0.92
    assert 0.35 <= instruct.overall.share <= thinking.overall.share - 0.2
    for one in (instruct, thinking):
        assert sum(task.right for task in one.tasks.values()) == one.overall.right
        assert one.honest.of >= 200 and one.honest.share >= 0.95
        assert one.tokens_per_s >= 150


def test_there_are_six_examples() -> None:
    assert len(set(EXAMPLES)) == 6
