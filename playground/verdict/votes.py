"""Blind votes over a notebook: how often which model's answer was found better, and whether the
better answers were simply the longer ones. Knows no page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from playground.domain.request import LANES, Lane
from playground.notebook.document import Document, Run
from playground.verdict.statistics import FEWEST, Interval, wilson
from playground.words import number, say, whole

Model = tuple[str, Lane | None]
"""A model's name; with its lane where both lanes run the same model."""


@dataclass(frozen=True, slots=True)
class Tally:
    """The blind votes between two models. `wins` are of the first, `losses` the other's.

    `share` is of the votes that were decided, with Wilson's `interval` where there are enough.
    Lengths are medians in characters, over the decided votes; `longer_won` counts those in which
    the longer answer won.
    """

    models: tuple[Model, Model]
    wins: int
    losses: int
    ties: int
    both_bad: int
    share: float | None
    interval: Interval | None
    winner_characters: float | None
    loser_characters: float | None
    longer_won: int

    @property
    def votes(self) -> int:
        return self.wins + self.losses + self.ties + self.both_bad


def tallies(document: Document) -> tuple[Tally, ...]:
    """A tally for each two models that were voted on, the one with most votes first."""
    groups: dict[tuple[Model, Model], list[Run]] = {}
    for run in _voted(document):
        groups.setdefault(_models(run), []).append(run)
    found = (_tally(models, runs) for models, runs in groups.items())
    return tuple(sorted(found, key=lambda tally: -tally.votes))


def _voted(document: Document) -> Iterator[Run]:
    for cell in document.prompts:
        for run in cell.runs:
            if run.vote is not None and run.vote.blind and len(run.lanes) == len(LANES):
                yield run


def _model_of(run: Run, lane: Lane) -> Model:
    names = {result.request.model for result in run.results}
    return run.result(lane).request.model, lane if len(names) == 1 else None


def _models(run: Run) -> tuple[Model, Model]:
    """Both models in one order, whichever lane they ran on."""
    left, right = (_model_of(run, lane) for lane in LANES)
    return (left, right) if left[1] is not None or left <= right else (right, left)


def _tally(models: tuple[Model, Model], runs: list[Run]) -> Tally:
    wins, winners, losers = 0, [], []
    counted = {"tie": 0, "both_bad": 0}
    for run in runs:
        choice = run.vote.choice if run.vote is not None else "tie"
        if choice == "tie" or choice == "both_bad":
            counted[choice] += 1
            continue
        loser: Lane = "right" if choice == "left" else "left"
        wins += _model_of(run, choice) == models[0]
        winners.append(len(run.result(choice).output.answer))
        losers.append(len(run.result(loser).output.answer))
    decided = len(winners)
    longer = sum(winner > loser for winner, loser in zip(winners, losers, strict=True))
    return Tally(
        models=models,
        wins=wins,
        losses=decided - wins,
        ties=counted["tie"],
        both_bad=counted["both_bad"],
        share=wins / decided if decided else None,
        interval=wilson(wins, decided) if decided >= FEWEST else None,
        winner_characters=median(winners) if winners else None,
        loser_characters=median(losers) if losers else None,
        longer_won=longer,
    )


def tally_data(tally: Tally) -> dict[str, Any]:
    """The tally as JSON-ready data."""
    models = [{"model": model, "lane": lane} for model, lane in tally.models]
    return {**asdict(tally), "models": models}


def tally_in_words(tally: Tally, label: Callable[[str], str]) -> str:
    """The tally in a few sentences; `label` is what a model is called."""
    first, second = (called(model, label) for model in tally.models)
    counts = say(
        "{first} {wins}, {second} {losses}, tie {ties}, both bad {both_bad}.",
        first=first,
        second=second,
        wins=tally.wins,
        losses=tally.losses,
        ties=tally.ties,
        both_bad=tally.both_bad,
    )
    return " ".join([counts, *what_it_says(tally, label)])


def what_it_says(tally: Tally, label: Callable[[str], str]) -> Iterator[str]:
    """What the counts say, a sentence each: who is preferred, how sure, and how long it is."""
    yield from _share_words(tally, called(tally.models[0], label))
    yield from _length_words(tally)


def called(model: Model, label: Callable[[str], str]) -> str:
    """What a model is called, with its lane where both lanes run it."""
    name, lane = model
    return label(name) if lane is None else f"{label(name)} ({say(lane)})"


def _share_words(tally: Tally, first: str) -> Iterator[str]:
    decided = tally.wins + tally.losses
    if tally.share is None:
        return
    if tally.interval is None:
        yield say("Fewer than {count} decided votes are too few to say more.", count=FEWEST)
        return
    yield say(
        "{first} was found better in {share} % of {count} decided votes ({low}–{high} %, Wilson,"
        " 95 %).",
        first=first,
        share=_percent(tally.share),
        count=decided,
        low=_percent(tally.interval.low),
        high=_percent(tally.interval.high),
    )


def _length_words(tally: Tally) -> Iterator[str]:
    if tally.winner_characters is None or tally.loser_characters is None:
        return
    yield say(
        "Median length: winner {winner}, loser {loser} characters; the longer answer won {longer}"
        " of {count}.",
        winner=number(f"{whole(tally.winner_characters):,}"),
        loser=number(f"{whole(tally.loser_characters):,}"),
        longer=tally.longer_won,
        count=tally.wins + tally.losses,
    )


def _percent(share: float) -> str:
    return str(whole(100 * share))
