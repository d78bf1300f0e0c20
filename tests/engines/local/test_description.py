"""A model's card from its small files, before anything heavy is imported."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from playground import catalog
from playground.catalog import parse_name
from playground.domain.engine import ModelCard
from playground.domain.errors import BadRequest
from playground.domain.sampling import Sampling
from playground.engines.local.description import (
    LEASE,
    describe,
    template_arguments,
    template_thinks,
)
from tests.engines.models import CONTEXT, HYBRID, INSTRUCT, THINKING, write_json


def card(folder: Path, query: str = "") -> ModelCard:
    return describe(parse_name(f"{folder}{query}"), folder)


def test_a_card_holds_what_the_files_say(thinking: Path) -> None:
    got = card(thinking)
    assert (got.name, got.label, got.context) == (str(thinking), "thinking", CONTEXT)
    assert got.thinks
    assert got.defaults == Sampling(
        temperature=0.7, top_p=0.8, top_k=20, max_new_tokens=CONTEXT // 2
    )
    assert got.lease == LEASE
    assert not got.loaded
    assert got.origin.engine == "local"


def test_whether_a_model_thinks_is_read_from_its_template() -> None:
    assert template_thinks(THINKING, None)
    assert template_thinks(THINKING, "off")  # it knows no switch
    assert not template_thinks(INSTRUCT, None)
    assert template_thinks(HYBRID, None)
    assert not template_thinks(HYBRID, "off")


def test_the_real_template_is_a_hybrids(qwen3_tokenizer: Any) -> None:
    assert template_thinks(qwen3_tokenizer.chat_template, None)
    assert not template_thinks(qwen3_tokenizer.chat_template, "off")


@pytest.fixture
def copy(instruct: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(instruct, tmp_path / "copy"))


@pytest.mark.parametrize(
    ("generation", "expected"),
    [
        ({"temperature": 0.3, "top_k": 5}, Sampling(temperature=0.3, top_k=5)),
        ({"do_sample": False}, Sampling(temperature=0.0)),
        ({"do_sample": False, "temperature": 0.6}, Sampling(temperature=0.0)),
        ({"repetition_penalty": 1.05}, Sampling(repetition_penalty=1.05)),
        ({"top_p": None, "top_k": 10**9, "min_p": "?"}, Sampling()),
        ({"max_new_tokens": 64}, Sampling(max_new_tokens=64)),
        ({}, Sampling()),
    ],
)
def test_defaults_are_the_models_own(
    copy: Path, generation: dict[str, Any], expected: Sampling
) -> None:
    write_json(copy / "generation_config.json", generation)
    limit = generation.get("max_new_tokens", CONTEXT // 2)
    assert card(copy).defaults == Sampling(
        temperature=expected.temperature,
        top_p=expected.top_p,
        top_k=expected.top_k,
        repetition_penalty=expected.repetition_penalty,
        max_new_tokens=limit,
    )


def test_a_known_model_that_is_not_here_is_described_by_the_catalog() -> None:
    name = parse_name("Qwen/Qwen3-4B-Thinking-2507")
    got, known = describe(name, None), catalog.known(name)
    assert known is not None
    assert (got.thinks, got.context, got.defaults) == (True, known.context, known.sampling)


def test_the_models_own_files_win_over_the_catalog(instruct: Path) -> None:
    name = parse_name("Qwen/Qwen3-4B-Thinking-2507")
    got, known = describe(name, instruct), catalog.known(name)
    assert known is not None
    assert (got.thinks, got.context) == (False, CONTEXT)
    assert got.defaults.temperature == 0.7
    assert got.defaults.max_new_tokens == known.sampling.max_new_tokens


def test_a_hybrid_told_not_to_think_keeps_the_cards_recommendation(hybrid: Path) -> None:
    name = parse_name("Qwen/Qwen3-0.6B?thinking=off")
    known = catalog.known(name)
    assert known is not None
    got = describe(name, hybrid)
    assert not got.thinks
    assert got.defaults == known.sampling


def test_a_stranger_that_is_not_here_has_a_minimal_card() -> None:
    got = describe(parse_name("someone/something"), None)
    assert (got.label, got.thinks, got.context) == ("something", False, None)


def test_damaged_files_do_not_keep_a_card_from_being_made(copy: Path) -> None:
    for name in ("config.json", "generation_config.json", "tokenizer_config.json"):
        (copy / name).write_text("{", encoding="utf-8")
    got = card(copy)
    assert (got.context, got.thinks) == (None, False)


def test_the_thinking_option_reaches_the_template() -> None:
    assert template_arguments(parse_name("a/b")) == {}
    assert template_arguments(parse_name("a/b?thinking=off")) == {"enable_thinking": False}
    assert template_arguments(parse_name("a/b?thinking=on")) == {"enable_thinking": True}
    with pytest.raises(BadRequest, match=r"thinking is 'maybe'.*Use 'on' or 'off'"):
        template_arguments(parse_name("a/b?thinking=maybe"))


def test_a_card_costs_no_heavy_import(instruct: Path) -> None:
    program = (
        "import sys, json\n"
        "from playground.engines import open_engine\n"
        f"card = open_engine({str(instruct)!r}).card\n"
        "heavy = {'torch', 'transformers', 'tokenizers', 'huggingface_hub', 'gradio', 'numpy'}\n"
        "print(json.dumps([card.label, sorted(heavy & set(sys.modules))]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == ["instruct", []]
