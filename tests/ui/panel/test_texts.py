"""What the panel says: the verdict, the four counts, how it was computed, what was left out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from playground.notebook.document import PromptCell
from playground.ui.panel import texts
from playground.ui.panel.weighed import Weighed, Weighing
from playground.ui.session import Session
from playground.words import speaking
from tests.judged import book, listed, plain, run_of

Weigh = Callable[..., Weighed]
OTHERS = ("Qwen/Qwen3-4B-Instruct-2507", "Qwen/Qwen3-4B-Thinking-2507")


@pytest.fixture
def weigh(session: Session) -> Weigh:
    def weighed(*cells: PromptCell, in_public: bool = False) -> Weighed:
        session.install(book(*cells), session.settings)
        return Weighing(in_public).weigh(session)

    return weighed


def test_the_words_are_the_verdicts_as_text(weigh: Weigh) -> None:
    said = texts.words(weigh(listed(40)))
    assert said.startswith("Thinking is right ") and "paired, p " in said
    assert texts.words(weigh(PromptCell())) == "No run has come to its end here yet."


def test_the_four_counts_are_of_the_pairs(weigh: Weigh) -> None:
    weighed = weigh(listed(40))
    found = weighed.verdict.paired.counts  # type: ignore[union-attr]
    lines = texts.counts(weighed.verdict).splitlines()
    assert lines[0] == "| | Instruct right | Instruct not right |"
    assert lines[2:] == [
        f"| Thinking right | {found.both_right} | {found.only_right} |",  # type: ignore[union-attr]
        f"| Thinking not right | {found.only_left} | {found.neither} |",  # type: ignore[union-attr]
    ]


def test_without_anything_expected_there_are_no_counts(weigh: Weigh) -> None:
    assert texts.counts(weigh(listed(12, judged=False)).verdict) == ""
    assert texts.counts(None) == ""


def test_the_method_names_what_was_used_and_of_how_much(weigh: Weigh) -> None:
    said = texts.method(weigh(listed(12)))
    for words in (
        "demo-instruct (left lane), demo-thinking (right lane)",
        "Instruct: 12 runs of 12 problems, 12 of them judged.",
        "Wilson's for a share.",
        "McNemar's exact test",
        "Each tag's p is corrected",
        "Under 5 problems",
    ):
        assert words in said
    assert "Not counted" not in said and "Not in this verdict" not in said


def test_one_run_of_one_problem_is_called_so(weigh: Weigh) -> None:
    said = texts.method(weigh(plain("one", run_of(1, "What is 1 + 1?", ("**2**", "**2**")))))
    assert "Instruct: 1 run of 1 problem, 0 of them judged." in said


def test_the_method_of_repeats_is_another_one(weigh: Weigh) -> None:
    said = texts.method(weigh(listed(12, repeats=3)))
    assert "repeats of one problem are alike" in said and "sign-flip test" in said
    assert "McNemar" not in said


def test_the_method_says_what_was_left_out_and_why(weigh: Weigh) -> None:
    old = plain("old", run_of(0, "What is 1 + 1?", ("**2**", "**2**"), models=OTHERS))
    said = texts.method(weigh(old, listed(12, stopped=2)))
    assert "stopped, failed or interrupted: 4 results." in said
    models = "Qwen3-4B-Instruct-2507 · Qwen3-4B-Thinking-2507"
    assert f"under other models or settings: 2 results ({models}," in said


def test_a_public_page_says_how_many_runs_it_does_not_weigh(
    weigh: Weigh, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.ui.panel.weighed.MOST_PUBLIC_RUNS", 8)
    said = texts.method(weigh(listed(12), in_public=True))
    assert "Older runs that this page does not weigh: 4." in said


def test_how_much_thinking_is_enough_is_said_of_budgets_that_were_tried(weigh: Weigh) -> None:
    assert texts.enough(weigh(listed(12))) == ""
    said = texts.enough(weigh(listed(40, budgets=(64, None))))
    rows = [line for line in said.splitlines() if line.startswith("|")]
    assert [row.split("|")[1].strip() for row in rows[2:]] == ["no thinking", "64", "free"]


def test_words_of_a_stranger_are_text(weigh: Weigh) -> None:
    hostile = "demo-thinking?note=![x](http://x)"
    run = run_of(1, "Why?", ("a", "b"), models=("demo-instruct", hostile))
    assert "![x]" not in texts.method(weigh(plain("a", run)))


def test_all_of_it_speaks_portuguese(weigh: Weigh) -> None:
    weighed = weigh(listed(40, budgets=(64, None)))
    with speaking("pt-BR"):
        for said in (texts.words(weighed), texts.method(weighed), texts.enough(weighed)):
            assert not any(word in said for word in (" right", " the ", " of "))
