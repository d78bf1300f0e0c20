"""A list's runs as rows, and as one report."""

from __future__ import annotations

from dataclasses import replace

from playground.domain.expected import Expected
from playground.domain.request import RunId
from playground.notebook.document import PromptCell, Run
from playground.notebook.problems import Problem
from playground.results.fold import fold
from playground.results.value import Result, from_json
from playground.verdict.from_document import groups_of_cell
from playground.verdict.reports import counts_words, report_of, said
from playground.verdict.rows import list_data, rows_of
from playground.words import speaking
from tests.samples import request, saying

PROBLEMS = tuple(
    Problem((("prompt", f"{n} + {n}?"),), Expected("value", (str(2 * n),)), ("sum",))
    for n in (1, 2)
)


def result(lane: str, run: str, prompt: str, answer: str) -> Result:
    asked = request(lane, id=RunId(run), prompt=prompt)  # type: ignore[arg-type]
    return fold(asked, saying(answer))


def run(number: int, n: int, left: str, right: str | None, repeat: int = 0) -> Run:
    prompt, name = f"{n} + {n}?", f"r{number}"
    results = [result("left", name, prompt, left)]
    results += [] if right is None else [result("right", name, prompt, right)]
    return Run(RunId(name), number, tuple(results), (("prompt", prompt),), repeat)


CELL = PromptCell(
    prompt="{{prompt}}",
    problems=PROBLEMS,
    repeats=2,
    runs=(
        run(1, 1, "**2**", "**2**"),
        run(2, 2, "**5**", "**4**"),
        run(3, 3, "**6**", None),
        run(4, 1, "**3**", "**2**", 1),
    ),
)


def test_a_row_has_its_problem_what_was_expected_and_both_judged_results() -> None:
    rows = rows_of(CELL)
    assert [(row.number, row.repeat) for row in rows] == [(1, 0), (2, 0), (None, 0), (1, 1)]
    assert (rows[1].expected, rows[1].tags) == (Expected("value", ("4",)), ("sum",))
    assert {lane: each.kind for lane, each in rows[1].grades.items()} == {
        "left": "wrong",
        "right": "right",
    }
    assert rows[1].agreement is not None and rows[1].agreement.kind == "disagree"
    assert rows[2].agreement is None and rows[2].grades == {}, "it is not in the list any more"


def test_the_data_have_whole_results_and_null_for_a_lane_that_did_not_run() -> None:
    data = list_data(CELL)
    first, gone = data["rows"][0], data["rows"][2]
    assert from_json(first["left"]).output.answer == "**2**"
    assert (first["expected"], first["values"]) == ("2", {"prompt": "1 + 1?"})
    assert gone["right"] is None and gone["problem"] is None
    assert data["verdict"]["paired"]["problems"] == 2 and "n = 2" in data["words"]
    empty = list_data(replace(CELL, runs=()))
    assert empty == {"rows": [], "verdict": None, "curves": [], "words": "", "notes": []}


def test_a_report_ends_with_the_four_counts_in_the_language_that_is_spoken() -> None:
    report = report_of(groups_of_cell(CELL)[0])
    assert said([report]) == "\n".join(report.lines) + "\n"
    verdict = report.verdict
    words = "Both right 1, only Left 0, only Right 2, neither 0."
    assert counts_words(verdict) == words
    with speaking("pt-BR"):
        assert counts_words(verdict).startswith("Ambos certos 1")
    assert counts_words(replace(verdict, paired=None)) == ""


def test_a_list_without_budgets_has_no_curve() -> None:
    assert list_data(CELL)["curves"] == []
