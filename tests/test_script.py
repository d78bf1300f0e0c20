"""`from playground import compare, compare_each`: the lanes from a script."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from playground import compare, compare_each, compare_list, running, script
from playground.comparison.run import Comparison
from playground.domain.errors import BadRequest
from playground.domain.expected import Expected
from playground.results.value import from_json
from tests.played import BROKEN, Played, comparison_of, demo_pair
from tests.samples import saying

Use = Callable[..., Comparison]


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Use:
    """Makes `compare` use these engines."""

    def use(*engines: Played) -> Comparison:
        comparison = comparison_of(*engines)
        monkeypatch.setattr(script, "own_comparison", lambda: comparison)
        return comparison

    monkeypatch.setattr(script, "_previous", {})
    return use


HISTORY: Any = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]


def test_both_results_come_back(use: Use) -> None:
    use(*demo_pair())
    compared = compare("Why?")
    assert compared.left.output.answer == "Left says."
    assert compared.right.output.answer == "Right says."


def test_options_reach_the_lanes(use: Use) -> None:
    left, right = demo_pair()
    use(left, right)
    compare(
        "Why?",
        system="Be brief.",
        history=HISTORY,
        sampling={"temperature": 0.1, "seed": 4},
        right={"sampling": {"temperature": 0.2}},
        schedule="together",
    )
    ours, theirs = left.requests[0], right.requests[0]
    assert (ours.system, ours.schedule, len(ours.history)) == ("Be brief.", "together", 2)
    assert (ours.sampling.temperature, theirs.sampling.temperature) == (0.1, 0.2)
    assert ours.sampling.seed == theirs.sampling.seed == 4
    assert ours.sampling.top_k == 20, "the model's own default"


def test_a_lane_takes_a_models_name_alone(use: Use) -> None:
    left, right = demo_pair()
    use(left, right)
    compared = compare("Why?", right="demo-instruct")
    assert compared.right.request.model == "demo-instruct"
    assert len(left.requests) == 2 and right.requests == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"sampling": {"temperature": "hot"}}, "temperature is 'hot'"),
        ({"pair": "nobody"}, "Unknown pair 'nobody'"),
        ({"left": {"modle": "x"}}, "Unknown key 'modle' in left"),
        ({"left": "not a model"}, "'not a model' is not a model name"),
        ({"schedule": "never"}, "schedule is 'never'"),
    ],
)
def test_a_bad_request_raises_and_names_the_value(
    use: Use, wrong: dict[str, Any], words: str
) -> None:
    left, right = demo_pair()
    use(left, right)
    with pytest.raises(BadRequest, match=words):
        compare("Why?", **wrong)
    assert left.requests == right.requests == []


def test_a_lanes_failure_is_a_result(use: Use) -> None:
    left, right = demo_pair()
    left.error = BROKEN
    use(left, right)
    compared = compare("Why?")
    assert compared.left.error is not None and "It broke" in compared.left.error.message
    assert compared.right.output.answer == "Right says."


def test_json_can_be_read_back(use: Use) -> None:
    use(*demo_pair())
    compared = compare("Why?")
    assert from_json(compared.to_json()["right"]) == compared.right


def test_asking_for_a_stop_ends_the_lanes_with_what_came() -> None:
    engine = Played("demo-instruct", saying("Left"), endless=True)
    comparison = comparison_of(engine, demo_pair()[1])
    requests = running.requests_for(comparison, "Why?", {}, "demo")
    compared = running.ask(comparison, requests, stopped=engine.answering.is_set)
    assert [r.ending for r in compared.lanes.values()] == ["user", "user"]
    assert compared.left.output.answer.startswith("Left")


def test_a_keyboard_interrupt_ends_the_lanes_shows_what_came_and_goes_on() -> None:
    left = Played("demo-instruct", saying("Left"), endless=True)
    right = demo_pair()[1]
    comparison = comparison_of(left, right)
    requests = running.requests_for(comparison, "Why?", {}, "demo")
    shown = []

    def show(folds: running.Folds) -> None:
        shown.append({lane: fold.result() for lane, fold in folds.items()})
        if len(shown) == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        running.ask(comparison, requests, show)
    assert left.ended.wait(10)
    assert [result.ending for result in shown[-1].values()] == ["interrupted", "interrupted"]
    assert shown[-1]["left"].output.answer.startswith("Left")


def test_importing_the_package_loads_no_library() -> None:
    heavy = "{'torch', 'transformers', 'gradio', 'pandas', 'markdown_it', 'numpy'}"
    code = f"import sys, playground; print(sorted({heavy} & set(sys.modules)))"
    assert run_python(code) == "[]"


def test_importing_compare_loads_neither_a_model_library_nor_the_page() -> None:
    heavy = "{'torch', 'transformers', 'gradio', 'pandas'}"
    code = f"import sys; from playground import compare; print(sorted({heavy} & set(sys.modules)))"
    assert run_python(code) == "[]"


def run_python(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    ).stdout.strip()


def test_the_package_has_nothing_else() -> None:
    import playground

    with pytest.raises(AttributeError, match="contrast"):
        _ = playground.contrast


def test_a_lane_may_have_a_history_of_its_own(use: Use) -> None:
    left, right = demo_pair()
    use(left, right)
    compare("Why?", left={"history": HISTORY})
    assert left.requests[0].history[0].content == "Hi" and right.requests[0].history == ()


@pytest.mark.parametrize(
    ("tag", "ran", "other"), [("think", "right", "left"), ("no_think", "left", "right")]
)
def test_a_tag_at_the_end_asks_only_the_lanes_that_think_or_do_not(
    use: Use, tag: str, ran: str, other: str
) -> None:
    use(*demo_pair())
    compared = compare(f"Why? /{tag}")
    assert list(compared.lanes) == list(compared.to_json()) == [ran]
    assert getattr(compared, ran).request.prompt == "Why?"
    with pytest.raises(BadRequest, match=f"The {other} lane did not run"):
        getattr(compared, other)
    assert compared._repr_markdown_().count("demo-") == 2, "its label, and the table's column"
    assert compared._repr_html_().count("<td>") > 5


def test_a_tag_switches_a_hybrids_thinking(use: Use) -> None:
    off = Played("Qwen/Qwen3-0.6B?thinking=off", saying("Off."))
    on = Played("Qwen/Qwen3-0.6B", saying("On."))
    on.card = replace(on.card, thinks=True)
    use(off, on)
    for named in ({"pair": "qwen3-0.6b"}, {"left": off.card.name, "right": on.card.name}):
        both = compare("Why? /think", **named)  # type: ignore[arg-type]
        assert [result.output.answer for result in both.results] == ["On.", "On."]
    with pytest.raises(BadRequest, match="no lane answers without thinking"):
        use(*demo_pair())
        compare("Why? /no_think", left="demo-thinking")


def test_each_combination_of_values_is_asked(use: Use) -> None:
    left, _ = pair = demo_pair()
    use(*pair)
    done = compare_each(
        "{{a}} {{b}} {{c}}?", {"a": ["1", "2"], "b": ("x", "y")}, schedule="together"
    )
    assert [request.prompt for request in left.requests] == [
        "1 x {{c}}?",
        "1 y {{c}}?",
        "2 x {{c}}?",
        "2 y {{c}}?",
    ]
    assert [compared.left.request.prompt for compared in done] == [
        request.prompt for request in left.requests
    ]
    assert {request.schedule for request in left.requests} == {"together"}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"a": "French"}, "values has 'French', but each name must have a list of texts"),
        ({"a": [1]}, r"values has \[1\]"),
        (["French"], r"values has \['French'\]"),
        ({"a": ["x"] * 101}, "make 101 runs"),
    ],
)
def test_values_that_are_none_are_refused(use: Use, values: Any, words: str) -> None:
    use(*demo_pair())
    with pytest.raises(BadRequest, match=words):
        compare_each("{{a}}?", values)


def test_a_list_is_asked_problem_by_problem(use: Use, tmp_path: Path) -> None:
    left, right = pair = demo_pair()
    use(*pair)
    table = "question,answer,level\n1 + 1?,2,1\n2 + 2?,4,2\n"
    path = tmp_path / "sums.csv"
    path.write_text(table, "utf-8")
    for problems in (table, path, str(path)):
        done = compare_list("Now: {{prompt}}", problems, repeats=2, budgets=[0, 8])
        assert [(each.repeat, dict(each.values)["prompt"]) for each in done[::2]] == [
            (0, "1 + 1?"),
            (0, "2 + 2?"),
            (1, "1 + 1?"),
            (1, "2 + 2?"),
        ]
        assert [len(each.lanes) for each in done] == [2, 1] * 4
        assert (done[0].expected, done[0].tags) == (Expected("value", ("2",)), ("level 1",))
    budgets = [request.sampling.thinking_budget for request in right.requests]
    assert (len(left.requests), budgets) == (12, [0, 8] * 12)
    seeds = [request.sampling.seed or 0 for request in right.requests[:8]]
    assert {seed - seeds[0] for seed in seeds[:4]} == {0}
    assert {seed - seeds[0] for seed in seeds[4:]} == {1}


def test_repeats_of_one_prompt_count_on_from_the_seed_that_is_set(use: Use) -> None:
    left, right = pair = demo_pair()
    use(*pair)
    done = compare(
        "Why?",
        repeats=2,
        expected="42",
        sampling={"seed": 7},
        right={"sampling": {"seed": 40}},
    )
    assert isinstance(done, tuple) and done[1].expected == Expected("value", ("42",))
    assert [request.sampling.seed for request in left.requests] == [7, 8]
    assert [request.sampling.seed for request in right.requests] == [40, 41]


def test_one_run_is_no_tuple_also_with_an_expected_answer(use: Use) -> None:
    use(*demo_pair())
    assert compare("Why?", expected=42).expected == Expected("value", ("42",))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"repeats": 0}, "repeats is 0"),
        ({"budgets": [-1]}, "budgets has -1"),
        ({"expected": {"kind": "vibes"}}, "expected.kind is 'vibes'"),
        ({"problems": [7]}, "problems must be a list of objects"),
        (
            {"problems": [{"prompt": "a", "expected": {"kind": "pattern", "value": "("}}]},
            r"Problem 1: expected.value is '\('",
        ),
        ({"problems": "nowhere.csv"}, "There is no file 'nowhere.csv'"),
        ({"prompt": "No name."}, "none of the list's columns"),
    ],
)
def test_a_list_that_cannot_be_is_refused(use: Use, given: dict[str, Any], words: str) -> None:
    use(*demo_pair())
    with pytest.raises(BadRequest, match=words):
        compare_list(**{"prompt": "{{prompt}}", "problems": [{"prompt": "a"}], **given})


def test_an_option_that_is_none_is_refused(use: Use) -> None:
    use(*demo_pair())
    with pytest.raises(BadRequest, match="Unknown key 'heat'"):
        compare_each("{{a}}?", {"a": ["x"]}, heat=1)  # type: ignore[call-arg]
