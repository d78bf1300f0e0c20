"""What a pair's name means on this machine; `auto` never means a download."""

from __future__ import annotations

import pytest

from playground.catalog import PAIRS
from playground.catalog.fit import Machine
from playground.domain.engine import OnDisk
from playground.domain.errors import BadRequest
from playground.pairing import models_of
from tests.tools import GB, WHOLE, tools

INSTRUCT, THINKING = PAIRS["qwen3-4b"]
DEMO = {"left": "demo-instruct", "right": "demo-thinking"}
BOTH = {INSTRUCT: WHOLE, THINKING: WHOLE}


def test_auto_is_qwen3_4b_where_both_are_whole_and_fit() -> None:
    assert models_of("auto", tools(BOTH)) == {"left": INSTRUCT, "right": THINKING}


@pytest.mark.parametrize("other", [OnDisk("part", 7 * GB, 8 * GB), OnDisk("nothing", 0, None)])
def test_auto_is_the_built_in_pair_where_one_would_be_downloaded(other: OnDisk) -> None:
    def no_look() -> Machine:
        raise AssertionError("the machine need not be looked at")

    assert models_of("auto", tools({INSTRUCT: WHOLE, THINKING: other}, machine=no_look)) == DEMO


def test_auto_is_the_built_in_pair_where_the_other_does_not_fit() -> None:
    assert models_of("auto", tools(BOTH, free_gb=17)) == DEMO


def test_any_other_pair_is_itself_whatever_is_here() -> None:
    assert tuple(models_of("qwen3-0.6b", tools()).values()) == PAIRS["qwen3-0.6b"]


def test_what_is_no_pair_is_refused_with_those_there_are() -> None:
    with pytest.raises(BadRequest, match=r"'best'.*auto, demo, qwen3-4b"):
        models_of("best", tools())
