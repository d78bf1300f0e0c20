"""What a verdict says, and that it says no more."""

from __future__ import annotations

import pytest

from playground.domain.request import LANES
from playground.verdict import numerals
from playground.verdict.statistics import Interval
from playground.verdict.weighing import verdict
from playground.verdict.words import tag_words, verdict_words
from playground.words import speaking
from tests.verdict.attempts import Attempt, attempt, lists, marked, repeated

COST = "for 8.0 times the tokens and 60 times the wait."


def said(attempts: list[Attempt], **changes: int) -> str:
    return verdict_words(verdict(attempts, same=lambda a, b: a == b, **changes))


def test_a_difference_is_said_with_its_interval_its_test_and_its_price() -> None:
    words = said(lists("+" * 30 + "-" * 20, "+" * 45 + "-" * 5))
    assert words == (
        "Thinking is right 90 % (79–96), Instruct 60 % (46–72), with n = 50: +30 points (15–42;"
        f" paired, p < 0.001), {COST}"
    )


def test_no_difference_is_no_proof_that_there_is_none() -> None:
    words = said(lists("+" * 8 + "-" * 12, "+" * 9 + "-" * 11))
    assert ": no difference that this list can show: +5 points (−" in words
    assert "paired, p = 1), " in words


def test_a_difference_that_its_test_did_not_find_is_not_claimed_by_its_interval() -> None:
    words = said(lists("-" * 11 + "+" * 3 + "-" * 6, "+" * 11 + "-" * 9))
    assert "no difference that this list can show: +40 points (5–68; paired, p = 0.06)" in words


def test_the_same_share_is_no_difference_either() -> None:
    assert "no difference that this list can show: 0 points (−" in said(lists("+-" * 5, "-+" * 5))


def test_thinking_may_be_worse() -> None:
    words = said(lists("+" * 20, "+" * 8 + "-" * 12))
    assert words.startswith("Thinking is right 40 % (22–61), Instruct 100 % (84–100), with n = 20:")
    assert "−60 points (−" in words and "no difference" not in words


@pytest.mark.parametrize(
    ("marks", "words"), [("+", "Both are right every time"), ("-", "Neither is right even once")]
)
def test_a_list_may_tell_nothing_apart(marks: str, words: str) -> None:
    assert said(lists(marks * 8, marks * 8)) == (
        f"{words}, with n = 8: this list cannot tell them apart, {COST}"
    )


def test_under_five_problems_counts_are_said_and_nothing_is_concluded() -> None:
    assert said(lists("+--", "+++")) == (
        f"Too few to say, with n = 3: Thinking is right 3 of 3 times, Instruct 1 of 3, {COST}"
    )


def test_where_nothing_was_expected_agreement_is_said() -> None:
    def unjudged(finals: str, lane: str) -> list[Attempt]:
        return [
            attempt(f"p{n}", lane, "?", final=final)  # type: ignore[arg-type]
            for n, final in enumerate(finals)
        ]

    words = said([*unjudged("12345678", "left"), *unjudged("12345699", "right")])
    assert words == (
        "The final answers agree 75 % (41–93), with n = 8; nothing that was expected tells who is"
        " right. The right lane takes 8.0 times the tokens and 60 times the wait."
    )
    few = said([*unjudged("12", "left"), *unjudged("13", "right")])
    assert few.startswith("Too few to say, with n = 2: the final answers agree 1 of 2 times;")


def test_where_no_answers_compare_that_is_said() -> None:
    attempts = [*marked("left", "??????", final="x"), *marked("right", "??????", final="y")]
    words = verdict_words(verdict(attempts, same=lambda a, b: None))
    assert words.startswith("Nothing that was expected tells who is right, and no two answers")
    assert "Of 6 pairs it cannot be told." in words
    one = [attempt("p", "left", "?", final="x"), attempt("p", "right", "?", final="y")]
    assert "Of 1 pair it cannot be told." in verdict_words(verdict(one, same=lambda a, b: None))


def test_one_lane_alone_is_not_compared() -> None:
    assert said(marked("right", "++++++++--")) == (
        "Thinking is right 80 % (49–94), with n = 10. Thinking takes 400 tokens and 40.0 s for a"
        " run (medians). Only one lane ran, so there is nothing to compare."
    )
    assert said(marked("left", "?")).startswith("Instruct takes 50 tokens")
    assert said(marked("left", "+-")).startswith(
        "Too few to say, with n = 2: Instruct is right 1 of 2 times."
    )


def test_lanes_with_different_problems_are_not_compared() -> None:
    words = said([attempt("a", "left"), attempt("b", "right")])
    assert words.endswith("The lanes ran different problems, so they are not compared.")


def test_nothing_is_said_to_be_nothing() -> None:
    assert said([]) == "No run has come to its end here yet."


