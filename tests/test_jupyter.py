"""A comparison in a Jupyter cell: live in place, then with the run to read back."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from playground import compare, compare_each, jupyter, running, script
from playground.domain.events import Loading, ThoughtClosed
from playground.domain.request import Lane
from playground.notebook.packing import run_from
from playground.results.fold import Fold, fold
from playground.results.value import Result
from tests.played import BROKEN, comparison_of, demo_pair
from tests.samples import answer, ended, request, saying, started, thought

Shown = tuple[dict[str, Any], dict[str, Any]]


class Jupyter:
    """A stand-in for IPython inside a Jupyter kernel."""

    def __init__(self) -> None:
        self.shell = SimpleNamespace(kernel=object(), execution_count=3)
        self.shown: list[Shown] = []
        self.values: list[object] = []

    def display(self, data: Any, **options: Any) -> SimpleNamespace:
        if not options:
            self.values.append(data)
        return SimpleNamespace(update=self.update)

    def update(self, data: dict[str, Any], raw: bool, metadata: dict[str, Any]) -> None:
        assert raw
        self.shown.append((data, metadata))


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> Jupyter:
    kernel = Jupyter()
    ipython, display = ModuleType("IPython"), ModuleType("IPython.display")
    ipython.get_ipython = lambda: kernel.shell  # type: ignore[attr-defined]
    display.display = kernel.display  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    monkeypatch.setitem(sys.modules, "IPython.display", display)
    comparison = comparison_of(*demo_pair())
    monkeypatch.setattr(script, "own_comparison", lambda: comparison)
    return kernel


def test_the_lanes_are_shown_in_place_and_end_with_their_answers_and_the_run(
    kernel: Jupyter,
) -> None:
    compared = compare("Why?")
    (first, nothing), (last, metadata) = kernel.shown[0], kernel.shown[-1]
    assert "running" in first["text/html"] and nothing == {} and "text/markdown" not in first
    assert "<p>Left says.</p>" in last["text/html"] and "<p>Right says.</p>" in last["text/html"]
    assert "Left says." in last["text/markdown"]
    assert last["text/plain"] == "demo-instruct: Left says.\ndemo-thinking: Right says."
    run = run_from(metadata["playground"]["run"])
    assert run.results == compared.results and run.id == compared.left.request.id


def test_each_run_has_a_display_of_its_own_with_its_values(kernel: Jupyter) -> None:
    done = compare_each("{{a}}?", {"a": ["1", "2"]})
    runs = [run_from(data["playground"]["run"]) for _, data in kernel.shown if data]
    assert {run.values for run in runs} == {(("a", "1"),), (("a", "2"),)}
    done._ipython_display_()  # type: ignore[attr-defined]
    assert tuple(kernel.values) == done, "each decides for itself"


def test_what_is_on_display_already_is_not_shown_twice_in_its_cell(kernel: Jupyter) -> None:
    compared = compare("Why?")
    compared._ipython_display_()
    kernel.shell.execution_count += 1
    with pytest.raises(NotImplementedError):
        compared._ipython_display_()


def test_a_terminal_ipython_is_a_plain_script(kernel: Jupyter) -> None:
    del kernel.shell.kernel
    assert compare("Why?").shown_in is None
    assert kernel.shown == []


def test_a_lane_that_failed_is_shown(kernel: Jupyter, monkeypatch: pytest.MonkeyPatch) -> None:
    left, right = demo_pair()
    left.error = BROKEN
    monkeypatch.setattr(script, "own_comparison", lambda: comparison_of(left, right))
    compare("Why?")
    assert "<p>It broke. Run it again.</p>" in kernel.shown[-1][0]["text/html"]


def test_an_interrupted_run_is_kept() -> None:
    kept: list[dict[str, Any]] = []

    def update(_shown: dict[str, Any], metadata: dict[str, Any]) -> None:
        kept.append(metadata)
        if len(kept) == 1:
            raise KeyboardInterrupt

    comparison = comparison_of(*demo_pair())
    requests = running.requests_for(comparison, "Why?", {}, "demo")
    with pytest.raises(KeyboardInterrupt):
        running.ask(comparison, requests, jupyter.LiveDisplay(update).show)
    run = run_from(kept[-1]["playground"]["run"])
    assert [result.ending for result in run.results] == ["interrupted", "interrupted"]


def test_the_display_waits_between_updates_but_never_misses_the_end() -> None:
    shown: list[str] = []
    display = jupyter.LiveDisplay(lambda data, _: shown.append(data["text/html"]), (), lambda: 0.0)
    comparison = comparison_of(*demo_pair())
    running.ask(comparison, running.requests_for(comparison, "Why?", {}, "demo"), display.show)
    assert "running" in shown[0]
    assert "ended by itself" in shown[-1]
    assert len(shown) <= 3


HOSTILE = "<script>alert(1)</script>"


def test_a_download_is_seen_while_it_lasts() -> None:
    shown: list[str] = []
    display = jupyter.LiveDisplay(lambda data, _: shown.append(data["text/html"]), (), lambda: 0.0)
    growing = Fold(request("left", model="demo-instruct"))
    growing.apply(Loading(10**9, 4 * 10**9, "bytes", 1.0))
    display.show({"left": growing})
    assert "<p>downloading… 25 % · 1.0 GB of 4.0 GB</p>" in shown[0]


def test_model_text_never_becomes_markup() -> None:
    events = [started(), thought(HOSTILE, 1.0), ThoughtClosed(2.0), answer(HOSTILE, 3.0), ended()]
    results: dict[Lane, Result] = {
        "left": fold(request("left", model="demo-instruct"), saying(HOSTILE)),
        "right": fold(request("right", model="demo-thinking"), events),
    }
    page = jupyter.to_html(results)
    assert "<script" not in page and page.count("&lt;script&gt;") == 3
    outside_code = "".join(jupyter.to_markdown(results).split("```")[::2])
    assert outside_code.count("\\<script>") == outside_code.count("<script") == 2


def test_markdown_has_the_answers_and_a_table_of_the_figures(kernel: Jupyter) -> None:
    text = compare("Why?")._repr_markdown_()
    assert "demo-instruct**\n\nLeft says." in text
    assert "| generated tokens | 3 | 3 |" in text
