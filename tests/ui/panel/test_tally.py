"""The tally of blind votes in words."""

from __future__ import annotations

from playground.notebook.document import Vote, VoteChoice
from playground.ui.panel.tally import tally_text
from playground.verdict.votes import tallies
from tests.judged import book, plain, run_of


def text(*choices: VoteChoice, models: tuple[str, str] = ("demo-instruct", "demo-thinking")) -> str:
    runs = [
        run_of(n, "Write.", ("abc", "abcdef"), vote=Vote(choice, "", True), models=models)
        for n, choice in enumerate(choices)
    ]
    return tally_text(tallies(book(plain("a", *runs))))


def test_without_votes_there_is_no_tally() -> None:
    assert text() == ""


def test_wins_ties_and_both_bad_have_their_shares() -> None:
    said = text("right", "right", "right", "left", "tie", "both_bad")
    assert "| demo-thinking is better | 3 | 50 % (19–81) |" in said
    assert "| Both are bad | 1 | 17 % (3–56) |" in said
    assert "Too few votes" not in said
    assert "The preferred answer has 6 characters, the other 3 (medians)" in said


def test_few_votes_say_so_and_ties_have_no_length() -> None:
    said = text("tie", "tie")
    assert "| A tie | 2 | 100 % |" in said
    assert "Too few votes for an interval." in said and "characters" not in said


def test_one_model_on_both_lanes_is_told_apart_by_the_lane() -> None:
    said = text("left", models=("demo-instruct", "demo-instruct"))
    assert "demo-instruct (left) is better" in said
