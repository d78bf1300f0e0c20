"""The published figures of two models: who is ahead, and the source."""

from __future__ import annotations

import pytest

from playground.catalog import PAIRS
from playground.domain.request import LANES
from playground.ui.published import published

LABELS = {"left": "Instruct", "right": "Thinking"}


def shown(*names: str) -> str:
    return published(dict(zip(LANES, names, strict=True)), LABELS)  # type: ignore[arg-type]


def test_the_surprise_comes_first() -> None:
    first = shown(*PAIRS["qwen3-4b"]).split("\n\n")[0]
    assert first == (
        "**Instruct** is ahead on Arena-Hard v2, Creative Writing v3, WritingBench;"
        " **Thinking** on the other 9, most of all on AIME25."
    )


def test_the_better_figure_is_bold_and_the_cards_are_linked() -> None:
    text = shown(*PAIRS["qwen3-4b"])
    assert "| AIME25 | 47.4 | **81.3** |" in text
    assert "| Arena-Hard v2 | **43.4** | 34.9 |" in text
    assert "[Thinking](https://huggingface.co/Qwen/Qwen3-4B-Thinking-2507)" in text
    assert "16-bit" not in text


@pytest.mark.parametrize("pair", ["qwen3-4b-fp8", "qwen3-4b-4bit"])
def test_of_quantized_models_it_says_what_was_measured(pair: str) -> None:
    assert "Measured with the original 16-bit weights." in shown(*PAIRS[pair])


@pytest.mark.parametrize(
    "names",
    [
        PAIRS["demo"],
        PAIRS["qwen3-0.6b"],
        (PAIRS["qwen3-4b"][0], "me/unknown"),
        (PAIRS["qwen3-4b"][0], PAIRS["qwen3-4b"][0]),
    ],
)
def test_without_two_models_with_figures_nothing_is_shown(names: tuple[str, str]) -> None:
    assert shown(*names) == ""


def test_swapped_lanes_are_swapped_columns() -> None:
    instruct, thinking = PAIRS["qwen3-4b"]
    text = published(
        {"left": thinking, "right": instruct}, {"left": "Thinking", "right": "Instruct"}
    )
    assert "| AIME25 | **81.3** | 47.4 |" in text
    assert text.startswith("**Instruct** is ahead on Arena-Hard v2")
