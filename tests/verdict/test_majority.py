"""The most frequent answer of a problem's repeats."""

from __future__ import annotations

from playground.verdict.gathering import by_budget
from playground.verdict.majority import majority, majority_right
from tests.verdict.attempts import attempt, repeated


def by_number(a: str, b: str) -> bool | None:
    return float(a) == float(b) if a.isdigit() and b.isdigit() else None


def test_the_most_frequent_answer_is_chosen_by_value() -> None:
    finals = ["7", "42", "042", "8"]
    repeats = [attempt("p", final=final, repeat=n) for n, final in enumerate(finals)]
    chosen = majority(repeats, by_number)
    assert chosen is not None and chosen.final == "42"


def test_of_answers_as_frequent_the_first_is_chosen() -> None:
    repeats = [attempt("p", final=final) for final in ("9", "8", "8", "9")]
    chosen = majority(repeats, by_number)
    assert chosen is not None and chosen.final == "9"


def test_answers_that_cannot_be_compared_are_not_the_same() -> None:
    repeats = [attempt("p", final=final) for final in ("red", "blue", "red", None, None)]
    chosen = majority(repeats, by_number)
    assert chosen is not None and chosen.final == "red"


def test_programs_are_the_same_only_by_their_text() -> None:
    repeats = [attempt("p", final=final, code=True) for final in ("7", "07", "8", "8")]
    chosen = majority(repeats, by_number)
    assert chosen is not None and chosen.final == "8"


def test_runs_without_an_answer_have_no_vote() -> None:
    assert majority([attempt("p", mark="0")] * 3, by_number) is None
    chosen = majority([*[attempt("p", mark="0")] * 3, attempt("p", final="4")], by_number)
    assert chosen is not None and chosen.final == "4"


def test_the_majority_may_be_right_where_single_runs_often_are_not() -> None:
    runs = by_budget(repeated("right", ["++-", "+--", "0++", "000"]), "right")[None]
    share = majority_right(runs, by_number)
    assert share is not None and (share.count, share.problems) == (2, 4)


def test_without_repeats_there_is_no_majority() -> None:
    assert (
        majority_right(by_budget(repeated("right", ["+", "-"]), "right")[None], by_number) is None
    )


def test_what_was_not_judged_has_no_vote() -> None:
    runs = by_budget(repeated("right", ["??+", "???"]), "right")[None]
    assert majority_right(runs, by_number) is None
