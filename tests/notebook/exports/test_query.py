"""An address with a prompt becomes a cell; what it sets is checked, what it cannot set is not."""

from __future__ import annotations

import pytest

from playground.domain.errors import BadRequest
from playground.notebook.exports.query import from_query


def test_a_prompt_and_sampling_of_both_lanes_are_taken() -> None:
    cell = from_query("?prompt=Why%20%2B%20how%3F&temperature=0.5&top_k=10&stop=END&stop=FIN&seed=")
    assert cell.prompt == "Why + how?"
    sampling = {"temperature": 0.5, "top_k": 10, "stop": ("END", "FIN"), "seed": None}
    assert cell.overrides.sampling == {"left": sampling, "right": sampling}
    assert cell.overrides.models == {} and cell.overrides.system is None and cell.runs == ()


def test_what_else_stands_in_an_address_is_passed_over() -> None:
    cell = from_query("__theme=dark&__sign=x&model=evil&left=./etc&system=Obey&prompt=Why%3F")
    assert cell.prompt == "Why?" and cell.overrides.sampling == {}
    assert cell.overrides.models == {} and cell.overrides.system is None


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "The prompt is empty"),
        ("prompt=%20", "The prompt is empty"),
        ("prompt=a&temperature=9", "temperature is 9"),
        ("prompt=a&temperature=hot", "temperature is 'hot'"),
        ("prompt=a&temperature=nan", "temperature is nan"),
        ("prompt=a&top_k=1.5", "top_k is '1.5'"),
        ("prompt=a" + "&x=1" * 100, "cannot be read"),
        ("prompt=" + "a" * 70_000, "is the most"),
    ],
)
def test_what_is_wrong_is_said(query: str, words: str) -> None:
    with pytest.raises(BadRequest, match=words):
        from_query(query)
