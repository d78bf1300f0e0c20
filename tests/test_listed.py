"""What asking many times gives back: rows, a table, a verdict, a file; live in Jupyter."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from playground import compare, compare_each, compare_list, script
from playground.compared import Compared
from playground.comparison.run import Comparison
from playground.domain.errors import BadRequest
from playground.domain.text import as_markdown_text
from playground.notebook.packing import run_from
from playground.notebook.storage import read
from tests.listed import Reckoning
from tests.played import Played, comparison_of, demo_pair
from tests.test_jupyter import Jupyter
from tests.test_jupyter import kernel as kernel

PROBLEMS = [
    {"prompt": "One?", "expected": "Left says.", "tags": ["a", "b"]},
    {"prompt": "<b>Two</b>?", "expected": 7},
]
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


def test_one_comparison_says_who_is_right_and_whether_both_agree(use: Use) -> None:
    use(*demo_pair())
    compared = compare("Why?", expected="Left says.")
    assert {lane: each.kind for lane, each in compared.grades.items()} == {
        "left": "right",
        "right": "wrong",
    }
    assert compared.agreement is not None and compared.agreement.left is not None
    assert compared.to_json()["judged"]["left"]["grade"] == "right"
    assert "judged" not in compare("Why?").to_json()
    assert compare("Why?").grades == {}


def test_a_list_is_its_runs_and_has_rows_a_table_and_a_verdict(use: Use) -> None:
    use(*demo_pair())
    done = compare_list(problems=PROBLEMS, repeats=2)
    assert [type(each) for each in done] == [Compared] * 4
    assert [row.number for row in done.rows] == [1, 2, 1, 2]
    assert done.verdict is not None and done.verdict.problems == 2
    assert "n = 2" in done.words and "only Left 2, only Right 0" in done.words
    table = done.table()
    assert list(table["left_grade"]) == ["right", "wrong"] * 2
    assert list(table["tags"]) == ["a, b", ""] * 2
    assert list(table["prompt"])[1] == "<b>Two</b>?"
    data = done.to_json()
    assert [row["repeat"] for row in data["rows"]] == [0, 0, 1, 1] and data["words"]


def test_repeats_and_budgets_of_one_prompt_are_such_a_list_too(use: Use) -> None:
    left, right = Reckoning("demo-instruct"), Reckoning("demo-thinking")
    use(left, right)
    done = compare("Why?", budgets=[0, None], repeats=2, sampling={"seed": 3})
    assert [row.budget for row in done.rows] == [0, None] * 2
    assert [each.repeat for each in done] == [0, 0, 1, 1]
    assert [len(each.lanes) for each in done] == [2, 1, 2, 1]
    each = compare_each("{{a}}?", {"a": ["1", "2"]}, repeats=2)
    assert [(one.values, one.repeat) for one in each] == [
        ((("a", "1"),), 0),
        ((("a", "2"),), 0),
        ((("a", "1"),), 1),
        ((("a", "2"),), 1),
    ]


def test_conversations_stand_before_every_run_of_a_list(use: Use) -> None:
    left, right = demo_pair()
    use(left, right)
    history: Any = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]
    compare_list(problems=PROBLEMS, history=history, right={"history": []})
    assert [len(request.history) for request in left.requests] == [2, 2]
    assert [len(request.history) for request in right.requests] == [0, 0]
    compare("First?")
    done = compare_list(problems=PROBLEMS, continues=True)
    said = [[turn.content for turn in each.right.request.history] for each in done]
    assert said == [["First?", "Right says."]] * 2
    assert compare("And?", continues=True).right.request.history[-2].content == "<b>Two</b>?"


def test_a_file_keeps_the_runs_and_what_is_there_is_not_run_again(use: Use, tmp_path: Path) -> None:
    left, right = demo_pair()
    use(left, right)
    file = tmp_path / "list.ipynb"
    first = compare_list(problems=PROBLEMS[:1], file=file)
    done = compare_list(problems=PROBLEMS, file=str(file))
    assert (len(first), len(done), len(left.requests)) == (1, 2, 2)
    (cell,) = read(file.read_text("utf-8"), "list.ipynb")[0].prompts
    assert cell.runs == done.cell.runs
    other = tmp_path / "other.ipynb"
    done.save(other)
    assert read(other.read_text("utf-8"), "x")[0].prompts[0].runs == cell.runs
    with pytest.raises(BadRequest, match="is another list"):
        compare_list(problems=[{"prompt": "Else?"}], file=file)


def test_a_set_is_named_and_may_be_cut(use: Use) -> None:
    left, right = demo_pair()
    use(left, right)
    done = compare_list(problems="demo", limit=3)
    assert len(done) == 3 and all(each.expected for each in done)
    assert len(compare_list(problems=PROBLEMS, limit=1)) == 1
    with pytest.raises(BadRequest, match="limit is 0"):
        compare_list(problems=PROBLEMS, limit=0)


def test_what_cannot_be_asked_raises(use: Use) -> None:
    left, _ = pair = demo_pair()
    use(*pair)
    with pytest.raises(BadRequest, match="temperature is 'hot'"):
        compare_list(problems=PROBLEMS, sampling={"temperature": "hot"})  # type: ignore[typeddict-item]
    with pytest.raises(BadRequest, match="no regular expression"):
        compare("x", expected={"kind": "pattern", "value": "("})
    with pytest.raises(BadRequest, match="The prompt is empty"):
        compare_list(problems=[{"prompt": "x", "y": " "}], prompt="{{y}}")
    assert left.requests == []


def test_in_jupyter_one_display_grows_and_ends_with_the_runs_to_read_back(kernel: Jupyter) -> None:
    done = compare_list(problems=PROBLEMS)
    (first, nothing), (last, metadata) = kernel.shown[0], kernel.shown[-1]
    assert nothing == {} and "run 1 of 2" in first["text/html"]
    assert "only Left" not in first["text/html"], "weighing takes its time"
    html = last["text/html"]
    assert "2 of 2 runs" in html and "only Left 1" in html
    assert "&lt;b&gt;Two&lt;/b&gt;?" in html and "<b>Two" not in html
    assert "right answer" in html
    assert f"| 2 | {as_markdown_text('<b>Two</b>?')} | 7 |" in last["text/markdown"]
    runs = [run_from(run) for run in metadata["playground"]["runs"]]
    assert [run.results for run in runs] == [each.results for each in done]
    done._ipython_display_()
    kernel.shell.execution_count += 1
    with pytest.raises(NotImplementedError):
        done._ipython_display_()
    assert "2 of 2" not in done._repr_html_()


def test_a_judged_comparison_shows_so_in_jupyter(kernel: Jupyter) -> None:
    compared = compare("Why?", expected="Left says.")
    for html in (kernel.shown[-1][0]["text/html"], compared._repr_html_()):
        assert "right answer" in html and "Both final answers" in html
    compare("Why?")
    assert "Both final answers" not in kernel.shown[-1][0]["text/html"]


def test_a_problem_that_is_there_twice_runs_once_and_that_is_said(use: Use) -> None:
    use(*demo_pair())
    done = compare_list(problems=[*PROBLEMS, PROBLEMS[0]])
    assert len(done) == 2
    assert done.words.endswith("\n1 problem is there more than once and runs once.")
    with pytest.raises(BadRequest, match="Problems 2 and 3 ask the same"):
        compare_list(problems=[*PROBLEMS, PROBLEMS[1] | {"expected": 8}])
