"""Measuring: held-out problems, the same ones every time; a thought cut off is no answer."""

from __future__ import annotations

from playground.demo_pair import FOLDERS
from playground.demo_pair.conversations import TASKS
from playground.demo_pair.evaluate import Subject, questions


def test_questions_are_held_out_and_spread_over_the_tasks() -> None:
    asked = questions(4, seed=1)
    assert all(question.problem.held_out for question in asked)
    assert [question.problem.task for question in asked] == [task for task in TASKS for _ in "1234"]


def test_a_seed_gives_the_same_questions_again() -> None:
    assert questions(3, seed=1) == questions(3, seed=1)
    assert questions(3, seed=1) != questions(3, seed=2)


def test_a_thought_that_never_closes_is_no_answer() -> None:
    subject = Subject(FOLDERS["demo-thinking"])
    encode = subject._tokenizer.encode
    cut = subject._output(encode("1 + 1 = **2**"), thinks=True)
    assert (cut.thinking, cut.answer) == ("1 + 1 = **2**", "")
    whole = subject._output(encode("hm\n</think>\n\n**2**<|im_end|><|endoftext|>"), thinks=True)
    assert (whole.thinking, whole.answer) == ("hm", "**2**")
    assert whole.tokens == len(encode("hm\n</think>\n\n**2**<|im_end|>"))
    direct = subject._output(encode("**2**<|im_end|>"), thinks=False)
    assert (direct.thinking, direct.answer) == ("", "**2**")
