"""Measures an exported folder on problems that were never trained on, as a visitor would run it.

Default sampling, default weights, the chat template of the folder. Knows nothing of training.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from playground.demo_pair.chatter import honest_answer
from playground.demo_pair.conversations import TASKS
from playground.demo_pair.held_out import Question, questions
from playground.demo_pair.problems import LANGUAGES, is_right

_UNSEEN_PROMPTS: list[str] = json.loads(
    (Path(__file__).parent / "unseen_prompts.json").read_text(encoding="utf-8")
)
_ROOM_FOR_ANSWER = 384  # tokens; longer than any right answer


@dataclass(frozen=True)
class Output:
    """What a model made of one prompt; an answer that never came is empty."""

    thinking: str
    answer: str
    tokens: int


class Subject:
    """A folder's model, run on many prompts at once."""

    def __init__(self, folder: Path) -> None:
        self._tokenizer = AutoTokenizer.from_pretrained(folder, padding_side="left")
        self._model = AutoModelForCausalLM.from_pretrained(folder).eval()
        self._closing = self._tokenizer.convert_tokens_to_ids("</think>")

    @property
    def parameters(self) -> int:
        """Tied embeddings counted once."""
        return sum(parameter.numel() for parameter in self._model.parameters())

    def outputs(
        self, prompts: list[str], *, greedy: bool, seed: int = 0, width: int = 128
    ) -> list[Output]:
        """One output a prompt, in order."""
        torch.manual_seed(seed)
        # Prompts of like length together: less padding, and about the same time to answer.
        order = sorted(range(len(prompts)), key=lambda index: len(prompts[index]))
        found: dict[int, Output] = {}
        for start in range(0, len(order), width):
            chosen = order[start : start + width]
            outputs = self._batch([prompts[index] for index in chosen], greedy)
            found.update(zip(chosen, outputs, strict=True))
        return [found[index] for index in range(len(prompts))]

    def _batch(self, prompts: list[str], greedy: bool) -> Iterator[Output]:
        texts = [
            self._tokenizer.apply_chat_template(
                [{"role": "user", "content": prompt}], tokenize=False, add_generation_prompt=True
            )
            for prompt in prompts
        ]
        thinks = texts[0].endswith("<think>\n")
        inputs = self._tokenizer(texts, return_tensors="pt", padding=True)
        sampling: dict[str, Any] = {"do_sample": False} if greedy else {}
        with torch.inference_mode():
            ids = self._model.generate(**inputs, max_new_tokens=_ROOM_FOR_ANSWER, **sampling)
        for row in ids[:, inputs["input_ids"].shape[1] :].tolist():
            yield self._output(row, thinks)

    def _output(self, row: list[int], thinks: bool) -> Output:
        ends = set(self._model.generation_config.eos_token_id)
        length = next((index + 1 for index, one in enumerate(row) if one in ends), len(row))
        row = row[:length]
        split = row.index(self._closing) if self._closing in row else (length if thinks else -1)
        thinking = self._tokenizer.decode(row[: max(split, 0)], skip_special_tokens=True)
        answer = self._tokenizer.decode(row[split + 1 :], skip_special_tokens=True)
        return Output(thinking.strip(), answer.strip(), length)


def _count(rights: list[bool]) -> dict[str, int]:
    return {"right": sum(rights), "of": len(rights)}


def evaluate(folder: Path, *, each: int = 130, seed: int = 1) -> dict[str, Any]:
    """The figures of one model, ready for `measured.json`."""
    torch.set_num_threads(1)  # more threads only wait for each other on so small a network
    subject = Subject(folder)
    asked = questions(each, seed)
    prompts = [question.prompt for question in asked]

    def rights(outputs: list[Output], of: list[Question]) -> list[bool]:
        return [is_right(q.problem, o.answer) for q, o in zip(of, outputs, strict=True)]

    outputs = subject.outputs(prompts, greedy=False, seed=seed)
    right = rights(outputs, asked)
    tasks = {
        task: _count([r for r, q in zip(right, asked, strict=True) if q.problem.task == task])
        for task in TASKS
    }
    known = questions(max(1, each // 2), seed + 1, held_out_phrasings=False)
    others = subject.outputs([question.prompt for question in known], greedy=False, seed=seed)
    replies = subject.outputs(_UNSEEN_PROMPTS, greedy=False, seed=seed)
    honest = {honest_answer(language) for language in LANGUAGES}
    return {
        "overall": _count(right),
        "tasks": tasks,
        "greedy": _count(rights(subject.outputs(prompts[::2], greedy=True), asked[::2])),
        "seen_phrasings": _count(rights(others, known)),
        "honest": _count([reply.answer in honest for reply in replies]),
        "parameters": subject.parameters,
        "mean_tokens": round(sum(output.tokens for output in outputs) / len(outputs), 1),
        "tokens_per_s": round(_tokens_per_s(subject, prompts[:: max(1, len(prompts) // 16)])),
    }


def _tokens_per_s(subject: Subject, prompts: list[str]) -> float:
    """One prompt at a time, by transformers' `generate()` on one thread."""
    began_s = time.perf_counter()
    tokens = sum(subject.outputs([prompt], greedy=False)[0].tokens for prompt in prompts)
    return tokens / (time.perf_counter() - began_s)
