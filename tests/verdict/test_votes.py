"""Blind votes by model: wins whichever lane a model ran on, intervals, and who wrote more."""

from __future__ import annotations

import pytest
from statsmodels.stats.proportion import proportion_confint

from playground.domain.request import RunId
from playground.notebook.document import Document, PromptCell, Run, Vote, VoteChoice
from playground.results.value import Output, Result
from playground.verdict.votes import tallies, tally_in_words
from playground.words import speaking
from tests.samples import request


def run(
    choice: VoteChoice | None,
    left: tuple[str, int] = ("instruct", 10),
    right: tuple[str, int] = ("thinking", 30),
    blind: bool = True,
) -> Run:
    """A run of two models whose answers have these lengths."""
    results = tuple(
        Result(request(lane, model=model), output=Output(None, "x" * length))
        for lane, (model, length) in (("left", left), ("right", right))  # type: ignore[arg-type]
    )
    vote = None if choice is None else Vote(choice, blind=blind)
    return Run(RunId("run"), 1, results, vote=vote)


def document(*runs: Run) -> Document:
    return Document((PromptCell(prompt="Why?", runs=runs), PromptCell()))


def test_wins_are_a_models_on_whichever_lane_it_ran() -> None:
    swapped = run("left", ("thinking", 30), ("instruct", 10))
    (tally,) = tallies(
        document(run("right"), swapped, run("left"), run("tie"), run("both_bad"), run(None))
    )
    assert tally.models == (("instruct", None), ("thinking", None))
    assert (tally.wins, tally.losses, tally.ties, tally.both_bad) == (1, 2, 1, 1)
    assert tally.votes == 5
    assert tally.share == pytest.approx(1 / 3)
    assert tally.interval is None  # too few


def test_the_interval_is_wilsons() -> None:
    (tally,) = tallies(document(*[run("right")] * 7, *[run("left")] * 2))
    assert tally.interval is not None
    expected = proportion_confint(2, 9, method="wilson")
    assert (tally.interval.low, tally.interval.high) == pytest.approx(expected)


def test_the_lengths_of_winners_are_told() -> None:
    (tally,) = tallies(document(run("right"), run("right", right=("thinking", 50)), run("left")))
    assert (tally.winner_characters, tally.loser_characters) == (30, 10)
    assert tally.longer_won == 2
    (undecided,) = tallies(document(run("tie")))
    assert undecided.winner_characters is None and undecided.share is None


def test_one_model_on_both_lanes_is_told_by_its_lanes() -> None:
    (tally,) = tallies(
        document(run("right", ("same", 1), ("same", 2)), run("left", ("same", 1), ("same", 2)))
    )
    assert tally.models == (("same", "left"), ("same", "right"))
    assert (tally.wins, tally.losses) == (1, 1)
    assert tally_in_words(tally, str).startswith("same (left) 1, same (right) 1, tie 0")


def test_each_two_models_have_a_tally_and_votes_that_were_not_blind_have_none() -> None:
    other = run("left", ("other", 1))
    found = tallies(document(other, run("left"), run("right"), run("left", blind=False)))
    assert [(tally.models[0][0], tally.votes) for tally in found] == [("instruct", 2), ("other", 1)]
    assert tallies(document()) == ()


def test_a_tally_in_words() -> None:
    (few,) = tallies(document(run("right")))
    assert tally_in_words(few, str.capitalize) == (
        "Instruct 0, Thinking 1, tie 0, both bad 0. Fewer than 5 decided votes are too few to say"
        " more. Median length: winner 30, loser 10 characters; the longer answer won 1 of 1."
    )
    (enough,) = tallies(document(*[run("right")] * 7, *[run("left")] * 2, run("tie")))
    words = tally_in_words(enough, str.capitalize)
    assert "Instruct was found better in 22 % of 9 decided votes (6–55 %, Wilson, 95 %)." in words
    with speaking("pt-BR"):
        assert "foi preferido em 22 % de 9 votos" in tally_in_words(enough, str.capitalize)
    (undecided,) = tallies(document(run("both_bad")))
    assert tally_in_words(undecided, str) == "instruct 0, thinking 0, tie 0, both bad 1."
