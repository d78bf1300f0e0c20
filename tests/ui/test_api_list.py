"""The `/compare_list` endpoint without its web server: what it refuses, tells and stops."""

from __future__ import annotations

from typing import Any

import pytest

from playground import catalog
from playground.comparison.run import Comparison
from playground.domain.errors import BadRequest
from playground.domain.limits import PUBLIC
from playground.domain.visitor import OPERATOR
from playground.ui.api_list import asked_list, list_snapshots
from tests.played import Played, comparison_of, demo_pair
from tests.samples import saying

MODELS = catalog.pair("demo")


def asked_of(comparison: Comparison, problems: Any, **options: Any) -> Any:
    return asked_list(problems, options, MODELS, comparison)


@pytest.mark.parametrize(
    ("problems", "options", "words"),
    [
        ([], {}, "problems must be a list with a problem or more"),
        ([{"prompt": "x"}, {}], {}, r"problems\[1\] has neither prompt nor variables"),
        ([{"promt": "x"}], {}, r"Unknown key 'promt' in problems\[0\]"),
        ([{"prompt": 5}], {}, r"problems\[0\].prompt is 5, but must be a string"),
        ([{"prompt": "x", "tags": "a"}], {}, r"problems\[0\].tags is 'a'"),
        ([{"variables": {"a b": "x"}}], {}, r"problems\[0\].variables: 'a b' is no name"),
        (
            [{"prompt": "x", "expected": {"kind": "number", "value": "many"}}],
            {},
            r"problems\[0\] is refused: expected.value is 'many'",
        ),
        ([{"prompt": "x"}], {"repeats": 0}, "repeats is 0, but must be an integer from 1"),
        ([{"prompt": "x"}], {"budgets": ["much"]}, "budgets has 'much'"),
        ([{"prompt": "x"}], {"template": "No name."}, "none of the list's columns"),
        (
            [{"prompt": "x", "expected": 1}, {"prompt": "x", "expected": 2}],
            {},
            "Problems 1 and 2 ask the same, but different answers are expected",
        ),
        ([{"prompt": "x"}], {"smapling": {}}, "Unknown key 'smapling' in options"),
        ([{"prompt": "x"}], {"sampling": {"top_k": "many"}}, "top_k is 'many'"),
        ([{"prompt": "x"}, {"prompt": " "}], {}, "Run 2 of 2: The prompt is empty"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_runs(
    problems: Any, options: dict[str, Any], words: str
) -> None:
    engines = demo_pair()
    with pytest.raises(BadRequest, match=words):
        asked_of(comparison_of(*engines), problems, **options)
    assert engines[0].requests == []


def test_a_public_page_takes_no_more_runs_than_its_limit() -> None:
    engines = {engine.card.name: engine for engine in demo_pair()}
    comparison = Comparison(engines.__getitem__, limits=PUBLIC)
    problems = [{"prompt": f"{n}?"} for n in range(4)]
    assert len(asked_of(comparison, problems, repeats=2).planned) == 8
    with pytest.raises(BadRequest, match="asks for 12 runs, but 10 is the most"):
        asked_of(comparison, problems, repeats=3)


def test_options_reach_the_lanes_of_every_problem() -> None:
    left, right = demo_pair()
    history = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]
    asked = asked_of(
        comparison_of(left, right),
        [{"prompt": "One?"}, {"prompt": "Two?"}],
        template="Briefly: {{prompt}}",
        system="Be brief.",
        history=history,
        sampling={"seed": 4, "top_k": 3},
        right={"sampling": {"top_k": 5}},
        budgets=[8, None],
    )
    list(list_snapshots(comparison_of(left, right), asked, OPERATOR, iter(range(999)).__next__))
    assert [request.prompt for request in left.requests] == ["Briefly: One?", "Briefly: Two?"]
    assert [request.sampling.thinking_budget for request in right.requests] == [8, None] * 2
    first, thinking = left.requests[0], right.requests[0]
    assert (first.system, len(first.history), first.sampling.seed) == ("Be brief.", 2, 4)
    assert (first.sampling.top_k, thinking.sampling.top_k) == (3, 5)


def test_closing_the_snapshots_stops_the_run_that_goes_on() -> None:
    left = Played("demo-instruct", saying("Left"), endless=True)
    comparison = comparison_of(left, demo_pair()[1])
    asked = asked_of(comparison, [{"prompt": "One?"}, {"prompt": "Two?"}])
    stream = list_snapshots(comparison, asked, OPERATOR, iter(range(99_999)).__next__)
    for _ in stream:
        if left.answering.is_set():
            break
    stream.close()
    assert left.ended.wait(10)
    assert len(left.requests) == 1


def test_time_left_is_told_by_the_runs_that_are_over() -> None:
    comparison = comparison_of(*demo_pair())
    asked = asked_of(comparison, [{"prompt": f"{n}?", "expected": "Left says."} for n in range(4)])
    ticking = iter(range(99_999)).__next__
    *shown, ended = list_snapshots(comparison, asked, OPERATOR, ticking)
    by_done = {each["done"]: each for each in shown}
    assert by_done[0]["left_s"] is None and by_done[3]["left_s"] is not None
    assert by_done[3]["left_s"] < by_done[1]["left_s"]
    assert sum(by_done[3]["counts"]["agreement"].values()) == 3
    assert len(ended["rows"]) == 4


def test_a_public_page_refuses_long_parts_before_they_are_put_together() -> None:
    engines = {engine.card.name: engine for engine in demo_pair()}
    comparison = Comparison(engines.__getitem__, limits=PUBLIC)
    long = "x" * (PUBLIC.request_characters + 1)
    with pytest.raises(BadRequest, match=r"The template has"):
        asked_of(comparison, [{"prompt": "a"}], template="{{prompt}}" + long)
    with pytest.raises(BadRequest, match=r"problems\[1\]\.prompt has"):
        asked_of(comparison, [{"prompt": "a"}, {"prompt": long}])


def test_a_problem_that_is_there_twice_runs_once_and_that_is_noted() -> None:
    comparison = comparison_of(*demo_pair())
    asked = asked_of(comparison, [{"prompt": "x"}, {"prompt": "x"}])
    *_, last = list_snapshots(comparison, asked, OPERATOR, lambda: 0.0)
    assert len(last["rows"]) == 1
    assert last["notes"] == ["1 problem is there more than once and runs once."]
