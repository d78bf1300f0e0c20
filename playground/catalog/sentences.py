"""Sentences of the models' cards for behind a prompt, word for word: so the models were measured.

As on the cards of Qwen3-4B-2507.
"""

from __future__ import annotations

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    "maths": "Please reason step by step, and put your final answer within \\boxed{}.",
    "choice": "Please show your choice in the `answer` field with only the choice letter, e.g.,"
    ' `"answer": "C"`.',
}
