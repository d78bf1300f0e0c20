"""Puts problems and replies together into the conversations that are trained on.

Knows both models' chat formats as token ids with a mark on what is learned; knows nothing of
networks. The chat templates of the exported folders must render the same text (a test compares).
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Literal

from playground.demo_pair import arithmetic, chatter, equations, orderings
from playground.demo_pair.phrasings import ask
from playground.demo_pair.problems import LANGUAGES, Generator, Language, Problem, draw

Mode = Literal["instruct", "thinking"]
MODES: tuple[Mode, ...] = ("instruct", "thinking")

# Task generators with their share of the problems.
TASKS: dict[str, tuple[tuple[Generator, float], ...]] = {
    "sums": ((arithmetic.sums, 1.0), (arithmetic.differences, 0.8)),
    "products": ((arithmetic.products, 1.3),),
    "percentages": ((arithmetic.percentages, 0.9),),
    "linear": ((equations.linear, 1.7),),
    "quadratic": ((equations.quadratic, 1.7),),
    "sequences": ((orderings.sequences, 1.2),),
    "letters": ((orderings.letters, 2.0),),
    "sorting": ((orderings.numbers_to_sort, 1.3),),
}

_GENERATORS = [pair for pairs in TASKS.values() for pair in pairs]
_OFF_TOPIC_SHARE, _FIXED_SHARE = 0.15, 0.05
_SYSTEM_SHARE, _SECOND_TURN_SHARE = 0.2, 0.1


@dataclass(frozen=True)
class Turn:
    """One question with its answer and the thought before it."""

    prompt: str
    steps: str
    answer: str
    hint: str = ""

    def said(self, mode: Mode) -> str:
        """The answer as this model gives it; only one that does not think needs the hint."""
        return self.hint + self.answer if mode == "instruct" else self.answer


@dataclass(frozen=True)
class Piece:
    """A stretch of a rendered conversation; only `learned` ones count in the loss.

    In `typed` ones, which a person wrote, the names of control tokens are plain text.
    """

    text: str
    learned: bool = False
    typed: bool = False


def problem_turn(problem: Problem, rng: random.Random, language: Language) -> Turn:
    """A problem asked in one of the phrasings of training."""
    return Turn(ask(problem, rng, language), problem.steps, problem.answer, problem.hint)


def sample_turn(rng: random.Random, language: Language) -> Turn:
    """A turn of the training distribution."""
    kind = rng.random()
    if kind < _OFF_TOPIC_SHARE:
        reply = chatter.off_topic(rng, language)
        return Turn(reply.prompt, reply.steps, reply.answer)
    if kind < _OFF_TOPIC_SHARE + _FIXED_SHARE:
        reply = chatter.fixed(rng, language)
        return Turn(reply.prompt, reply.steps, reply.answer)
    generators, weights = zip(*_GENERATORS, strict=True)
    (generator,) = rng.choices(generators, weights)
    return problem_turn(draw(generator, rng, language, held_out=False), rng, language)


def render(mode: Mode, turns: list[Turn], system: str | None) -> list[Piece]:
    """ChatML; Thinking learns the last turn only, as earlier ones are shown without thoughts."""
    pieces: list[Piece] = []
    if system:
        pieces += [Piece("<|im_start|>system\n"), Piece(system, typed=True), Piece("<|im_end|>\n")]
    for index, turn in enumerate(turns):
        last = index == len(turns) - 1
        pieces += [Piece("<|im_start|>user\n"), Piece(turn.prompt, typed=True)]
        opening = "<|im_end|>\n<|im_start|>assistant\n"
        if mode == "thinking" and last:
            pieces.append(Piece(f"{opening}<think>\n"))
            pieces.append(Piece(f"{turn.steps}\n</think>\n\n{turn.answer}<|im_end|>", learned=True))
        else:
            pieces.append(Piece(opening))
            pieces.append(Piece(f"{turn.said(mode)}<|im_end|>", learned=mode == "instruct"))
        if not last:
            pieces.append(Piece("\n"))
    return pieces


def sample_conversation(rng: random.Random, mode: Mode) -> list[Piece]:
    """A rendered conversation of the training distribution."""
    language = rng.choice(LANGUAGES)
    system = chatter.system_prompt(rng, language) if rng.random() < _SYSTEM_SHARE else None
    turns = [sample_turn(rng, language)]
    if rng.random() < _SECOND_TURN_SHARE:
        turns.append(sample_turn(rng, language))
    return render(mode, turns, system)
