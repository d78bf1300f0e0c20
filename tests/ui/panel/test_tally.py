"""The tally of blind votes in words."""

from __future__ import annotations

from playground.notebook.document import Vote, VoteChoice
from playground.ui.panel.tally import tally_text
from playground.verdict.votes import tallies, tally_in_words
from tests.judged import book, plain, run_of


def text(*choices: VoteChoice, models: tuple[str, str] = ("demo-instruct", "demo-thinking")) -> str:
    runs = [
        run_of(n, "Write.", ("abc", "abcdef"), vote=Vote(choice, "", True), models=models)
        for n, choice in enumerate(choices)
    ]
    return tally_text(tallies(book(plain("a", *runs))))


def test_without_votes_there_is_no_tally() -> None:
    assert text() == ""


def test_the_panel_says_the_same_sentences_as_the_notebooks_end() -> None:
    runs = [
        run_of(n, "Write.", ("abc", "abcdef"), vote=Vote(choice, "", True))
        for n, choice in enumerate(("right", "right", "right", "left", "right", "tie", "both_bad"))
    ]
    (tally,) = tallies(book(plain("a", *runs)))
    table, sentences = tally_text([tally]).split("\n\n")
    assert "| demo-thinking is better | 4 |" in table
    assert "| Both are bad | 1 |" in table
    assert sentences.startswith("demo-instruct was found better in 20 % of 5 decided votes")
    assert tally_in_words(tally, str).endswith(sentences)


def test_few_decided_votes_say_so_and_ties_have_no_length() -> None:
    said = text("tie", "tie", "left")
    assert "| A tie | 2 |" in said
    assert "Fewer than 5 decided votes are too few to say more." in said
    assert "characters" not in text("tie", "tie")


def test_one_model_on_both_lanes_is_told_apart_by_the_lane() -> None:
    said = text("left", models=("demo-instruct", "demo-instruct"))
    assert "demo-instruct (left) is better" in said