def test_what_is_left_out_is_told() -> None:
    attempts = [*lists("++++----?", "+++++++00"), *marked("left", "+" * 10)[9:]]
    words = said(attempts, not_counted=3, outdated=2)
    assert "Thinking came to no answer in 22 % of its runs." in words
    assert "Both lanes ran 9 of the 10 problems; the difference is of these." in words
    assert "Not judged, hence not in what is right: 1 result." in words
    assert "Not counted, because stopped, failed or interrupted: 3 results." in words
    assert "Not counted, because the prompt was another one: 2 results." in words


def test_estimated_counts_are_told() -> None:
    assert said(lists("+" * 6, "+" * 6, estimated=True)).endswith("Token counts are estimates.")


def test_repeats_are_told_with_their_majority() -> None:
    attempts = [*repeated("left", ["++-"] * 6), *repeated("right", ["+++"] * 6)]
    words = said(attempts)
    assert "The intervals allow for a problem's repeats being alike." in words
    assert (
        "By the most frequent answer of its repeats: Thinking 100 % (61–100), Instruct 100 %"
        " (61–100)."
    ) in words


def test_where_no_interval_is_told_nothing_is_said_of_intervals() -> None:
    words = said([*repeated("left", ["++-"] * 4), *repeated("right", ["+++"] * 4)])
    assert "Too few to say, with n = 4" in words and "By the most frequent answer" in words
    assert "interval" not in words


def test_a_cost_that_is_not_known_is_not_said() -> None:
    bare = {"generated_tokens": None, "first_answer_s": None}
    assert said(lists("+" * 6, "+" * 6, **bare)).endswith("cannot tell them apart.")
    tokens = lists("+" * 6, "+" * 6, first_answer_s=None)
    assert said(tokens).endswith("apart, for 8.0 times the tokens.")
    waits = lists("+" * 6, "+" * 6, generated_tokens=None)
    assert said(waits).endswith("apart, for 60 times the wait.")


def test_a_verdict_is_said_in_portuguese() -> None:
    found = verdict(lists("+" * 30 + "-" * 20, "+" * 45 + "-" * 5))
    with speaking("pt-BR"):
        assert verdict_words(found) == (
            "Thinking acerta 90 % (79–96), Instruct 60 % (46–72), com n = 50: +30 pontos (15–42;"
            " pareado, p < 0,001), por 8,0 vezes os tokens e 60 vezes a espera."
        )


def test_lanes_of_one_kind_are_named_by_their_side() -> None:
    attempts = [*marked("left", "+" * 6, label="Left"), *marked("right", "-" * 6, label="Right")]
    with speaking("pt-BR"):
        assert verdict_words(verdict(attempts)).startswith("Direita acerta 0 % (0–39), Esquerda")


def test_tags_are_sorted_by_what_can_be_said() -> None:
    attempts = [
        *lists("-" * 12, "+" * 12, tags=("letters",)),
        *(attempt(f"s{n}", lane, "+", tags=("sums",)) for n in range(3) for lane in LANES),
    ]
    assert tag_words(verdict(attempts)) == (
        "It pays for: letters (+100 points, 57–100, n = 12). It cannot be said for: sums (0 points,"
        " n = 3)."
    )
    assert tag_words(verdict(lists("+", "+"))) == ""


@pytest.mark.parametrize(
    ("p", "words"),
    [(0.0002, "p < 0.001"), (0.0042, "p = 0.004"), (0.031, "p = 0.03"), (0.41, "p = 0.41"),
     (1.0, "p = 1")],
)  # fmt: skip
def test_p_has_as_many_digits_as_are_worth_it(p: float, words: str) -> None:
    assert numerals.p_value(p) == words


def test_almost_all_is_not_all() -> None:
    assert numerals.percent(0.9996) == "99.9 %"
    assert numerals.percent(0.0001) == "0.1 %"
    assert numerals.percent(0.996) == "99.6 %"
    assert numerals.percent(0.003) == "0.3 %"
    assert (numerals.percent(1.0), numerals.percent(0.0)) == ("100 %", "0 %")


def test_halves_are_rounded_so_that_shares_and_their_difference_fit() -> None:
    right = "+" * 115 + "-" * 3 + "+" * 74 + "-" * 8
    words = said(lists("+" * 118 + "-" * 82, right))
    assert words.startswith("Thinking is right 95 % (90–97), Instruct 59 % (52–66)")
    assert "+36 points (" in words
    assert (numerals.points(-0.355), numerals.percent(0.145)) == ("−36", "15 %")


def test_an_interval_with_a_minus_has_no_dash() -> None:
    assert numerals.points_interval(Interval(-0.04, 0.1)) == "−4 to 10"
    assert numerals.points_interval(Interval(0.04, 0.1)) == "4–10"
