"""The quiet line and the examples fit the models that the page opens with."""

from __future__ import annotations

from dataclasses import replace

import pytest

from playground import welcome
from playground.catalog import PAIRS, pair
from playground.demo_pair import EXAMPLES, measured
from playground.domain.engine import ModelCard
from playground.domain.request import Lane
from playground.engines import open_engine
from playground.welcome import GENERAL_EXAMPLES, examples, quiet_line
from playground.words import speaking


def cards(name: str) -> dict[Lane, ModelCard]:
    return {lane: open_engine(model).card for lane, model in pair(name).items()}


def test_each_pair_has_six_examples() -> None:
    assert examples(pair("demo")) == tuple(EXAMPLES)
    assert examples(pair("qwen3-4b")) == GENERAL_EXAMPLES
    assert len(EXAMPLES) == len(GENERAL_EXAMPLES) == 6


def test_one_builtin_lane_is_enough_for_the_builtin_examples() -> None:
    models: dict[Lane, str] = {"left": "./folder", "right": "demo-thinking"}
    assert examples(models) == tuple(EXAMPLES)


def test_the_builtin_pair_states_its_measured_figures_and_how_to_switch() -> None:
    line, figures = quiet_line(cards("demo")), measured()
    assert "choose Qwen3-4B in the sidebar: 16.1 GB to download" in line
    for name in PAIRS["demo"]:
        assert f"{figures[name].overall.share:.0%}" in line  # type: ignore[index]


def test_without_figures_none_are_stated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(welcome, "measured", lambda: {})
    assert "%" not in quiet_line(cards("demo"))


def test_the_device_is_named_once_it_is_known() -> None:
    loaded = {
        lane: replace(card, loaded=True, origin=replace(card.origin, device="cpu"))
        for lane, card in cards("demo").items()
    }
    assert "on CPU" in quiet_line(loaded)
    assert "in this process on CPU." in quiet_line({**loaded, "left": loaded["right"]})


def test_other_pairs_are_named_and_said_to_be_here_only_once_they_are() -> None:
    line = quiet_line(cards("qwen3-4b"))
    assert line.endswith(", not loaded yet.")
    assert "Qwen3-4B-Instruct-2507" in line
    assert "Qwen3-4B-Thinking-2507" in line


@pytest.mark.parametrize("name", ["demo", "qwen3-4b"])
def test_a_brazilian_reads_and_tries_it_in_portuguese(name: str) -> None:
    with speaking("pt-BR"):
        assert "Resolva a equação 2x^2 + 3x - 5 = 0." in examples(pair(name))
        assert " e " in quiet_line(cards("qwen3-4b"))
        assert quiet_line(cards("demo")).startswith("O **par embutido**")


def test_who_cannot_choose_is_told_how_to_start_the_real_pair() -> None:
    assert "--pair qwen3-4b" in quiet_line(cards("demo"), can_choose=False)
