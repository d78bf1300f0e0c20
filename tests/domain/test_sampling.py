"""The sampling table: what each field may be, and the words for what it may not."""

from __future__ import annotations

import pytest

from playground.domain.errors import BadRequest
from playground.domain.sampling import (
    FIELD_BY_NAME,
    FIELDS,
    SEED_MAXIMUM,
    Sampling,
    parse_sampling,
    parse_value,
)

NUMBERS = [field.name for field in FIELDS if field.kind == "number"]
INTEGERS = [field.name for field in FIELDS if field.kind == "integer"]
REQUIRED = [field.name for field in FIELDS if not field.optional]
OPTIONAL = ["seed", "thinking_budget"]


def refusal(name: str, value: object) -> str:
    with pytest.raises(BadRequest) as caught:
        parse_value(name, value)
    return str(caught.value)


def test_only_what_may_be_unknown_is_optional() -> None:
    assert [field.name for field in FIELDS if field.optional] == OPTIONAL


@pytest.mark.parametrize("name", NUMBERS + INTEGERS)
def test_both_ends_of_a_range_are_allowed(name: str) -> None:
    field = FIELD_BY_NAME[name]
    ends = (field.minimum, field.maximum)
    assert tuple(parse_value(name, end) for end in ends) == ends


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("temperature", -1),
        ("temperature", 2.01),
        ("top_p", -0.01),
        ("top_p", 1.01),
        ("top_k", -1),
        ("top_k", 1001),
        ("min_p", 1.5),
        ("presence_penalty", -2.1),
        ("repetition_penalty", 0),
        ("max_new_tokens", 0),
        ("max_new_tokens", 1_000_001),
        ("seed", -1),
        ("seed", SEED_MAXIMUM + 1),
        ("thinking_budget", -1),
    ],
)
def test_what_is_out_of_range_is_refused(name: str, value: float) -> None:
    assert repr(value) in refusal(name, value)


@pytest.mark.parametrize("name", NUMBERS + INTEGERS)
@pytest.mark.parametrize(
    "value",
    ["hot", "0.7", True, False, [], {}, float("nan"), float("inf"), float("-inf"), 10**400],
    ids=repr,
)
def test_what_is_no_number_is_refused(name: str, value: object) -> None:
    message = refusal(name, value)
    assert message.startswith(f"{name} is {repr(value)[:79]}")
    assert f", but must be {FIELD_BY_NAME[name].allowed()}" in message
    assert len(message) < 250, "a long value is cut"


@pytest.mark.parametrize("name", INTEGERS)
def test_an_integer_is_never_rounded(name: str) -> None:
    assert "1.5" in refusal(name, 1.5)


def test_a_whole_number_is_an_integer_however_it_is_written() -> None:
    value = parse_value("top_k", 20.0)
    assert (value, type(value)) == (20, int)


def test_a_number_becomes_a_float() -> None:
    value = parse_value("temperature", 1)
    assert (value, type(value)) == (1.0, float)


def test_the_largest_seed_keeps_every_digit() -> None:
    assert parse_value("seed", SEED_MAXIMUM) == SEED_MAXIMUM == 9223372036854775807


@pytest.mark.parametrize("name", OPTIONAL)
def test_null_is_a_value_of_what_is_optional(name: str) -> None:
    assert parse_value(name, None) is None


@pytest.mark.parametrize("name", REQUIRED)
def test_null_is_refused_elsewhere(name: str) -> None:
    assert refusal(name, None).startswith(f"{name} is empty")


@pytest.mark.parametrize(
    ("value", "stop"),
    [([], ()), (["\n\n", "END"], ("\n\n", "END")), (("a",), ("a",)), ("END", ("END",))],
)
def test_stop_strings_are_a_list_or_one_string(value: object, stop: tuple[str, ...]) -> None:
    assert parse_value("stop", value) == stop


@pytest.mark.parametrize(
    "value", ["", [""], ["a", 1], ["a"] * 17, 5, {"a": 1}, b"ab", {"a", "b"}, iter("ab")]
)
def test_what_are_no_stop_strings_is_refused(value: object) -> None:
    assert "stop" in refusal("stop", value)


def test_a_lone_surrogate_is_no_stop_string() -> None:
    assert refusal("stop", ["ok", "a\ud800"]).startswith("stop has a character")


def test_the_refusal_names_the_key_the_value_and_the_allowed() -> None:
    assert refusal("temperature", "hot") == (
        "temperature is 'hot', but must be a number from 0 to 2. Change it."
    )
    assert refusal("seed", 1.5) == (
        "seed is 1.5, but must be an integer from 0 to 9223372036854775807 or null. Change it."
    )
    assert refusal("stop", 5) == "stop is 5, but must be at most 16 non-empty strings. Change it."


def test_an_unknown_key_is_refused_with_the_known_ones() -> None:
    message = refusal("temprature", 1)
    assert "'temprature'" in message
    assert all(field.name in message for field in FIELDS)


def test_changes_are_laid_over_the_base() -> None:
    base = Sampling(temperature=0.6, top_k=20)
    assert parse_sampling({"temperature": 0, "seed": 5}, base) == Sampling(0.0, top_k=20, seed=5)


def test_no_changes_leave_the_base() -> None:
    base = Sampling(temperature=0.6)
    assert parse_sampling({}, base) == base


@pytest.mark.parametrize(("temperature", "greedy"), [(0.0, True), (0.05, False)])
def test_greedy_is_temperature_zero(temperature: float, greedy: bool) -> None:
    assert Sampling(temperature=temperature).greedy is greedy
