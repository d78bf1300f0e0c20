"""Expected answers: how they may be given, what is refused, and their JSON."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.domain.errors import BadRequest
from playground.domain.expected import EXPECTED_KINDS, Expected, expected_data, expected_from


@pytest.mark.parametrize(
    ("given_as", "expected"),
    [
        (None, None),
        ("", None),
        (" \n", None),
        ("4042", Expected("value", ("4042",))),
        (4042, Expected("value", ("4042",))),
        (2.5, Expected("value", ("2.5",))),
        ({"value": "4"}, Expected("value", ("4",))),
        ({"values": ["4", "four"]}, Expected("one_of", ("4", "four"))),
        ({"value": ["4", 5]}, Expected("one_of", ("4", "5"))),
        ({"kind": "choice", "value": "C"}, Expected("choice", ("C",))),
        (
            {"kind": "number", "value": 3, "tolerance": 0.5},
            Expected("number", ("3",), 0.5),
        ),
        ({"kind": "exact", "value": "  as is "}, Expected("exact", ("  as is ",))),
    ],
)
def test_an_expected_answer_is_given_as_a_text_a_number_or_an_object(
    given_as: object, expected: Expected | None
) -> None:
    assert expected_from(given_as) == expected


@pytest.mark.parametrize(
    ("given_as", "said"),
    [
        (True, "must be a text"),
        (["4"], "must be a text"),
        ({"value": "4", "values": ["4"], "unit": "m"}, "'unit'"),
        ({"kind": "guess", "value": "4"}, "'guess'"),
        ({"kind": ["value"], "value": "4"}, "expected.kind"),
        ({"kind": "value"}, "expected.value"),
        ({"value": " "}, "0|1 characters"),
        ({"value": "x" * 20_001}, "20,001"),
        ({"value": True}, "expected.value"),
        ({"value": "\ud800"}, "expected.value"),
        ({"kind": "value", "values": ["4", "5"]}, "2 values"),
        ({"values": []}, "0 values"),
        ({"values": ["4"] * 101}, "101 values"),
        ({"kind": "number", "value": 1, "tolerance": -1}, "tolerance"),
        ({"kind": "number", "value": 1, "tolerance": float("nan")}, "tolerance"),
        ({"kind": "number", "value": 1, "tolerance": float("inf")}, "tolerance"),
        ({"kind": "number", "value": 1, "tolerance": "much"}, "tolerance"),
        ({"kind": "number", "value": 1, "tolerance": True}, "tolerance"),
    ],
)
def test_what_is_no_expected_answer_is_refused_with_its_name(given_as: Any, said: str) -> None:
    with pytest.raises(BadRequest, match=said):
        expected_from(given_as)


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=30)


@given(
    st.sampled_from(EXPECTED_KINDS),
    st.lists(TEXTS.filter(str.strip), min_size=1, max_size=3),
    st.floats(0, 1e9),
)
def test_what_is_written_is_read_back(kind: Any, values: list[str], tolerance: float) -> None:
    expected = Expected(kind, tuple(values if kind == "one_of" else values[:1]), tolerance)
    assert expected_from(expected_data(expected)) == expected


def test_what_is_not_set_is_not_written() -> None:
    assert expected_data(Expected("value", ("4",))) == {"kind": "value", "value": "4"}
    assert expected_data(Expected("one_of", ("4",))) == {"kind": "one_of", "values": ["4"]}


def test_a_tolerance_beyond_all_numbers_is_refused() -> None:
    with pytest.raises(BadRequest, match="tolerance"):
        expected_from({"kind": "number", "value": "1", "tolerance": 10**400})
