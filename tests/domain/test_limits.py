"""What a page allows is one value: what is over it is refused with both numbers, or lowered."""

from __future__ import annotations

import pytest

from playground.domain.attachment import Attached
from playground.domain.errors import BadRequest, PromptTooLong
from playground.domain.limits import PUBLIC, UNLIMITED, Limits
from playground.domain.request import Continuation, Message
from playground.domain.sampling import Sampling
from tests.samples import request

FEW = Limits(request_characters=20, history_messages=2, max_new_tokens=100, prompt_tokens=9)


def test_a_page_of_ones_own_asks_for_anything() -> None:
    asked = request(prompt="x" * 10**6, sampling=Sampling(max_new_tokens=10**6))
    UNLIMITED.check_request(asked)
    assert UNLIMITED.clamped(asked) is asked


@pytest.mark.parametrize(
    "changes",
    [
        {"prompt": "x" * 21},
        {"prompt": "x", "system": "y" * 20},
        {"prompt": "x", "history": (Message("user", "y" * 20),)},
        {"prompt": "x", "history": (Message("assistant", "y", "z" * 19),)},
        {"prompt": "x", "sampling": Sampling(stop=("y" * 20,))},
        {"prompt": "x", "continuing": Continuation("y" * 10, "z" * 10, False, ())},
    ],
)
def test_all_text_that_a_request_carries_counts(changes: dict[str, object]) -> None:
    with pytest.raises(BadRequest, match=r"have 21 characters, but 20 is the most"):
        FEW.check_request(request(**changes))


def test_a_long_conversation_is_refused() -> None:
    with pytest.raises(BadRequest, match="3 earlier turns, but 2 is the most"):
        FEW.check_request(request(history=(Message("user", "a"),) * 3))


def test_more_tokens_than_allowed_are_lowered_and_said() -> None:
    asked = request(sampling=Sampling(max_new_tokens=5000, seed=7))
    assert FEW.clamped(asked).sampling == Sampling(max_new_tokens=100, seed=7)
    assert FEW.clamped_words(asked).startswith("max_new_tokens was lowered from 5,000 to 100")


def test_a_prompt_of_too_many_tokens_is_refused_where_they_are_known() -> None:
    FEW.check_prompt_tokens(9)
    FEW.check_prompt_tokens(None)
    with pytest.raises(PromptTooLong, match="10 tokens, but 9 is the most"):
        FEW.check_prompt_tokens(10)


def test_a_request_has_no_more_files_than_are_allowed() -> None:
    two = request(attached=(Attached("a.txt", 1), Attached("b.txt", 1)))
    Limits(attachments=2).check_request(two)
    with pytest.raises(BadRequest, match="2 files attached, but 1 is the most"):
        Limits(attachments=1).check_request(two)


def test_notebooks_files_texts_and_runs_have_their_limits() -> None:
    limits = Limits(
        cells=3,
        cell_runs=5,
        runs_at_once=2,
        file_characters=4,
        request_characters=4,
    )
    limits.check_cells(3)
    limits.check_runs(2, 3)
    for refused in (
        lambda: limits.check_cells(4),
        lambda: limits.check_runs(3, 0),
        lambda: limits.check_runs(1, 5),
        lambda: limits.check_file("a.ipynb", "12345"),
        lambda: limits.check_text("prompt", "12345"),
    ):
        with pytest.raises(BadRequest, match="is the most"):
            refused()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"cell": 1}, "Unknown limit 'cell'"),
        ({"cells": 0}, "must be 1 or more"),
        ({"cells": True}, "must be 1 or more"),
        ({"cells": "9"}, "must be 1 or more"),
    ],
)
def test_a_limit_that_is_none_is_refused(values: dict[str, object], words: str) -> None:
    with pytest.raises(BadRequest, match=words):
        PUBLIC.with_values(values)
