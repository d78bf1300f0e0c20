"""Tables and lines of all results: read back, they are the same."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pandas as pd
from hypothesis import given

from playground.domain.expected import Expected
from playground.domain.sampling import SEED_MAXIMUM, Sampling
from playground.notebook.document import Document, PromptCell
from playground.notebook.exports.tables import to_csv, to_jsonl
from playground.results.table import COLUMNS
from playground.results.value import from_json
from tests.notebook.exports.documents import both, everything, run_of, told
from tests.notebook.random_documents import documents


def read(document: Document) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(to_csv(document)), keep_default_na=False)


def test_there_is_a_row_a_lane_of_every_run_not_of_the_shown_ones_alone() -> None:
    table = read(everything())
    assert list(zip(table["cell"], table["run"], table["lane"], strict=True))[:8] == [
        (1, 1, "left"),
        (1, 1, "right"),
        (1, 2, "left"),
        (1, 2, "right"),
        (1, 3, "left"),
        (1, 3, "right"),
        (2, 4, "left"),
        (2, 4, "right"),
    ]
    assert json.loads(table["values"][0]) == {"total": "$1.10"}
    assert table["values"][6] == ""


def test_its_columns_are_those_of_every_table_and_the_values() -> None:
    assert set(read(Document()).columns) == {*COLUMNS, "values"}


def test_a_large_seed_beside_none_stays_exact() -> None:
    runs = [
        run_of(1, [told("left", says="x", sampling=Sampling(seed=SEED_MAXIMUM))]),
        run_of(2, [told("left", says="x", sampling=Sampling(seed=None))]),
    ]
    table = read(Document((PromptCell(prompt="Hi", runs=tuple(runs)),)))
    assert table["seed"].tolist() == [str(SEED_MAXIMUM), ""]


def test_counts_are_integers_and_unknown_is_empty() -> None:
    failed = run_of(1, [told("left", error="It broke."), told("right", trace="Hm.", says="4")])
    table = read(Document((PromptCell(prompt="Hi", runs=(failed,)),)))
    assert table["thinking_tokens"].tolist() == [0, 120]
    assert table["first_token_s"].tolist() == ["", "0.2"]


def test_texts_stay_as_they_are_also_those_that_look_like_a_formula() -> None:
    answer = '=HYPERLINK("x")\n- "one", two\r\n'
    table = read(Document((PromptCell(prompt="Hi", runs=(both(1, says=answer),)),)))
    assert set(table["answer"]) == {answer.replace("\r\n", "\n")} or set(table["answer"]) == {
        answer
    }


def judged() -> Document:
    runs = [told("left", says="**666**"), told("right", trace="Hm.", says="**4,042**")]
    prompt = runs[0].request.question
    expected = Expected("value", ("4042",))
    return Document((PromptCell(prompt=prompt, runs=(run_of(1, runs),), expected=expected),))


def test_each_result_stands_with_its_grade_its_final_answer_and_whether_lanes_agree() -> None:
    table = read(judged())
    columns = ["lane", "expected", "grade", "final_answer", "agreement"]
    assert table[columns].to_numpy().tolist() == [
        ["left", 4042, "wrong", "666", "disagree"],
        ["right", 4042, "right", "4,042", "disagree"],
    ]
    lines = [json.loads(line) for line in to_jsonl(judged()).splitlines()]
    assert [{name: line[name] for name in columns[1:]} for line in lines] == [
        {"expected": "4042", "grade": "wrong", "final_answer": "666", "agreement": "disagree"},
        {"expected": "4042", "grade": "right", "final_answer": "4,042", "agreement": "disagree"},
    ]


def test_a_line_is_a_result_with_its_place() -> None:
    document = everything()
    lines = [json.loads(line) for line in to_jsonl(document).split("\n")[:-1]]
    place = {key: lines[0][key] for key in ("cell", "cell_id", "run", "values")}
    assert place == {"cell": 1, "cell_id": "ball", "run": 1, "values": {"total": "$1.10"}}
    results = [result for cell in document.prompts for run in cell.runs for result in run.results]
    assert [from_json(line) for line in lines] == results


@given(documents())
def test_any_document_comes_back_line_by_line(document: Document) -> None:
    lines = to_jsonl(document).splitlines()
    results = [result for cell in document.prompts for run in cell.runs for result in run.results]
    assert [from_json(json.loads(line)) for line in lines] == results
    assert len(read(document)) == len(results)


def test_a_document_without_results_is_a_head_alone() -> None:
    assert read(Document()).empty
    assert to_jsonl(replace(Document(), title="x")) == ""
