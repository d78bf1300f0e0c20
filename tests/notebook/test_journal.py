"""The journal beside a notebook's file: what it kept comes back as it was."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from playground.notebook.document import Document, Run, Vote
from playground.notebook.journal import Journal
from tests.judged import listed


@pytest.mark.parametrize(
    "as_it_was",
    [
        {},
        {"repeat": 3},
        {"sides": ("right", "left")},
        {"vote": Vote("right", "clear", blind=True)},
    ],
)
def test_a_run_comes_back_with_its_repeat_its_sides_and_its_vote(
    tmp_path: Path, as_it_was: dict[str, object]
) -> None:
    cell = listed(1)
    run: Run = replace(cell.runs[0], **as_it_was)  # type: ignore[arg-type]
    empty = Document((replace(cell, runs=()),))
    journal = Journal(tmp_path / "book.ipynb")
    journal.add([(cell.id, run)])
    (prompt,) = journal.with_runs(empty).prompts
    assert prompt.runs == (replace(run, number=1),)


def test_a_line_that_was_cut_off_is_no_run(tmp_path: Path) -> None:
    cell = listed(2)
    journal = Journal(tmp_path / "book.ipynb")
    journal.add([(cell.id, run) for run in cell.runs])
    whole = journal.path.read_bytes()
    journal.path.write_bytes(whole[:-40])
    (prompt,) = journal.with_runs(Document((replace(cell, runs=()),))).prompts
    assert [run.id for run in prompt.runs] == [cell.runs[0].id]


def test_what_is_written_behind_a_line_that_was_cut_off_is_whole(tmp_path: Path) -> None:
    cell = listed(3)
    first, second, third = cell.runs
    journal = Journal(tmp_path / "book.ipynb")
    journal.add([(cell.id, first), (cell.id, second)])
    whole = journal.path.read_bytes()
    journal.path.write_bytes(whole[:-40])
    journal.add([(cell.id, third)])
    (prompt,) = journal.with_runs(Document((replace(cell, runs=()),))).prompts
    assert [run.id for run in prompt.runs] == [first.id, third.id]
