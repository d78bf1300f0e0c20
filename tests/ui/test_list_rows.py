"""The rows of a list's table: each problem with what it came to, and only what is new."""

from __future__ import annotations

import json
from dataclasses import replace

from playground.notebook.changes import Judge
from playground.ui.list_rows import cut, list_rows
from playground.ui.session import Session
from tests.ui.fake import Fake, play
from tests.ui.listed import add, cell, rows

AGREE, OLD, LEFT, RIGHT = 4, 5, 6, 7


def test_before_anything_has_run_each_problem_has_a_row(session: Session) -> None:
    add(session)
    none = [0, 0, 0, 0]
    assert rows(session) == [
        [0, "One", "One", [0, 1], "", False, None, None, none],
        [1, "Two", "Ten", [0], "", False, None, None, none],
        [2, "Three", "", [1], "", False, None, None, none],
    ]
    assert list_rows(session, cell(session).id)["tags"] == ["a", "b"]


def test_a_row_has_each_lanes_answer_its_grade_and_its_numbers(session: Session) -> None:
    add(session)
    play(session)
    one, two, three = rows(session)
    assert (one[LEFT][:5], one[AGREE]) == (["One", "right", 1, 1, 1], "agree")
    assert one[LEFT][5:] == [2, "2", 0.5, "0.50 s"]
    assert one[RIGHT][5:7] == [4, "4"]
    assert two[LEFT][:5] == ["Two", "wrong", 0, 1, 1]
    assert three[LEFT][:5] == ["Three", "", 0, 0, 1]
    assert not any(row[OLD] for row in (one, two, three))
    json.dumps(rows(session))


def test_only_rows_of_new_runs_come_again(session: Session) -> None:
    listed = add(session)
    play(session)
    known = list_rows(session, listed)
    assert rows(session, known["key"], known["last"]) == []
    session.change({"action": "list", "cell": listed, "text": "prompt\nOne\nFour\n"})
    other = list_rows(session, listed, known["key"], known["last"])
    assert other["whole"]
    assert [row[1] for row in other["rows"]] == ["One", "Four"]
    play(session)
    news = list_rows(session, listed, other["key"], other["last"])
    assert not news["whole"]
    assert [row[1] for row in news["rows"]] == ["Four"]


def test_a_page_that_knows_a_run_that_is_gone_gets_all_rows(session: Session) -> None:
    listed = add(session)
    play(session)
    key = list_rows(session, listed)["key"]
    assert list_rows(session, listed, key, "gone")["whole"]


def test_a_changed_expected_answer_judges_old_runs_at_once(session: Session) -> None:
    listed = add(session)
    play(session)
    known = list_rows(session, listed)
    session.change({"action": "list", "cell": listed, "text": "prompt,expected\nTwo,Two\n"})
    answer = list_rows(session, listed, known["key"], known["last"])
    assert answer["rows"][0][LEFT][:2] == ["Two", "right"]


def test_a_row_says_when_running_it_now_would_ask_something_else(session: Session) -> None:
    listed = add(session)
    play(session)
    key = list_rows(session, listed)["key"]
    session.settings = replace(session.settings, system="Be brief.")
    answer = list_rows(session, listed, key)
    assert answer["whole"]
    assert all(row[OLD] for row in answer["rows"])


def test_repeats_are_one_row_that_counts_them(session: Session) -> None:
    listed = add(session)
    session.judge(Judge(listed, None, 3, cell(session).problems))
    play(session)
    one, two, _ = rows(session)
    assert one[LEFT][1:5] == ["right", 3, 3, 3]
    assert two[LEFT][1:5] == ["wrong", 0, 3, 3]


def test_running_the_list_anew_is_a_repeat_as_in_the_verdict(session: Session) -> None:
    add(session)
    play(session)
    play(session, action="anew")
    assert rows(session)[0][LEFT][2:5] == [2, 2, 2]


def test_what_was_stopped_or_failed_is_neither_right_nor_wrong(
    session: Session, engines: dict[str, Fake]
) -> None:
    add(session)
    engines["demo-instruct"].fails = True
    play(session)
    row = rows(session)[0]
    assert row[LEFT][:4] == ["", "stopped", 0, 0]
    assert row[AGREE] == ""


def test_a_run_without_an_answer_is_said_to_have_none(session: Session) -> None:
    add(session)
    limit = {**session.settings.sampling["right"], "max_new_tokens": 2}
    sampling = {**session.settings.sampling, "right": limit}
    session.settings = replace(session.settings, sampling=sampling)
    play(session)
    one, _, three = rows(session)
    assert (one[RIGHT][1], three[RIGHT][1]) == ("no_answer", "no_answer")
    assert one[AGREE] == "cannot_tell"


def test_a_problem_that_is_there_twice_has_one_row(session: Session) -> None:
    add(session, "prompt,expected\nOne,1\nOne,1\nTwo,2\n")
    assert [row[1] for row in rows(session)] == ["One", "Two"]


def test_a_text_is_cut_to_one_line() -> None:
    assert cut("a\n\nb  c", 20) == "a b c"
    assert cut("word " * 50, 9) == "word wor…"
