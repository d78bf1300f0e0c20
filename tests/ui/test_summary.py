"""The table of all results: one row a lane and run, in words, unknown as a dash."""

from __future__ import annotations

import pandas as pd
import pytest

from playground.results.table import COLUMNS
from playground.ui import summary
from playground.ui.session import Session
from playground.ui.summary import SHOWN, all_results, summary_table
from playground.words import speaking
from tests.ui.fake import Fake, first, play, write


def test_there_is_a_row_a_lane_and_run_in_the_notebooks_order(session: Session) -> None:
    write(session, "one", "two")
    play(session, *[cell.id for cell in session.document.cells])
    play(session)
    table = all_results(session)
    assert list(table.columns) == [*COLUMNS, "expected", "grade"]
    assert table[["cell", "run", "lane"]].to_numpy().tolist() == [
        [1, 1, "left"],
        [1, 1, "right"],
        [1, 3, "left"],
        [1, 3, "right"],
        [2, 2, "left"],
        [2, 2, "right"],
    ]
    assert table["generated_tokens"].tolist() == [2, 4] * 3


def test_the_shown_table_says_numbers_in_words_and_unknown_as_a_dash(
    session: Session, engines: dict[str, Fake]
) -> None:
    write(session, "hello")
    engines["demo-instruct"].fails = True
    play(session)
    shown = summary_table(session)
    html = shown.to_html()
    sometimes = ("segment", "expected", "grade")
    heads = [head for name, (head, _) in SHOWN.items() if name not in sometimes]
    assert heads == list(shown.data.columns)
    for words in ("0.30 s", "failed", "done", "–"):
        assert f">{words}<" in html


def test_what_is_expected_has_columns_only_where_anything_is(session: Session) -> None:
    write(session, "4042", "hello")
    play(session, *[cell.id for cell in session.document.cells])
    form = {"kind": "value", "value": "4,042", "tolerance": ""}
    session.change({"action": "judge", "cell": first(session), "expected": form})  # type: ignore[typeddict-item]
    shown = summary_table(session)
    assert shown.data["Expected"].tolist() == ["4,042", "4,042", "", ""]
    assert shown.data["Right?"].tolist() == ["right", "right", "", ""]
    html = shown.to_html()
    assert html.count(">Yes<") == 2
    assert html.count(">–<") >= 4


def test_the_table_keeps_the_language_in_which_it_was_asked_for(session: Session) -> None:
    write(session, "hello")
    play(session)
    with speaking("pt-BR"):
        shown = summary_table(session)
    html = shown.to_html()  # as Gradio does it, when the handler has returned
    assert "Célula" in shown.data.columns
    for words in ("0,30 s", "concluída", "Instruct"):
        assert f">{words}<" in html


def test_lanes_are_called_as_above_their_answers(session: Session) -> None:
    write(session, "hello")
    play(session)
    assert summary_table(session).data["Lane"].tolist() == ["Instruct", "Thinking"]
    assert all_results(session)["lane"].tolist() == ["left", "right"]


def test_an_empty_notebook_has_an_empty_table(session: Session) -> None:
    assert all_results(session).empty


@pytest.mark.parametrize(("column", "known"), [("first_answer_s", True), ("thinking_s", False)])
def test_unknown_numbers_stay_empty_in_the_csv(session: Session, column: str, known: bool) -> None:
    write(session, "hello")
    play(session)
    assert pd.notna(all_results(session).iloc[0][column]) == known


def test_what_is_estimated_is_marked_in_the_rows_that_are(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(session, "hello")
    play(session)
    table = all_results(session)
    table.loc[table["lane"] == "right", "counts"] = "estimated"
    monkeypatch.setattr(summary, "all_results", lambda _: table)
    html = summary_table(session).to_html()
    assert html.count(">≈1<") == 2, "thinking and answer of the right lane"
    assert ">1<" in html, "the left lane's are counted"
