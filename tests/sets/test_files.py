"""A set's files as rows, and the columns of known sets as problems."""

from __future__ import annotations

from pathlib import Path

import pytest

from playground.domain.errors import BadRequest
from playground.domain.expected import Expected
from playground.judging import check_expected
from playground.sets.choosing import chosen
from playground.sets.columns import problems_of
from playground.sets.files import rows_in
from playground.sets.known import KnownSet, known_set


def known(name: str) -> KnownSet:
    found = known_set(name)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("rows.csv", 'question,answer\n"One,\ntwo?",2\n'),
        ("rows.tsv", "question\tanswer\nOne,\\two?\t2\n"),
        ("rows.jsonl", '{"question": "One?", "answer": "2"}\n\n'),
        ("rows.json", '{"version": 1, "data": [{"question": "One?", "answer": "2"}]}'),
        ("list.json", '\ufeff[{"question": "One?", "answer": "2"}]'),
    ],
)
def test_files_of_every_kind_become_rows(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    (row,) = rows_in(path)
    assert list(row) == ["question", "answer"] and row["answer"] == "2"


@pytest.mark.parametrize("text", ["{", "[1]", '"x"\n5\n'])
def test_a_damaged_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(text, "utf-8")
    with pytest.raises(BadRequest, match=r"'rows.jsonl' could not be read"):
        rows_in(path)


def test_a_parquet_file_needs_pyarrow_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow.parquet", None)
    with pytest.raises(BadRequest, match="Run: pip install pyarrow"):
        rows_in(tmp_path / "test.parquet")


def test_a_parquet_file_becomes_rows(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow", reason="Parquet needs pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "test.parquet"
    rows = [{"question": "Which?", "options": ["a", "b"], "answer": "B", "category": "law"}]
    parquet.write_table(arrow.Table.from_pylist(rows), path)
    assert rows_in(path) == rows
    (problem,) = problems_of(rows_in(path), known("mmlu-pro"))
    assert problem.text == "Which?\n\nA) a\nB) b"
    assert (problem.expected, problem.tags) == (Expected("choice", ("B",)), ("law",))


def test_gsm8ks_solutions_end_with_the_answer() -> None:
    row = {"question": "How many?", "answer": "She has 3 * 4 = <<3*4=12>>12 left.\n#### 12"}
    assert problems_of([row], known("openai/gsm8k"))[0].expected == Expected("value", ("12",))


def test_humanevals_functions_are_tested_by_their_names() -> None:
    row = {
        "task_id": "HumanEval/0",
        "prompt": "def one():\n    ",
        "test": "def check(candidate):\n    assert candidate() == 1\n",
        "entry_point": "one",
        "canonical_solution": "return 1",
    }
    (problem,) = problems_of([row], known("humaneval"))
    assert problem.text == "def one():\n    ", "its last line's spaces are part of it"
    assert problem.expected is not None and problem.expected.kind == "python"
    assert problem.expected.value.endswith("assert candidate() == 1\n\ncheck(one)")
    check_expected(problem.expected)


PATHS = {
    "openai/gsm8k": (
        ["README.md", "main/test-00000-of-00001.parquet", "main/train-00000-of-00001.parquet",
         "socratic/test-00000-of-00001.parquet"],
        "main", "test", ["main/test-00000-of-00001.parquet"],
    ),
    "parts": (
        [f"data/test-0000{n}-of-00002.parquet" for n in (1, 0)] + ["data/test.csv"],
        "", "test", ["data/test-00000-of-00002.parquet", "data/test-00001-of-00002.parquet"],
    ),
    "one file": (["aime2025.jsonl", "dataset_infos.json"], "", "", ["aime2025.jsonl"]),
    "folders": (["en/test/0.parquet", "en/train/0.parquet"], "en", "", ["en/test/0.parquet"]),
    "validation": (["validation.json", "train.json"], "", "", ["validation.json"]),
}  # fmt: skip


@pytest.mark.parametrize("name", PATHS)
def test_the_files_of_a_configuration_and_split_are_chosen(name: str) -> None:
    paths, config, split, wanted = PATHS[name]
    assert chosen(paths, config, split, name) == wanted
