"""`from playground import compare`: both lanes from a script, and live in Jupyter."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from playground import compare, jupyter, script
from playground.comparison.run import Comparison
from playground.domain.errors import BadRequest
from playground.domain.events import ThoughtClosed
from playground.results.value import from_json
from tests.played import BROKEN, Played, comparison_of, demo_pair
from tests.samples import answer, ended, saying, started, thought

Use = Callable[..., Comparison]


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Use:
    """Makes `compare` use these engines."""

    def use(*engines: Played) -> Comparison:
        comparison = comparison_of(*engines)
        monkeypatch.setattr(script, "own_comparison", lambda: comparison)
        return comparison

    return use


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
        history=[{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}],
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
    requests = script.requests_for(comparison, "Why?", {}, "demo")
    compared = script.ask(comparison, requests, stopped=engine.answering.is_set)
    assert [r.ending for r in compared.lanes.values()] == ["user", "user"]
    assert compared.left.output.answer.startswith("Left")


def test_a_keyboard_interrupt_ends_the_lanes_shows_what_came_and_goes_on() -> None:
    left = Played("demo-instruct", saying("Left"), endless=True)
    right = demo_pair()[1]
    comparison = comparison_of(left, right)
    requests = script.requests_for(comparison, "Why?", {}, "demo")
    shown = []

    def show(folds: script.Folds) -> None:
        shown.append({lane: fold.result() for lane, fold in folds.items()})
        if len(shown) == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        script.ask(comparison, requests, show)
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


class Jupyter:
    """A stand-in for IPython inside a Jupyter kernel."""

    def __init__(self) -> None:
        self.shell = SimpleNamespace(kernel=object(), execution_count=3)
        self.shown: list[str] = []
        self.handle = SimpleNamespace(update=self.shown.append)

    def display(self, html: str, display_id: bool) -> SimpleNamespace:
        self.shown.append(html)
        return self.handle


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> Jupyter:
    kernel = Jupyter()
    ipython, display = ModuleType("IPython"), ModuleType("IPython.display")
    ipython.get_ipython = lambda: kernel.shell  # type: ignore[attr-defined]
    display.HTML, display.display = str, kernel.display  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    monkeypatch.setitem(sys.modules, "IPython.display", display)
    return kernel


def test_jupyter_shows_the_lanes_in_place_and_ends_with_their_answers(
    use: Use, kernel: Jupyter
) -> None:
    use(*demo_pair())
    compare("Why?")
    assert kernel.shown[0] == ""
    assert "<p>Left says.</p>" in kernel.shown[-1] and "<p>Right says.</p>" in kernel.shown[-1]


def test_what_is_on_display_already_is_not_shown_twice_in_its_cell(
    use: Use, kernel: Jupyter
) -> None:
    use(*demo_pair())
    compared = compare("Why?")
    compared._ipython_display_()
    kernel.shell.execution_count += 1
    with pytest.raises(NotImplementedError):
        compared._ipython_display_()


def test_a_terminal_ipython_is_a_plain_script(use: Use, kernel: Jupyter) -> None:
    del kernel.shell.kernel
    use(*demo_pair())
    assert compare("Why?").shown_in is None
    assert kernel.shown == []


def test_the_display_waits_between_updates_but_never_misses_the_end() -> None:
    now = [0.0]
    shown: list[str] = []
    display = jupyter.LiveDisplay(shown.append, lambda: now[0])
    comparison = comparison_of(*demo_pair())
    script.ask(comparison, script.requests_for(comparison, "Why?", {}, "demo"), display.show)
    assert "running" in shown[0]
    assert "ended by itself" in shown[-1]
    assert len(shown) <= 3


HOSTILE = "<script>alert(1)</script>"


def test_model_text_never_becomes_markup_in_jupyter(use: Use) -> None:
    events = [started(), thought(HOSTILE, 1.0), ThoughtClosed(2.0), answer(HOSTILE, 3.0), ended()]
    use(*demo_pair(saying(HOSTILE), events))
    page = compare("Why?")._repr_html_()
    assert "<script" not in page and page.count("&lt;script&gt;") == 3


def test_markdown_has_the_answers_and_a_table_of_the_figures(use: Use) -> None:
    use(*demo_pair())
    text = compare("Why?")._repr_markdown_()
    assert "**demo-instruct** (ended by itself)\n\nLeft says." in text
    assert "| generated tokens | 3 | 3 |" in text
