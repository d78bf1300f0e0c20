"""Measuring: a thought cut off is no answer."""

from __future__ import annotations

from playground.demo_pair import FOLDERS
from playground.demo_pair.evaluate import Subject


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
