"""Variables in prompts and the tags that choose a lane."""

import pytest

from playground.domain.errors import BadRequest
from playground.notebook.variables import MOST_RUNS, combinations, filled, names, without_tag


def test_variables_are_found_once_each_in_order() -> None:
    assert names("{{b}} and {{ a }} and {{b}}, not {c}, {{}}, {{1x}} or {{a b}}") == ("b", "a")
    assert names("{{língua}}") == ("língua",)


def test_a_prompt_without_variables_runs_once() -> None:
    assert combinations("plain", (("unused", ("1", "2")),)) == ((),)


def test_each_value_is_a_run_and_two_lists_make_every_pair() -> None:
    variables = (("a", ("1", "2")), ("b", ("x", "y")))
    assert combinations("{{a}}", variables) == ((("a", "1"),), (("a", "2"),))
    assert [dict(values) for values in combinations("{{a}}{{b}}", variables)] == [
        {"a": "1", "b": "x"},
        {"a": "1", "b": "y"},
        {"a": "2", "b": "x"},
        {"a": "2", "b": "y"},
    ]


def test_a_name_without_values_stays_as_it_is() -> None:
    assert combinations("{{a}}", (("a", ()),)) == ((),)
    assert filled("{{a}} {{b}}", (("b", "2"),)) == "{{a}} 2"


def test_too_many_runs_are_refused_with_their_number() -> None:
    values = tuple(str(number) for number in range(20))
    with pytest.raises(BadRequest, match=rf"400 runs.*{MOST_RUNS}"):
        combinations("{{a}}{{b}}", (("a", values), ("b", values)))


def test_a_value_is_not_looked_at_again() -> None:
    assert filled("{{a}}", (("a", r"{{b}} \1"), ("b", "no"))) == r"{{b}} \1"


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("Why? /think", ("Why?", "think")),
        ("Why?\n/no_think \n", ("Why?", "no_think")),
        ("/think", ("", "think")),
        ("and/think", ("and/think", None)),
        ("/think why", ("/think why", None)),
        ("a /thinking", ("a /thinking", None)),
    ],
)
def test_a_tag_counts_only_at_the_end(prompt: str, expected: tuple[str, str | None]) -> None:
    assert without_tag(prompt) == expected


def test_a_prompt_that_its_values_make_too_long_is_refused_before_it_is_made() -> None:
    with pytest.raises(BadRequest, match=r"20,000,000 characters"):
        filled("{{a}}" * 1_000_000, (("a", "x" * 20),))
