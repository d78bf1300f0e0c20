"""A row of runs says where it is and how long it may take."""

import pytest

from playground.ui.row import Row


def test_one_run_alone_needs_no_words() -> None:
    row = Row(waiting_s=[None])
    row.begin(0.0)
    assert row.words(1.0, "left lane") == ""


def test_a_row_says_which_run_goes_on_in_which_lane() -> None:
    row = Row(waiting_s=[None] * 3)
    row.begin(0.0)
    assert row.words(1.0, "left lane") == "cell 1 of 3, left lane"
    row.end(2.0)
    row.begin(2.0)
    assert (row.place, row.planned) == (2, 3)
    assert row.words(2.0, "") == "cell 2 of 3, about 5 s left"


def test_what_a_cell_took_before_counts_for_that_cell() -> None:
    row = Row(waiting_s=[60.0, 120.0, None])
    row.begin(0.0)
    assert row.left_s(0.0) == pytest.approx(60 + 120 + 90)
    assert row.left_s(50.0) == pytest.approx(10 + 120 + 90)
    assert row.words(50.0, "right lane") == "cell 1 of 3, right lane, about 4 min left"


def test_a_run_that_takes_longer_than_ever_counts_no_less_than_nothing() -> None:
    row = Row(waiting_s=[10.0, 10.0])
    row.begin(0.0)
    assert row.left_s(100.0) == 10.0


def test_runs_that_are_refused_or_leave_do_not_hold_the_row_up() -> None:
    row = Row(waiting_s=[None] * 4)
    row.refuse()
    row.begin(0.0)
    row.leave(1)
    assert (row.place, row.planned) == (2, 3)


def test_runs_are_counted_where_a_cell_has_many() -> None:
    row = Row(many_of_a_cell=True, waiting_s=[None, None])
    row.begin(0.0)
    assert row.words(0.0, "") == "run 1 of 2"
